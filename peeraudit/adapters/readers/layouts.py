"""How is a table written, as far as the file itself tells?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Final

from peeraudit.adapters.readers.encodings import MENDING, Encoding, guess_encoding
from peeraudit.adapters.readers.rows import Dialect, Row, read_rows
from peeraudit.adapters.readers.tables import open_rows
from peeraudit.adapters.readers.workbooks import HEADING_ROWS, Workbook
from peeraudit.domain.errors import N_, InvalidInput, Msgid
from peeraudit.domain.intake.headings import DATES, name_columns
from peeraudit.domain.intake.layouts import (
    DELIMITERS,
    MAX_COLUMNS,
    LayoutGuess,
    TableLayout,
    label_of,
    recall,
)
from peeraudit.domain.intake.table_contents import columns_of_contents
from peeraudit.domain.intake.table_dates import DateTally, settle_orders
from peeraudit.domain.sentences import Sentence

_SAMPLE: Final = 200
_PREVIEW: Final = 10
_CELL: Final = 200
# Enough rows to tell how dates are written, unless all of these could be read both ways.
_FIRST_LOOK: Final = 1_000
_START: Final = 400_000
_IS_TABLE: Final = 2


@dataclass(frozen=True, slots=True)
class Fixed:
    """What a person already said about a table; the rest is guessed. Empty means not said."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_row: int | None = None


@dataclass(frozen=True, slots=True)
class _Draft:
    """One way to read a table, with the first rows that it gives."""

    layout: TableLayout
    rows: Sequence[Sequence[str]]

    @property
    def known(self) -> int:
        return sum(map(bool, self.layout.columns))

    @property
    def names_fields(self) -> bool:
        """Tell whether the heading row names enough for a table of reports."""
        columns = self.layout.columns
        one_of_them = len(columns) > 1 and not {"accession", "report_text"}.isdisjoint(columns)
        return self.known >= _IS_TABLE or one_of_them

    @property
    def evenness(self) -> float:
        """Return the share of rows that have as many cells as there are columns."""
        body = [row for row in self.rows if any(row)]
        width = len(self.layout.columns)
        # The last cells of a row may well be empty, and a workbook leaves such cells out.
        fits = [
            _width(row) <= width and (width <= len(row) or self.layout.kind == "xlsx")
            for row in body
        ]
        return sum(fits) / len(body) if body else 1.0


def _width(row: Sequence[str]) -> int:
    return max((place for place, cell in enumerate(row, start=1) if cell.strip()), default=0)


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


def _if_named(draft: _Draft) -> TableLayout | None:
    return draft.layout if draft.names_fields else None


