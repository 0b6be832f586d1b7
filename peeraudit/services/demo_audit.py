"""Use cases: what an invented audit needs to know in order to be played."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update

from peeraudit.adapters.clock import now
from peeraudit.domain.accounts import Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.protocol import Protocol, Scope
from peeraudit.domain.specimens.truths import Truth
from peeraudit.domain.workflow import AssignmentState, CaseState, Turn
from peeraudit.extensions import db
from peeraudit.models.accounts import Account, RoleGrant
from peeraudit.models.adjudication import Outcome
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.intake import Report
from peeraudit.models.messages import Message
from peeraudit.models.network import Department, Reviewer
from peeraudit.models.scoring import Review
from peeraudit.services import blinding

_WAITING = (AssignmentState.OFFERED, AssignmentState.ACCEPTED, AssignmentState.STARTED)
Truths = Mapping[tuple[str, str], Truth]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case that waits for one person.

    Attributes:
        email: whose turn it is.
        offered_at: since when it waits.
    """

    assignment_id: UUID
    case_id: UUID
    turn: Turn
    language: str
    email: str
    actor: Actor
    offered_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """An outcome that an author was told of."""

    outcome_id: UUID
    score: str
    language: str
    since: datetime
    actor: Actor


def truths_of_cases(campaign_id: UUID, truths: Truths) -> dict[UUID, Truth]:
    """Return what is wrong with the report of each case; only invented reports have a truth.

    Args:
        campaign_id: whose cases.
        truths: (department code, accession number) → truth.
    """
    codes = dict(db.session.execute(select(Department.id, Department.code)).all())
    return {
        case_id: truths[codes[department_id], accession]
        for case_id, (department_id, accession) in blinding.examinations_of(campaign_id).items()
    }


def list_waiting(campaign_id: UUID) -> list[Waiting]:
    """Return the cases that wait for a reviewer or an adjudicator, the oldest first."""
    rows = db.session.execute(
        select(Assignment, Case.language, Case.code, Account.email, Account.id, Reviewer)
        .join(Case, Case.id == Assignment.case_id)
        .join(Reviewer, Reviewer.id == Assignment.reviewer_id)
        .join(Account, Account.id == Reviewer.account_id)
        .where(Assignment.campaign_id == campaign_id, Assignment.state.in_(_WAITING))
        .order_by(Assignment.offered_at, Case.code)
    )
    return [
        Waiting(
            assignment_id=row.id,
            case_id=row.case_id,
            turn=row.turn,
            language=language,
            email=email,
            actor=_actor(row.turn, account_id, reviewer),
            offered_at=row.offered_at or row.due_at,
        )
        for row, language, _, email, account_id, reviewer in rows
    ]


def list_told(campaign_id: UUID) -> list[Told]:
    """Return the outcomes that authors were told of and may still answer, the oldest first."""
    rows = db.session.execute(
        select(Outcome, Case.language)
        .join(Case, Case.id == Outcome.case_id)
        .where(Case.campaign_id == campaign_id, Case.state == CaseState.AUTHOR_NOTIFIED)
        .order_by(Outcome.author_notified_at, Case.code)
    ).all()
    return [
        Told(
            outcome_id=row.id,
            score=row.score,
            language=language,
            since=row.author_notified_at or row.proposed_at,
            actor=Actor(account_id, Role.AUTHOR, _author_department(account_id)),
        )
        for row, language in rows
        if (account_id := blinding.author_account(row.case_id)) is not None
    ]


def note_notices_read(*, but: NoticeKind) -> None:
    """Write down that every notice so far was read, except those of one kind."""
    old = update(Message).where(Message.read_at.is_(None), Message.kind != but.value)
    db.session.execute(old.values(read_at=now()))


def adjudicators() -> set[str]:
    """Return the addresses of the reviewers who settle cases."""
    able = select(Account.email).join(Reviewer, Reviewer.account_id == Account.id)
    return set(db.session.scalars(able.where(Reviewer.adjudicates)))


def count_begun(waiting: Waiting) -> int:
    """Return how many cases the one who is waited for has begun and not handed in."""
    mine = select(Reviewer.id).where(Reviewer.account_id == waiting.actor.account_id)
    begun = select(func.count()).where(
        Assignment.reviewer_id.in_(mine), Assignment.state == AssignmentState.STARTED
    )
    return db.session.scalar(begun) or 0


def senders(scope: Scope) -> list[UUID]:
    """Return the departments that have a report in a scope, in the order of their codes."""
    within = select(Report.department_id).where(
        Report.modality.in_(scope.modalities),
        Report.performed_on.between(scope.period_start, scope.period_end),
    )
    senders = select(Department.id).where(Department.id.in_(within)).order_by(Department.code)
    return list(db.session.scalars(senders))


def undrawn_examinations(campaign_id: UUID, department_id: UUID, protocol: Protocol) -> list[str]:
    """Return the numbers of a department's examinations that a campaign left out, by number."""
    drawn = {number for _, number in blinding.examinations_of(campaign_id).values()}
    scope = protocol.scope
    held = select(Report.accession).where(
        Report.department_id == department_id,
        Report.is_current,
        Report.modality.in_(scope.modalities),
        Report.performed_on.between(scope.period_start, scope.period_end),
    )
    return sorted(set(db.session.scalars(held)) - drawn)


def scores_of(case_id: UUID) -> tuple[str, ...]:
    """Return the scores that a case was given, in no telling order."""
    return tuple(sorted(db.session.scalars(select(Review.score).where(Review.case_id == case_id))))


def _author_department(account_id: UUID) -> UUID | None:
    return db.session.scalar(
        select(RoleGrant.department_id)
        .where(RoleGrant.account_id == account_id, RoleGrant.role == Role.AUTHOR)
        .limit(1)
    )


def _actor(turn: Turn, account_id: UUID, reviewer: Reviewer) -> Actor:
    if turn is Turn.ADJUDICATOR:
        return Actor(account_id, Role.ADJUDICATOR, None)
    return Actor(account_id, Role.REVIEWER, reviewer.department_id)
