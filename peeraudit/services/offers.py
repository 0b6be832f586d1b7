"""Use cases: giving a reading to a reviewer, telling the reviewer, and writing it down."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from peeraudit.adapters import clock
from peeraudit.domain.actors import Actor
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.offers import answer_by
from peeraudit.domain.protocol import Delays
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.workflow import (
    ASSIGNMENT_MOVES,
    CASE_MOVES,
    AssignmentEvent,
    AssignmentState,
    CaseEvent,
    Turn,
    advance,
)
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.network import Reviewer
from peeraudit.services import notifications, presence, trail

QUEUE_PATH = "/scoring/"
REASON_MAXIMUM = 300


@dataclass(frozen=True, slots=True)
class Offer:
    """A reading to give out.

    Attributes:
        origin: why it exists: ``plan``, ``random``, ``routing`` or ``replacement``.
        reason: why this reviewer.
    """

    case: Case
    turn: Turn
    reviewer_id: UUID
    origin: str
    reason: Sentence
    plan_id: UUID | None = None


def offer(new: Offer, delays: Delays, by: Actor | None = None) -> Assignment:
    """Give a reading to a reviewer, visible at once."""
    row = plan(new, delays)
    release(row, delays, by)
    return row


def plan(new: Offer, delays: Delays) -> Assignment:
    """Keep a reading for a reviewer who sees nothing of it until it is released."""
    row = Assignment(
        id=uuid4(),
        campaign_id=new.case.campaign_id,
        case_id=new.case.id,
        reviewer_id=new.reviewer_id,
        plan_id=new.plan_id,
        turn=new.turn,
        state=AssignmentState.PLANNED,
        origin=new.origin,
        reason=new.reason.to_json()[:REASON_MAXIMUM],
        # Told to nobody: the day that counts is set with the release.
        due_at=clock.now() + timedelta(days=delays.review_days + delays.second_review_days),
    )
    db.session.add(row)
    return row


def release(row: Assignment, delays: Delays, by: Actor | None = None) -> None:
    """Show a planned reading to its reviewer, with the day by which it is due."""
    row.state = advance(ASSIGNMENT_MOVES, row.state, AssignmentEvent.PUBLISH)
    row.offered_at = clock.now()
    row.due_at = row.offered_at + time_to_read(row.turn, delays)
    row.answer_by = answer_by(row.offered_at, delays)
    trail.record(
        "publish_assignment",
        by,
        object_kind="assignment",
        object_id=row.id,
        details={
            "from": AssignmentState.PLANNED.value,
            "to": row.state.value,
            "turn": row.turn.value,
            "origin": row.origin,
        },
    )


def time_to_read(turn: Turn, delays: Delays) -> timedelta:
    """Return how long a reader has; that of a second reading never tells why there is one."""
    days = delays.second_review_days if turn is Turn.SECOND else delays.review_days
    return timedelta(days=days)


def announce(offered: Iterable[Assignment]) -> int:
    """Tell each reviewer of the readings just offered, in one notice; return how many are told.

    A day that lies within a declared absence of the reader is moved before it is told.
    """
    of_reviewer: dict[UUID, list[Assignment]] = defaultdict(list)
    for row in presence.fit_due_days(offered):
        of_reviewer[row.reviewer_id].append(row)
    accounts = _accounts(of_reviewer)
    for reviewer_id, rows in of_reviewer.items():
        first = min(rows, key=lambda row: (row.due_at, str(row.id)))
        params: dict[str, object] = {"count": len(rows), "due": clock.local_day(first.due_at)}
        kind = NoticeKind.CASES_OFFERED
        if first.answer_by is not None:
            kind, params["answer"] = NoticeKind.CASES_TO_ANSWER, clock.local_day(first.answer_by)
        notifications.tell(
            accounts[reviewer_id], kind, key=str(first.id), params=params, path=QUEUE_PATH
        )
    return len(of_reviewer)


def tell_replaced(row: Assignment, code: str) -> None:
    """Tell a reviewer that a case went to somebody else."""
    notifications.tell(
        _accounts([row.reviewer_id])[row.reviewer_id],
        NoticeKind.CASE_REPLACED,
        key=str(row.id),
        params={"code": code},
        path=QUEUE_PATH,
    )


def tell_reader(row: Assignment, kind: NoticeKind, code: str) -> None:
    """Tell a reviewer what became of a case that he or she has or had; each time it does."""
    notifications.tell(
        _accounts([row.reviewer_id])[row.reviewer_id],
        kind,
        key=f"{row.id}:{clock.now().isoformat()}",
        params={"code": code},
        path=QUEUE_PATH,
    )


def tell_lapsed(lapsed: Iterable[Assignment]) -> None:
    """Tell each reviewer in one notice how many unanswered offers went to somebody else."""
    of_reviewer: dict[UUID, list[Assignment]] = defaultdict(list)
    for row in lapsed:
        of_reviewer[row.reviewer_id].append(row)
    accounts = _accounts(of_reviewer)
    for reviewer_id, rows in of_reviewer.items():
        notifications.tell(
            accounts[reviewer_id],
            NoticeKind.OFFERS_LAPSED,
            key=min(str(row.id) for row in rows),
            params={"count": len(rows)},
            path=QUEUE_PATH,
        )


def tell_without_reviewer(case: Case, key: str) -> None:
    """Tell the network leads that nobody is free to read a case, once for each key."""
    notifications.tell_all(
        None,
        NoticeKind.CASE_WITHOUT_REVIEWER,
        key=f"{case.id}:{key}",
        params={
            "code": case.code,
            "campaign": db.session.get_one(Campaign, case.campaign_id).title,
        },
        path=f"/campaigns/{case.campaign_id}/assignment",
    )


def accept(assignment_ids: Sequence[UUID], by: Actor) -> int:
    """Accept offers of one reviewer; return how many of them still stood."""
    rows = db.session.scalars(
        select(Assignment)
        .where(
            Assignment.id.in_(assignment_ids),
            Assignment.state == AssignmentState.OFFERED,
        )
        .order_by(Assignment.id)
        # One that somebody else holds is being given away: it is not waited for.
        .with_for_update(skip_locked=True),
        execution_options={"populate_existing": True},
    ).all()
    for row in rows:
        move_assignment(row, AssignmentEvent.ACCEPT, by)
    return len(rows)


def move_case(case: Case, event: CaseEvent, by: Actor | None = None) -> None:
    """Move a case on and write it down; ``by`` None is the system.

    Raises:
        IllegalMove: the event is not possible where the case stands.
    """
    before = case.state
    case.state = advance(CASE_MOVES, before, event)
    details = {"from": before.value, "to": case.state.value}
    act = f"{event.value}_case"
    trail.record(act, by, object_kind="case", object_id=case.id, details=details)


def move_assignment(
    row: Assignment, event: AssignmentEvent, by: Actor | None = None, reason: str = ""
) -> None:
    """Move an assignment on and write it down; ``by`` None is the system.

    Raises:
        IllegalMove: the event is not possible where the assignment stands.
    """
    before = row.state
    row.state = advance(ASSIGNMENT_MOVES, before, event)
    details = {"from": before.value, "to": row.state.value, "turn": row.turn.value}
    if row.decline_reason:
        details["decline_reason"] = row.decline_reason
    trail.record(
        f"{event.value}_assignment",
        by,
        object_kind="assignment",
        object_id=row.id,
        reason=reason,
        details=details,
    )


def _accounts(reviewer_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    rows = db.session.execute(
        select(Reviewer.id, Reviewer.account_id).where(Reviewer.id.in_(list(reviewer_ids)))
    )
    return dict(rows.all())