def guess_layout(
    path: Path,
    name: str = "",
    *,
    fixed: Fixed = Fixed(),
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
        InvalidInput: the workbook cannot be opened, or has no such sheet.
    """
    name = name or path.name
    if _is_zip(path):
        draft, sheets, encoding = *_best_sheet(path, name, fixed), Encoding("", is_certain=True)
    else:
        encoding = guess_encoding(path)
        draft, sheets = _best_text(path, encoding, fixed), ()
    if not draft.known:
        draft = replace(draft, layout=_by_contents(draft))
    layout = _with_orders(path, name, draft.layout)
    old = recall(layout, remembered)
    if old is not None:
        layout = _with_orders(path, name, old)
        layout = layout.with_dates({n: o for n, o in old.dates.items() if o != "ask"})
    is_certain = encoding.is_certain or bool(fixed.encoding)
    draft = replace(draft, layout=layout)
    return LayoutGuess(
        layout=layout,
        confidence=_confidence(draft, is_certain=is_certain),
        doubts=tuple(_doubts(draft, is_certain=is_certain)),
        preview=tuple(tuple(cell[:_CELL] for cell in row) for row in draft.rows[:_PREVIEW]),
        sheets=sheets,
        remembered=old is not None,
    )


def settle_layout(path: Path, name: str) -> TableLayout | None:
    """Return the layout by which a table is read when nobody gave one, or nothing."""
    if _is_zip(path):
        layout = _if_named(_best_sheet(path, name, Fixed())[0])
    else:
        layout = detect_layout(path)
    return _with_orders(path, name, layout) if layout else None


def _best_text(path: Path, encoding: Encoding, fixed: Fixed) -> _Draft:
    codec = fixed.encoding or encoding.name
    with path.open(encoding=codec, errors=MENDING, newline="") as file:
        start = file.read(_START)
    marked = start[:5].lower() == "sep=" + start[4:5] and start[4:5] in DELIMITERS
    choices = (fixed.delimiter,) if fixed.delimiter else (start[4],) if marked else DELIMITERS
    drafts = [_draft_text(start, codec, delimiter, fixed) for delimiter in choices]
    return max(drafts, key=lambda d: (d.known, len(d.layout.columns) > 1, round(d.evenness, 2)))


def _draft_text(start: str, codec: str, delimiter: str, fixed: Fixed) -> _Draft:
    rows = [
        list(row.cells)
        for row in islice(
            read_rows(StringIO(start, newline=""), Dialect(delimiter)), _SAMPLE + HEADING_ROWS
        )
    ]
    layout = TableLayout("csv", encoding=codec, delimiter=delimiter, quote='"')
    return _with_headings(layout, rows, fixed.header_row)


def _with_headings(layout: TableLayout, rows: list[list[str]], chosen: int | None) -> _Draft:
    """Return the draft whose heading row names most fields."""
    if chosen is None:
        named = [sum(map(bool, name_columns(row))) for row in rows[:HEADING_ROWS]]
        best = max(named, default=0)
        first = named.index(best) + 1 if best else 0
        header = first if best >= _IS_TABLE or first == 1 else _plain_header(rows)
    else:
        header = min(chosen, len(rows))
    body = rows[header:]
    if not header:
        width = max((_width(row) for row in body), default=0)
        return _Draft(replace(layout, header_row=0, columns=("",) * width), body)
    headings = rows[header - 1][:MAX_COLUMNS]
    while len(headings) > 1 and not headings[-1].strip():
        headings = headings[:-1]
    columns = tuple(name_columns(headings))
    return _Draft(
        replace(layout, header_row=header, headings=tuple(headings), columns=columns), body
    )


def _plain_header(rows: list[list[str]]) -> int:
    """Return 1 when the first row looks like headings of unknown names, else 0."""
    first = [cell.strip() for cell in rows[0]] if rows else []
    if len(first) < 2 or not all(first):
        return 0
    short = all(len(cell) <= 60 and not cell[:1].isdigit() for cell in first)
    return int(short and len(set(first)) == len(first))


def _best_sheet(path: Path, name: str, fixed: Fixed) -> tuple[_Draft, tuple[str, ...]]:
    book = Workbook(path, name)
    if fixed.sheet:
        book.require(fixed.sheet)
    sheets = (fixed.sheet,) if fixed.sheet else book.sheets
    drafts = [_draft_sheet(book, sheet, fixed) for sheet in sheets]
    if not drafts:
        raise InvalidInput(
            N_("“%(name)s” holds no sheet with cells; nothing was imported."), name=name
        )
    best = max(
        drafts,
        key=lambda d: (
            not d.layout.missing, d.layout.sheet in book.shown, d.known, len(d.rows)
        ),
    )  # fmt: skip
    every = replace(best.layout, sheet="")
    # A sheet for each month: none of them is left out because another has more rows.
    if best.names_fields and not fixed.sheet and len(list(islice(book.parts(every), 2))) > 1:
        best = replace(best, layout=every)
    return best, book.sheets


def _draft_sheet(book: Workbook, sheet: str, fixed: Fixed) -> _Draft:
    rows = list(islice(book.rows(sheet), _SAMPLE + HEADING_ROWS))
    cells = [list(row.cells) for row in rows]
    chosen = fixed.header_row
    if chosen is not None:
        chosen = sum(row.line <= chosen for row in rows)
    draft = _with_headings(TableLayout("xlsx", sheet=sheet), cells, chosen)
    header = draft.layout.header_row
    # Rows without any cell are not yielded: the sheet's own number counts.
    return replace(
        draft, layout=replace(draft.layout, header_row=rows[header - 1].line if header else 0)
    )


def _by_contents(draft: _Draft) -> TableLayout:
    return draft.layout.with_columns(
        columns_of_contents(draft.rows, width=len(draft.layout.columns))
    )


def _with_orders(path: Path, name: str, layout: TableLayout) -> TableLayout:
    """Return the layout with how each date column is written, judged over the whole column."""
    places = {column: i for i, column in enumerate(layout.columns) if column in DATES}
    if not places:
        return layout
    if layout.kind == "csv":
        return _judged(islice(open_rows(path, layout), layout.header_row, None), layout)
    book = Workbook(path, name)
    rows = (
        row
        for sheet, header_row in book.parts(layout)
        for row in book.rows(sheet)
        if row.line > header_row
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


def _confidence(draft: _Draft, *, is_certain: bool) -> float:
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


def _doubts(draft: _Draft, *, is_certain: bool) -> Iterator[Sentence]:
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
