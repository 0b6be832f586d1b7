"""How is one table of reports written, and which field does each of its columns hold?"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Final, Literal, cast, get_args

from peeraudit.domain.errors import N_, InvalidFields, InvalidInput, Msgid
from peeraudit.domain.intake.headings import (
    DATES,
    FIELD_NAMES,
    FIELDS,
    REPEATING,
    TEXT_PARTS,
    heading_key,
)
from peeraudit.domain.sentences import Sentence

TableKind = Literal["csv", "xlsx"]
DateOrder = Literal["year_first", "day_first", "month_first", "excel", "excel_1904", "ask"]
ENCODINGS: Final = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32",
    "cp1252", "latin-1", "iso8859-15", "mac-roman", "cp850",
)  # fmt: skip
DELIMITERS: Final = (",", ";", "\t", "|")
QUOTES: Final = ('"', "'", "")
MAX_COLUMNS: Final = 2000
MAX_PARTS: Final = 200
_LABELS: Final = {known.name: known.label for known in FIELDS}


@dataclass(frozen=True, slots=True)
class TableLayout:
    """How one table is written; what a person sees, corrects, and has remembered.

    Attributes:
        kind: ``csv`` (any separated text) or ``xlsx``.
        encoding: the codec's name, one of `ENCODINGS`; empty for a workbook.
        delimiter: what separates cells, one of `DELIMITERS`; empty for a workbook.
        quote: what encloses cells that hold separators, or empty; empty for a workbook.
        sheet: the name of the sheet in a workbook; empty where every sheet that is shown and
            has these headings is read.
        header_row: the row that names the columns, from 1; 0 where no row does. In a text,
            rows count as records, so that a quoted cell of several lines is one row.
        headings: what the row says, one for each column; shape (n,).
        columns: the field of each column, empty for one that is not read; shape (n,).
        dates: for each date field that a column holds, how its dates are written; ``ask``
            where the file does not tell whether the day or the month comes first.
        more: in a workbook, how sheets with other headings are written.
        left_out: in a workbook, the names of the sheets that nobody wants to be read.
        bare: in a workbook, the names of the sheets that hold no table; they are only told.
    """

    kind: TableKind
    encoding: str = ""
    delimiter: str = ""
    quote: str = ""
    sheet: str = ""
    header_row: int = 1
    headings: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    dates: Mapping[str, DateOrder] = field(default_factory=dict)
    more: tuple["TableLayout", ...] = ()
    left_out: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()

    def to_json(self) -> str:
        """Return the layout as one line of JSON, the same for equal layouts."""
        return json.dumps(self._content(), ensure_ascii=False)

    def _content(self) -> dict[str, object]:
        content: dict[str, object] = {
            known.name: getattr(self, known.name) for known in fields(self)
        }
        content["dates"] = dict(sorted(self.dates.items()))
        content["more"] = [part._content() for part in self.more]
        # A table that is no workbook, or one of a single kind, has none of these.
        return {name: said for name, said in content.items() if said or name not in _OF_SHEETS}

    @classmethod
    def from_json(cls, text: str) -> "TableLayout":
        """Return the layout that ``to_json`` wrote, or that a client sent; not yet checked.

        Raises:
            InvalidInput: the text is something else, with what is wrong.
        """
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            raise _not_a_layout("JSON") from None
        return cls._from(content)

    @classmethod
    def _from(cls, content: object, *, is_part: bool = False) -> "TableLayout":
        if not isinstance(content, dict):
            raise _not_a_layout("JSON")
        for name, value in content.items():
            is_deep = is_part and name in _OF_SHEETS
            if name not in _SHAPES or is_deep or not _SHAPES[name](value):
                raise _not_a_layout(str(name)[:40])
        if content.get("kind") not in get_args(TableKind):
            raise _not_a_layout("kind")
        content |= {name: tuple(content[name]) for name in _LISTS if name in content}
        content["more"] = tuple(cls._from(one, is_part=True) for one in content.get("more", ()))
        return cls(**content)

    @property
    def parts(self) -> tuple["TableLayout", ...]:
        """Return how each kind of sheet is written; of a text, this alone."""
        return (replace(self, more=(), left_out=(), bare=()), *self.more)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the fields without which no report can be kept and that no column holds."""
        known = set(self.columns)
        lacking = [] if "accession" in known else ["accession"]
        if not known & {"report_text", *TEXT_PARTS}:
            lacking.append("report_text")
        if not known & {"observed", "reported"}:
            lacking.append("observed")
        return tuple(lacking)

    @property
    def questions(self) -> tuple[str, ...]:
        """Return the date fields of which a person must say how they are written."""
        held = set(self.columns)
        return tuple(name for name in DATES if name in held and self.dates.get(name) == "ask")

    @property
    def signature(self) -> str:
        """Return a key that tables of the same export share: the headings, in order."""
        return "\x1f".join(heading_key(heading) or heading.strip() for heading in self.headings)

    def validate(self, *, frame_only: bool = False) -> None:
        """Make sure that reports can be read by this layout.

        Args:
            frame_only: whether the table may come without texts, as a frame does.

        Raises:
            InvalidInput: no column holds a needed field; it is named.
            InvalidFields: parts of the layout are not possible, by the part's name.
        """
        for part in self.more:
            part.validate(frame_only=frame_only)
        wrong = _impossible(self)
        if wrong:
            raise InvalidFields(wrong)
        needed = [n for n in self.missing if not (n == "report_text" and frame_only)]
        if needed:
            # One after the other: a field's name is translated by itself.
            raise InvalidInput(
                N_(
                    "No column is said to hold “%(field)s”, and no report can be read without it. "
                    "Choose the column that holds it, or name it in the heading row and send the "
                    "file again; nothing was imported."
                ),
                field=Msgid(label_of(needed[0])),
            )

    def with_columns(self, columns: Sequence[str]) -> "TableLayout":
        """Return the layout with other fields for its columns; new date fields are to ask.

        Args:
            columns: the field of each column, empty for one that is not read; shape (n,).
        """
        held = tuple(columns)
        kept: dict[str, DateOrder] = {
            name: self.dates.get(name, "ask") for name in DATES if name in held
        }
        return replace(self, columns=held, dates=kept)

    def with_dates(self, orders: Mapping[str, DateOrder]) -> "TableLayout":
        """Return the layout with a person's answers on how dates are written."""
        return replace(self, dates={**self.dates, **orders})


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """One sheet of a workbook.

    Attributes:
        name: what it is called.
        kind: which of the workbook's tables it holds, from 0; None where it holds none.
        is_hidden: whether the workbook hides it.
    """

    name: str
    kind: int | None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class LayoutGuess:
    """What was found out about a table before anything is read from it.

    Attributes:
        layout: how the table seems to be written.
        confidence: how sure that is, in [0, 1]; 0 when a needed field was not found.
        doubts: what a person should look at, most important first; empty when nothing.
        preview: the first rows after the heading row, cells cut short; shape (rows, columns).
        sheets: the names of the sheets of a workbook, else empty.
        remembered: whether a layout that was corrected before decided.
        plans: the sheets of a workbook, each with the table that it holds; else empty.
        kinds: the guess of each table of a workbook; else empty.
        is_left_out: whether tables with these headings were left out the last time.
    """

    layout: TableLayout
    confidence: float
    doubts: tuple[Sentence, ...] = ()
    preview: tuple[tuple[str, ...], ...] = ()
    sheets: tuple[str, ...] = ()
    remembered: bool = False
    plans: tuple[SheetPlan, ...] = ()
    kinds: tuple["LayoutGuess", ...] = ()
    is_left_out: bool = False

    @property
    def tables(self) -> tuple["LayoutGuess", ...]:
        """Return the guess of each table: of a text, this alone."""
        return self.kinds or (self,)

    @property
    def wanted(self) -> tuple["LayoutGuess", ...]:
        """Return the guess of each table that is read unless a person says otherwise."""
        shown = {plan.kind for plan in self.plans if not plan.is_hidden}
        return tuple(
            table
            for number, table in enumerate(self.tables)
            if not number or (number in shown and not table.is_left_out)
        )


