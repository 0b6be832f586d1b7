"""Use cases: keeping what was refused, sealed, for as long as it may be put right."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from peeraudit.adapters import clock, storage
from peeraudit.adapters.sealing import seal, unseal
from peeraudit.domain.intake.mending import KEPT_DAYS, from_json, to_json
from peeraudit.domain.intake.reports import RawReport, Refused
from peeraudit.extensions import db
from peeraudit.models.intake import IntakeItem, RefusedItem, Upload
from peeraudit.models.jobs import Job
from peeraudit.services import jobs

FILES_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept of a refused item: its fields, or the item alone in its own format.

    Attributes:
        quoted: the values of the reason's sentence as they were sent.
    """

    raw: RawReport | None
    content: str
    quoted: dict[str, object]


def hold(refused: Sequence[tuple[UUID, Refused]]) -> None:
    """Keep refused items, each under its own row; one of which nothing was read is passed over."""
    until = clock.now() + timedelta(days=KEPT_DAYS)
    rows = [
        {
            "item_id": item_id,
            "content": seal(_as_json(item).encode(), _place(item_id)),
            "kept_until": until,
        }
        for item_id, item in refused
        if item.raw is not None or item.content
    ]
    if rows:
        db.session.execute(insert(RefusedItem), rows)


def holds_all(upload_id: UUID) -> bool:
    """Return whether every refused item of an upload can be put right without its file."""
    lost = (
        select(IntakeItem.id)
        .outerjoin(RefusedItem, RefusedItem.item_id == IntakeItem.id)
        .where(
            IntakeItem.upload_id == upload_id,
            IntakeItem.status == "refused",
            RefusedItem.item_id.is_(None),
        )
    )
    return db.session.scalar(lost.limit(1)) is None


def hold_again(item_id: UUID, item: Refused) -> None:
    """Keep a refused item as it was changed, for no longer than before."""
    row = db.session.get(RefusedItem, item_id)
    if row is not None and (item.raw is not None or item.content):
        row.content = seal(_as_json(item).encode(), _place(item_id))


def find(item_id: UUID) -> Held | None:
    """Return what is kept of a refused item; None where its time is over."""
    row = db.session.get(RefusedItem, item_id)
    return None if row is None else open_held(row)


def open_held(row: RefusedItem) -> Held:
    """Return what a kept row seals."""
    said = json.loads(unseal(row.content, _place(row.item_id)))
    raw = from_json(said["raw"]) if said["raw"] else None
    return Held(raw, said["content"], said["quoted"])


def seal_anew(rows: Sequence[RefusedItem]) -> None:
    """Seal kept items under the newest key."""
    for row in rows:
        place = _place(row.item_id)
        row.content = seal(unseal(row.content, place), place)


def drop(item_id: UUID) -> None:
    """Keep a refused item no longer."""
    db.session.execute(delete(RefusedItem).where(RefusedItem.item_id == item_id))


def purge() -> int:
    """Destroy what was kept long enough: refused items, and files that nothing needs any more.

    Returns:
        The number of items and files destroyed.
    """
    moment = clock.now()
    gone = db.session.execute(delete(RefusedItem).where(RefusedItem.kept_until <= moment))
    over = db.session.scalars(
        select(Upload.id)
        .outerjoin(Job, Job.id == Upload.job_id)
        .where(Upload.kept_until <= moment, Job.id.is_(None) | Job.state.not_in(jobs.LIVE))
        .limit(FILES_AT_ONCE)
    ).all()
    for upload_id in over:
        storage.delete(upload_id)
    db.session.execute(
        update(Upload).where(Upload.id.in_(over)).values(kept_until=None, asks_layout=False)
    )
    return int(gone.rowcount) + len(over)  # type: ignore[attr-defined]


def _as_json(item: Refused) -> str:
    raw = to_json(item.raw) if item.raw is not None else ""
    said = {"raw": raw, "content": item.content, "quoted": item.params}
    return json.dumps(said, ensure_ascii=False, default=str)


def _place(item_id: UUID) -> str:
    return f"refused_item/{item_id}"
