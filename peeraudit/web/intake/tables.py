"""What a person says on the page of how the tables of a file are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext

from peeraudit.adapters.readers.drafts import Fixed
from peeraudit.domain.errors import DomainError, InvalidFields
from peeraudit.domain.intake.headings import DATES
from peeraudit.domain.intake.layouts import (
    DELIMITERS,
    ENCODINGS,
    DateOrder,
    LayoutGuess,
    SheetPlan,
    TableLayout,
    as_order,
    label_of,
)
from peeraudit.domain.intake.sheets import join_kinds
from peeraudit.web.errors import tell

READ, LEFT_OUT = "read", "left_out"


@dataclass(frozen=True, slots=True)
class ShownTable:
    """One table as the page shows it.

    Attributes:
        prefix: of the names of its fields; empty for the first one.
        guess: how it seems to be written.
        layout: how it is, as far as a person said.
        sheets: the sheets of a workbook that hold it.
        is_read: whether one of them is read.
        errors: what is wrong with what was said.
    """

    prefix: str
    guess: LayoutGuess
    layout: TableLayout
    sheets: tuple[str, ...]
    is_read: bool
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownSheet:
    """A sheet of a workbook: the field that says what becomes of it, and what it says."""

    plan: SheetPlan
    name: str
    is_read: bool


def fixed_of(values: Mapping[str, str]) -> Fixed:
    """Return what a person said of encoding, separator and rows of headings."""
    delimiter = {"tab": "\t"}.get(values.get("delimiter", ""), values.get("delimiter", ""))
    rows: dict[str, int] = {}
    number = 1
    while (sheet := values.get(f"table{number}-sheet")) is not None:
        row = _row(values.get(f"table{number}-header_row", ""))
        rows |= {} if row is None else {sheet: row}
        number += 1
    return Fixed(
        encoding=values["encoding"] if values.get("encoding") in ENCODINGS else "",
        delimiter=delimiter if delimiter in DELIMITERS else "",
        header_row=_row(values.get("header_row", "")),
        rows=rows,
    )


def _row(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 4 else None


def sheets_of(guess: LayoutGuess, form: Mapping[str, str]) -> list[ShownSheet]:
    """Return the sheets of a workbook with what a person wants of each; else what is likely."""
    shown = []
    for number, plan in enumerate(guess.plans):
        kind = None if plan.kind is None else guess.tables[plan.kind]
        name = f"sheet-{number}"
        likely = kind is not None and not kind.is_left_out and not plan.is_hidden
        # A workbook that shows no reports may hide them: its table is named by that sheet.
        likely |= plan.kind == 0 and guess.tables[0].layout.sheet == plan.name
        said = form.get(name, READ if likely else LEFT_OUT)
        shown.append(ShownSheet(plan, name, kind is not None and said == READ))
    return shown


def tables_of(
    guess: LayoutGuess, sheets: Sequence[ShownSheet], form: Mapping[str, str]
) -> list[ShownTable]:
    """Return the tables of a file as a person described them."""
    tables = []
    for number, kind in enumerate(guess.tables):
        ours = [one for one in sheets if one.plan.kind == number]
        prefix = f"table{number}-" if number else ""
        table = ShownTable(
            prefix,
            kind,
            kind.layout,
            tuple(one.plan.name for one in ours),
            not sheets or any(one.is_read for one in ours),
        )
        tables.append(_said(table, form) if form else table)
    return tables


def _said(table: ShownTable, form: Mapping[str, str]) -> ShownTable:
    """Return a table with what the form says of it."""
    layout, prefix = table.layout, table.prefix
    is_same = not prefix or form.get(f"{prefix}sheet") == table.sheets[0]
    if not is_same or form.get(f"{prefix}width") != str(len(layout.columns)):
        # The choices do not belong to these columns, which nobody has seen yet.
        problem = gettext("Read so, the table has other columns. Look at them, then confirm.")
        return replace(table, errors=(problem,) if "confirm" in form and table.is_read else ())
    try:
        return replace(table, layout=_corrected(layout, prefix, form))
    except DomainError as error:
        return replace(table, errors=(tell(error),))


def _corrected(guess: TableLayout, prefix: str, form: Mapping[str, str]) -> TableLayout:
    """Return the guess with the fields and dates that a person chose."""
    columns = [form.get(f"{prefix}column-{i}", "") for i in range(len(guess.columns))]
    layout = guess.with_columns(columns)
    orders: dict[str, DateOrder] = {
        name: as_order(form[f"{prefix}order-{name}"])
        for name in DATES
        if name in columns and form.get(f"{prefix}order-{name}")
    }
    known: dict[str, DateOrder] = {
        name: order for name, order in guess.dates.items() if name in columns
    }
    return replace(layout, dates={**layout.dates, **known, **orders})


def checked(tables: Sequence[ShownTable], *, frame_only: bool) -> list[ShownTable]:
    """Return the tables with what keeps reports from being read by those that are."""
    return [_checked(one, frame_only) if one.is_read and not one.errors else one for one in tables]


def _checked(table: ShownTable, frame_only: bool) -> ShownTable:  # noqa: FBT001 - of `checked` alone
    try:
        table.layout.validate(frame_only=frame_only)
    except InvalidFields as wrong:
        return replace(table, errors=tuple(tell(error) for error in wrong.fields.values()))
    except DomainError as error:
        return replace(table, errors=(tell(error),))
    return replace(table, errors=tuple(map(_question, table.layout.questions)))


def _question(name: str) -> str:
    label = gettext(label_of(name))  # one of the fields' own labels
    return gettext("“%(field)s”: say below whether the day or the month comes first.", field=label)


def joined(tables: Sequence[ShownTable], sheets: Sequence[ShownSheet]) -> TableLayout:
    """Return the layout of the whole file.

    Raises:
        InvalidInput: no sheet is read.
    """
    if not sheets:
        return tables[0].layout
    read = {one.plan.name for one in sheets if one.is_read}
    return join_kinds(
        [table.layout for table in tables],
        [one.plan for one in sheets],
        read,
        left_out={one.plan.name for one in sheets if one.plan.kind is not None} - read,
    )
