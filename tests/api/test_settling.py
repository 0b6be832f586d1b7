import pytest

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission, Role
from peeraudit.domain.workflow import CaseState
from peeraudit.services import tokens
from tests.factories.network import make_actor
from tests.factories.settling import make_stage

DECISION = {"score": "3a", "error_type": "missed_finding", "comment": "Nodule non décrit."}


@pytest.fixture
def stage(session):
    return make_stage(session)


def bearer(actor, *scopes):
    with unit_of_work():
        secret = tokens.create_token("test", frozenset(scopes), days=1, by=actor)
    return {"Authorization": f"Bearer {secret}"}


class TestAdjudication:
    def test_a_script_settles_a_case_once(self, client, stage):
        case = stage.disputed()
        by, assignment_id = stage.adjudicator(case)
        headers = bearer(by, Permission.ADJUDICATE_CASES)
        url = f"/api/v1/adjudication/{assignment_id}"

        waiting = client.get("/api/v1/adjudication/", headers=headers).json["cases"]
        shown = client.get(url, headers=headers)
        first = client.post(f"{url}/decision", json=DECISION, headers=headers)
        again = client.post(f"{url}/decision", json=DECISION, headers=headers)

        assert [one["assignment_id"] for one in waiting] == [str(assignment_id)]
        assert [one["letter"] for one in shown.json["opinions"]] == ["A", "B"]
        assert "LENOIR" not in shown.text
        assert (first.status_code, again.status_code) == (201, 409)
        assert stage.outcome(case).score == "3a"

    def test_an_incomplete_decision_says_what_is_missing(self, client, stage):
        by, assignment_id = stage.adjudicator(stage.disputed())

        answer = client.post(
            f"/api/v1/adjudication/{assignment_id}/decision",
            json={"score": "3a"},
            headers=bearer(by, Permission.ADJUDICATE_CASES),
        )

        assert answer.status_code == 422
        assert set(answer.json["details"]) == {"error_type", "comment"}

    def test_a_case_is_given_back(self, client, stage):
        by, assignment_id = stage.adjudicator(stage.disputed())

        answer = client.post(
            f"/api/v1/adjudication/{assignment_id}/decline",
            json={"reason": "recognised"},
            headers=bearer(by, Permission.ADJUDICATE_CASES),
        )

        assert answer.status_code == 204

    def test_the_scope_is_needed(self, client, stage):
        by, _ = stage.adjudicator(stage.disputed())

        answer = client.get("/api/v1/adjudication/", headers=bearer(by, Permission.USE_API_TOKENS))

        assert answer.status_code == 403


class TestFeedback:
    def test_a_script_reads_and_answers_once(self, client, stage):
        case = stage.case(both=True)
        stage.score(case, "3b")
        stage.score(case, "3b")
        headers = bearer(stage.author, Permission.READ_FEEDBACK, Permission.REPLY)

        [line] = client.get("/api/v1/feedback/", headers=headers).json["to_answer"]
        url = f"/api/v1/feedback/{line['id']}"
        shown = client.get(url, headers=headers).json
        answered = client.post(f"{url}/reply", json={"stance": "agree"}, headers=headers)
        again = client.post(f"{url}/reply", json={"stance": "agree"}, headers=headers)

        assert shown["score"] == "3b"
        assert shown["accession"].startswith("ACC-")
        assert answered.json["is_final"]
        assert (answered.status_code, again.status_code) == (201, 409)

    def test_a_coordinator_hands_notices_over(self, client, session):
        stage = make_stage(session, author=False)
        case = stage.case(both=True)
        stage.score(case, "3b")
        stage.score(case, "3b")
        by = make_actor(session, Role.COORDINATOR, stage.home)
        headers = bearer(by, Permission.CHECK_DEIDENTIFICATION)

        [notice] = client.get("/api/v1/feedback/notices", headers=headers).json["notices"]
        url = f"/api/v1/feedback/notices/{notice['campaign_id']}/{notice['author_id']}"
        first = client.post(url, headers=headers)
        again = client.post(url, headers=headers)

        assert "score" not in notice
        assert (first.status_code, again.status_code) == (204, 404)
        assert stage.state(case) is CaseState.AUTHOR_NOTIFIED
