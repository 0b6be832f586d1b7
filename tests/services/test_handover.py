from dataclasses import replace
from datetime import timedelta

import pytest

from peeraudit.adapters import clock
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.errors import NotFound
from peeraudit.domain.workflow import CampaignState, CaseState
from peeraudit.services import feedback, handover
from peeraudit.tasks.expiry import expire_duties
from tests.factories.accounts import make_department
from tests.factories.network import make_actor
from tests.factories.readings import make_drawn_campaign
from tests.factories.settling import make_author, make_stage


@pytest.fixture
def stage(session):
    return make_stage(session, author=False)


@pytest.fixture
def coordinator(session, stage):
    return make_actor(session, Role.COORDINATOR, stage.home)


def settled(stage, score):
    case = stage.case(both=True)
    stage.score(case, score)
    stage.score(case, score)
    return case


def confirm(notice, by):
    with unit_of_work():
        handover.confirm_handover(notice.campaign_id, notice.author_id, by=by)


class TestListHandovers:
    def test_the_list_is_the_same_whatever_the_scores_are(self, stage, coordinator):
        settled(stage, "1")
        mild = handover.list_handovers(by=coordinator)

        settled(stage, "3b")
        serious = handover.list_handovers(by=coordinator)

        assert mild == serious
        assert [notice.author for notice in serious] == ["Marie LENOIR"]

    def test_an_author_with_an_account_needs_none(self, session, stage, coordinator):
        make_author(session, stage.home)

        settled(stage, "3b")

        assert handover.list_handovers(by=coordinator) == []

    def test_another_department_sees_none(self, session, stage):
        settled(stage, "3b")
        other = make_actor(session, Role.COORDINATOR, make_department(session))

        assert handover.list_handovers(by=other) == []

    def test_a_role_without_a_department_has_none(self, coordinator):
        nowhere = replace(coordinator, department_id=None)

        assert handover.list_handovers(by=nowhere) == []
        assert handover.list_unlinked(by=nowhere).authors == ()


class TestShowHandover:
    def test_it_says_no_more_than_the_list(self, stage, coordinator):
        settled(stage, "3b")
        [notice] = handover.list_handovers(by=coordinator)

        shown = handover.show_handover(notice.campaign_id, notice.author_id, by=coordinator)

        assert shown == notice


class TestConfirmHandover:
    def test_the_time_to_reply_runs_and_then_it_is_final(self, session, stage, coordinator):
        serious, mild = settled(stage, "3b"), settled(stage, "1")
        [notice] = handover.list_handovers(by=coordinator)

        confirm(notice, coordinator)

        outcome = stage.outcome(serious)
        assert stage.state(serious) is CaseState.AUTHOR_NOTIFIED
        assert outcome.reply_due_at.date() == notice.reply_by
        assert stage.state(mild) is CaseState.FINAL
        assert handover.list_handovers(by=coordinator) == []
        with clock.shifted(timedelta(days=15)):
            expire_duties()
        assert stage.state(serious) is CaseState.FINAL

    def test_the_author_may_still_reply_with_an_account_opened_meanwhile(
        self, session, stage, coordinator
    ):
        case = settled(stage, "3b")
        [notice] = handover.list_handovers(by=coordinator)
        confirm(notice, coordinator)
        author = make_author(session, stage.home)

        with unit_of_work():
            feedback.reply(stage.outcome(case).id, "agree", by=author)

        assert stage.state(case) is CaseState.FINAL

    def test_a_later_outcome_asks_for_another_notice(self, stage, coordinator):
        settled(stage, "3b")
        confirm(handover.list_handovers(by=coordinator)[0], coordinator)

        settled(stage, "2a")

        assert len(handover.list_handovers(by=coordinator)) == 1

    def test_confirming_twice_or_for_others_is_refused(self, session, stage, coordinator):
        settled(stage, "3b")
        [notice] = handover.list_handovers(by=coordinator)
        other = make_actor(session, Role.COORDINATOR, make_department(session))

        with pytest.raises(NotFound):
            confirm(notice, other)
        confirm(notice, coordinator)
        with pytest.raises(NotFound):
            confirm(notice, coordinator)

    def test_a_second_window_changes_nothing(self, stage, coordinator, monkeypatch):
        case = settled(stage, "3b")
        [notice] = handover.list_handovers(by=coordinator)
        seen = handover._find(notice.campaign_id, notice.author_id, coordinator)
        confirm(notice, coordinator)
        due = stage.outcome(case).reply_due_at
        monkeypatch.setattr(handover, "_find", lambda *args: seen)

        with clock.shifted(timedelta(days=3)):
            confirm(notice, coordinator)

        assert stage.outcome(case).reply_due_at == due

    def test_the_notices_of_two_campaigns_are_apart(self, session, stage, coordinator):
        settled(stage, "3b")
        first = stage.campaign
        stage.campaign = make_drawn_campaign(session, [stage.home], state=CampaignState.RUNNING)
        settled(stage, "1")

        notices = handover.list_handovers(by=coordinator)
        confirm(next(n for n in notices if n.campaign_id == first.id), coordinator)

        assert len(notices) == 2
        assert [n.campaign_id for n in handover.list_handovers(by=coordinator)] == [
            stage.campaign.id
        ]


class TestLinkAccount:
    def test_an_author_who_gets_an_account_is_told_there(self, session, stage, coordinator):
        case = settled(stage, "3b")
        account = make_actor(session, Role.AUTHOR, stage.home)
        unlinked = handover.list_unlinked(by=coordinator)
        [author] = unlinked.authors

        with unit_of_work():
            handover.link_account(author.id, account.account_id, by=coordinator)
        expire_duties()

        assert [one.id for one in unlinked.accounts] == [account.account_id]
        assert handover.list_unlinked(by=coordinator).authors == ()
        assert handover.list_handovers(by=coordinator) == []
        assert stage.state(case) is CaseState.AUTHOR_NOTIFIED
        assert feedback.list_outcomes(by=account).to_answer

    def test_a_linked_author_is_never_linked_anew(self, session, stage, coordinator):
        settled(stage, "3b")
        first, second = (make_actor(session, Role.AUTHOR, stage.home) for _ in range(2))
        [author] = handover.list_unlinked(by=coordinator).authors
        with unit_of_work():
            handover.link_account(author.id, first.account_id, by=coordinator)

        with pytest.raises(NotFound), unit_of_work():
            handover.link_account(author.id, second.account_id, by=coordinator)

    def test_accounts_and_authors_of_elsewhere_are_refused(self, session, stage, coordinator):
        settled(stage, "3b")
        elsewhere = make_department(session)
        stranger = make_actor(session, Role.AUTHOR, elsewhere)
        other = make_actor(session, Role.COORDINATOR, elsewhere)
        [author] = handover.list_unlinked(by=coordinator).authors

        with pytest.raises(NotFound), unit_of_work():
            handover.link_account(author.id, stranger.account_id, by=coordinator)
        with pytest.raises(NotFound), unit_of_work():
            handover.link_account(author.id, stranger.account_id, by=other)
