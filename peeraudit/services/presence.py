"""Use cases: who is there to be given a case, and what an absence does to a due day."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from peeraudit.adapters.clock import local_day, today
from peeraudit.domain.absences import Away, days_later, may_start
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.models.network import Absence


def absences_to_come(
    reviewer_ids: Collection[UUID] | None = None,
) -> Mapping[UUID, list[Away]]:
    """Return the absences that are not over, of some reviewers or of all who declared any."""
    chosen = select(Absence).where(Absence.last_day >= today())
    if reviewer_ids is not None:
        chosen = chosen.where(Absence.reviewer_id.in_(reviewer_ids))
    found: dict[UUID, list[Away]] = defaultdict(list)
    for row in db.session.scalars(chosen):
        found[row.reviewer_id].append(Away(row.first_day, row.last_day))
    return found


def away_for(days: int, reviewer_ids: Collection[UUID] | None = None) -> frozenset[UUID]:
    """Return who must not be given a case that would be due in some days.

    Args:
        days: the delay of the review, in days.
        reviewer_ids: among whom; None asks of all.
    """
    day = today()
    return frozenset(
        reviewer_id
        for reviewer_id, absences in absences_to_come(reviewer_ids).items()
        if not may_start(absences, day, days)
    )


def fit_due_days(rows: Iterable[Assignment]) -> list[Assignment]:
    """Let what would fall due within an absence of its reader be due later; return all rows."""
    offered = list(rows)
    absences = absences_to_come({row.reviewer_id for row in offered})
    for row in offered:
        if known := absences.get(row.reviewer_id):
            postpone(row, known)
    return offered


def postpone(row: Assignment, absences: Iterable[Away]) -> int:
    """Move a due day that lies within absences; return by how many days."""
    given = (row.due_at - row.offered_at).days if row.offered_at else 0
    later = days_later(local_day(row.due_at), absences, most=max(given, 1))
    row.due_at += timedelta(days=later)
    return later
