"""Use cases: what a reviewer declares of the own reading: specialities, absences, conflicts."""

from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from peeraudit.adapters.clock import now
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, InvalidFields, InvalidInput, NotFound
from peeraudit.domain.network import ReviewerCard, check_reviewer
from peeraudit.extensions import db
from peeraudit.models.accounts import Account
from peeraudit.models.network import Conflict, Department, Reviewer
from peeraudit.services import network, trail
from peeraudit.services.absences import AbsenceView, absences_of

REASON_MAXIMUM = 300


@dataclass(frozen=True, slots=True)
class ConflictView:
    """Whose reports a reviewer must not score: those of a department or of a colleague."""

    id: UUID
    department_name: str
    colleague_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What a reviewer has declared; ``known`` is False before the first declaration."""

    card: ReviewerCard
    absences: tuple[AbsenceView, ...]
    conflicts: tuple[ConflictView, ...]
    known: bool


@dataclass(frozen=True, slots=True)
class NewConflict:
    """A conflict to declare: a department or a colleague, exactly one of them.

    Attributes:
        colleague_email: the colleague's address; empty for a department.
    """

    department_id: UUID | None = None
    colleague_email: str = ""
    reason: str = ""


def show_profile(*, by: Actor) -> Profile:
    """Return what the acting reviewer has declared."""
    by.require(Permission.DECLARE_PROFILE)
    row = db.session.scalar(select(Reviewer).where(Reviewer.account_id == by.account_id))
    if row is None:
        return Profile(ReviewerCard(), (), (), known=False)
    return Profile(
        network.cards_of([row])[row.id], absences_of(row.id), list_conflicts(row.id), known=True
    )


def declare_profile(card: ReviewerCard, *, by: Actor) -> None:
    """Set what the acting reviewer reads and how much; who may settle is not theirs to say.

    Raises:
        InvalidFields: a value cannot be used.
    """
    by.require(Permission.DECLARE_PROFILE)
    check_reviewer(card)
    row = _row(by)
    if row is None:
        network.create_reviewer(by.account_id, replace(card, adjudicates=False), by=by)
        return
    network.write_card(row, replace(card, adjudicates=row.adjudicates))
    trail.record("declare_profile", by, object_kind="reviewer", object_id=row.id)


def add_conflict(new: NewConflict, *, by: Actor) -> None:
    """Declare whose reports the acting reviewer must not score; one declared twice stays once.

    Raises:
        InvalidFields: nobody, both, or somebody unknown is named.
    """
    row = _own_row(by)
    colleague_id = _colleague(new, by)
    if new.department_id is not None and db.session.get(Department, new.department_id) is None:
        raise NotFound(N_("There is no such department."))
    known = db.session.scalar(
        select(Conflict.id).where(
            Conflict.reviewer_id == row.id,
            Conflict.department_id == new.department_id
            if new.department_id
            else Conflict.colleague_id == colleague_id,
        )
    )
    if known is not None:
        return
    db.session.add(
        Conflict(
            id=uuid4(),
            reviewer_id=row.id,
            department_id=new.department_id,
            colleague_id=colleague_id,
            reason=new.reason.strip()[:REASON_MAXIMUM],
            declared_at=now(),
        )
    )
    trail.record("declare_conflict", by, object_kind="reviewer", object_id=row.id)


def remove_conflict(conflict_id: UUID, *, by: Actor) -> None:
    """Take back a conflict of the acting reviewer; the trail keeps that it was declared."""
    row = _own_row(by)
    mine = Conflict.id == conflict_id, Conflict.reviewer_id == row.id
    db.session.execute(delete(Conflict).where(*mine))
    trail.record("remove_conflict", by, object_kind="reviewer", object_id=row.id)


def list_places(*, by: Actor) -> list[tuple[UUID, str]]:
    """Return the other departments, among which a reviewer may name one in conflict."""
    by.require(Permission.DECLARE_PROFILE)
    rows = db.session.execute(select(Department.id, Department.name).order_by(Department.name))
    return [(place, name) for place, name in rows if place != by.department_id]


def list_conflicts(reviewer_id: UUID) -> tuple[ConflictView, ...]:
    """Return what conflicts a reviewer has declared, departments first."""
    rows = db.session.execute(
        select(Conflict.id, Department.name, Account.name, Conflict.reason)
        .outerjoin(Department, Department.id == Conflict.department_id)
        .outerjoin(Account, Account.id == Conflict.colleague_id)
        .where(Conflict.reviewer_id == reviewer_id)
        .order_by(Department.name.is_(None), Department.name, Account.name)
    )
    return tuple(
        ConflictView(id_, department or "", colleague or "", reason)
        for id_, department, colleague, reason in rows
    )


def _colleague(new: NewConflict, by: Actor) -> UUID | None:
    email = new.colleague_email.strip().lower()
    if bool(email) == (new.department_id is not None):
        sentence = N_("Name either a department or a colleague.")
        raise InvalidFields({"colleague_email": InvalidInput(sentence)})
    if not email:
        return None
    account_id = db.session.scalar(select(Account.id).where(Account.email == email))
    if account_id is None or account_id == by.account_id:
        sentence = N_("No colleague has this e-mail address in the network.")
        raise InvalidFields({"colleague_email": InvalidInput(sentence)})
    return account_id


def _own_row(by: Actor) -> Reviewer:
    by.require(Permission.DECLARE_PROFILE)
    row = _row(by)
    if row is None:
        raise InvalidInput(N_("First say what you read and how much, and keep it."))
    return row


def _row(by: Actor) -> Reviewer | None:
    return db.session.scalar(
        select(Reviewer).where(Reviewer.account_id == by.account_id).with_for_update()
    )
