"""A department's chart over the months, from the readings to its page, its files, and back."""

import json
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.protocol import Thresholds
from peeraudit.domain.snapshot_files import recompute, results_text
from peeraudit.domain.statistics.campaign import CampaignCounts, compute, fingerprint
from peeraudit.domain.summaries.disclosure import Audience, tell
from peeraudit.domain.summaries.summary_content import SummaryContent
from peeraudit.domain.told_files import recompute_told
from peeraudit.domain.workflow import CampaignState
from peeraudit.models.summaries import Snapshot, Summary
from peeraudit.services import snapshot_exports, statistics, statistics_export
from peeraudit.services.statistics_counts import count_readings
from tests.factories.audits import Read, make_audit
from tests.factories.moments import MOMENT
from tests.factories.network import make_actor
from tests.services.test_summaries import publish

YEAR = tuple(f"2026-{month:02d}" for month in range(1, 13))
# 26 reports of each month, and 34 discrepant ones spread by chance alone.
LARGE = {"CT": (900, [Read(140), Read(17, "2a"), Read(138), Read(17, "2b", "2b", "2b")])}
SMALL = {"CT": (300, [Read(54), Read(6, "2b", "2b", "2b")])}
# Its few MRI may not be told: the points of a chart would give them away.
WITH_HIDDEN = {"CT": (900, LARGE["CT"][1]), "MR": (40, [Read(5)])}


@pytest.fixture
def lead(session):
    return make_actor(session, Role.NETWORK_LEAD)


@pytest.fixture
def audit(session, lead):
    audit = make_audit(session, [LARGE, SMALL, WITH_HIDDEN], months=YEAR, authors=5)
    publish(audit, lead)
    return audit


def final(session):
    return session.scalars(select(Snapshot)).one()


def charts(session, audit):
    telling = statistics.telling_of(final(session))
    return [telling.inside[str(place.id)].over_time for place in audit.departments]


def test_each_department_gets_its_own_chart_or_a_reason(session, audit):
    large, small, hidden = charts(session, audit)

    assert (large.kind, len(large.points)) == ("rates", 12)
    assert sum(one.n for one in large.points) == 312
    assert sum(one.x for one in large.points) == 34
    assert (small.kind, small.reasons) == ("", ("PERIODS_LT_12",))
    assert hidden.reasons == ("CELL_HIDDEN",)


def test_nobody_else_gets_it(session, audit, lead):
    row = session.scalars(select(Summary).order_by(Summary.number)).first()
    parts = SummaryContent.from_json(row.content).parts

    assert parts[Audience.INSIDE].told.over_time is not None
    assert parts[Audience.OUTSIDE].told.over_time is None
    view = statistics.show_snapshot(audit.campaign.id, 1, by=lead)
    assert "over_time" not in json.dumps(view.telling.to_dict())


def test_the_export_gives_the_same_charts(session, audit, lead):
    with unit_of_work():
        files = statistics_export.export_row(final(session), by=lead, purpose="Recalcul.")

    found = recompute(files.reviews, files.rules)

    assert found.same_data
    assert found.results == files.results
    assert '"over_time"' in files.results


def test_the_numbers_that_are_taken_along_hold_the_own_chart(session, audit):
    actor = make_actor(session, Role.QUALITY_LEAD, audit.departments[0])
    with unit_of_work():
        files = snapshot_exports.export_numbers(audit.campaign.id, by=actor)

    told = json.loads(files.told)["departments"][audit.departments[0].code]

    assert told["over_time"]["kind"] == "rates"
    assert len(told["over_time"]["points"]) == 12


def test_the_chart_follows_from_the_points_that_are_taken_along(session, audit):
    actor = make_actor(session, Role.QUALITY_LEAD, audit.departments[0])
    with unit_of_work():
        files = snapshot_exports.export_numbers(audit.campaign.id, by=actor)
    told = json.loads(files.told)

    assert recompute_told(files.numbers, files.told).other == 0
    assert [one["as_told"] for one in json.loads(files.result)["charts"]] == [True]
    told["departments"][audit.departments[0].code]["over_time"]["points"][0]["x"] += 1
    assert recompute_told(files.numbers, json.dumps(told)).other == 1


def test_where_the_protocol_hides_dates_there_is_no_order(session, lead):
    audit = make_audit(session, [SMALL])
    publish(audit, lead)

    assert charts(session, audit)[0].reasons == ("DATES_HIDDEN",)


def test_the_methods_behind_it_are_named(session, audit):
    assert {"S6.01@1", "S6.09@1"} <= set(final(session).methods.split())


class TestEarlierSnapshot:
    """One that knew no months holds and is handed out as it was."""

    @pytest.fixture
    def early(self, session):
        audit = make_audit(session, [SMALL], months=YEAR, state=CampaignState.FROZEN)
        counts = replace(count_readings(audit.campaign.id), over_time=None, edition=1)
        numbers = compute(counts)
        row = Snapshot(
            id=uuid4(), campaign_id=audit.campaign.id, number=1, is_final=True,
            data=counts.to_json(), data_sha256=fingerprint(counts.to_json()),
            results=results_text(numbers, tell(counts, numbers, Thresholds())),
            methods=" ".join(numbers.methods()), computed_at=MOMENT,
        )  # fmt: skip
        session.add(row)
        session.commit()
        return audit, row

    def test_its_text_knows_no_months(self, early):
        _, row = early

        assert json.loads(row.data)["format"] == "peeraudit/snapshot/v1"
        assert "over_time" not in row.data + row.results
        assert CampaignCounts.from_json(row.data).to_json() == row.data
        assert all(told.over_time is None for told in statistics.telling_of(row).inside.values())

    def test_it_still_follows_from_its_readings(self, early):
        audit, _ = early

        [verdict] = statistics.verify_snapshots(audit.campaign.code)

        assert verdict.holds
        assert verdict.same_counts

    def test_its_export_gives_it_again(self, early, lead):
        _, row = early
        with unit_of_work():
            files = statistics_export.export_row(row, by=lead, purpose="Recalcul.")

        found = recompute(files.reviews, files.rules)

        assert found.same_data
        assert found.results == row.results
        assert "month" not in files.reviews.splitlines()[0]
