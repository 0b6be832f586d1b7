"""What becomes of each sheet of a workbook: read, by which layout, or left out?"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from peeraudit.domain.errors import N_, InvalidInput
from peeraudit.domain.intake.headings import name_columns
from peeraudit.domain.intake.layouts import SheetPlan, TableLayout

_HEADING_ROWS: Final = 40
_NEEDED: Final = frozenset({"accession", "report_text"})
_IS_TABLE: Final = 3
_ROWS_OF_A_TABLE: Final = 2


def holds_table(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first rows of a sheet look like a table, and not like a note or a legend.

    Args:
        rows: its first rows that hold anything.
    """
    for row in rows[:_HEADING_ROWS]:
        named = set(filter(None, name_columns(list(row))))
        # One alone may be chance: a legend of modalities has a line “CR”.
        if len(named) >= _IS_TABLE or (len(named) > 1 and named & _NEEDED):
            return True
    return sum(_filled(row) >= _IS_TABLE for row in rows) >= _ROWS_OF_A_TABLE


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def join_kinds(
    kinds: Sequence[TableLayout],
    plans: Sequence[SheetPlan],
    read: Collection[str],
    left_out: Collection[str],
) -> TableLayout:
    """Return the layout of a whole workbook.

    Args:
        kinds: how each of its tables is written.
        plans: its sheets.
        read: the names of those that are read.
        left_out: the names of those that a person wants left out.

    Raises:
        InvalidInput: none is read.
    """
    parts: list[TableLayout] = []
    for number, kind in enumerate(kinds):
        ours = [plan for plan in plans if plan.kind == number and plan.name in read]
        if any(not plan.is_hidden for plan in ours):
            parts.append(kind)
        # One layout is for all sheets that are shown and have its headings, whatever their number.
        hidden = [plan.name for plan in ours if plan.is_hidden]
        parts += [replace(kind, sheet=name) for name in hidden]
    if not parts:
        raise InvalidInput(N_("No sheet is left to be read. Choose one of them at least."))
    return replace(
        parts[0],
        more=tuple(parts[1:]),
        left_out=tuple(plan.name for plan in plans if plan.name in left_out),
        bare=tuple(plan.name for plan in plans if plan.kind is None),
    )


def is_left_out(layout: TableLayout, remembered: Sequence[TableLayout]) -> bool:
    """Tell whether tables with these headings were left out the last time.

    Args:
        layout: how the table is written.
        remembered: what was decided before, the newest first.
    """
    same = (old for old in remembered if old.headings and old.signature == layout.signature)
    last = next(same, None)
    return last is not None and not any(last.columns)
