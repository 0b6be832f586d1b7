from datetime import timedelta

import pytest

from peeraudit.adapters.clock import now
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.models.assignments import Assignment
from peeraudit.models.network import Reviewer
from peeraudit.services import tokens
from peeraudit.tasks.upkeep import sweep
from tests.factories.readings import lead, make_cases, make_drawn_campaign, make_network

SCOPES = (Permission.PLAN_ASSIGNMENT, Permission.PUBLISH_ASSIGNMENT)


@pytest.fixture
def headers(session, password_hash):
    return bearer(lead(session, password_hash))


@pytest.fixture
def network(session):
    return make_network(session)


@pytest.fixture
def campaign(session, network):
    campaign = make_drawn_campaign(session, network[0])
    for place in network[0]:
        make_cases(session, campaign, place, 2)
    return campaign


def bearer(actor, *scopes):
    with unit_of_work():
        secret = tokens.create_token("test", frozenset(scopes or SCOPES), days=1, by=actor)
    return {"Authorization": f"Bearer {secret}"}


def plan(client, campaign, headers):
    ordered = client.post(f"/api/v1/campaigns/{campaign.id}/plans", headers=headers)
    assert ordered.status_code == 202, ordered.text
    sweep()
    return client.get(f"/api/v1/campaigns/{campaign.id}/plans/newest", headers=headers).json


def entries_of(client, shown, headers):
    answer = client.get(f"/api/v1/plans/{shown['id']}/entries", headers=headers)
    names = ("case", "reading", "reviewer")
    return [{name: entry[name] for name in names} for entry in answer.json["entries"]]


class TestPlans:
    def test_a_script_plans_edits_and_publishes(self, client, campaign, headers):
        shown = plan(client, campaign, headers)
        entries = entries_of(client, shown, headers)

        edited = client.put(
            f"/api/v1/plans/{shown['id']}/entries", json={"entries": entries[1:]}, headers=headers
        )
        url = f"/api/v1/plans/{edited.json['id']}/publish"
        published = [client.post(url, headers=headers).json for _ in range(2)]

        assert (shown["readings"], shown["missing"], shown["state"]) == (6, 0, "draft")
        assert sum(one["planned"] for one in shown["reviewers"]) == 6
        assert (edited.json["number"], edited.json["edited_from"]) == (2, 1)
        assert edited.json["unplaced"][0]["reason"]
        assert published == [{"readings": 5}, {"readings": 5}]

    def test_what_an_edit_breaks_is_told_entry_by_entry(self, client, campaign, headers):
        shown = plan(client, campaign, headers)
        entries = entries_of(client, shown, headers)
        wrong = [{**entries[0], "case": "ZZZZ-ZZZZ"}, {**entries[0], "reviewer": "x@y.example"}]

        answer = client.put(
            f"/api/v1/plans/{shown['id']}/entries",
            json={"entries": [*entries, *wrong, entries[0]]},
            headers=headers,
        )

        assert answer.status_code == 422
        told = answer.json["details"]["entries"]
        assert [one["entry"] for one in told] == [7, 8, 9]
        assert all(one["reason"] for one in told)

    def test_a_plan_that_no_longer_holds_says_why(self, client, session, campaign, headers):
        shown = plan(client, campaign, headers)
        session.query(Reviewer).update({Reviewer.accepting: False})
        session.commit()

        answer = client.post(f"/api/v1/plans/{shown['id']}/publish", headers=headers)

        assert answer.status_code == 422
        assert answer.json["error"] == "PlanBroken"
        assert answer.json["details"]["breaches"]

    def test_before_the_first_plan_there_is_none(self, client, campaign, headers):
        answer = client.get(f"/api/v1/campaigns/{campaign.id}/plans/newest", headers=headers)

        assert answer.status_code == 404

    def test_a_token_without_the_scope_is_refused(self, client, session, campaign, password_hash):
        headers = bearer(lead(session, password_hash), Permission.PLAN_ASSIGNMENT)
        shown = plan(client, campaign, headers)

        answer = client.post(f"/api/v1/plans/{shown['id']}/publish", headers=headers)

        assert answer.status_code == 403

    def test_nothing_tells_where_a_case_comes_from(self, client, campaign, headers):
        shown = plan(client, campaign, headers)
        text = client.get(f"/api/v1/plans/{shown['id']}/entries", headers=headers).text

        assert "LENOIR" not in text
        assert "author" not in text


class TestInsight:
    def test_a_script_reads_what_a_plan_can_tell(self, client, session, network, campaign, headers):
        for place in network[0]:
            make_cases(session, campaign, place, 6)
        shown = plan(client, campaign, headers)

        found = client.get(f"/api/v1/plans/{shown['id']}/insight", headers=headers).json

        assert found["design"]["parts"] == [3]
        assert 0 < found["design"]["severity"]["typical"] <= found["design"]["severity"]["worst"]
        assert found["remedies"] == []
        assert {one["eligible"] for one in found["hard"]} == {4}

    def test_it_says_what_would_mend_a_plan(self, client, session, network, campaign, headers):
        session.query(Reviewer).update({Reviewer.capacity: 0})
        session.get(Reviewer, network[1][0].id).capacity = 1
        session.commit()
        shown = plan(client, campaign, headers)

        found = client.get(f"/api/v1/plans/{shown['id']}/insight", headers=headers).json

        assert any(one["raised"] for one in found["remedies"])
        assert any(one["cases"] for one in found["remedies"])

    def test_a_script_reads_who_is_late(self, client, session, campaign, headers, password_hash):
        shown = plan(client, campaign, headers)
        client.post(f"/api/v1/plans/{shown['id']}/publish", headers=headers)
        session.query(Assignment).update({Assignment.due_at: now() - timedelta(days=1)})
        session.commit()
        reads = bearer(lead(session, password_hash), Permission.READ_CAMPAIGN)

        found = client.get(f"/api/v1/campaigns/{campaign.id}/lateness", headers=reads).json

        assert sum(one["late"] for one in found["reviewers"]) == 6
        assert {one["away_from"] for one in found["reviewers"]} == {None}
