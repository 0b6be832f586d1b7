"""Use cases: reminding reviewers of what is due, in one digest a day."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import case, func, or_, select

from peeraudit.adapters import clock
from peeraudit.adapters.clock import now
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.readiness import SETTLING_CAMPAIGNS
from peeraudit.domain.reminders import (
    DAYS_BEFORE,
    DAYS_TO_ANSWER,
    MORNING,
    Reminder,
    ReminderKind,
    answer_reminder_on,
    reminder_on,
)
from peeraudit.domain.scoring import OPEN_ASSIGNMENTS, READABLE_CASES
from peeraudit.domain.workflow import READING_TURNS, AssignmentState
from peeraudit.extensions import db
from peeraudit.models.accounts import Account
from peeraudit.models.assignments import Assignment, SentReminder
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.network import Reviewer
from peeraudit.services import notifications
from peeraudit.services.offers import QUEUE_PATH

# One of them a day, whichever it is.
DIGESTS = (NoticeKind.CASES_DUE, NoticeKind.CASES_DUE_OR_TO_ANSWER)


class _Pressing(NamedTuple):
    """A reading that is late or due within days, or an offer that waits for its answer.

    Attributes:
        due: by when the review is to be handed in.
        answer: the last day of an offer that is not answered; None otherwise.
    """

    assignment_id: UUID
    due: date
    answer: date | None = None

    def reminder_on(self, day: date) -> Reminder | None:
        """Return the reminder that is due: of the answer first, which comes before the reading."""
        if self.answer is not None and (asked := answer_reminder_on(day, last=self.answer)):
            return asked
        return reminder_on(day, due=self.due)


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
        select(
            Account.id,
            Assignment.id,
            Assignment.due_at,
            Assignment.offered_at,
            case((Assignment.state == AssignmentState.OFFERED, Assignment.answer_by)),
        )
        .join(Reviewer, Reviewer.id == Assignment.reviewer_id)
        .join(Account, Account.id == Reviewer.account_id)
        .join(Case, Case.id == Assignment.case_id)
        .join(Campaign, Campaign.id == Assignment.campaign_id)
        .where(
            Account.active,
            Campaign.state.in_(SETTLING_CAMPAIGNS),
            Case.state.in_(READABLE_CASES),
            Assignment.turn.in_(READING_TURNS),
            Assignment.state.in_(OPEN_ASSIGNMENTS),
            or_(
                Assignment.due_at < local + timedelta(days=DAYS_BEFORE + 1),
                (Assignment.state == AssignmentState.OFFERED)
                & (Assignment.answer_by < local + timedelta(days=DAYS_TO_ANSWER + 1)),
            ),
        )
        .order_by(Account.id, Assignment.due_at, Assignment.id)
    )
    pressing: dict[UUID, list[_Pressing]] = defaultdict(list)
    for account_id, assignment_id, due_at, offered_at, answer_by in found:
        # Who was offered a case today has had a notice of it today.
        if offered_at and clock.local_day(offered_at) < day:
            answer = clock.local_day(answer_by) if answer_by else None
            pressing[account_id].append(_Pressing(assignment_id, clock.local_day(due_at), answer))
    return pressing


def _remind(account_id: UUID, readings: Sequence[_Pressing], day: date) -> bool:
    """Tell one person where a reminder is due that was not sent; return whether one was."""
    key = day.isoformat()
    due = _unsent(readings, day)
    if not due or any(notifications.was_told(account_id, kind, key=key) for kind in DIGESTS):
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
    to_answer = [r.answer for r in readings if r.answer and answer_reminder_on(day, last=r.answer)]
    params: dict[str, object] = {"late": late, "soon": soon}
    if to_answer:
        kind = NoticeKind.CASES_DUE_OR_TO_ANSWER
        params |= {"count": len(to_answer), "answer": min(to_answer)}
    else:
        kind = NoticeKind.CASES_DUE
        params |= {"unopened": _count_unopened(account_id), "due": readings[0].due}
    notifications.tell(account_id, kind, key=key, params=params, path=QUEUE_PATH)
    return True


def _unsent(readings: Sequence[_Pressing], day: date) -> dict[UUID, Reminder]:
    due = {
        reading.assignment_id: reminder
        for reading in readings
        if (reminder := reading.reminder_on(day)) is not None
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
            Assignment.turn.in_(READING_TURNS),
            Assignment.state.in_((AssignmentState.OFFERED, AssignmentState.ACCEPTED)),
        )
    )
    return db.session.scalar(counted) or 0