def recall(layout: TableLayout, remembered: Sequence[TableLayout]) -> TableLayout | None:
    """Return ``layout`` with the fields and dates of the same export's remembered layout.

    Columns are recognised by their heading, so that an export that was reordered, or that
    gained a column, keeps what was decided for the others.

    Args:
        layout: what was guessed of the file at hand.
        remembered: earlier corrected layouts, the newest first.
    """
    ours = _by_heading(layout)
    for old in remembered:
        theirs = _by_heading(old)
        used = {key for key, column in theirs.items() if column}
        if not used or not used <= set(ours) or old.kind != layout.kind:
            continue
        taken = {column for column in theirs.values() if column not in REPEATING}
        columns = [
            theirs.get(key, "" if column in taken else column) for key, column in ours.items()
        ]
        decided = {**layout.dates, **{n: o for n, o in old.dates.items() if o != "ask"}}
        orders = {name: order for name, order in decided.items() if name in columns}
        return layout.with_columns(columns).with_dates(orders)
    return None


def _by_heading(layout: TableLayout) -> dict[str, str]:
    """Return the field of each column by its heading; a heading that repeats keeps its place."""
    found: dict[str, str] = {}
    # A table may have no headings at all: then no column is known by one.
    for number, (heading, column) in enumerate(zip(layout.headings, layout.columns, strict=False)):
        key = heading_key(heading) or heading.strip()
        found[key if key and key not in found else f"{key}#{number}"] = column
    return found


