"""How is a table that somebody else wrote read, so that every fault names its line?"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from peeraudit.domain.errors import N_, InvalidInput

DELIMITERS = ",;\t"
LONGEST_CELL = 100_000
"""In characters. Below the limit of the parser, which others raise for the whole process."""


@dataclass(frozen=True)
class Line:
    """One line of a table.

    Attributes:
        number: its number in the file, the heading being 1.
        values: the cells by column name in lower case, spaces around them removed.
    """

    number: int
    values: Mapping[str, str]


def read_table(text: str, *, needed: Sequence[str]) -> tuple[tuple[str, ...], list[Line]]:
    """Return the columns and lines of a CSV table.

    Args:
        text: the file; commas, semicolons or tabs separate cells, whichever its heading has
            most of. A byte order mark is ignored, and so are lines without any cell.
        needed: columns that must be there; they may be blank.

    Returns:
        The column names in the order of the file, and its lines.

    Raises:
        InvalidInput: the table has no line, lacks a column or names one twice, or a line has
            more cells than columns.
    """
    written = text.removeprefix("\ufeff").splitlines()
    if not any(line.strip() for line in written):
        raise InvalidInput(N_("The file is empty."))
    rows = csv.reader(written, delimiter=max(DELIMITERS, key=written[0].count))
    columns = tuple(name.strip().lower() for name in next(_rows(rows)))
    if not any(columns):
        raise InvalidInput(N_("The first line of the file is no heading: it names no column."))
    _check_columns(columns, needed)
    lines = []
    for row in _rows(rows):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if any(cells[len(columns) :]):
            raise InvalidInput(
                N_("Line %(line)d has more cells than the heading has columns."),
                line=rows.line_num,
            )
        padded = [*cells, *[""] * len(columns)]
        lines.append(Line(rows.line_num, dict(zip(columns, padded, strict=False))))
    if not lines:
        raise InvalidInput(N_("The table holds no line below its heading."))
    return columns, lines


def _rows(rows: Any) -> Iterator[list[str]]:  # noqa: ANN401 - the type of the reader is private
    """Yield the rows of a reader; a row that cannot be parsed is named."""
    try:
        yield from map(_checked, rows)
    except csv.Error as error:
        raise InvalidInput(
            N_("Line %(line)d is no line of a table: %(fault)s."),
            line=rows.line_num,
            fault=error,
        ) from None


def _checked(row: list[str]) -> list[str]:
    if any(len(cell) > LONGEST_CELL for cell in row):
        raise csv.Error(f"field larger than field limit ({LONGEST_CELL})")
    return row


def _check_columns(columns: Sequence[str], needed: Sequence[str]) -> None:
    absent = [name for name in needed if name not in columns]
    if absent:
        raise InvalidInput(
            N_("The table lacks the column “%(column)s”; it needs: %(columns)s."),
            column=absent[0],
            columns=", ".join(needed),
        )
    twice = [name for place, name in enumerate(columns) if name and name in columns[:place]]
    if twice:
        raise InvalidInput(N_("The table has the column “%(column)s” twice."), column=twice[0])
