"""Which row of a table names its columns, and what do they hold?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from peeraudit.adapters.readers.workbooks import HEADING_ROWS
from peeraudit.domain.intake.headings import name_columns
from peeraudit.domain.intake.layouts import MAX_COLUMNS, TableLayout

SAMPLE: Final = 200
"""So many rows behind the headings are looked at."""

_IS_TABLE: Final = 2


@dataclass(frozen=True, slots=True)
class Fixed:
    """What a person already said about a table; the rest is guessed. Empty means not said.

    Attributes:
        encoding: of a text.
        delimiter: of a text.
        header_row: the row of the headings, 0 for none.
        rows: the same for the further tables of a workbook, by the first sheet of each.
    """

    encoding: str = ""
    delimiter: str = ""
    header_row: int | None = None
    rows: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """One way to read a table, with the first rows that it gives."""

    layout: TableLayout
    rows: Sequence[Sequence[str]]

    @property
    def known(self) -> int:
        """Return how many columns hold a known field."""
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


def draft(layout: TableLayout, rows: list[list[str]], chosen: int | None) -> Draft:
    """Return the draft whose heading row names most fields.

    Args:
        layout: what is known of the table.
        rows: its first rows.
        chosen: the row of the headings where a person said so, 0 for none.
    """
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
        return Draft(replace(layout, header_row=0, columns=("",) * width), body)
    headings = rows[header - 1][:MAX_COLUMNS]
    while len(headings) > 1 and not headings[-1].strip():
        headings = headings[:-1]
    columns = tuple(name_columns(headings))
    return Draft(
        replace(layout, header_row=header, headings=tuple(headings), columns=columns), body
    )


def _plain_header(rows: list[list[str]]) -> int:
    """Return 1 when the first row looks like headings of unknown names, else 0."""
    first = [cell.strip() for cell in rows[0]] if rows else []
    if len(first) < 2 or not all(first):
        return 0
    short = all(len(cell) <= 60 and not cell[:1].isdigit() for cell in first)
    return int(short and len(set(first)) == len(first))
