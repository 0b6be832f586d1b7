"""Which day does a stretch of text name, and how is another written in the same style?"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from peeraudit.domain.blinding.day_names import is_french_month, month_like, month_of
from peeraudit.domain.blinding.folding import fold


class Moment(NamedTuple):
    """A day, a month or a year; 0 stands for what is not said.

    Attributes:
        year: all four digits.
        month: 1 to 12.
        day: 1 to 31.
    """

    year: int
    month: int
    day: int


class _Value(NamedTuple):
    """A number or the name of a month, and where it stands among the pieces."""

    place: int
    letter: str
    number: int


@dataclass(frozen=True, slots=True)
class Writing:
    """How a day is written.

    Attributes:
        pieces: numbers, words and what stands between them, in order; joined, the text.
        values: the pieces that tell something.
        joints: what stands between two values: ``/``, ``-``, ``.``, ``|``, ``to`` or a space.
        clock: the time of day behind it, to the minute.
    """

    pieces: tuple[str, ...]
    values: tuple[_Value, ...]
    joints: tuple[str, ...]
    clock: str

    @property
    def letters(self) -> str:
        """The kinds of the values: N a number, Y a year, y its last two digits, M a month."""
        return "".join(value.letter for value in self.values)

    @property
    def evidence(self) -> str:
        """Which goes first, ``day`` or ``month``, where this day alone tells it."""
        if self.letters not in _BY_ORDER or self.joints[-1] == ".":
            return ""
        at = self.letters.rfind("NNN") + 1 if len(self.letters) > _THREE else 0
        first, second = self.values[at].number, self.values[at + 1].number
        if first > _MONTHS >= second:
            return "day"
        return "month" if second > _MONTHS >= first else ""

    def moments(self, order: str, year: int) -> tuple[Moment, ...]:
        """Return the day, or the days, that are named; nothing where that is not certain.

        Args:
            order: what goes first in a day of numbers, ``day`` or ``month``; empty is unknown.
            year: the year of the text, which tells the century of a year of two digits.
        """
        roles = self._roles(order)
        if not roles:
            return ()
        found: dict[str, list[int]] = {role: [] for role in "DMYy"}
        for value, role in zip(self.values, roles, strict=True):
            found[role].append(value.number)
        years = found["Y"] or [_century(short, year) for short in found["y"]]
        longest = max(map(len, found.values()))
        days, months, years = (
            _stretched(numbers, longest) for numbers in (found["D"], found["M"], years)
        )
        return tuple(map(Moment, years, months, days))

    def written(self, moments: Sequence[Moment], order: str, language: str) -> str:
        """Return other days in the same style; nothing where it has no place for them.

        Args:
            moments: as many as ``moments`` returns, with the same parts.
            order: as for ``moments``.
            language: the language of the text.
        """
        roles = self._roles(order)
        shared = [{getattr(one, part) for one in moments} for part in ("year", "month")]
        for role, values in zip("YM", shared, strict=True):
            if len(values) > 1 and roles.upper().count(role) < len(moments):
                return ""
        pieces, seen = list(self.pieces), dict.fromkeys("DMYy", 0)
        for value, role in zip(self.values, roles, strict=True):
            moment = moments[min(seen[role], len(moments) - 1)]
            seen[role] += 1
            pieces[value.place] = self._piece(value, role, moment, language)
            if role == "D":
                self._set_ordinal(pieces, value.place, moment.day, language)
        return " ".join("".join(pieces).split()) + self.clock

    def _roles(self, order: str) -> str:
        """Return the part of the date of each value, by its letter; empty where unknown."""
        letters, joints = self.letters, self.joints
        if letters == "NN" and self.values[1].number > _DAYS:
            return "My"
        if letters in _BY_ORDER:
            return self._of_numbers(order)
        if letters == "MN" and self.values[1].number > _DAYS:
            return "My"
        if letters == "MNN" and joints[0] in _MARKS and joints[0] == joints[1]:
            return "MDy"
        return _ROLES.get(letters, "") if _fits(letters, joints) else ""

    def _of_numbers(self, order: str) -> str:
        joints = set(self.joints[1:] if len(self.values) > _THREE else self.joints)
        if len(joints) > 1 or not joints <= _MARKS:
            return ""
        order = "day" if joints == {"."} else self.evidence or order
        roles = _BY_ORDER[self.letters]
        if not order or (order == "month" and len(roles) > _THREE):
            return ""
        return roles if order == "day" else f"{roles[1]}{roles[0]}{roles[2:]}"

    def _piece(self, value: _Value, role: str, moment: Moment, language: str) -> str:
        if role == "Y":
            return str(moment.year)
        if role == "y":
            return f"{moment.year % 100:02}"
        if value.letter == "M":
            return month_like(self.pieces[value.place], moment.month, language)
        return f"{moment.day if role == 'D' else moment.month:0{self._width}}"

    @property
    def _width(self) -> int:
        """How many digits a day and a month have at least."""
        written = [self.pieces[v.place] for v in self.values if v.letter == "N"]
        if any(number.startswith("0") for number in written):
            return 2
        return 1 if "M" in self.letters or any(len(number) == 1 for number in written) else 2

    def _set_ordinal(self, pieces: list[str], place: int, day: int, language: str) -> None:
        after = pieces[place + 1] if place + 1 < len(pieces) else ""
        if fold(after) in _ENGLISH_ORDINALS:
            pieces[place + 1] = _ordinal(day)
        elif fold(after) == "er":
            pieces[place + 1] = "er" if day == 1 else ""
        elif day == 1 and after.isspace() and self._is_french(language):
            pieces[place] += "er"

    def _is_french(self, language: str) -> bool:
        months = [self.pieces[value.place] for value in self.values if value.letter == "M"]
        return bool(months) and is_french_month(months[0], language)


_MONTHS: Final = 12
_DAYS: Final = 31
_THREE: Final = 3
_MARKS: Final = frozenset("/-.|")
_ENGLISH_ORDINALS: Final = frozenset({"st", "nd", "rd", "th"})
_TO: Final = frozenset({"au", "et", "a", "to", "and"})
_BETWEEN: Final = _TO | _ENGLISH_ORDINALS | {"of", "de", "er"}
_AHEAD: Final = frozenset({"fin", "debut", "courant", "mi", "mid", "late", "early", "de"})
_BY_ORDER: Final[Mapping[str, str]] = {
    "NNY": "DMY", "NNN": "DMy", "NN": "DM", "NNNY": "DDMY", "NNNN": "DDMy",
}  # fmt: skip
"""Numbers whose order languages do not agree on; the roles are those where the day goes first."""
_ROLES: Final[Mapping[str, str]] = {
    "YNN": "YMD", "NY": "MY", "Y": "Y", "YY": "YY",
    "NM": "DM", "NMY": "DMY", "NMN": "DMy", "NMy": "DMy",
    "NNM": "DDM", "NNMY": "DDMY", "NNMy": "DDMy",
    "MN": "MD", "MNY": "MDY", "MNy": "MDy", "MNN": "MDD", "MNNY": "MDDY", "MNNy": "MDDy",
    "M": "M", "MY": "MY", "My": "My", "YM": "YM", "MMY": "MMY",
}  # fmt: skip
_PIECE: Final = re.compile(r"\d+|[^\W\d_]+\.?|[\W_]+")
_CLOCK: Final = re.compile(
    r"(?P<kept>(?:[ \n]?[,T]?[ ]?(?:(?:à|at|vers|@|-|–)[ ]?)?)(?<!\d)\d{1,2}(?::\d{2}|"
    r"[ ]?[hH](?:[ ]?\d{2})?|(?=[ ]?[aApP]\.?[mM]))|"
    # Four digits are an hour behind a day that has its year.
    r"(?:(?<=[/.-]\d\d)|(?<=[/.-]\d{4}))[ ]\d{4}(?:[ ]?(?:hrs?|h))?)"
    r"(?::\d{2}(?:[.,]\d{1,6})?)?(?P<half>(?:[ ]?[aApP]\.?[mM]\b\.?)?)(?:Z|[+-]\d{2}:?\d{2})?"
    r"(?:[ ](?:[ECMP][SD]T|GMT|UTC|BST|CES?T)\b)?\Z"
)
_LONGEST: Final = 60


def read_writing(text: str) -> Writing | None:
    """Return how a day is written; nothing where it is not understood.

    Args:
        text: a stretch that the rules took for a day, every space alike.
    """
    found = _CLOCK.search(text)
    head = text[: found.start()] if found else text
    pieces = tuple(_PIECE.findall(head))
    values = [_value(pieces, place) for place in range(len(pieces))]
    told = tuple(value for value in values if value is not None)
    if not told or len(text) > _LONGEST or "".join(pieces) != head:
        return None
    gaps = [pieces[: told[0].place]]
    gaps += [pieces[one.place + 1 : other.place] for one, other in pairwise(told)]
    gaps.append(pieces[told[-1].place + 1 :])
    if not _are_known(gaps):
        return None
    clock = " ".join(found["kept"].split(" ")) + found["half"] if found else ""
    return Writing(pieces, told, tuple(map(_joint, gaps[1:-1])), clock.replace("\n", " "))


def day_order(writings: Iterable[Writing | None], language: str) -> str:
    """Return what goes first in the days of a text: ``day``, ``month``, or nothing if unknown.

    The days of the text that can be read in one way only tell it, unless they disagree; without
    any, the day goes first in French.
    """
    told = {writing.evidence for writing in writings if writing} - {""}
    if told:
        return told.pop() if len(told) == 1 else ""
    return "day" if language == "fr" else ""


def _value(pieces: Sequence[str], place: int) -> _Value | None:
    piece = pieces[place]
    if piece.isdecimal():
        before = pieces[place - 1] if place else ""
        is_short = len(piece) == 2 and before[-1:] in {"'", "’"}
        kinds = {1: "N", 2: "y" if is_short else "N", 4: "Y"}
        return _Value(place, kinds.get(len(piece), "?"), int(piece))
    month = month_of(piece)
    return _Value(place, "M", month) if month else None


def _are_known(gaps: Sequence[Sequence[str]]) -> bool:
    """Return whether nothing is said between the values but what belongs to a day."""
    allowed = [_AHEAD, *([_BETWEEN] * (len(gaps) - 2)), _ENGLISH_ORDINALS | {"er"}]
    return all(
        not any(map(str.isalpha, piece)) or fold(piece) in words
        for gap, words in zip(gaps, allowed, strict=True)
        for piece in gap
    )


def _joint(gap: Sequence[str]) -> str:
    if any(fold(piece) in _TO or "&" in piece for piece in gap):
        return "to"
    mark = "".join(gap).strip().replace("–", "-")
    return mark if mark in _MARKS else " "


def _fits(letters: str, joints: Sequence[str]) -> bool:
    """Return whether what stands between the values belongs there."""
    if letters in {"YNN", "NY"}:
        return len(set(joints)) == 1 and joints[0] in _MARKS
    if letters == "NMN":
        return joints[1] in _MARKS
    if letters in {"MNN", "MNNY", "MNNy"}:
        return joints[1] in {"-", "to"}
    # "May-12" may be the day or the year.
    return letters != "MN" or joints[0] not in _MARKS


def _stretched(numbers: Sequence[int], length: int) -> list[int]:
    """Return as many numbers: what is said once holds for all, what is not said is 0."""
    return list(numbers) if len(numbers) == length else (list(numbers) or [0]) * length


def _century(short: int, year: int) -> int:
    return year - year % 100 + short - (100 if short > year % 100 + 1 else 0)


def _ordinal(day: int) -> str:
    if day // 10 == 1:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
