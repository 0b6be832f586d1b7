"""Which reports does a table of comma, semicolon or tab separated values hold?"""

import csv
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Final, TextIO

from peeraudit.adapters.readers.columns import name_columns
from peeraudit.adapters.readers.encodings import guess_encoding
from peeraudit.domain.errors import N_, InvalidInput
from peeraudit.domain.intake.completion import MAX_TEXT, DateStyle, RawReport, complete
from peeraudit.domain.intake.moments import looks_month_first, parse_day
from peeraudit.domain.intake.refusals import refuse
from peeraudit.domain.intake.reports import Item, Patient, Person, Position

_DELIMITERS: Final = (",", ";", "\t", "|")
_SAMPLE: Final = 200
_FIELD_LIMIT: Final = MAX_TEXT * 8
_NEEDED: Final = {"report_text": "report_text", "accession": "accession"}
_EMPTY: Final = frozenset({"", '""', "null", "none", "n/a", "na", "nan", "-"})
_Line = tuple[int, list[str]] | tuple[int, None]


@dataclass(frozen=True, slots=True)
class Layout:
    """How one table is written.

    Attributes:
        encoding: the codec's name.
        delimiter: what separates cells.
        columns: the known column of each cell, empty for one that is not known.
    """

    encoding: str
    delimiter: str
    columns: tuple[str, ...]


def _first_lines(file: TextIO) -> str:
    first = file.readline(65536)
    if first.lower().startswith("sep=") or not first.strip():
        first = file.readline(65536)
    return first


def detect_layout(path: Path) -> Layout | None:
    """Return how the table at ``path`` is written, or nothing when it is no table of reports.

    Args:
        path: the file.
    """
    encoding = guess_encoding(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        first = _first_lines(file)
    best = Layout(encoding, "", ())
    for delimiter in _DELIMITERS:
        try:
            cells = next(csv.reader([first], delimiter=delimiter), [])
        except csv.Error:
            continue
        columns = tuple(name_columns(cells))
        if sum(map(bool, columns)) > sum(map(bool, best.columns)):
            best = Layout(encoding, delimiter, columns)
    return best if sum(map(bool, best.columns)) >= 2 else None


def _require(layout: Layout) -> None:
    missing = [name for name in _NEEDED if name not in layout.columns]
    if missing:
        raise InvalidInput(
            N_(
                "The table has no column %(missing)s. Its known columns are: %(found)s. "
                "Name the missing column in the first line and send the file again; "
                "nothing was imported."
            ),
            missing=", ".join(missing),
            found=", ".join(column for column in layout.columns if column),
        )


def _lines(file: TextIO, delimiter: str) -> Iterator[_Line]:
    """Yield each line of the table with the number of its first physical line."""
    csv.field_size_limit(_FIELD_LIMIT)
    reader = csv.reader(file, delimiter=delimiter)
    while True:
        start = reader.line_num + 1
        try:
            yield start, next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield start, None


def _person(row: Mapping[str, str], prefix: str) -> Person:
    last, first = row.get(f"{prefix}_last", ""), row.get(f"{prefix}_first", "")
    if not last and not first:
        last, first = split_name(row.get(f"{prefix}_name", ""))
    return Person(row.get(f"{prefix}_id", ""), last, first)


def split_name(full: str) -> tuple[str, str]:
    """Return last and first name of ``DUPONT Jean``, ``Dupont, Jean`` or ``Jean Dupont``.

    Args:
        full: one person's name as written in one cell, with or without a title.
    """
    words = [w for w in full.replace(",", ", ").split() if w.strip(".").lower() not in _TITLES]
    name = " ".join(words)
    if "," in name:
        last, _, first = name.partition(",")
        return last.strip(), first.strip()
    capitals = [w for w in words if w.isupper() and len(w.strip(".")) > 1]
    if capitals and len(capitals) < len(words):
        return " ".join(capitals), " ".join(w for w in words if w not in capitals)
    return (words[-1], " ".join(words[:-1])) if words else ("", "")


_TITLES: Final = frozenset({"dr", "pr", "prof", "mr", "mrs", "ms", "mme", "m", "docteur", "md"})


def raw_report(row: Mapping[str, str]) -> RawReport:
    """Return what one line says, by known column.

    Args:
        row: the cells by the name of their column.
    """
    patient_id = row.get("patient_id", "")
    last, first = row.get("patient_last", ""), row.get("patient_first", "")
    if not last and not first:
        last, first = split_name(row.get("patient_name", ""))
    name = Person("", last, first)
    referrer_last, referrer_first = split_name(row.get("referrer", ""))
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
        text=row.get("report_text", ""),
        author=_person(row, "author"),
        patient=Patient(
            identifiers=(patient_id,) if patient_id else (),
            names=() if name.is_empty else (name,),
            birth_date=parse_day(row.get("birth_date", "")),
            sex=row.get("sex", "")[:1].upper(),
            phones=(row["phone"],) if row.get("phone") else (),
            addresses=(row["address"],) if row.get("address") else (),
        ),
        clinicians=(Person("", referrer_last, referrer_first),),
        identifiers=(row.get("accession", ""), patient_id, row.get("report_id", "")),
        places=(row.get("facility", ""),),
    )


def _as_row(cells: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    row = {}
    for column, cell in zip(columns, cells, strict=True):
        if column:
            value = cell if column == "report_text" else cell.strip()
            is_name = column.endswith(("_last", "_first", "_name"))
            row[column] = "" if value.lower() in _EMPTY and not is_name else value
    return row


def _style(sample: Sequence[_Line], columns: Sequence[str], zone: tzinfo) -> DateStyle:
    places = [i for i, name in enumerate(columns) if name in {"observed", "reported"}]
    dates = [cells[i] for _, cells in sample if cells is not None for i in places if i < len(cells)]
    return DateStyle(zone, any(looks_month_first(value) for value in dates))


def _item(line: _Line, layout: Layout, style: DateStyle, source: str) -> Item:
    number, cells = line
    position = Position(source, line=number)
    if cells is None:
        return refuse(position, "unreadable_line")
    wanted = len(layout.columns)
    while len(cells) > wanted and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) != wanted:
        return refuse(position, "wrong_columns", found=len(cells), wanted=wanted)
    return complete(raw_report(_as_row(cells, layout.columns)), position, style)


def read_csv(path: Path, source: str, *, zone: tzinfo = UTC) -> Iterator[Item]:
    """Yield an item for each line of the table at ``path``; memory does not grow with the file.

    Args:
        path: the file.
        source: the name under which it was sent.
        zone: the time zone of dates that name none.

    Raises:
        InvalidInput: at once, when there is no heading line or a needed column is missing.
    """
    layout = detect_layout(path)
    if layout is None:
        raise InvalidInput(
            N_(
                "The first line of “%(name)s” does not name the columns. It must hold at least "
                "accession and report_text, separated by commas, semicolons or tabs; "
                "nothing was imported."
            ),
            name=source,
        )
    _require(layout)
    return _read(path, source, layout, zone)


def _read(path: Path, source: str, layout: Layout, zone: tzinfo) -> Iterator[Item]:
    with path.open(encoding=layout.encoding, errors="replace", newline="") as file:
        lines = (line for line in _lines(file, layout.delimiter) if line[1] is None or any(line[1]))
        for _, cells in lines:
            if cells is None or (len(cells) > 1 and not cells[0].lower().startswith("sep=")):
                break
        sample = list(itertools.islice(lines, _SAMPLE))
        style = _style(sample, layout.columns, zone)
        for line in itertools.chain(sample, lines):
            yield _item(line, layout, style, source)
