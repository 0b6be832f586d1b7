"""How is a table written, as far as the file itself tells?"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Final

from peeraudit.adapters.readers.drafts import SAMPLE, Draft, Fixed, draft
from peeraudit.adapters.readers.encodings import MENDING, Encoding, guess_encoding
from peeraudit.adapters.readers.rows import Dialect, Row, read_rows
from peeraudit.adapters.readers.sheets import sheets_of
from peeraudit.adapters.readers.tables import open_rows
from peeraudit.adapters.readers.workbook_drafts import DraftedBook, draft_workbook
from peeraudit.adapters.readers.workbooks import HEADING_ROWS, Workbook
from peeraudit.domain.errors import N_, Msgid
from peeraudit.domain.intake.headings import DATES
from peeraudit.domain.intake.layouts import (
    DELIMITERS,
    LayoutGuess,
    TableLayout,
    label_of,
    recall,
)
from peeraudit.domain.intake.sheets import is_left_out, join_kinds
from peeraudit.domain.intake.table_contents import columns_of_contents
from peeraudit.domain.intake.table_dates import DateTally, settle_orders
from peeraudit.domain.sentences import Sentence

_NOT_SAID: Final = Fixed()
_PREVIEW: Final = 10
_CELL: Final = 200
# Enough rows to tell how dates are written, unless all of these could be read both ways.
_FIRST_LOOK: Final = 1_000
_START: Final = 400_000


def _is_zip(path: Path) -> bool:
    """Tell whether the file is a ZIP archive, as XLSX workbooks are."""
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def detect_layout(path: Path) -> TableLayout | None:
    """Return how the text at ``path`` is written, or nothing when it is no table of reports.

    Args:
        path: the file.
    """
    stamp = path.stat()
    return _detected(path, stamp.st_ino, stamp.st_size, stamp.st_mtime_ns)


@lru_cache(maxsize=16)
def _detected(path: Path, *_stamp: int) -> TableLayout | None:
    """Return the same; asked once to know the format of a file, and again to read it."""
    return _if_named(_best_text(path, guess_encoding(path), Fixed()))


def _if_named(draft: Draft) -> TableLayout | None:
    return draft.layout if draft.names_fields else None


def guess_layout(
    path: Path,
    name: str = "",
    *,
    fixed: Fixed = _NOT_SAID,
    remembered: Sequence[TableLayout] = (),
) -> LayoutGuess:
    """Return how a table of separated values, or a workbook, seems to be written.

    Args:
        path: the file.
        name: the name under which it was sent.
        fixed: what a person already said.
        remembered: layouts that were corrected before, the newest first; the first one whose
            headings the table has decides over the guess.

    Raises:
        InvalidInput: the workbook cannot be opened, or has no sheet.
    """
    name = name or path.name
    if _is_zip(path):
        return _of_workbook(path, name, draft_workbook(path, name, fixed), remembered)
    encoding = guess_encoding(path)
    found = _best_text(path, encoding, fixed)
    is_certain = encoding.is_certain or bool(fixed.encoding)
    return _guess(path, name, found, remembered, is_certain=is_certain)


def _guess(
    path: Path, name: str, found: Draft, remembered: Sequence[TableLayout], *, is_certain: bool
) -> LayoutGuess:
    """Return what was found out about one table."""
    if not found.known:
        found = replace(found, layout=_by_contents(found))
    layout = with_orders(path, name, found.layout)
    old = recall(layout, remembered)
    if old is not None:
        layout = with_orders(path, name, old)
        layout = layout.with_dates({n: o for n, o in old.dates.items() if o != "ask"})
    found = replace(found, layout=layout)
    return LayoutGuess(
        layout=layout,
        confidence=_confidence(found, is_certain=is_certain),
        doubts=tuple(_doubts(found, is_certain=is_certain)),
        preview=tuple(tuple(cell[:_CELL] for cell in row) for row in found.rows[:_PREVIEW]),
        remembered=old is not None,
        is_left_out=is_left_out(layout, remembered),
    )


def _of_workbook(
    path: Path, name: str, book: DraftedBook, remembered: Sequence[TableLayout]
) -> LayoutGuess:
    """Return what was found out about each table of a workbook, and about the whole."""
    kinds = tuple(_guess(path, name, one, remembered, is_certain=True) for one in book.kinds)
    unwanted = {number for number, kind in enumerate(kinds) if number and kind.is_left_out}
    read = _shown(book, set(range(len(kinds))) - unwanted)
    layout = join_kinds(
        [kind.layout for kind in kinds], book.plans, read, left_out=_shown(book, unwanted)
    )
    guess = replace(kinds[0], plans=book.plans, kinds=kinds)
    return replace(
        guess,
        layout=layout,
        confidence=min(kind.confidence for kind in guess.wanted),
        doubts=tuple(doubt for kind in guess.wanted for doubt in kind.doubts),
        sheets=tuple(plan.name for plan in book.plans),
    )


def _shown(book: DraftedBook, kinds: set[int]) -> set[str]:
    """Return the sheets of some tables that are shown, or are looked at although they are not."""
    first = book.kinds[0].layout.sheet
    return {
        plan.name
        for plan in book.plans
        if plan.kind in kinds and (not plan.is_hidden or plan.name == first)
    }


def settle_layout(path: Path, name: str) -> TableLayout | None:
    """Return the layout by which a table is read when nobody gave one, or nothing."""
    if not _is_zip(path):
        layout = detect_layout(path)
        return with_orders(path, name, layout) if layout else None
    book = draft_workbook(path, name, Fixed())
    first = _if_named(book.kinds[0])
    if first is None:
        return None
    # Of other tables those are read that hold what the first one does; the rest is told.
    usable = {
        number
        for number, kind in enumerate(book.kinds)
        if kind.names_fields and set(kind.layout.missing) <= set(first.missing)
    }
    layouts = [with_orders(path, name, kind.layout) for kind in book.kinds]
    return join_kinds(layouts, book.plans, _shown(book, usable), left_out=())


def _best_text(path: Path, encoding: Encoding, fixed: Fixed) -> Draft:
    codec = fixed.encoding or encoding.name
    with path.open(encoding=codec, errors=MENDING, newline="") as file:
        start = file.read(_START)
    marked = start[:5].lower() == "sep=" + start[4:5] and start[4:5] in DELIMITERS
    choices = (fixed.delimiter,) if fixed.delimiter else (start[4],) if marked else DELIMITERS
    drafts = [_draft_text(start, codec, delimiter, fixed) for delimiter in choices]
    return max(drafts, key=lambda d: (d.known, len(d.layout.columns) > 1, round(d.evenness, 2)))


def _draft_text(start: str, codec: str, delimiter: str, fixed: Fixed) -> Draft:
    rows = [
        list(row.cells)
        for row in islice(
            read_rows(StringIO(start, newline=""), Dialect(delimiter)), SAMPLE + HEADING_ROWS
        )
    ]
    layout = TableLayout("csv", encoding=codec, delimiter=delimiter, quote='"')
    return draft(layout, rows, fixed.header_row)


def _by_contents(draft: Draft) -> TableLayout:
    return draft.layout.with_columns(
        columns_of_contents(draft.rows, width=len(draft.layout.columns))
    )


def with_orders(path: Path, name: str, layout: TableLayout) -> TableLayout:
    """Return the layout with how each date column is written, judged over the whole column."""
    places = {column: i for i, column in enumerate(layout.columns) if column in DATES}
    if not places:
        return layout
    if layout.kind == "csv":
        return _judged(islice(open_rows(path, layout), layout.header_row, None), layout)
    book = Workbook(path, name)
    rows = (
        row
        for sheet, own in sheets_of(book, layout)
        if own is not None
        for row in book.rows(sheet)
        if row.line > own.header_row
    )
    return _judged(rows, layout, serial=book.counts_from_1904)


def _judged(rows: Iterator[Row], layout: TableLayout, *, serial: bool = False) -> TableLayout:
    places = {column: i for i, column in enumerate(layout.columns) if column in DATES}
    tallies = {column: DateTally() for column in places}
    for number, row in enumerate(rows):
        for column, place in places.items():
            if place < len(row.cells):
                tallies[column].add(row.cells[place])
        if number >= _FIRST_LOOK and all(tally.is_iso for tally in tallies.values()):
            break
    headings = (
        {column: layout.headings[place] for column, place in places.items()}
        if layout.headings
        else {}
    )
    orders = settle_orders(tallies, headings, all_headings=layout.headings)
    if serial:
        orders = {n: "excel_1904" if o == "excel" else o for n, o in orders.items()}
    return replace(layout, dates=orders)


def _confidence(draft: Draft, *, is_certain: bool) -> float:
    layout = draft.layout
    if layout.missing:
        return 0.0
    named = draft.known / max(1, sum(bool(h.strip()) for h in layout.headings) or draft.known)
    parts = (
        draft.evenness,
        0.5 + 0.5 * named,
        1.0 if is_certain else 0.9,
        0.6 if layout.questions else 1.0,
        1.0 if layout.headings else 0.5,
    )
    sure = 1.0
    for part in parts:
        sure *= part
    return round(sure, 3)


def _doubts(draft: Draft, *, is_certain: bool) -> Iterator[Sentence]:
    layout = draft.layout
    for name in layout.missing:
        message = N_("No column was recognised as “%(field)s”: choose the one that holds it.")
        yield Sentence(message, {"field": Msgid(label_of(name))})
    for name in layout.questions:
        message = N_(
            "“%(field)s”: the file does not tell whether the day or the month comes first."
        )
        yield Sentence(message, {"field": Msgid(label_of(name))})
    odd = round((1 - draft.evenness) * len(draft.rows)) if layout.kind == "csv" else 0
    if odd:
        message = N_("%(odd)d of the first %(rows)d rows have another number of cells.")
        yield Sentence(message, {"odd": odd, "rows": len(draft.rows)})
    if not is_certain:
        message = N_("The encoding was guessed (%(encoding)s): look at the accented letters.")
        yield Sentence(message, {"encoding": layout.encoding})
    unread = [
        h for h, c in zip(layout.headings, layout.columns, strict=False) if h.strip() and not c
    ]
    if unread:
        message = N_("These columns are not read: %(names)s.")
        yield Sentence(message, {"names": ", ".join(unread)[:300]})
