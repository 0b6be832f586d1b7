"""Use cases: the days by which a reviewer's cases are due."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import select

from peeraudit.config import TIME_ZONE
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.services.reading_desk import waiting_for


@dataclass(frozen=True, slots=True)
class DueDay:
    """A day, and how much is due on it; of which cases is not told.

    Attributes:
        uid: tells the day of this reviewer apart for a calendar program, and names nobody.
        count: readings that are due, in cases.
    """

    uid: UUID
    day: date
    count: int


def list_due_days(*, by: Actor) -> tuple[DueDay, ...]:
    """Return the days on which cases of the acting reviewer are due, in order."""
    by.require(Permission.SCORE_CASES)
    zone, counts = ZoneInfo(TIME_ZONE), defaultdict[date, int](int)
    due = select(Assignment.due_at).where(Assignment.id.in_(waiting_for(by)))
    for due_at in db.session.scalars(due):
        counts[due_at.astimezone(zone).date()] += 1
    return tuple(
        DueDay(uuid5(NAMESPACE_URL, f"peeraudit:due:{by.account_id}:{day}"), day, counts[day])
        for day in sorted(counts)
    )
