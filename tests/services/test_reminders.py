import json
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from peeraudit.adapters.clock import now, shifted
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.config import TIME_ZONE
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.workflow import AssignmentState, CaseState
from peeraudit.models.assignments import Assignment, SentReminder
from peeraudit.models.messages import Message
from peeraudit.services.reminders import remind_reviewers
from peeraudit.tasks import reminders as reminder_tasks
from tests.factories.readings import (
    lead,
    make_cases,
    make_drawn_campaign,
    plan_and_publish,
)

ZONE = ZoneInfo(TIME_ZONE)


@pytest.fixture
def campaign(session, network):
    return make_drawn_campaign(session, network[0])


@pytest.fixture
def row(session, password_hash, network, campaign):
    """A reading that was offered to one reviewer."""
    make_cases(session, campaign, network[0][0], 1)
    plan_and_publish(campaign, lead(session, password_hash))
    return session.scalars(select(Assignment)).one()


@contextmanager
def on(row, days, hour=time(8)):
    """Let it be some days after the due day of a reading, at an hour of the reader's clock."""
    day = row.due_at.astimezone(ZONE).date() + timedelta(days=days)
    with shifted(datetime.combine(day, hour, ZONE) - now()):
        yield


def remind():
    with unit_of_work():
        return remind_reviewers()


def told(session):
    found = select(Message).where(Message.kind == NoticeKind.CASES_DUE.value)
    messages = session.scalars(found.order_by(Message.created_at)).all()
    return [json.loads(message.params) for message in messages]


def sent(session):
    rows = session.scalars(select(SentReminder).order_by(SentReminder.sent_at))
    return [(row.kind, row.number) for row in rows]


def start(session, row):
    with unit_of_work():
        row.state = AssignmentState.STARTED


def test_a_reviewer_is_reminded_once_before_the_due_day(session, row):
    due = row.due_at.astimezone(ZONE).date().isoformat()
    with on(row, -4):
        assert remind() == 0
    with on(row, -3):
        assert (remind(), remind()) == (1, 0)
    with on(row, -2):
        assert remind() == 0
    assert told(session) == [{"due": due, "late": 0, "soon": 1, "unopened": 1}]
    assert sent(session) == [("before_due", 1)]


def test_nobody_is_reminded_before_the_morning(session, row):
    with on(row, -3, time(6, 59)):
        assert remind() == 0
    with on(row, -3, time(7)):
        assert remind() == 1


def test_a_started_reading_is_reminded_at_its_due_day_and_weekly_after(session, row):
    start(session, row)
    for days in range(-3, 10):
        with on(row, days):
            remind()
    assert sent(session) == [("before_due", 1), ("at_due", 1), ("after_due", 1), ("after_due", 2)]
    assert [(t["late"], t["soon"], t["unopened"]) for t in told(session)] == [
        (0, 1, 0),
        (0, 1, 0),
        (1, 0, 0),
        (1, 0, 0),
    ]


def test_days_without_a_worker_give_one_reminder_and_not_three(session, row):
    start(session, row)
    with on(row, 2):
        assert remind() == 1
    assert sent(session) == [("after_due", 1)]


@pytest.mark.parametrize(
    "state",
    [
        AssignmentState.PLANNED,
        AssignmentState.DECLINED,
        AssignmentState.EXPIRED,
        AssignmentState.REPLACED,
        AssignmentState.SUBMITTED,
    ],
)
def test_a_reading_that_waits_for_nobody_is_never_reminded(session, row, state):
    with unit_of_work():
        row.state = state
    with on(row, 0):
        assert remind() == 0
    assert sent(session) == []


def test_cases_of_one_person_come_in_one_digest(session, row, network, campaign):
    case = make_cases(session, campaign, network[0][0], 1, state=CaseState.ASSIGNED)[0]
    other = Assignment(
        campaign_id=campaign.id,
        case_id=case.id,
        reviewer_id=row.reviewer_id,
        turn=row.turn,
        state=AssignmentState.STARTED,
        due_at=row.due_at - timedelta(days=4),
        offered_at=row.offered_at,
    )
    with unit_of_work():
        session.add(other)
    with on(row, -3):
        assert remind() == 1
    assert [(t["late"], t["soon"], t["unopened"]) for t in told(session)] == [(1, 1, 1)]
    assert sorted(sent(session)) == [("after_due", 1), ("before_due", 1)]


def test_an_offer_is_recalled_on_the_day_before_its_last_and_on_the_last(session, row):
    answer = row.offered_at + timedelta(days=5)
    with unit_of_work():
        row.answer_by = answer
    for days in range(-13, -6):
        with on(row, days):
            remind()
    assert sent(session) == [("to_answer", 1), ("to_answer", 2)]
    found = select(Message).where(Message.kind == NoticeKind.CASES_DUE_OR_TO_ANSWER.value)
    day = answer.astimezone(ZONE).date().isoformat()
    assert [json.loads(message.params) for message in session.scalars(found)] == [
        {"answer": day, "count": 1, "late": 0, "soon": 0}
    ] * 2
    assert told(session) == []


def test_an_accepted_one_is_not_recalled(session, row):
    with unit_of_work():
        row.answer_by = row.offered_at + timedelta(days=5)
        row.state = AssignmentState.ACCEPTED
    with on(row, -9):
        assert remind() == 0


def test_what_is_due_and_what_is_to_be_answered_come_in_one_digest(session, row, network, campaign):
    case = make_cases(session, campaign, network[0][0], 1, state=CaseState.ASSIGNED)[0]
    late = Assignment(
        campaign_id=campaign.id,
        case_id=case.id,
        reviewer_id=row.reviewer_id,
        turn=row.turn,
        state=AssignmentState.STARTED,
        due_at=row.due_at - timedelta(days=10),
        offered_at=row.offered_at,
    )
    with unit_of_work():
        session.add(late)
        row.answer_by = row.offered_at + timedelta(days=5)
    with on(row, -9):
        assert (remind(), remind()) == (1, 0)
    assert session.scalars(select(Message.kind)).all().count("cases_due_or_to_answer") == 1
    assert told(session) == []


def test_the_task_sends_the_digests(session, row):
    with on(row, 0):
        reminder_tasks.remind_reviewers()
    session.expire_all()
    assert sent(session) == [("at_due", 1)]


def test_the_database_refuses_a_reminder_twice(session, row):
    for _ in range(2):
        session.add(SentReminder(assignment_id=row.id, kind="at_due", number=1, sent_at=now()))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
