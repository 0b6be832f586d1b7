import pytest
from sqlalchemy import select

from peeraudit.adapters import mailer, queue
from peeraudit.adapters.queue import Outbox, TaskName
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Role
from peeraudit.domain.notifications import MUTABLE, WORDINGS, NoticeKind
from peeraudit.models.messages import Message, MutedMail
from peeraudit.services import mail_choices, notifications
from tests.factories.accounts import make_department
from tests.factories.moments import MOMENT
from tests.factories.network import make_actor

DUE = {"late": 1, "soon": 2, "unopened": 0, "due": MOMENT.date()}


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    monkeypatch.setattr(queue, "wake", lambda task, duty_id: None)
    monkeypatch.setattr(mailer, "is_set_up", lambda: True)


@pytest.fixture
def reviewer(session):
    return make_actor(session, Role.REVIEWER, make_department(session))


def mails(session):
    waiting = select(Outbox).where(Outbox.task == TaskName.SEND_MESSAGE)
    return len(session.scalars(waiting).all())


def choose(*wanted, by):
    with unit_of_work():
        mail_choices.choose(wanted, by=by)


def tell(account_id, key="k"):
    with unit_of_work():
        notifications.tell(account_id, NoticeKind.CASES_DUE, key=key, params=DUE)


def test_a_digest_that_is_not_wanted_stands_on_the_page_and_is_not_mailed(session, reviewer):
    choose(by=reviewer)

    tell(reviewer.account_id)

    assert len(session.scalars(select(Message)).all()) == 1
    assert mails(session) == 0


def test_it_is_mailed_again_once_it_is_wanted(session, reviewer):
    choose(by=reviewer)
    choose(NoticeKind.CASES_DUE, by=reviewer)

    tell(reviewer.account_id)

    assert mails(session) == 1


def test_the_choice_of_one_role_leaves_the_others(session, reviewer):
    choose(by=reviewer)
    as_author = make_actor(session, Role.AUTHOR, make_department(session))

    choose(by=as_author)

    kinds = {
        one.kind
        for one in session.scalars(select(MutedMail))
        if one.account_id == reviewer.account_id
    }
    assert kinds == {"cases_due", "case_replaced", "offers_lapsed", "cases_passed_on"}


def test_what_asks_one_to_act_or_concerns_a_patient_is_never_a_choice():
    always = {
        NoticeKind.CASE_URGENT,
        NoticeKind.CASE_URGENT_TO_OFFICER,
        NoticeKind.CASES_OFFERED,
        NoticeKind.CASES_TO_ANSWER,
        NoticeKind.CASE_TO_SETTLE,
        NoticeKind.OUTCOME_FOR_AUTHOR,
        NoticeKind.CASE_BACK_TO_COORDINATOR,
    }

    assert always.isdisjoint(MUTABLE)
    assert set(MUTABLE) <= set(WORDINGS)
