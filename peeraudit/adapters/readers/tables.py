"""Which reports do the rows of a table hold, once its layout is settled?"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from functools import partial
from io import StringIO
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

from peeraudit.adapters.readers.encodings import MENDING
from peeraudit.adapters.readers.passing import Items, Joined
from peeraudit.adapters.readers.rows import Dialect, Row, read_rows
from peeraudit.adapters.readers.sheets import sheets_of, untold
from peeraudit.adapters.readers.table_reports import may_be_report, raw_report
from peeraudit.adapters.readers.workbooks import BROKEN, UNCOMPUTED, Workbook
from peeraudit.domain.intake.cells import is_rounded, plain_cell, plain_number
from peeraudit.domain.intake.completion import DateStyle, complete
from peeraudit.domain.intake.headings import DATES, REPEATING, TEXT_PARTS
from peeraudit.domain.intake.layouts import TableLayout
from peeraudit.domain.intake.moments import parse_day
from peeraudit.domain.intake.refusals import refuse
from peeraudit.domain.intake.reports import Item, Position, Refused
from peeraudit.domain.intake.table_dates import in_iso, is_ambiguous

_AS_WRITTEN: Final = frozenset({"report_text", *TEXT_PARTS})
_NAMES: Final = ("_last", "_first", "_name")
_NUMBERS: Final = frozenset(
    {"report_id", "accession", "patient_id", "other_number", "author_id", "phone"}
)
# Where nothing was decided on day and month: none was seen, or all could be read both ways.
_OPEN: Final = frozenset({"ask", "year_first"})
_FIELD_OF: Final = {"performed": "observed"}
_LONGEST_ACCESSION: Final = 64
_LONGEST: Final = 2_000
_UNREADABLE: Final = frozenset({UNCOMPUTED, BROKEN})
# So many words of a column are remembered, none of them longer.
_MOST_WORDS: Final = 2_000
_LONGEST_WORD: Final = 100
_Cells = Mapping[str, str]


class _Cleaned(dict[str, str]):
    """What the cells of a column say, by what stands in them.

    Most columns hold the same few words over and over, which are understood once.

    Args:
        may_be_nothing: as for ``plain_cell``.
        is_number: whether its cells are numbers that a spreadsheet may have changed.
    """

    def __init__(self, *, may_be_nothing: bool, is_number: bool) -> None:
        super().__init__()
        self._may_be_nothing, self._is_number = may_be_nothing, is_number

    def __missing__(self, cell: str) -> str:
        """Return what a cell says that was not seen before."""
        if self._is_number and cell.isalnum() and not cell.isalpha():
            # Hardly ever seen twice, and as plain as can be.
            return cell
        value = plain_cell(cell, may_be_nothing=self._may_be_nothing)
        if self._is_number:
            return plain_number(value)
        if len(self) < _MOST_WORDS and len(cell) <= _LONGEST_WORD:
            self[cell] = value
        return value


class _Column(NamedTuple):
    """How the cells of a column are read, found out once for all of them.

    Attributes:
        name: its field.
        place: its place in a row.
        cleaned: what its cells say; None for a text, which is kept as it is.
    """

    name: str
    place: int
    cleaned: _Cleaned | None

    def value(self, cell: str) -> str:
        """Return what a cell says."""
        return cell if self.cleaned is None else self.cleaned[cell]


def _columns(layout: TableLayout) -> tuple[_Column, ...]:
    """Return the columns that are read, in their order."""
    return tuple(
        _Column(
            name,
            place,
            None
            if name in _AS_WRITTEN
            else _Cleaned(may_be_nothing=not name.endswith(_NAMES), is_number=name in _NUMBERS),
        )
        for place, name in enumerate(layout.columns)
        if name
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """A table that is being read.

    Attributes:
        source: the name under which it was sent.
        layout: how it is written.
        columns: those columns of which a report has one.
        repeating: those of which it may have several.
        style: what dates mean once they are in ISO 8601.
        part: the name of the sheet where there are several, else empty.
    """

    source: str
    layout: TableLayout
    columns: tuple[_Column, ...]
    repeating: tuple[_Column, ...]
    style: DateStyle
    part: str = ""

    def position(self, line: int, field: str = "") -> Position:
        """Return the place of a row, its field under the heading that the table gives it."""
        if not field:
            return Position(self.source, line=line, segment=self.part)
        columns, headings = self.layout.columns, self.layout.headings
        held = field in columns and len(headings) == len(columns)
        name = headings[columns.index(field)].strip() if held else ""
        return Position(self.source, line=line, segment=self.part, field=name[:60] or field)


def _table(source: str, layout: TableLayout, zone: tzinfo, part: str = "") -> _Table:
    columns = _columns(layout)
    return _Table(
        source,
        layout,
        tuple(one for one in columns if one.name not in REPEATING),
        tuple(one for one in columns if one.name in REPEATING),
        DateStyle(zone),
        part,
    )


def open_rows(path: Path, layout: TableLayout) -> Iterator[Row]:
    """Yield every row of the text at ``path``, the heading row and those before it too."""
    dialect = Dialect(layout.delimiter, layout.quote)

    def is_sound(cells: Sequence[str]) -> bool:
        return _is_sound(cells, layout)

    with path.open(encoding=layout.encoding, errors=MENDING, newline="") as file:
        yield from read_rows(file, dialect, is_sound)


def _is_sound(cells: Sequence[str], layout: TableLayout) -> bool:
    """Tell whether cells can only be a row of this table: right in number, name and dates."""
    if len(cells) != len(layout.columns):
        return False
    row = dict(zip(layout.columns, cells, strict=True))
    accession = row.get("accession", "").strip()
    if not accession or len(accession) > _LONGEST_ACCESSION or "\n" in accession:
        return False
    days = [
        parse_day(in_iso(row[name], layout.dates.get(name, "year_first")))
        for name in DATES
        if row.get(name, "").strip()
    ]
    return all(days)


def read_table(
    path: Path, source: str, layout: TableLayout, *, zone: tzinfo = UTC, frame_only: bool = False
) -> Iterator[Item]:
    """Yield an item for each row of a table; memory does not grow with the file.

    Args:
        path: the file.
        source: the name under which it was sent.
        layout: how it is written.
        zone: the time zone of dates that name none.
        frame_only: whether the table may lack a column of texts, as a frame does; its rows are
            then refused for want of a text, with the report that each would make.

    Raises:
        InvalidInput: at once, when a needed column or the sheet is missing, or the layout is
            not possible.
    """
    layout.validate(frame_only=frame_only)
    if layout.kind == "xlsx":
        book = Workbook(path, source)
        for part in layout.parts:
            if part.sheet:
                book.require(part.sheet)
        return Joined(_of_sheets(book, source, layout, zone))
    table = _table(source, layout, zone)
    return Items(_filled(open_rows(path, layout), table), partial(_item, table=table))


def _of_sheets(
    book: Workbook, source: str, layout: TableLayout, zone: tzinfo
) -> Iterator[Iterator[Item]]:
    """Yield the items of each sheet of a workbook: of one that is not read, what is told of it."""
    for sheet, own in sheets_of(book, layout):
        if own is None:
            yield untold(book, sheet, layout, source)
            continue
        table = _table(source, own, zone, sheet if len(book.sheets) > 1 else "")
        yield Items(_filled(_fitted(book.rows(sheet), own), table), partial(_item, table=table))


def _fitted(rows: Iterator[Row], layout: TableLayout) -> Iterator[Row]:
    """Yield a workbook's rows with as many cells as there are columns."""
    width = len(layout.columns)
    for row in rows:
        padding = [""] * (width - len(row.cells))
        yield row if row.code else row._replace(cells=[*row.cells[:width], *padding])


