"""What is told of a snapshot is described, each part by its type, and told in full."""

import json
import warnings

import pytest
import schemathesis
from schemathesis.core.failures import Failure, FailureGroup

from peeraudit.domain.accounts import Role
from peeraudit.domain.statistics.panel_blinding import ARM
from peeraudit.models.assignments import Assignment
from peeraudit.models.identities import RecognitionRow
from peeraudit.services import blinding_recognition, statistics, summaries
from tests.api.test_summaries import bearer
from tests.factories.audits import Read, make_audit
from tests.factories.moments import MOMENT
from tests.factories.network import make_actor
from tests.services.test_over_time import LARGE, YEAR
from tests.services.test_summaries import publish

CALL = "/api/v1/campaigns/{campaign_id}/snapshots/{number}"
SOME = {"CT": (300, [Read(40), Read(9, "2b", "2b", "2b"), Read(1, None, None, None)])}
ANSWERS = ("StatisticsSnapshotAnswer", "SummariesSummaryAnswer")
# Only a generic statistic may have details that no type describes.
FREE = {"StatisticsAnswersEstimateAnswer"}


@pytest.fixture(scope="module")
def described(app):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return schemathesis.openapi.from_dict(app.test_client().get("/api/v1/openapi.json").json)


@pytest.fixture
def lead(session):
    return make_actor(session, Role.NETWORK_LEAD)


@pytest.fixture
def audit(session, lead):
    """Ten departments, of which the first has a chart, with guesses of whom it was."""
    audit = make_audit(session, [LARGE, *[SOME] * 10], months=YEAR, authors=5, readers=6)
    for number, row in enumerate(session.query(Assignment).order_by(Assignment.id).limit(60)):
        session.add(guess(row.id, f"Dr Auteur {number % 5}" if number % 2 else ""))
    session.commit()
    publish(audit, lead)
    return audit


def guess(assignment_id, name):
    """Return what a reviewer answered: a name, or that nobody was recognised."""
    if not name:
        return RecognitionRow(assignment_id=assignment_id, recognition="no", answered_at=MOMENT)
    row = RecognitionRow(
        assignment_id=assignment_id, recognition="sure", about="author", answered_at=MOMENT
    )
    blinding_recognition.seal_guess(row, None, name)
    return row


def answer_of(client, audit, lead):
    return client.get(f"/api/v1/campaigns/{audit.campaign.id}/snapshots/1", headers=bearer(lead))


class TestSnapshotAnswer:
    def test_a_real_answer_is_as_it_is_described(self, client, audit, lead, described):
        answer = answer_of(client, audit, lead)

        described[CALL]["GET"].validate_response(schemathesis.Response.from_any(answer))
        standings = answer.json["comparison"]["standings"].values()
        assert any(one["likely"] for one in standings)
        assert answer.json["severity"]["units"]
        assert answer.json["blinding"]["author"]["n"] > 0

    def test_nothing_of_what_is_told_is_left_out(self, client, audit, lead):
        answer = answer_of(client, audit, lead).json
        told = statistics.show_snapshot(audit.campaign.id, 1, by=lead).telling.to_dict()

        assert answer["comparison"] == told["comparison"]
        assert answer["severity"] == told["severity"]
        assert answer["network"] == told["network"]
        parts = answer["blinding"]
        arms = {f"{ARM}{place}": one for place, one in parts.pop("departments").items()}
        assert parts | arms == told["blinding"]

    def test_a_value_of_another_type_would_be_seen(self, client, audit, lead, described):
        answer = answer_of(client, audit, lead)
        call = described[CALL]["GET"]
        told = answer.json
        next(iter(told["severity"]["units"].values()))["details"]["flagged"] = "perhaps"
        answer.set_data(json.dumps(told))

        with pytest.raises((Failure, FailureGroup), match="perhaps"):
            call.validate_response(schemathesis.Response.from_any(answer))


class TestSummaryAnswer:
    def test_a_department_gets_its_own_chart_described(self, client, session, audit, described):
        actor = make_actor(session, Role.QUALITY_LEAD, audit.departments[0])
        [line] = summaries.list_summaries(by=actor)

        answer = client.get(f"/api/v1/summaries/{line.id}", headers=bearer(actor))

        call = described["/api/v1/summaries/{summary_id}"]["GET"]
        call.validate_response(schemathesis.Response.from_any(answer))
        chart = answer.json["told"]["over_time"]
        view = summaries.show_summary(line.id, by=actor)
        assert (chart["kind"], len(chart["points"])) == ("rates", 12)
        assert chart == view.part.told.over_time.to_dict()


def test_no_other_part_of_a_snapshot_is_free_of_form(app):
    schemas = app.test_client().get("/api/v1/openapi.json").json["components"]["schemas"]

    free = {
        name
        for answer in ANSWERS
        for name in reached_from(answer, schemas)
        for part in schemas[name]["properties"].values()
        if part.get("type") == "object" and not part.get("additionalProperties")
    }

    assert free == FREE


def reached_from(name, schemas):
    """Return the names of a schema and of all that it refers to."""
    found, left = set(), [name]
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left += references_in(schemas[one])
    return found


def references_in(part):
    if isinstance(part, list):
        return [name for one in part for name in references_in(one)]
    if not isinstance(part, dict):
        return []
    own = [part["$ref"].rpartition("/")[2]] if "$ref" in part else []
    return own + [name for one in part.values() for name in references_in(one)]
