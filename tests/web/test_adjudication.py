import pytest
from sqlalchemy import event

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.workflow import CaseState
from peeraudit.extensions import db
from peeraudit.models.accounts import Account
from peeraudit.services import feedback
from tests.factories.settling import enter, make_stage

DECISION = {
    "score": "3a",
    "error_type": "missed_finding",
    "comment": "Le nodule n'est pas décrit.",
    "seconds": "30",
}


@pytest.fixture
def stage(session):
    return make_stage(session, adjudicators=1)


@pytest.fixture
def signed_in(client, session, password_hash, stage):
    """Sign the adjudicator of a case in; returns the address of the case."""

    def go(case):
        by, assignment_id = stage.adjudicator(case)
        enter(client, session, password_hash, by)
        return f"/adjudication/{assignment_id}"

    return go


class TestListCases:
    def test_it_leads_to_the_case(self, client, stage, signed_in):
        case = stage.disputed()
        url = signed_in(case)

        page = client.get("/adjudication/").text

        assert case.code in page
        assert url in page

    def test_it_is_calm_when_nothing_waits(self, client, stage, signed_in):
        case = stage.disputed()
        signed_in(case)
        stage.decide(case, "1")

        page = client.get("/adjudication/").text

        assert 'class="empty"' in page

    def test_more_cases_cost_no_more_queries(self, client, stage, signed_in):
        signed_in(stage.disputed())
        few = queries(client, "/adjudication/")
        for _ in range(4):
            stage.disputed()

        assert queries(client, "/adjudication/") == few


class TestSettleCase:
    def test_the_page_hides_who_wrote_what(self, client, session, stage, signed_in):
        case = stage.disputed()

        answer = client.get(signed_in(case))

        page = answer.text
        assert answer.status_code == 200
        assert page.count("data-opinion") == 2
        people = [session.get_one(Account, r.account_id).name for r in stage.readers]
        hidden = [*people, "LENOIR", stage.home.name, str(case.id)]
        hidden += [str(r.id) for r in stage.readers]
        assert [word for word in hidden if word in page] == []
        assert "⟦" not in page

    def test_a_decision_settles_the_case_and_leads_on(self, client, stage, signed_in):
        case = stage.disputed()
        url = signed_in(case)

        answer = client.post(url, data=DECISION)

        assert answer.status_code == 302
        assert stage.outcome(case).score == "3a"
        assert stage.state(case) is CaseState.AUTHOR_NOTIFIED

    def test_what_was_typed_survives_an_error(self, client, stage, signed_in):
        case = stage.disputed()

        answer = client.post(signed_in(case), data={**DECISION, "error_type": ""})

        assert answer.status_code == 422
        assert "Le nodule n&#39;est pas décrit." in answer.text
        assert stage.state(case) is CaseState.ADJUDICATION

    def test_a_second_click_says_that_it_is_settled(self, client, stage, signed_in):
        case = stage.disputed()
        url = signed_in(case)
        client.post(url, data=DECISION)

        again = client.post(url, data={**DECISION, "score": "1"})

        assert again.status_code == 302
        assert stage.outcome(case).score == "3a"
        assert client.get(url).status_code == 200

    def test_the_contested_outcome_stands_beside_the_authors_words(
        self, client, session, password_hash
    ):
        stage = make_stage(session)
        case = stage.disputed()
        stage.decide(case, "3a")
        with unit_of_work():
            feedback.reply(
                stage.outcome(case).id, "disagree", "Ce nodule est stable depuis 2019.",
                asks_reconsideration=True, by=stage.author,
            )  # fmt: skip
        by, assignment_id = stage.adjudicator(case)
        enter(client, session, password_hash, by)

        page = client.get(f"/adjudication/{assignment_id}").text

        assert "stable depuis 2019" in page
        assert "Décidé après relecture" in page


class TestLeave:
    def test_an_identifier_takes_the_case_from_the_screen(self, client, stage, signed_in):
        case = stage.disputed()
        url = signed_in(case)

        client.post(f"{url}/pull")

        assert stage.state(case) is CaseState.QUARANTINED

    def test_giving_back_needs_a_reason(self, client, stage, signed_in):
        case = stage.disputed()
        url = signed_in(case)

        client.post(f"{url}/decline", data={})
        assert len(stage.waiting(case)) == 1
        client.post(f"{url}/decline", data={"reason": "conflict"})

        assert stage.waiting(case) == []


def queries(client, url):
    seen = []

    def note(*args):
        seen.append(args)

    engine = db.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        client.get(url)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)
