"""Which tables does a workbook hold, and on which of its sheets?"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from peeraudit.adapters.readers.drafts import SAMPLE, Draft, Fixed, draft
from peeraudit.adapters.readers.workbooks import HEADING_ROWS, Workbook
from peeraudit.domain.errors import N_, InvalidInput
from peeraudit.domain.intake.layouts import SheetPlan, TableLayout
from peeraudit.domain.intake.sheets import holds_table


class DraftedBook(NamedTuple):
    """The tables of a workbook, the most likely one first, and what each sheet holds of them."""

    kinds: tuple[Draft, ...]
    plans: tuple[SheetPlan, ...]


def draft_workbook(path: Path, name: str, fixed: Fixed) -> DraftedBook:
    """Return the tables of a workbook: sheets with the same headings are one.

    Args:
        path: the file.
        name: the name under which it was sent.
        fixed: what a person said already.

    Raises:
        InvalidInput: it cannot be opened, or has no sheet at all.
    """
    book = Workbook(path, name)
    drafts = {sheet: _draft_sheet(book, sheet, None) for sheet in book.sheets}
    if not drafts:
        raise InvalidInput(
            N_("“%(name)s” holds no sheet with cells; nothing was imported."), name=name
        )
    best = _best(book, drafts)
    rows = dict(fixed.rows)
    if fixed.header_row is not None:
        rows[best.layout.sheet] = fixed.header_row
    return _by_kind(book, best, drafts, rows)


def _best(book: Workbook, drafts: Mapping[str, Draft]) -> Draft:
    return max(
        drafts.values(),
        key=lambda d: (
            not d.layout.missing, d.layout.sheet in book.shown, d.known, len(d.rows)
        ),
    )  # fmt: skip


def _by_kind(
    book: Workbook, best: Draft, drafts: Mapping[str, Draft], rows: Mapping[str, int]
) -> DraftedBook:
    kinds: list[Draft] = []
    kind_of: dict[str, int | None] = {}
    # What a workbook hides is never the first sheet of a table that others show.
    for sheet in (best.layout.sheet, *book.shown, *book.sheets):
        if sheet in kind_of:
            continue
        found = drafts[sheet]
        if kinds and not holds_table([found.layout.headings, *found.rows]):
            kind_of[sheet] = None
            continue
        if sheet in rows:
            found = _draft_sheet(book, sheet, rows[sheet])
        same = [one for one in book.sheets if one not in kind_of and _is_like(book, one, found)]
        kind_of |= dict.fromkeys([sheet, *same], len(kinds))
        # A sheet for each month: none of them is left out because another has more rows.
        is_of_several = len({sheet, *same} & set(book.shown)) > 1
        kinds.append(_named(found, "" if is_of_several else sheet))
    hidden = set(book.sheets) - set(book.shown)
    plans = (SheetPlan(sheet, kind_of[sheet], sheet in hidden) for sheet in book.sheets)
    return DraftedBook(tuple(kinds), tuple(plans))


def _is_like(book: Workbook, sheet: str, found: Draft) -> bool:
    return bool(found.layout.headings and book.heading_line(sheet, found.layout.headings))


def _named(found: Draft, sheet: str) -> Draft:
    return replace(found, layout=replace(found.layout, sheet=sheet))


def _draft_sheet(book: Workbook, sheet: str, chosen: int | None) -> Draft:
    rows = list(islice(book.rows(sheet), SAMPLE + HEADING_ROWS))
    cells = [list(row.cells) for row in rows]
    if chosen is not None:
        chosen = sum(row.line <= chosen for row in rows)
    found = draft(TableLayout("xlsx", sheet=sheet), cells, chosen)
    header = found.layout.header_row
    # Rows without any cell are not yielded: the sheet's own number counts.
    return replace(
        found, layout=replace(found.layout, header_row=rows[header - 1].line if header else 0)
    )
