"""Use cases: knowing a report again whose retention is over, without knowing it any more."""

import hashlib
import hmac
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from peeraudit.adapters.passwords import installation_key
from peeraudit.extensions import db
from peeraudit.models.intake import Report
from peeraudit.models.network import Department

_MARK = "purged:"
_LONGEST = 64


def stand_in(department_id: UUID, accession: str) -> str:
    """Return what takes the place of the number of an examination that was purged.

    It is made under a key of the installation that is in no database and that no rotation of the
    identity keys changes: whoever has the tables alone cannot try out all numbers.
    """
    key = installation_key("purged")
    text = f"{department_id.hex}\n{accession}".encode()
    return (_MARK + hmac.new(key, text, hashlib.sha256).hexdigest())[:_LONGEST]


def hold_intake() -> None:
    """Let whoever takes reports in wait until this unit of work ends, and wait for them first."""
    rows = select(Department.id).order_by(Department.id)
    db.session.execute(rows.with_for_update(key_share=True))


def find(department_id: UUID, accessions: Collection[str]) -> frozenset[str]:
    """Return which of some examinations were purged in a department.

    Args:
        department_id: the department that sends them.
        accessions: numbers of examinations, as they arrive.
    """
    # Whoever purges is waited for, or what is looked up here could lose its number right after.
    place = select(Department.id).where(Department.id == department_id)
    db.session.execute(place.with_for_update(read=True))
    is_purged = Report.department_id == department_id, Report.purged_at.is_not(None)
    if db.session.scalar(select(Report.id).where(*is_purged).limit(1)) is None:
        return frozenset()
    numbers = {stand_in(department_id, number): number for number in accessions}
    found = db.session.scalars(
        select(Report.accession).where(*is_purged, Report.accession.in_(sorted(numbers)))
    )
    return frozenset(numbers[one] for one in found)
