"""Use cases: putting a refused report right on the page, and trying it again."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from peeraudit.adapters import clock, storage
from peeraudit.adapters.clock import now
from peeraudit.adapters.readers.batches import PARCEL
from peeraudit.adapters.readers.detect import FEEDS, open_reports, read_as
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, Conflicting, InvalidInput, NotFound
from peeraudit.domain.intake.completion import DateStyle, complete
from peeraudit.domain.intake.layouts import TableLayout
from peeraudit.domain.intake.mending import FIELDS, mend
from peeraudit.domain.intake.reports import Item, Position, Refused
from peeraudit.domain.sentences import Sentence
from peeraudit.extensions import db
from peeraudit.models.intake import IntakeItem, RefusedItem, Upload
from peeraudit.services import intake_keeping, intake_members, intake_refused, intake_texts, trail
from peeraudit.services.intake_keeping import Arrived
from peeraudit.services.intake_names import names_of
from peeraudit.services.intake_refused import Held
from peeraudit.services.sealed_layouts import layout_of

CONTENT_MAXIMUM = 1_000_000


@dataclass(frozen=True, slots=True)
class MendingView:
    """A refused item as its coordinator puts it right.

    Attributes:
        fields: field of ``domain.intake.mending.FIELDS`` → what the file said; empty where its
            fields could not be told apart.
        content: the item alone in its own format; empty where its fields were told apart.
        kept_until: when it is destroyed.
        next_id: the next refused item of the same file that can be put right; None at the end.
        left: how many of them there are, this one included.
    """

    id: UUID
    upload_id: UUID
    file_name: str
    format: str
    position: int
    place: Sentence
    reason_code: str
    reason: Sentence
    fields: Mapping[str, str]
    content: str
    kept_until: datetime
    next_id: UUID | None
    left: int


@dataclass(frozen=True, slots=True)
class Mended:
    """What became of an item that was tried again."""

    status: str
    reason: Sentence | None
    next_id: UUID | None


def show_refused(item_id: UUID, *, by: Actor) -> MendingView:
    """Return a refused item, for its department's own coordinator.

    Raises:
        NotFound: there is no such item in the actor's department, or it is kept no longer.
    """
    upload, item, held = _held(item_id, by)
    waiting = _waiting(upload.id)
    after = [other for other, position in waiting if position > item.position]
    return MendingView(
        id=item.id,
        upload_id=upload.id,
        file_name=names_of(upload).file,
        format=upload.format,
        position=item.position,
        place=intake_members.place_of(item, upload),
        reason_code=item.reason_code,
        reason=intake_members.reason_of(item, upload, held.quoted),
        fields={name: getattr(held.raw, name) for name in FIELDS} if held.raw else {},
        content=held.content,
        kept_until=db.session.get_one(RefusedItem, item_id).kept_until,
        next_id=after[0] if after else None,
        left=len(waiting),
    )


def try_again(
    item_id: UUID, *, changes: Mapping[str, str] | None = None, content: str = "", by: Actor
) -> Mended:
    """Take a refused item in as it is put right; refused again, it is kept as it was changed.

    Args:
        item_id: which.
        changes: field of ``FIELDS`` → what it should say, where its fields were told apart.
        content: the item in its own format, where they were not.
        by: its department's coordinator.

    Raises:
        NotFound: there is no such item in the actor's department, or it is kept no longer.
        Conflicting: it was put right already.
        InvalidInput: the changes are none that can be made, or no report is left.
    """
    upload, item, held = _held(item_id, by, locked=True)
    items = _again(upload, item, held, changes or {}, content)
    first, *others = [Arrived.of(one, frame_only=upload.frame_only) for one in items]
    intake_keeping.settle_one(upload, item, first)
    if others:
        # One message may hold several reports: the others become items of their own.
        intake_keeping.take_in(upload, others, first=_last_position(upload.id) + 1)
    if item.status != "refused":
        item.mended_at, item.mended_by = now(), by.account_id
    db.session.flush()  # masking is ordered by what the rows say
    intake_texts.order_masking_of(upload)
    details = {"state": item.status, "changed": len(changes or {}) or bool(content)}
    trail.record("mend_report", by, object_kind="report", object_id=item_id, details=details)
    after = [other for other, position in _waiting(upload.id) if position > item.position]
    kept = intake_refused.find(item_id)
    quoted = kept.quoted if kept is not None else {}
    reason = intake_members.reason_of(item, upload, quoted) if item.reason else None
    return Mended(item.status, reason, after[0] if after else None)


def _held(item_id: UUID, by: Actor, *, locked: bool = False) -> tuple[Upload, IntakeItem, Held]:
    by.require(Permission.UPLOAD_REPORTS)
    item = db.session.get(IntakeItem, item_id, with_for_update=locked or None)
    upload = db.session.get_one(Upload, item.upload_id) if item is not None else None
    if item is None or upload is None or not by.is_for(upload.department_id):
        raise NotFound(N_("There is no such item."))
    if item.status != "refused":
        raise Conflicting(N_("This item was put right already. Nothing was changed."))
    held = intake_refused.find(item_id)
    if held is None:
        raise NotFound(N_("What this item held is kept no longer. Send it again in a file."))
    return upload, item, held


def _again(
    upload: Upload, item: IntakeItem, held: Held, changes: Mapping[str, str], content: str
) -> list[Item]:
    place = Position(names_of(upload).file)
    if held.raw is not None:
        return [complete(mend(held.raw, changes), place, DateStyle(clock.ZONE))]
    text = (content or held.content).replace("\r\n", "\n")
    if len(text) > CONTENT_MAXIMUM:
        raise InvalidInput(N_("This item is longer than any report. Shorten it."))
    items = _read(upload, text)
    if not items:
        raise InvalidInput(N_("No report is left of this item. Put back what it held."))
    return [_kept_as(one, text) for one in items]


def _kept_as(item: Item, text: str) -> Item:
    """Return an item that, refused again, is kept as a person left it."""
    if isinstance(item, Refused) and item.raw is None:
        return replace(item, content=item.content or text)
    return item


def _read(upload: Upload, text: str) -> list[Item]:
    """Read one item as a small file of its own, which nobody else ever sees."""
    small = uuid4()
    storage.put(small, [text.encode()])
    try:
        file = storage.stored(small)
        if upload.format in FEEDS:
            # As it is now it may look like nothing that is known: its own reason says more.
            return list(read_as(upload.format, file, names_of(upload).file, zone=clock.ZONE))
        layout = _layout_again(upload, text)
        # A row of a workbook is kept as a small text, and a known layout says what it is.
        unsaid = upload.format in {"auto", "xlsx", PARCEL} or layout is not None
        declared = None if unsaid else upload.format
        _, items = open_reports(
            file, names_of(upload).file, declared, zone=clock.ZONE, layout=layout
        )
        return list(items)
    finally:
        storage.delete(small)


def _layout_again(upload: Upload, text: str) -> TableLayout | None:
    """Return how a row under its headings is read, where its file was read by a known layout."""
    layout = layout_of(upload)
    for part in layout.parts if layout is not None else ():
        delimiter = part.delimiter or ","
        first = next(csv.reader(text.splitlines()[:1], delimiter=delimiter), [])
        if tuple(first) == (part.headings or part.columns):
            return replace(
                part, kind="csv", encoding="utf-8", delimiter=delimiter, quote='"', header_row=1,
                sheet="",
            )  # fmt: skip
    return None


def _waiting(upload_id: UUID) -> list[tuple[UUID, int]]:
    rows = db.session.execute(
        select(IntakeItem.id, IntakeItem.position)
        .join(RefusedItem, RefusedItem.item_id == IntakeItem.id)
        .where(IntakeItem.upload_id == upload_id, IntakeItem.status == "refused")
        .order_by(IntakeItem.position)
    )
    return [(item_id, position) for item_id, position in rows]


def _last_position(upload_id: UUID) -> int:
    last = select(IntakeItem.position).where(IntakeItem.upload_id == upload_id)
    return db.session.scalar(last.order_by(IntakeItem.position.desc()).limit(1)) or 0
