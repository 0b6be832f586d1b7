from datetime import date

import pytest
from sqlalchemy import func, select

from peeraudit.adapters.queue import Outbox, TaskName
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Grant, Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import InvalidInput, NotFound
from peeraudit.domain.notifications import NoticeKind
from peeraudit.models.messages import Message
from peeraudit.services import accounts, notifications
from tests.factories.accounts import make_account, make_department

OFFER = {"count": 6, "due": date(2026, 12, 4)}


@pytest.fixture
def department(session):
    return make_department(session)


@pytest.fixture
def reviewer(session, password_hash, department):
    account = make_account(session, password_hash, Role.REVIEWER, department.id)
    return Actor(account.id, Role.REVIEWER, department.id)


def tell(account_id, kind=NoticeKind.CASES_OFFERED, key="k", params=None, path="/scoring/"):
    with unit_of_work():
        notifications.tell(account_id, kind, key=key, params=params or OFFER, path=path)


def messages(session):
    return session.scalar(select(func.count()).select_from(Message))


class TestTell:
    def test_it_reaches_the_inbox_of_its_role(self, reviewer):
        tell(reviewer.account_id)

        notice = notifications.inbox(by=reviewer)[0]

        assert "6 cases wait" in str(notice.sentence)
        assert notice.sentence.params["due"] == date(2026, 12, 4)
        assert notice.read_at is None

    def test_another_role_of_the_person_does_not_see_it(self, reviewer):
        tell(reviewer.account_id)
        as_author = Actor(reviewer.account_id, Role.AUTHOR, reviewer.department_id)

        assert notifications.inbox(by=as_author) == []
        assert notifications.count_unread(by=as_author) == 0

    def test_the_same_key_is_told_once(self, reviewer, session):
        for _ in range(3):
            tell(reviewer.account_id)
        tell(reviewer.account_id, key="another")

        assert messages(session) == 2

    def test_one_thing_is_told_in_the_singular(self, reviewer):
        tell(reviewer.account_id, params=OFFER | {"count": 1})

        assert str(notifications.inbox(by=reviewer)[0].sentence).startswith("One case waits")

    @pytest.mark.parametrize("params", [{"count": 6}, OFFER | {"name": "Dr Martin"}])
    def test_only_the_values_of_the_sentence_may_be_told(self, reviewer, session, params):
        with pytest.raises(InvalidInput):
            tell(reviewer.account_id, params=params)

        assert messages(session) == 0

    def test_without_a_mail_server_no_letter_is_ordered(self, reviewer, session):
        tell(reviewer.account_id)

        assert session.scalars(select(Outbox)).all() == []

    def test_with_a_mail_server_one_letter_is_ordered(self, app, reviewer, session, monkeypatch):
        monkeypatch.setitem(app.config, "MAIL_URL", "memory:")

        tell(reviewer.account_id)
        tell(reviewer.account_id)

        assert [row.task for row in session.scalars(select(Outbox))] == [TaskName.SEND_MESSAGE]


class TestTellAll:
    def test_it_reaches_the_holders_in_that_department_alone(
        self, session, password_hash, department
    ):
        kind, params = NoticeKind.CASES_TO_CHECK, {"count": 3}
        here = [
            make_account(session, password_hash, Role.COORDINATOR, department.id).id
            for _ in range(2)
        ]
        elsewhere = make_account(session, password_hash, Role.COORDINATOR).id
        with unit_of_work():
            told = notifications.tell_all(department.id, kind, key="k", params=params)

        reached = set(session.scalars(select(Message.account_id)))

        assert told == 2
        assert reached == set(here)
        assert elsewhere not in reached

    def test_a_closed_account_is_told_nothing(self, session, password_hash, department):
        account = make_account(session, password_hash, Role.NETWORK_LEAD)
        account.active = False
        session.commit()
        params = {"code": "C-7", "campaign": "Thorax"}

        with unit_of_work():
            told = notifications.tell_all(
                None, NoticeKind.CASE_WITHOUT_REVIEWER, key="k", params=params
            )

        assert told == 0


class TestReading:
    def test_what_was_read_no_longer_counts(self, reviewer):
        tell(reviewer.account_id)
        tell(reviewer.account_id, key="other")
        first = notifications.inbox(by=reviewer)[0]
        with unit_of_work():
            path = notifications.mark_read(first.id, by=reviewer).path

        unread = notifications.inbox(by=reviewer, only_unread=True)

        assert path == "/scoring/"
        assert notifications.count_unread(by=reviewer) == len(unread) == 1
        assert first.id not in {n.id for n in unread}

    def test_all_are_read_at_once_those_of_another_role_excepted(
        self, reviewer, session, password_hash
    ):
        place = reviewer.department_id
        with unit_of_work():
            accounts.give_role(reviewer.account_id, Grant(Role.AUTHOR, place), by=None)
        as_author = Actor(reviewer.account_id, Role.AUTHOR, place)
        tell(reviewer.account_id)
        tell(reviewer.account_id, NoticeKind.OUTCOME_FOR_AUTHOR, params={"due": date(2026, 12, 4)})
        with unit_of_work():
            notifications.mark_all_read(by=reviewer)

        assert notifications.count_unread(by=reviewer) == 0
        assert notifications.count_unread(by=as_author) == 1

    def test_nobody_reads_the_notice_of_another(self, reviewer, session, password_hash):
        tell(reviewer.account_id)
        notice = notifications.inbox(by=reviewer)[0]
        other = Actor(make_account(session, password_hash).id, Role.REVIEWER)

        with pytest.raises(NotFound), unit_of_work():
            notifications.mark_read(notice.id, by=other)


class TestLetter:
    def test_a_letter_is_found_until_it_was_mailed(self, reviewer, session):
        tell(reviewer.account_id)
        message_id = session.scalar(select(Message.id))
        letter = notifications.find_letter(message_id)
        with unit_of_work():
            notifications.note_mailed(message_id)

        assert letter.path == "/scoring/"
        assert notifications.find_letter(message_id) is None
