"""How does a day in a text read when all days of its patient are moved alike?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from peeraudit.domain.blinding.day_names import WEEKDAYS, weekday_like
from peeraudit.domain.blinding.day_reading import Moment, Writing, day_order, read_writing
from peeraudit.domain.blinding.folding import fold
from peeraudit.domain.blinding.spans import Span

LEAST_DAYS: Final = 184
MOST_DAYS: Final = 547
_YEAR_LIKE: Final = range(348, 383)
_LENGTHS: Final = tuple(d for d in range(LEAST_DAYS, MOST_DAYS + 1) if d not in _YEAR_LIKE)
SHIFTS: Final = (*(-days for days in reversed(_LENGTHS)), *_LENGTHS)
"""All shifts there are, in days: half a year to one and a half, either way.

None is shorter: a day, a month and a year alone then all change, whatever the rounding. None is
within 17 days of a whole year, which would leave day and month nearly as they were. None is a
matter of weeks: weekdays move with the days, so a weekday that is named tells nothing of a shift.
"""

_MONTH_DAYS: Final = 30.4375
_YEAR_DAYS: Final = 365.25
_OLDEST: Final = 89
"""Years before the examination from which on a day tells an age that few people reach."""

_BIRTH: Final = re.compile(
    r"(?<!\w)(?i:n[ée](?:e|\(e\)|[.·]e)?|born|birth|birthdate|birthday|naissance|d\.?o\.?b|"
    r"d\.?d\.?n)(?!\w)[^\n]{0,40}(?:\n[ \t]*)?\Z"
)
_BIRTH_BEHIND: Final = re.compile(r"[ \t]*[(,:-]?[ \t]*(?i:dob|ddn|date of birth|date de nai)")
_BIRTH_REACH: Final = 64
_WEEKDAY: Final = re.compile(
    rf"(?P<lead>(?:[lL]e[ ])?)(?P<x>(?i:{'|'.join(WEEKDAYS)}))"
    r"(?P<gap>\.?(?:,[ ]?|[ ])(?:(?i:le|the)[ ])?)"
)
_WEEK: Final = 7
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class DayShift:
    """By how much the days in the texts of one patient move.

    Attributes:
        days: one of ``SHIFTS``, in days.
        year: the year of the examination, in which days without a year are read.
        births: known days of birth, which are masked and never moved.
    """

    days: int
    year: int
    births: tuple[date, ...] = ()

    @property
    def months(self) -> int:
        """How far a month without its day moves, in months."""
        return round(self.days / _MONTH_DAYS)

    @property
    def years(self) -> int:
        """How far a year alone moves, in years: one, either way."""
        return round(self.days / _YEAR_DAYS)


def shift_of(digest: bytes) -> int:
    """Return a shift in days, all of ``SHIFTS`` equally likely to within 1e-16.

    Args:
        digest: at least 8 bytes that nobody can foretell without a key.
    """
    return SHIFTS[int.from_bytes(digest[:8]) % len(SHIFTS)]


def move_days(text: str, spans: Sequence[Span], shift: DayShift, language: str) -> list[Span]:
    """Return hidden stretches with the moved day to be shown in place of each that is one.

    What cannot be moved for sure stays masked: a day that may be read in two ways (05/04/2023 in
    English, unless other days of the text tell the order), one that is none (31/02), one with a
    weekday that is not its own, one in words, a row of eight digits. Masked stay a day of birth,
    days from which an age above 89 follows, and what a coordinator masked by hand.

    Args:
        text: the input text.
        spans: what is hidden, in order, not overlapping.
        shift: by how much.
        language: ``fr`` or ``en``; in French the day goes first.

    Source:
        Hripcsak G. et al. (2016). Preserving temporal relations in clinical data while
        maintaining privacy. doi:10.1093/jamia/ocw001
    """
    even = text.replace("\u00a0", " ").replace("\u202f", " ").replace("\t", " ")
    writings = {
        span: read_writing(even[_day_start(even, span) : span.end])
        for span in spans
        if span.kind == "date" and span.layer != "coordinator"
    }
    mover = _Mover(even, shift, language, day_order(writings.values(), language))
    moved: list[Span] = []
    for span in spans:
        last = moved[-1].end if moved else 0
        writing = writings.get(span)
        moved.append(mover.moved(span, writing, last) if writing else span)
    return moved


@dataclass(frozen=True, slots=True)
class _Mover:
    even: str
    shift: DayShift
    language: str
    order: str

    def moved(self, span: Span, writing: Writing, last: int) -> Span:
        """Return a stretch with what is shown in its place, a weekday of its own among it.

        Args:
            span: the stretch.
            writing: how its day is written.
            last: where the stretch before it ends.
        """
        days = writing.moments(self.order, self.shift.year)
        if not days or self._is_telling(span, days, last):
            return span
        try:
            new = [_later(day, self.shift) for day in days]
        except ValueError:
            return span
        shown = writing.written(new, self.order, self.language)
        found = _WEEKDAY.match(self.even, span.start, span.end)
        if not shown or not found:
            return span._replace(shown=shown)
        own = date(days[0].year or self.shift.year, *days[0][1:]).weekday() if days[0].day else -1
        if own != WEEKDAYS[fold(found["x"])][0]:
            return span
        weekday = weekday_like(found["x"], (own + self.shift.days) % _WEEK)
        return span._replace(shown=f"{found['lead']}{weekday}{found['gap']}{shown}")

    def _is_telling(self, span: Span, days: Sequence[Moment], last: int) -> bool:
        """Return whether a day is one of birth, or so long ago that it tells a rare age."""
        if any(_may_be(birth, day) for day in days for birth in self.shift.births):
            return True
        if any(day.year and day.year < self.shift.year - _OLDEST for day in days):
            return True
        before = self.even[max(last, span.start - _BIRTH_REACH) : span.start]
        return bool(_BIRTH.search(before) or _BIRTH_BEHIND.match(self.even, span.end))


def _day_start(even: str, span: Span) -> int:
    """Return where the day of a stretch begins, behind its weekday."""
    found = _WEEKDAY.match(even, span.start, span.end)
    return found.end() if found else span.start


def _later(moment: Moment, shift: DayShift) -> Moment:
    """Return a day, a month or a year moved by a shift, as precise as it is.

    Raises:
        ValueError: there is no such day.
    """
    year = moment.year or shift.year
    if moment.day:
        new = date(year, moment.month, moment.day) + timedelta(days=shift.days)
        return Moment(new.year if moment.year else 0, new.month, new.day)
    if not moment.month:
        return Moment(year + shift.years, 0, 0)
    years, month = divmod(year * _MONTHS + moment.month - 1 + shift.months, _MONTHS)
    return Moment(years if moment.year else 0, month + 1, 0)


def _may_be(birth: date, moment: Moment) -> bool:
    """Return whether a day, a month or a year that is named holds a day of birth."""
    return bool(moment.year) and all(
        told in {0, own}
        for told, own in zip(moment, (birth.year, birth.month, birth.day), strict=True)
    )
