import pytest
from sqlalchemy import select

from peeraudit.domain.accounts import Role
from peeraudit.domain.workflow import CaseState
from peeraudit.models.accounts import Account
from peeraudit.models.adjudication import Reply
from peeraudit.services import handover
from peeraudit.tasks.expiry import expire_duties
from tests.factories.network import make_actor
from tests.factories.settling import enter, make_author, make_stage
from tests.web.test_adjudication import queries


@pytest.fixture
def stage(session):
    return make_stage(session)


def told(stage, score="3a"):
    case = stage.case(both=True)
    stage.score(case, score)
    stage.score(case, score)
    return case


@pytest.fixture
def author(client, session, password_hash, stage):
    enter(client, session, password_hash, stage.author)


@pytest.mark.usefixtures("author")
class TestListOutcomes:
    def test_it_is_calm_when_there_is_nothing(self, client):
        assert 'class="empty"' in client.get("/feedback/").text

    def test_it_leads_to_each_outcome(self, client, stage):
        case, mild = told(stage), told(stage, "1")

        page = client.get("/feedback/").text

        assert f"/feedback/{stage.outcome(case).id}" in page
        assert f"/feedback/{stage.outcome(mild).id}" in page

    def test_more_outcomes_cost_no_more_queries(self, client, stage):
        told(stage)
        few = queries(client, "/feedback/")
        for _ in range(3):
            told(stage)

        assert queries(client, "/feedback/") == few


@pytest.mark.usefixtures("author")
class TestShowOutcome:
    def test_the_page_tells_what_and_never_who(self, client, session, stage):
        case = told(stage)

        page = client.get(f"/feedback/{stage.outcome(case).id}").text

        people = [session.get_one(Account, r.account_id).name for r in stage.readers]
        assert [name for name in people if name in page] == []
        assert "Un nodule du lobe" in page
        assert "ACC-" in page
        assert "<textarea" in page

    def test_a_mild_outcome_asks_for_nothing(self, client, stage):
        case = told(stage, "1")

        page = client.get(f"/feedback/{stage.outcome(case).id}").text

        assert "<textarea" not in page

    def test_anothers_outcome_is_not_found(self, client, session, password_hash, stage):
        case = told(stage)
        other = make_author(session, stage.home, key="RPPS-9")
        client.post("/accounts/sign-out")
        enter(client, session, password_hash, other)

        assert client.get(f"/feedback/{stage.outcome(case).id}").status_code == 404


@pytest.mark.usefixtures("author")
class TestReply:
    def test_a_reply_is_kept_and_shown(self, client, stage):
        case = told(stage)
        url = f"/feedback/{stage.outcome(case).id}"

        answer = client.post(url, data={"stance": "agree", "text": "Merci."})

        assert answer.status_code == 302
        assert stage.state(case) is CaseState.FINAL
        assert "Merci." in client.get(url).text

    def test_a_reconsideration_is_asked_for(self, client, stage):
        case = told(stage)

        client.post(
            f"/feedback/{stage.outcome(case).id}",
            data={
                "stance": "disagree",
                "text": "Le nodule était connu.",
                "asks_reconsideration": "y",
            },
        )

        assert stage.state(case) is CaseState.ADJUDICATION
        page = client.get(f"/feedback/{stage.outcome(case).id}").text
        assert "<textarea" not in page

    @pytest.mark.parametrize(
        "data", [{}, {"stance": "disagree", "text": "non"}, {"stance": "perhaps"}]
    )
    def test_an_unclear_reply_is_shown_again(self, client, session, stage, data):
        case = told(stage)

        answer = client.post(f"/feedback/{stage.outcome(case).id}", data=data)

        assert answer.status_code == 422
        assert "field-error" in answer.text
        assert session.scalars(select(Reply)).all() == []

    def test_a_second_reply_is_refused(self, client, stage):
        case = told(stage)
        url = f"/feedback/{stage.outcome(case).id}"
        client.post(url, data={"stance": "agree", "text": "Premier."})

        answer = client.post(url, data={"stance": "agree", "text": "Second."})

        assert answer.status_code == 422
        assert "Second." not in client.get(url).text


class TestHandover:
    @pytest.fixture
    def stage(self, session):
        return make_stage(session, author=False)

    def test_a_coordinator_prints_the_notice_and_notes_it(
        self, client, session, password_hash, stage
    ):
        case = told(stage, "3b")
        by = make_actor(session, Role.COORDINATOR, stage.home)
        enter(client, session, password_hash, by)
        page = client.get("/handover/").text
        url = "/handover/" + page.split('href="/handover/')[2].split('"')[0]

        notice = client.get(url).text
        answer = client.post(url)

        assert "Marie LENOIR" in notice
        assert "score" not in notice
        assert "nodule" not in notice
        assert answer.status_code == 302
        assert stage.state(case) is CaseState.AUTHOR_NOTIFIED
        assert 'class="empty"' in client.get("/handover/").text

    def test_a_coordinator_says_whose_account_it_is(self, client, session, password_hash, stage):
        case = told(stage, "3b")
        by = make_actor(session, Role.COORDINATOR, stage.home)
        account = make_actor(session, Role.AUTHOR, stage.home)
        [author] = handover.list_unlinked(by=by).authors
        enter(client, session, password_hash, by)

        wrong = client.post("/handover/accounts", data={"author": "x", "account": "y"})
        answer = client.post(
            "/handover/accounts",
            data={"author": str(author.id), "account": str(account.account_id)},
        )
        expire_duties()

        assert (wrong.status_code, answer.status_code) == (422, 302)
        assert stage.state(case) is CaseState.AUTHOR_NOTIFIED
