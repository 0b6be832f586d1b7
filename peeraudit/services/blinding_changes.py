"""Use cases: the sealed record of versions that came after the draw, and what takes their place."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Select, delete, func, select, update

from peeraudit.adapters.clock import now
from peeraudit.adapters.sealing import blind_index, blind_indexes, seal, unseal
from peeraudit.domain.actors import Actor
from peeraudit.domain.intake.changes import Decision
from peeraudit.extensions import db
from peeraudit.models.identities import Identity, ReportChange, ReportIdentity
from peeraudit.services import blinding_records as records

_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Change:
    """A version that came after its report was drawn.

    Attributes:
        drawn_id: the version of which the case was made when it came.
        version_id: the version that came.
        decision: what became of it; None while it waits.
        reason: why, as its code; empty where none is asked for.
    """

    id: UUID
    case_id: UUID
    drawn_id: UUID
    version_id: UUID
    decision: Decision | None
    reason: str
    decided_at: datetime | None


def cases_made_of(report_ids: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Return (case, report) of each case that some reports made, in the order of the cases."""
    return [(link.case_id, link.report_id) for link in records.links_of_reports(report_ids)]


def is_recorded(case_id: UUID, version_id: UUID) -> bool:
    """Return whether a version was noted for a case before."""
    known = blind_indexes(_place_in(case_id), version_id.hex)
    found = select(ReportChange.id).where(
        ReportChange.case_id == case_id, ReportChange.version_index.in_(known)
    )
    return db.session.scalar(found) is not None


def open_change(
    case_id: UUID, drawn_id: UUID, version_id: UUID, decision: Decision | None = None
) -> UUID:
    """Write down that a version came; one that waits already for the case is overtaken by it.

    Args:
        case_id: the case.
        drawn_id: the version of which it is made.
        version_id: the version that came.
        decision: what became of it by itself; None lets it wait for the coordinator.
    """
    settle_waiting([case_id], Decision.OVERTAKEN)
    row = ReportChange(id=uuid4(), case_id=case_id, decision=decision)
    row.decided_at = now() if decision else None
    _seal(row, drawn_id, version_id)
    db.session.add(row)
    db.session.flush()  # whoever looks at the case next must find it
    return row.id


def settle_waiting(
    case_ids: Collection[UUID] | Select[UUID], decision: Decision, by: Actor | None = None
) -> list[UUID]:
    """Settle what waits for some cases; return the cases for which anything did."""
    waiting = ReportChange.case_id.in_(case_ids), ReportChange.decision.is_(None)
    found = list(db.session.scalars(select(ReportChange.case_id).where(*waiting)))
    if found:
        values = {"decision": decision, "decided_at": now()}
        values |= {"decided_by": by.account_id if by else None}
        db.session.execute(update(ReportChange).where(*waiting).values(**values))
    return found


def settle(change_id: UUID, decision: Decision, reason: str, *, by: Actor) -> None:
    """Write down what a person decided."""
    row = db.session.get_one(ReportChange, change_id)
    row.decision, row.reason = decision, reason
    row.decided_at, row.decided_by = now(), by.account_id


def find_change(change_id: UUID, cases: Select[UUID], *, lock: bool = False) -> Change | None:
    """Return a change of one of some cases; None where there is none."""
    wanted = select(ReportChange).where(
        ReportChange.id == change_id, ReportChange.case_id.in_(cases)
    )
    row = db.session.scalar(
        wanted.with_for_update() if lock else wanted,
        execution_options={"populate_existing": lock},
    )
    return _change(row) if row is not None else None


def changes_of(cases: Select[UUID]) -> list[Change]:
    """Return the changes of some cases: those that wait first, then the last decided."""
    rows = db.session.scalars(
        select(ReportChange)
        .where(ReportChange.case_id.in_(cases))
        .order_by(
            ReportChange.decision.is_not(None),
            ReportChange.decided_at.desc(),
            ReportChange.case_id,
            ReportChange.id,
        )
    )
    return [_change(row) for row in rows]


def count_waiting(cases: Select[UUID]) -> int:
    """Return how many changes of some cases wait for the coordinator."""
    waiting = ReportChange.decision.is_(None), ReportChange.case_id.in_(cases)
    return db.session.scalar(select(func.count()).where(*waiting)) or 0


def waiting_for(case_id: UUID) -> UUID | None:
    """Return the change of a case that waits for the coordinator; None where none does."""
    waiting = ReportChange.case_id == case_id, ReportChange.decision.is_(None)
    return db.session.scalar(select(ReportChange.id).where(*waiting))


def texts_of(report_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return some reports as they were received, for their own coordinator; empty without one."""
    found = {key: records.open_text(row) for key, row in records.reports_of(report_ids).items()}
    return defaultdict(str, found)


def put_in_place(case_id: UUID, version_id: UUID) -> None:
    """Let a case be made of another version of its report, and of the author of that one.

    A version that names no author is that of the author before.
    """
    row = db.session.get_one(Identity, case_id, with_for_update=True)
    link = records.open_link(row)
    named = db.session.get(ReportIdentity, version_id)
    author_id = records.open_known(named).author_id if named else None
    link = replace(link, report_id=version_id, author_id=author_id or link.author_id)
    records.seal_link(row, link)
    db.session.flush()  # conflicts are asked of the new author


def forget_changes(case_ids: Collection[UUID]) -> None:
    """Destroy the record of what changed of some cases whose time is over."""
    db.session.execute(delete(ReportChange).where(ReportChange.case_id.in_(case_ids)))


def seal_anew(rows: Sequence[ReportChange]) -> None:
    """Seal the versions of some rows under the newest key."""
    for row in rows:
        _seal(row, *_open(row))


def _change(row: ReportChange) -> Change:
    drawn_id, version_id = _open(row)
    return Change(
        id=row.id,
        case_id=row.case_id,
        drawn_id=drawn_id,
        version_id=version_id,
        decision=row.decision,
        reason=row.reason,
        decided_at=row.decided_at,
    )


def _seal(row: ReportChange, drawn_id: UUID, version_id: UUID) -> None:
    row.version_index = blind_index(_place_in(row.case_id), version_id.hex)
    row.sealed_versions = seal(drawn_id.bytes + version_id.bytes, _place(row))


def _open(row: ReportChange) -> tuple[UUID, UUID]:
    plain = unseal(row.sealed_versions, _place(row))
    return UUID(bytes=plain[:_ID_BYTES]), UUID(bytes=plain[_ID_BYTES:])


def _place_in(case_id: UUID) -> str:
    return f"report_change/{case_id.hex}"


def _place(row: ReportChange) -> str:
    return f"report_change/{row.id.hex}/versions"
