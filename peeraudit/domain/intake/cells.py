"""What does a cell of a table mean, once the marks of spreadsheets are taken off?"""

import re
from typing import Final

_NOTHING: Final = frozenset(
    {
        "", '""', "''", "null", "none", "n/a", "na", "nan", "nat", "-", "--", "\\n", "#n/a",
        "#ref!", "#value!", "#name?", "(null)", "nil", "nr", "non renseigné", "non renseigne",
    }
)  # fmt: skip
_MARKS: Final = frozenset("\ufeff='")
_AS_TEXT: Final = re.compile(r'^="(.*)"$', re.DOTALL)
_LONGEST_NOTHING: Final = max(map(len, _NOTHING))
_DECIMAL: Final = re.compile(r"^(\d+)[.,]0+$")
_GROUPED: Final = re.compile(r"^\d{1,3}(?:[ \u00a0\u202f]\d{3})+$|^\d{1,3}(?:,\d{3}){2,}$")
_ROUNDED: Final = re.compile(r"^\d(?:[.,]\d+)?[eE]\+?\d{1,3}$")


def plain_cell(cell: str, *, may_be_nothing: bool = True) -> str:
    """Return what a cell says, without surrounding space and spreadsheet marks.

    Args:
        cell: as the table holds it.
        may_be_nothing: whether ``null``, ``n/a`` and the like mean an empty cell; not so for
            names, since there are people called Na and Null.
    """
    value = cell.strip()
    # Asked of every cell of a feed: what is seldom is told apart by its first character.
    if value[:1] in _MARKS:
        value = _without_marks(value)
    is_short = may_be_nothing and len(value) <= _LONGEST_NOTHING
    return "" if is_short and value.lower() in _NOTHING else value


def _without_marks(cell: str) -> str:
    value = cell.removeprefix("\ufeff")
    wrapped = _AS_TEXT.match(value)
    if wrapped:
        value = wrapped[1].strip()
    if len(value) > 1 and value[0] == "'" and value[1].isdigit():
        value = value[1:]
    return value


def plain_number(cell: str) -> str:
    """Return an identifier as it was before a spreadsheet took it for a quantity.

    ``7795083283.0`` and ``7 795 083 283`` become ``7795083283``; what is not such a number is
    returned as it is.
    """
    if cell.isalnum():
        return cell
    whole = _DECIMAL.match(cell)
    if whole:
        return whole[1]
    return re.sub(r"[^\d]", "", cell) if _GROUPED.match(cell) else cell


def is_rounded(cell: str) -> bool:
    """Tell whether a spreadsheet cut an identifier to some digits, as in ``7.79508E+09``."""
    return bool(_ROUNDED.match(cell))
