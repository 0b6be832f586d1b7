"""Use cases: writing down who did what, when, in which role, and why; and reading it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from peeraudit.adapters.clock import beginning_of, now
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.extensions import db
from peeraudit.models.accounts import Account
from peeraudit.models.trail import TrailEntry

ENTRIES_ON_A_PAGE = 50
# Reasons given here may tell what was found in a report: they are read where the case is.
CLINICAL_KINDS = frozenset({"review", "adjudication", "outcome", "reply"})
# What a reader of the trail may see of an act; what is not named here is not shown.
READABLE_DETAILS = frozenset(
    {
        "role", "department", "departments", "code", "number", "from", "to", "state", "turn",
        "decline_reason", "why", "kind", "layer", "count", "cases", "readings", "reports",
        "to_draw", "open", "masks", "changed", "part", "size", "dry_run", "is_final",
        "sha256", "frame_sha256", "seed_sha256", "protocol_sha256", "data_sha256",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One act.

    Attributes:
        actor_name: who did it; empty for the system itself.
        role: in which role, as its value; empty where none was in use.
        object_name: the person's name where it was done to an account, else empty.
        details: counts, codes and states.
    """

    id: int
    at: datetime
    actor_id: UUID | None
    actor_name: str
    role: str
    act: str
    object_kind: str
    object_id: UUID | None
    object_name: str
    reason: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which acts to show; what is None or empty leaves nothing out.

    Attributes:
        since: the first day, in the zone of the installation.
        until: the last day, in the same zone.
    """

    object_kind: str = ""
    object_id: UUID | None = None
    actor_id: UUID | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Some acts, newest first, and how many there are in all."""

    entries: tuple[Entry, ...]
    page: int
    pages: int
    total: int


def record(
    act: str,
    actor: Actor | None,
    *,
    object_kind: str,
    object_id: UUID | None = None,
    reason: str = "",
    details: Mapping[str, object] | None = None,
) -> None:
    """Append one act to the trail.

    Args:
        act: what was done, as verb and object with an underscore, such as ``lock_campaign``.
        actor: who did it; None is the system itself.
        object_kind: a word of the product's vocabulary.
        object_id: the row it was done to.
        reason: why, in the actor's words where there are any.
        details: counts, codes and states; never a name, a score of a person, or report text.
    """
    db.session.add(
        TrailEntry(
            at=now(),
            actor_id=actor.account_id if actor else None,
            role=actor.role.value if actor else "",
            act=act,
            object_kind=object_kind,
            object_id=object_id,
            reason=reason,
            details=json.dumps(dict(details or {}), default=str, sort_keys=True),
        )
    )


def list_entries(wanted: Wanted, *, page: int = 1, by: Actor) -> TrailPage:
    """Return one page of the trail, newest first; a page out of range is the nearest one."""
    by.require(Permission.READ_TRAIL)
    conditions = _conditions(wanted)
    total = db.session.scalar(select(func.count()).select_from(TrailEntry).where(*conditions)) or 0
    pages = max(1, ceil(total / ENTRIES_ON_A_PAGE))
    page = min(max(page, 1), pages)
    rows = db.session.scalars(
        select(TrailEntry)
        .where(*conditions)
        .order_by(TrailEntry.at.desc(), TrailEntry.id.desc())
        .offset((page - 1) * ENTRIES_ON_A_PAGE)
        .limit(ENTRIES_ON_A_PAGE)
    ).all()
    names = _names(rows)
    return TrailPage(tuple(_entry(row, names) for row in rows), page, pages, total)


def list_object_kinds(*, by: Actor) -> list[str]:
    """Return the kinds of objects that something was done to."""
    by.require(Permission.READ_TRAIL)
    statement = select(TrailEntry.object_kind).distinct().order_by(TrailEntry.object_kind)
    return list(db.session.scalars(statement))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.object_kind:
        conditions.append(TrailEntry.object_kind == wanted.object_kind)
    if wanted.object_id is not None:
        conditions.append(TrailEntry.object_id == wanted.object_id)
    if wanted.actor_id is not None:
        conditions.append(TrailEntry.actor_id == wanted.actor_id)
    if wanted.since is not None:
        conditions.append(TrailEntry.at >= beginning_of(wanted.since))
    if wanted.until is not None and wanted.until < date.max:
        conditions.append(TrailEntry.at < beginning_of(wanted.until + timedelta(days=1)))
    return conditions


def _names(rows: Sequence[TrailEntry]) -> Mapping[UUID, str]:
    ids = {row.actor_id for row in rows} | {row.object_id for row in rows}
    found = db.session.execute(select(Account.id, Account.name).where(Account.id.in_(ids - {None})))
    return {row.id: row.name for row in found}


def _entry(row: TrailEntry, names: Mapping[UUID, str]) -> Entry:
    return Entry(
        id=row.id,
        at=row.at,
        actor_id=row.actor_id,
        actor_name=names.get(row.actor_id, "") if row.actor_id else "",
        role=row.role,
        act=row.act,
        object_kind=row.object_kind,
        object_id=row.object_id,
        object_name=names.get(row.object_id, "") if row.object_id else "",
        reason="" if row.object_kind in CLINICAL_KINDS else row.reason,
        details={k: v for k, v in json.loads(row.details).items() if k in READABLE_DETAILS},
    )
