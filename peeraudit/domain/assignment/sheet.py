"""How is a plan written as a table that a person edits, and what does an edited one ask for?"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import StringIO

from peeraudit.domain.errors import N_, InvalidInput
from peeraudit.domain.workflow import Turn

COLUMNS = (
    "case",
    "reading",
    "reviewer",
    "name",
    "department",
    "modality",
    "region",
    "reason",
    "alternates",
)
"""Only the first three are read back; the others help the person who edits."""

NEEDED = COLUMNS[:3]
READINGS: Mapping[str, Turn] = {
    "1": Turn.FIRST,
    "2": Turn.SECOND,
    "first": Turn.FIRST,
    "second": Turn.SECOND,
}
MOST_LINES = 250_000
_RISKY = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Wish:
    """One reading as a person asks for it.

    Attributes:
        line: where it stands in the table, from 1; the headings are line 1.
        case: the case's code.
        reading: ``1`` or ``2``; other words are told to be wrong where the line is checked.
        reviewer: the reviewer's e-mail address.
    """

    line: int
    case: str
    reading: str
    reviewer: str

    @property
    def turn(self) -> Turn | None:
        """Return which reading is meant; None where the word is unknown."""
        return READINGS.get(self.reading.lower())


def write_sheet(rows: Iterable[Mapping[str, str]], *, delimiter: str = ",") -> str:
    """Return the readings of a plan as a CSV table with headings, lines ended as in a file.

    Args:
        rows: the cells of each line, by column; what is missing is left empty.
        delimiter: ``,`` or ``;``, the latter for French spreadsheets.
    """
    target = StringIO()
    writer = csv.writer(target, delimiter=delimiter)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_harmless(row.get(column, "")) for column in COLUMNS])
    return target.getvalue()


def read_sheet(text: str) -> list[Wish]:
    """Return what an edited table asks for, line by line; empty lines are passed over.

    Args:
        text: CSV with headings, separated by comma, semicolon or tabulator.

    Raises:
        InvalidInput: a needed column is missing, the table is empty, too long or broken.
    """
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    head = lines[0] if lines else ""
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    headings = [cell.strip().lower() for cell in next(reader, [])]
    missing = [name for name in NEEDED if name not in headings]
    if missing:
        raise InvalidInput(
            N_("The table lacks the column “%(column)s”. It needs: case, reading, reviewer."),
            column=missing[0],
        )
    places = [headings.index(name) for name in NEEDED]
    found = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            wanted = [cells[i].strip().removeprefix("'") if i < len(cells) else "" for i in places]
            found.append(Wish(reader.line_num, *wanted))
            if len(found) > MOST_LINES:
                raise InvalidInput(N_("The table has more than %(most)d lines."), most=MOST_LINES)
    except csv.Error:
        raise InvalidInput(
            N_("Line %(line)d of the table cannot be read: check its quotation marks."),
            line=reader.line_num,
        ) from None
    return found


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_RISKY) else cell
