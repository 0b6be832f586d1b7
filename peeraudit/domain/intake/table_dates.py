"""How does a column write its dates, judged over all of its cells?"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from peeraudit.domain.intake.headings import DATES
from peeraudit.domain.intake.layouts import DateOrder
from peeraudit.domain.intake.moments import parse_moment

_LOCAL: Final = re.compile(r"\s*(?P<a>\d{1,2})[-/. ](?P<b>\d{1,2})[-/. ](?:\d{4}|\d{2})(?!\d)")
_YEAR: Final = re.compile(r"(?:19|20)\d{2}$")
_SERIAL: Final = re.compile(r"\d{4,6}(?:[.,]\d+)?$")
# Days since 30 December 1899 and 1 January 1904; both are before 1905 and after 2100 outside.
_EPOCHS: Final[dict[str, date]] = {"excel": date(1899, 12, 30), "excel_1904": date(1904, 1, 1)}
_SERIALS: Final = (1_000, 80_000)
_DAY_FIRST: Final = re.compile(r"j{1,2}.?m{1,2}.?a|d{1,2}.?m{1,2}.?y", re.IGNORECASE)
_MONTH_FIRST: Final = re.compile(r"m{1,2}.?d{1,2}.?y|m{1,2}.?j{1,2}.?a", re.IGNORECASE)


@dataclass(slots=True)
class DateTally:
    """What the cells of one column have told so far about how it writes its dates."""

    seen: int = 0
    day_first: int = 0
    month_first: int = 0
    either: int = 0
    serial: int = 0

    def add(self, cell: str) -> None:
        """Count one cell."""
        value = cell.strip()
        if not value:
            return
        self.seen += 1
        found = _LOCAL.match(value)
        if found:
            first, second = int(found["a"]), int(found["b"])
            if first > 12 >= second:
                self.day_first += 1
            elif second > 12 >= first:
                self.month_first += 1
            elif first != second:
                self.either += 1
        elif _is_serial(value):
            self.serial += 1

    @property
    def is_iso(self) -> bool:
        """Tell whether every date so far begins with its year, so that nothing is to decide."""
        return not (self.day_first or self.month_first or self.either or self.serial)

    @property
    def order(self) -> DateOrder:
        """Return what this column alone tells."""
        if self.serial and self.serial * 2 > self.seen:
            return "excel"
        if self.day_first and self.month_first:
            return "ask" if self.either else "day_first"
        if self.day_first or self.month_first:
            return "day_first" if self.day_first else "month_first"
        return "ask" if self.either else "year_first"


def settle_orders(
    tallies: Mapping[str, DateTally], headings: Mapping[str, str], *, all_headings: Iterable[str]
) -> dict[str, DateOrder]:
    """Return how each date column is written, ``ask`` where the whole table does not tell.

    A column that holds no day above 12 follows, in this order: the notation that its own
    heading names (``jj/mm/aaaa``); the other date columns of the same table, when these agree;
    a table whose headings are French, since French puts the day first. Nothing else settles
    it: English tables are written both ways.

    Args:
        tallies: what the cells told, by field.
        headings: the heading of each of these columns, by field.
        all_headings: the headings of the whole table.
    """
    own = {name: tally.order for name, tally in tallies.items() if name in DATES}
    firm = {order for order in own.values() if order in {"day_first", "month_first"}}
    mixed = {name for name, tally in tallies.items() if tally.day_first and tally.month_first}
    settled: dict[str, DateOrder] = {}
    for name, order in own.items():
        settled[name] = order
        if order != "ask" or name in mixed:
            continue
        named = _named_order(headings.get(name, ""))
        if named != "ask":
            settled[name] = named
        elif len(firm) == 1:
            settled[name] = next(iter(firm))
        elif _is_french(all_headings):
            settled[name] = "day_first"
    return settled


def _named_order(heading: str) -> DateOrder:
    if _DAY_FIRST.search(heading):
        return "day_first"
    return "month_first" if _MONTH_FIRST.search(heading) else "ask"


_FRENCH: Final = re.compile(
    r"[éèàçêûîôÉÈÀÇ]|\b(?:compte|examen|nom|naissance|statut|du|de|le|radiologue|texte|acte)\b",
    re.IGNORECASE,
)


def _is_french(headings: Iterable[str]) -> bool:
    return sum(bool(_FRENCH.search(heading)) for heading in headings) >= 2


def is_ambiguous(cell: str) -> bool:
    """Tell whether day and month of ``cell`` can be exchanged and then mean another day."""
    found = _LOCAL.match(cell)
    if found is None:
        return False
    first, second = int(found["a"]), int(found["b"])
    return 1 <= first <= 12 and 1 <= second <= 12 and first != second


def in_iso(cell: str, order: DateOrder, zone: tzinfo = UTC) -> str:
    """Return the date of a cell as ISO 8601, or the cell unchanged when it cannot be read so.

    Args:
        cell: what the table says.
        order: how its column is written; a cell that can be read in one way only is read so,
            whatever its column's order.
        zone: the time zone of a moment that names none.
    """
    value = cell.strip()
    if order in _EPOCHS and _SERIAL.match(value):
        return _of_serial(value, _EPOCHS[order])
    if not _LOCAL.match(value):
        return value
    for month_first in (order == "month_first", order != "month_first"):
        moment = parse_moment(value, zone=zone, month_first=month_first)
        if moment is not None:
            local = moment.astimezone(zone)
            has_clock = bool(re.search(r"\d[:hH]", value))
            return local.isoformat() if has_clock else local.date().isoformat()
    return value


def _is_serial(value: str) -> bool:
    """Tell whether a spreadsheet's count of days may be meant, and no year alone."""
    if not _SERIAL.match(value) or _YEAR.match(value):
        return False
    return _SERIALS[0] <= float(value.replace(",", ".")) < _SERIALS[1]


def _of_serial(value: str, epoch: date) -> str:
    if not _is_serial(value):
        return value
    number = float(value.replace(",", "."))
    moment = datetime(epoch.year, epoch.month, epoch.day, tzinfo=UTC) + timedelta(
        seconds=round(number * 86_400)
    )
    return moment.replace(tzinfo=None).isoformat() if number % 1 else moment.date().isoformat()