def _not_a_layout(part: str) -> InvalidInput:
    return InvalidInput(
        N_(
            "The description of the table’s columns cannot be used: see “%(part)s”. Let the "
            "columns be guessed from the file, and correct that description."
        ),
        part=part,
    )


def _is_words(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= MAX_COLUMNS
        and all(isinstance(word, str) and len(word) <= 1000 for word in value)
    )


def _is_list(value: object) -> bool:
    return isinstance(value, list) and len(value) <= MAX_PARTS


def _is_orders(value: object) -> bool:
    return isinstance(value, dict) and all(
        name in DATES and order in get_args(DateOrder) for name, order in value.items()
    )


def _is_short(value: object) -> bool:
    return isinstance(value, str) and len(value) <= 200


def _is_row(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10_000


_SHAPES: Final = {
    "kind": _is_short,
    "encoding": _is_short,
    "delimiter": _is_short,
    "quote": _is_short,
    "sheet": _is_short,
    "header_row": _is_row,
    "headings": _is_words,
    "columns": _is_words,
    "dates": _is_orders,
    "more": _is_list,
    "left_out": _is_words,
    "bare": _is_words,
}
_OF_SHEETS: Final = frozenset({"more", "left_out", "bare"})
_LISTS: Final = ("headings", "columns", "left_out", "bare")


def _impossible(layout: TableLayout) -> dict[str, InvalidInput]:
    wrong: dict[str, InvalidInput] = {}
    is_text = layout.kind == "csv"
    if is_text and layout.encoding not in ENCODINGS:
        wrong["encoding"] = InvalidInput(
            N_("This encoding is not known. Choose one of: %(known)s."), known=", ".join(ENCODINGS)
        )
    if is_text and (layout.delimiter not in DELIMITERS or layout.quote not in QUOTES):
        wrong["delimiter"] = InvalidInput(
            N_("Cells are separated by a comma, a semicolon, a tab or a bar.")
        )
    if not layout.columns or len(layout.columns) > MAX_COLUMNS:
        wrong["columns"] = InvalidInput(N_("The table has no columns. Choose another heading row."))
    elif len(layout.headings) not in {0, len(layout.columns)}:
        wrong["columns"] = InvalidInput(N_("Give a field, or nothing, for each column."))
    wrong |= _wrong_columns(layout)
    return wrong


def _wrong_columns(layout: TableLayout) -> dict[str, InvalidInput]:
    unknown = [column for column in layout.columns if column and column not in FIELD_NAMES]
    if unknown:
        return {
            "columns": InvalidInput(
                N_("There is no field “%(name)s”. Choose one of the list."), name=unknown[0][:60]
            )
        }
    once = [column for column in layout.columns if column and column not in REPEATING]
    twice = next((column for column in once if once.count(column) > 1), "")
    if twice:
        return {
            "columns": InvalidInput(
                N_("Two columns are said to hold “%(name)s”. Choose one of them."),
                name=Msgid(label_of(twice)),
            )
        }
    return {}


def label_of(name: str) -> str:
    """Return what a page calls the field ``name``, an English sentence to translate."""
    return _LABELS.get(name, name)


def as_order(value: str) -> DateOrder:
    """Return ``value`` as a way to write dates.

    Raises:
        InvalidInput: there is no such way.
    """
    if value not in get_args(DateOrder):
        raise InvalidInput(
            N_("There is no way “%(name)s” to write dates. Choose one of: %(known)s."),
            name=value[:40],
            known=", ".join(get_args(DateOrder)),
        )
    return cast("DateOrder", value)