def _filled(rows: Iterator[Row], table: _Table) -> Iterator[Row]:
    """Yield the rows that make an item each.

    They are those behind the headings that are not empty, and what may be a report above them.
    """
    layout = table.layout
    for number, row in enumerate(rows, start=1):
        # In a text, rows are counted; in a workbook each bears its number.
        place = number if layout.kind == "csv" else row.line
        if place > layout.header_row:
            if row.code or any(map(str.strip, row.cells)):
                yield row
        elif place < layout.header_row and may_be_report(row.cells, layout):
            yield row._replace(code="above_headings", text=_written(row.cells, layout))


def _item(row: Row, table: _Table) -> Item:
    if row.code:
        refused = refuse(table.position(row.line), row.code, reference="", **row.params)
        return replace(refused, content=_alone(row.text, table.layout) if row.text else "")
    cells, wanted = list(row.cells), len(table.layout.columns)
    while len(cells) > wanted and not cells[-1].strip():
        cells.pop()
    if len(cells) != wanted:
        place = table.position(row.line)
        refused = refuse(place, "wrong_columns", found=len(cells), wanted=wanted)
        return replace(refused, content=_alone(_written(cells, table.layout), table.layout))
    held, repeated = _by_field(cells, table)
    raw = raw_report(_dated(held, table), repeated, table.layout)
    problem = _problem(held, row.line, table) or _too_long(cells, row.line, table)
    if problem:
        return replace(problem, raw=raw)
    item = complete(raw, table.position(row.line), table.style)
    if isinstance(item, Refused) and item.position.field:
        field = _FIELD_OF.get(item.position.field, item.position.field)
        return replace(item, position=table.position(row.line, field))
    return item


