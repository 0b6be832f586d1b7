"""Use cases: how a table is written: guessed, shown, corrected, remembered for the next one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from peeraudit.adapters import storage
from peeraudit.adapters.clock import now
from peeraudit.adapters.readers.detect import detect_format
from peeraudit.adapters.readers.drafts import Fixed
from peeraudit.adapters.readers.layouts import guess_layout, with_orders
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, Conflicting, DomainError, NotFound
from peeraudit.domain.intake.layouts import LayoutGuess, TableLayout
from peeraudit.extensions import db
from peeraudit.models.intake import RememberedLayout, Upload
from peeraudit.services import sealed_layouts, trail
from peeraudit.services.intake_names import names_of

TABLES: Final = ("csv", "xlsx")
CERTAIN: Final = 0.6
"""From this confidence on a table is read as it was guessed, without asking anybody."""

REMEMBERED_AT_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class LayoutView:
    """A table whose layout somebody is to confirm."""

    upload_id: UUID
    file_name: str
    frame_only: bool
    guess: LayoutGuess


class LayoutSettled(Conflicting):
    """Somebody has said how the table is written: in another tab, or by a first click."""


def settle(upload: Upload, given: TableLayout | None, *, look_first: bool = False) -> bool:
    """Find out how a file that just came is written; return whether it can be read now.

    A layout that was confirmed before, or one that is certain, decides silently. Otherwise the
    upload waits until somebody has looked at it.

    Args:
        upload: the file.
        given: the layout that its sender gave; None where it is to be found out.
        look_first: a table waits in any case, also one that was read before: so that what was
            settled wrongly can be put right.

    Raises:
        InvalidInput: no report can be read by the given layout.
    """
    if given is not None:
        given.validate(frame_only=upload.frame_only)
        sealed_layouts.keep_layout(upload, given)
        upload.format = given.kind
        return True
    if not _is_table(upload):
        return True
    try:
        guess = guess_layout(
            storage.stored(upload.id),
            names_of(upload).file,
            remembered=_remembered(upload.department_id),
        )
    except DomainError:
        # The reading says what is wrong, where its job can be seen.
        return True
    upload.format = guess.layout.kind
    if not look_first and _is_certain(guess, frame_only=upload.frame_only):
        sealed_layouts.keep_layout(upload, guess.layout)
        return True
    upload.asks_layout = True
    return False


def show_layout(upload_id: UUID, *, fixed: Fixed | None = None, by: Actor) -> LayoutView:
    """Return how a table that waits seems to be written.

    Args:
        upload_id: the file.
        fixed: what a person said already, such as another encoding.
        by: the department's coordinator.

    Raises:
        NotFound: there is no such file in the actor's department.
        Conflicting: its layout is settled.
        InvalidInput: the file cannot be opened so.
    """
    upload = _waiting(upload_id, by)
    guess = guess_layout(
        storage.stored(upload.id),
        names_of(upload).file,
        fixed=fixed or Fixed(),
        remembered=_remembered(upload.department_id),
    )
    return LayoutView(upload.id, names_of(upload).file, upload.frame_only, guess)


def settle_dates(upload_id: UUID, layout: TableLayout, *, by: Actor) -> TableLayout:
    """Return one table's layout with how dates are written in columns named just now.

    Where the file does not tell it either, the question stays.

    Raises:
        NotFound: there is no such file in the actor's department.
        Conflicting: its layout is settled already.
    """
    if not layout.questions:
        return layout
    upload = _waiting(upload_id, by)
    found = with_orders(storage.stored(upload.id), names_of(upload).file, layout).dates
    return layout.with_dates({name: found[name] for name in layout.questions if name in found})


def confirm(
    upload_id: UUID, layout: TableLayout, *, left_out: Sequence[TableLayout] = (), by: Actor
) -> Upload:
    """Settle how a table is read, and remember it for the department; return the upload's row.

    Args:
        upload_id: the file.
        layout: how it is read.
        left_out: how the tables of a workbook are written of which no sheet is read.
        by: the department's coordinator.

    Raises:
        NotFound: there is no such file in the actor's department.
        Conflicting: its layout is settled already.
        InvalidInput: no report can be read by this layout.
    """
    upload = _waiting(upload_id, by)
    layout.validate(frame_only=upload.frame_only)
    sealed_layouts.keep_layout(upload, layout)
    upload.format, upload.asks_layout = layout.kind, False
    unread = [one.with_columns([""] * len(one.columns)) for one in left_out]
    for part in (*layout.parts, *unread):
        if part.headings:
            _remember(upload.department_id, part, by)
    details = {"kind": layout.kind, "count": sum(map(bool, layout.columns))}
    trail.record("confirm_layout", by, object_kind="report", object_id=upload.id, details=details)
    return upload


def _is_certain(guess: LayoutGuess, *, frame_only: bool) -> bool:
    return all(_is_certain_of(table, frame_only=frame_only) for table in guess.wanted)


def _is_certain_of(guess: LayoutGuess, *, frame_only: bool) -> bool:
    layout = guess.layout
    missing = set(layout.missing) - ({"report_text"} if frame_only else set())
    if missing or layout.questions:
        return False
    return guess.remembered or guess.confidence >= CERTAIN or bool(layout.missing)


def _is_table(upload: Upload) -> bool:
    if upload.format in TABLES:
        return True
    if upload.format != "auto":
        return False
    try:
        return detect_format(storage.stored(upload.id), names_of(upload).file) in TABLES
    except DomainError:
        return False


def _waiting(upload_id: UUID, by: Actor) -> Upload:
    by.require(Permission.UPLOAD_REPORTS)
    upload = db.session.get(Upload, upload_id)
    if upload is None or not by.is_for(upload.department_id):
        raise NotFound(N_("There is no such upload."))
    if not upload.asks_layout:
        raise LayoutSettled(N_("How this file is read is settled already."))
    return upload


def _remembered(department_id: UUID) -> Sequence[TableLayout]:
    rows = db.session.scalars(
        select(RememberedLayout)
        .where(RememberedLayout.department_id == department_id)
        .order_by(RememberedLayout.confirmed_at.desc())
        .limit(REMEMBERED_AT_MOST)
    )
    return list(map(sealed_layouts.remembered, rows))


def _remember(department_id: UUID, layout: TableLayout, by: Actor) -> None:
    db.session.execute(
        delete(RememberedLayout).where(
            RememberedLayout.department_id == department_id,
            RememberedLayout.signature.in_(sealed_layouts.signatures(department_id, layout)),
        )
    )
    row = RememberedLayout(
        id=uuid4(), department_id=department_id, confirmed_at=now(), confirmed_by=by.account_id
    )
    sealed_layouts.remember(row, layout)
    db.session.add(row)
