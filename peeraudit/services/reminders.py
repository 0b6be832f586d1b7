"""Use cases: reminding reviewers of what is due, in one digest a day."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from peeraudit.adapters import clock
from peeraudit.adapters.clock import now
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.readiness import SETTLING_CAMPAIGNS
from peeraudit.domain.reminders import DAYS_BEFORE, MORNING, Reminder, ReminderKind, reminder_on
from peeraudit.domain.scoring import OPEN_ASSIGNMENTS, READABLE_CASES
from peeraudit.domain.workflow import AssignmentState
from peeraudit.extensions import db
from peeraudit.models.accounts import Account
from peeraudit.models.assignments import Assignment, SentReminder
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.network import Reviewer
from peeraudit.services import notifications
from peeraudit.services.offers import QUEUE_PATH
from peeraudit.services.reading_desk import READERS


class _Pressing(NamedTuple):
    """A reading that is late or due within days."""

    assignment_id: UUID
    due: date


def remind_reviewers() -> int:
    """Tell each reviewer once a day, in the morning, of what is late, due soon and unopened.

    A digest goes out on days on which a reminder is due alone; asking again on the same day
    changes nothing, and a worker that was away in the morning catches up later in the day.

    Returns:
        How many people were told.
    """
    local = clock.local(now())
    if local.time() < MORNING:
        return 0
    return sum(
        _remind(account_id, readings, local.date())
        for account_id, readings in _pressing(local).items()
    )


def _pressing(local: datetime) -> dict[UUID, list[_Pressing]]:
    """Return the readings that reminders may be due for, by the account of the reviewer."""
    day = local.date()
    found = db.session.execute(
        select(Account.id, Assignment.id, Assignment.due_at, Assignment.offered_at)
        .join(Reviewer, Reviewer.id == Assignment.reviewer_id)
        .join(Account, Account.id == Reviewer.account_id)
        .join(Case, Case.id == Assignment.case_id)
        .join(Campaign, Campaign.id == Assignment.campaign_id)
        .where(
            Account.active,
            Campaign.state.in_(SETTLING_CAMPAIGNS),
            Case.state.in_(READABLE_CASES),
            Assignment.turn.in_(READERS),
            Assignment.state.in_(OPEN_ASSIGNMENTS),
            Assignment.due_at < local + timedelta(days=DAYS_BEFORE + 1),
        )
        .order_by(Account.id, Assignment.due_at, Assignment.id)
    )
    pressing: dict[UUID, list[_Pressing]] = defaultdict(list)
    for account_id, assignment_id, due_at, offered_at in found:
        # Who was offered a case today has had a notice of it today.
        if offered_at and clock.local_day(offered_at) < day:
            pressing[account_id].append(_Pressing(assignment_id, clock.local_day(due_at)))
    return pressing


def _remind(account_id: UUID, readings: Sequence[_Pressing], day: date) -> bool:
    """Tell one person where a reminder is due that was not sent; return whether one was."""
    key = day.isoformat()
    due = _unsent(readings, day)
    if not due or notifications.was_told(account_id, NoticeKind.CASES_DUE, key=key):
        return False
    for assignment_id, reminder in due.items():
        db.session.add(
            SentReminder(
                assignment_id=assignment_id,
                kind=reminder.kind,
                number=reminder.number,
                sent_at=now(),
            )
        )
    late = sum(reading.due < day for reading in readings)
    soon = sum(0 <= (reading.due - day).days <= DAYS_BEFORE for reading in readings)
    notifications.tell(
        account_id,
        NoticeKind.CASES_DUE,
        key=key,
        params={
            "late": late,
            "soon": soon,
            "unopened": _count_unopened(account_id),
            "due": readings[0].due,
        },
        path=QUEUE_PATH,
    )
    return True


def _unsent(readings: Sequence[_Pressing], day: date) -> dict[UUID, Reminder]:
    due = {
        reading.assignment_id: reminder
        for reading in readings
        if (reminder := reminder_on(day, due=reading.due)) is not None
    }
    sent = db.session.execute(
        select(SentReminder.assignment_id, SentReminder.kind, SentReminder.number).where(
            SentReminder.assignment_id.in_(due)
        )
    )
    for assignment_id, kind, number in sent:
        if due.get(assignment_id) == Reminder(ReminderKind(kind), number):
            del due[assignment_id]
    return due


def _count_unopened(account_id: UUID) -> int:
    counted = (
        select(func.count())
        .select_from(Assignment)
        .join(Reviewer, Reviewer.id == Assignment.reviewer_id)
        .join(Case, Case.id == Assignment.case_id)
        .join(Campaign, Campaign.id == Assignment.campaign_id)
        .where(
            Reviewer.account_id == account_id,
            Campaign.state.in_(SETTLING_CAMPAIGNS),
            Case.state.in_(READABLE_CASES),
            Assignment.turn.in_(READERS),
            Assignment.state.in_((AssignmentState.OFFERED, AssignmentState.ACCEPTED)),
        )
    )
    return db.session.scalar(counted) or 0