def _alone(text: str, layout: TableLayout) -> str:
    """Return a row as a small table of its own, under the headings."""
    return _written(layout.headings or layout.columns, layout) + text


def _written(cells: Sequence[str], layout: TableLayout) -> str:
    line = StringIO()
    csv.writer(line, delimiter=layout.delimiter or ",", lineterminator="\n").writerow(cells)
    return line.getvalue()


def _by_field(cells: Sequence[str], table: _Table) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the cells of a row by field, those of fields that may be repeated apart."""
    held = {
        name: cells[place] if cleaned is None else cleaned[cells[place]]
        for name, place, cleaned in table.columns
    }
    repeated: dict[str, list[str]] = {}
    for column in table.repeating:
        repeated.setdefault(column.name, []).append(column.value(cells[column.place]))
    return held, repeated


def _problem(held: _Cells, line: int, table: _Table) -> Refused | None:
    """Return why a row cannot be read, before anything in it is understood."""
    reference = held.get("accession", "")[:_LONGEST_ACCESSION]
    # Asked of every row of a feed, and hardly ever so: all cells together are asked first.
    is_odd = not _UNREADABLE.isdisjoint(held.values())
    if is_odd or is_rounded(held.get("accession", "")) or is_rounded(held.get("report_id", "")):
        return _odd_cell(held, line, table, reference)
    for column in ("observed", "reported"):
        value = held.get(column, "")
        if table.layout.dates.get(column) in _OPEN and is_ambiguous(value):
            place = table.position(line, column)
            return refuse(place, "ambiguous_date", reference=reference, value=value[:60])
    return None


def _odd_cell(held: _Cells, line: int, table: _Table, reference: str) -> Refused | None:
    """Return why a row cannot be read, by the first of its cells that is damaged."""
    for column, value in held.items():
        if value in _UNREADABLE:
            code = "uncomputed_formula" if value == UNCOMPUTED else "unreadable_cell"
            return refuse(table.position(line, column), code, reference="")
        if column in {"accession", "report_id"} and is_rounded(value):
            place = table.position(line, column)
            return refuse(place, "rounded_number", reference=reference, value=value)
    return None


def _too_long(cells: Sequence[str], line: int, table: _Table) -> Refused | None:
    """Return why a row cannot be kept when a cell other than a text is as long as a text."""
    if max(map(len, cells), default=0) <= _LONGEST:
        return None
    for column in sorted((*table.columns, *table.repeating), key=attrgetter("place")):
        if column.cleaned is None:
            continue
        found = len(column.value(cells[column.place]))
        if found > _LONGEST:
            params = {"name": column.name, "found": found, "allowed": _LONGEST}
            place = table.position(line, column.name)
            return refuse(place, "field_too_long", reference="", **params)
    return None


def _dated(held: dict[str, str], table: _Table) -> dict[str, str]:
    """Return a row with its dates in ISO 8601."""
    dated = {
        column: in_iso(held[column], order, table.style.zone)
        for column, order in table.layout.dates.items()
        if held.get(column)
    }
    return held | dated
