"""Use cases: the days on which a reviewer gets no new case, declared by whoever knows of them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from peeraudit.adapters.clock import today
from peeraudit.adapters.queue import TaskName, enqueue
from peeraudit.domain.absences import Away
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, InvalidFields, InvalidInput, NotFound
from peeraudit.domain.notifications import NoticeKind
from peeraudit.extensions import db
from peeraudit.models.network import Absence, Reviewer
from peeraudit.services import notifications, trail

PROFILE_PATH = "/network/profile#absences"


@dataclass(frozen=True, slots=True)
class AbsenceView:
    """Days on which a reviewer gets no new case, both included.

    Attributes:
        finishes: what is there already is finished; else it goes to others if not begun.
    """

    id: UUID
    first_day: date
    last_day: date
    finishes: bool


def list_absences(reviewer_id: UUID, *, by: Actor) -> tuple[AbsenceView, ...]:
    """Return the absences of a reviewer that are not over, the earliest first.

    Raises:
        NotFound: there is no such reviewer.
    """
    _row_of(reviewer_id, by)
    return absences_of(reviewer_id)


def declare_absence(away: Away, *, finishes: bool = True, by: Actor) -> None:
    """Declare days on which the acting reviewer gets no new case.

    What falls due within them is due later, or goes to others: see
    ``giving_back.respect_absence``, which a worker does next.

    Args:
        away: the days.
        finishes: the reviewer finishes what is there already.
        by: the reviewer.

    Raises:
        InvalidFields: the last day comes before the first, or has passed.
    """
    _keep(_own_row(by), away, finishes=finishes, by=by)


def enter_absence(reviewer_id: UUID, away: Away, *, finishes: bool, by: Actor) -> None:
    """Enter an absence for a reviewer who cannot do it, such as somebody who fell ill.

    The reviewer is told, and can take it back.

    Raises:
        NotFound: there is no such reviewer.
        InvalidFields: as :func:`declare_absence`.
    """
    row = _row_of(reviewer_id, by)
    absence = _keep(row, away, finishes=finishes, by=by)
    if absence is None:
        return
    days = {"first": away.first_day, "last": away.last_day}
    notifications.tell(
        row.account_id,
        NoticeKind.ABSENCE_ENTERED,
        key=str(absence.id),
        params=days,
        path=PROFILE_PATH,
    )


def take_back_absence(absence_id: UUID, *, by: Actor) -> None:
    """Take back an absence of the acting reviewer; one that is gone is left gone."""
    _remove(_own_row(by), absence_id, by)


def withdraw_absence(reviewer_id: UUID, absence_id: UUID, *, by: Actor) -> None:
    """Take back an absence for a reviewer; one that is gone is left gone.

    Raises:
        NotFound: there is no such reviewer.
    """
    _remove(_row_of(reviewer_id, by), absence_id, by)


def absences_of(reviewer_id: UUID) -> tuple[AbsenceView, ...]:
    """Return the absences of a reviewer that are not over; who may see them is for the caller."""
    rows = db.session.scalars(
        select(Absence)
        .where(Absence.reviewer_id == reviewer_id, Absence.last_day >= today())
        .order_by(Absence.first_day, Absence.id)
    )
    return tuple(AbsenceView(row.id, row.first_day, row.last_day, row.finishes) for row in rows)


def _keep(row: Reviewer, away: Away, *, finishes: bool, by: Actor) -> Absence | None:
    """Return the new absence; None where the same is known, as after a second click."""
    if away.last_day < away.first_day:
        sentence = N_("The last day comes before the first.")
        raise InvalidFields({"last_day": InvalidInput(sentence)})
    if away.last_day < today():
        raise InvalidFields({"last_day": InvalidInput(N_("These days have passed already."))})
    same = (
        Absence.reviewer_id == row.id,
        Absence.first_day == away.first_day,
        Absence.last_day == away.last_day,
        Absence.finishes == finishes,
    )
    if db.session.scalar(select(Absence.id).where(*same)):
        return None
    absence = Absence(
        id=uuid4(),
        reviewer_id=row.id,
        first_day=away.first_day,
        last_day=away.last_day,
        finishes=finishes,
    )
    db.session.add(absence)
    enqueue(TaskName.RESPECT_ABSENCE, absence.id)
    trail.record("declare_absence", by, object_kind="reviewer", object_id=row.id)
    return absence


def _remove(row: Reviewer, absence_id: UUID, by: Actor) -> None:
    theirs = Absence.id == absence_id, Absence.reviewer_id == row.id
    db.session.execute(delete(Absence).where(*theirs))
    trail.record("remove_absence", by, object_kind="reviewer", object_id=row.id)


def _own_row(by: Actor) -> Reviewer:
    by.require(Permission.DECLARE_PROFILE)
    row = db.session.scalar(
        select(Reviewer).where(Reviewer.account_id == by.account_id).with_for_update()
    )
    if row is None:
        raise InvalidInput(N_("First say what you read and how much, and keep it."))
    return row


def _row_of(reviewer_id: UUID, by: Actor) -> Reviewer:
    by.require(Permission.MANAGE_NETWORK)
    row = db.session.scalar(select(Reviewer).where(Reviewer.id == reviewer_id).with_for_update())
    if row is None:
        raise NotFound(N_("There is no such reviewer."))
    return row
