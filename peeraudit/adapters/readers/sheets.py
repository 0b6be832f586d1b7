"""By which layout is each sheet of a workbook read, and which are read by none?"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final, NamedTuple

from peeraudit.adapters.readers.workbooks import Workbook
from peeraudit.domain.intake.layouts import TableLayout
from peeraudit.domain.intake.refusals import refuse
from peeraudit.domain.intake.reports import Position, Refused
from peeraudit.domain.intake.sheets import holds_table

LOOKED_AT: Final = 240
"""So many rows tell how a sheet is written, its headings among them."""


class SheetToRead(NamedTuple):
    """A sheet of a workbook.

    Attributes:
        name: what it is called.
        layout: how it is read, with its own row of headings; None where it is not.
    """

    name: str
    layout: TableLayout | None


def sheets_of(book: Workbook, layout: TableLayout) -> Iterator[SheetToRead]:
    """Yield every sheet of a workbook with the part of the layout that it is read by."""
    for sheet in book.sheets:
        found = None if sheet in layout.left_out else _part_for(book, sheet, layout.parts)
        yield SheetToRead(sheet, found)


def _part_for(book: Workbook, sheet: str, parts: Sequence[TableLayout]) -> TableLayout | None:
    named = next((part for part in parts if part.sheet == sheet), None)
    if named is not None or sheet not in book.shown:
        return named
    for part in parts:
        line = 0 if part.sheet else book.heading_line(sheet, part.headings)
        if line:
            return replace(part, header_row=line)
    return None


def untold(book: Workbook, sheet: str, layout: TableLayout, source: str) -> Iterator[Refused]:
    """Yield what is told of a sheet that is not read; nothing where it holds no table.

    Args:
        book: the workbook.
        sheet: the sheet's name.
        layout: how the workbook is read.
        source: the name under which it was sent.
    """
    rows = list(islice(book.rows(sheet), LOOKED_AT))
    if not holds_table([row.cells for row in rows]):
        return
    code = "sheet_unread" if sheet in book.shown else "sheet_hidden"
    if sheet in layout.left_out:
        code = "sheet_left_out"
    lines = sum(1 for _ in book.rows(sheet))
    yield refuse(Position(source, line=rows[0].line, segment=sheet), code, lines=lines)
