"""Which reports do the rows of a table hold, once its layout is settled?"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Final

from peeraudit.adapters.readers.encodings import MENDING
from peeraudit.adapters.readers.passing import Items
from peeraudit.adapters.readers.rows import Dialect, Row, read_rows
from peeraudit.adapters.readers.workbooks import BROKEN, UNCOMPUTED, Workbook
from peeraudit.domain.intake.cells import is_rounded, plain_cell, plain_number
from peeraudit.domain.intake.completion import DateStyle, complete
from peeraudit.domain.intake.headings import DATES, REPEATING, TEXT_PARTS
from peeraudit.domain.intake.layouts import TableLayout
from peeraudit.domain.intake.moments import parse_day
from peeraudit.domain.intake.people import person_of
from peeraudit.domain.intake.refusals import refuse
from peeraudit.domain.intake.reports import Item, Patient, Person, Position, RawReport, Refused
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
_Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Column:
    """How the cells of a column are read, found out once for all of them."""

    name: str
    is_text: bool
    may_be_nothing: bool
    is_number: bool
    is_repeating: bool

    def value(self, cell: str) -> str:
        """Return what a cell says."""
        if self.is_text or not cell:
            return cell
        value = plain_cell(cell, may_be_nothing=self.may_be_nothing)
        return plain_number(value) if self.is_number else value


def _columns(layout: TableLayout) -> tuple[_Column | None, ...]:
    """Return the columns in their order, None for one that is not read."""
    return tuple(
        _Column(
            name,
            is_text=name in _AS_WRITTEN,
            may_be_nothing=not name.endswith(_NAMES),
            is_number=name in _NUMBERS,
            is_repeating=name in REPEATING,
        )
        if name
        else None
        for name in layout.columns
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """A table that is being read.

    Attributes:
        source: the name under which it was sent.
        layout: how it is written.
        columns: the same, for every cell.
        style: what dates mean once they are in ISO 8601.
        part: the name of the sheet where there are several, else empty.
    """

    source: str
    layout: TableLayout
    columns: tuple[_Column | None, ...]
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
        InvalidInput: at once, when a needed column is missing or the layout is not possible.
    """
    layout.validate(frame_only=frame_only)
    if layout.kind == "xlsx":
        book = Workbook(path, source)
        part = layout.sheet if len(book.sheets) > 1 else ""
        table = _Table(source, layout, _columns(layout), DateStyle(zone), part)
        rows = _fitted(book.rows(layout.sheet), layout)
        return Items(_filled(rows, table), partial(_item, table=table))
    table = _Table(source, layout, _columns(layout), DateStyle(zone))
    return Items(_filled(open_rows(path, layout), table), partial(_item, table=table))


def _fitted(rows: Iterator[Row], layout: TableLayout) -> Iterator[Row]:
    """Yield a workbook's rows with as many cells as there are columns."""
    width = len(layout.columns)
    for row in rows:
        if row.line <= layout.header_row:
            continue
        padding = [""] * (width - len(row.cells))
        yield row if row.code else replace(row, cells=[*row.cells[:width], *padding])


def _filled(rows: Iterator[Row], table: _Table) -> Iterator[Row]:
    """Yield the rows that make an item each: those behind the heading that are not empty."""
    skipped = table.layout.header_row if table.layout.kind == "csv" else 0
    for number, row in enumerate(rows, start=1):
        if number > skipped and (row.code or any(cell.strip() for cell in row.cells)):
            yield row


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
    held, repeated = _by_field(cells, table.columns)
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


def _by_field(
    cells: Sequence[str], columns: Sequence[_Column | None]
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the cells of a row by field, those of fields that may be repeated apart."""
    held: dict[str, str] = {}
    repeated: dict[str, list[str]] = {}
    for column, cell in zip(columns, cells, strict=True):
        if column is None:
            continue
        if column.is_repeating:
            repeated.setdefault(column.name, []).append(column.value(cell))
        else:
            held[column.name] = column.value(cell)
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
    for column, cell in zip(table.columns, cells, strict=True):
        if len(cell) <= _LONGEST or column is None or column.is_text:
            continue
        found = len(column.value(cell))
        if found > _LONGEST:
            params = {"name": column.name, "found": found, "allowed": _LONGEST}
            place = table.position(line, column.name)
            return refuse(place, "field_too_long", reference="", **params)
    return None


def _dated(held: dict[str, str], table: _Table) -> dict[str, str]:
    row = held.copy()
    for column, order in table.layout.dates.items():
        value = row.get(column, "")
        if value:
            row[column] = in_iso(value, order, table.style.zone)
    return row


def _author(row: _Cells) -> Person:
    last, first = row.get("author_last", ""), row.get("author_first", "")
    number = row.get("author_id", "")
    if last or first:
        return Person(number, last, first)
    return person_of(row.get("author_name", ""), number)


def _patient_name(row: _Cells) -> Person:
    last, first = row.get("patient_last", ""), row.get("patient_first", "")
    return Person("", last, first) if last or first else person_of(row.get("patient_name", ""))


def raw_report(
    row: _Cells, repeated: Mapping[str, Sequence[str]], layout: TableLayout
) -> RawReport:
    """Return what one row says.

    Args:
        row: its cells by field.
        repeated: the cells of the fields that several columns may hold.
        layout: how the table is written.
    """
    patient_id = row.get("patient_id", "")
    name = _patient_name(row)
    former = [Person("", other, name.first) for other in repeated.get("birth_name", ()) if other]
    known = (patient_id, *repeated.get("other_number", ()))
    numbers = tuple(number for number in known if number)
    return RawReport(
        report_id=row.get("report_id", ""),
        accession=row.get("accession", ""),
        status=row.get("status", ""),
        modality=row.get("modality", ""),
        region=row.get("region", ""),
        exam_code=row.get("exam_code", ""),
        exam_name=row.get("exam_name", ""),
        performed=row.get("observed", ""),
        reported=row.get("reported", ""),
        urgency=row.get("urgency", ""),
        language=row.get("language", ""),
        laterality=row.get("laterality", ""),
        text=_text(row, layout),
        author=_author(row),
        patient=Patient(
            identifiers=numbers,
            names=tuple(p for p in (name, *former) if not p.is_empty),
            birth_date=parse_day(row.get("birth_date", "")),
            sex=row.get("sex", "")[:1].upper(),
            phones=tuple(filter(None, repeated.get("phone", ()))),
            addresses=tuple(filter(None, repeated.get("address", ()))),
            relatives=tuple(person_of(name) for name in repeated.get("relative", ()) if name),
        ),
        clinicians=tuple(person_of(name) for name in repeated.get("clinician", ()) if name),
        identifiers=(row.get("accession", ""), row.get("report_id", ""), *numbers),
        places=tuple(filter(None, repeated.get("facility", ()))),
    )


def _text(row: _Cells, layout: TableLayout) -> str:
    """Return the report's text, put together where its parts stand in columns of their own."""
    whole = row.get("report_text", "")
    if whole.strip():
        return plain_cell(whole) and whole
    parts = []
    for name in TEXT_PARTS:
        part = plain_cell(row.get(name, ""))
        if part:
            heading = layout.headings[layout.columns.index(name)] if layout.headings else name
            parts.append(f"{heading.strip().upper()} :\n{part}")
    return "\n\n".join(parts)
