"""Which day or moment does a sender's notation mean?"""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final

MONTHS: Final[dict[str, int]] = {
    name: number
    for number, names in enumerate(
        (
            "jan january janv janvier",
            "feb february fev fevr fevrier fév févr février",
            "mar march mars",
            "apr april avr avril",
            "may mai",
            "jun june juin",
            "jul july juil juillet",
            "aug august aout août",
            "sep sept september septembre",
            "oct october octobre",
            "nov november novembre",
            "dec december déc decembre décembre",
        ),
        start=1,
    )
    for name in names.split()
}

_CLOCK = (
    r"(?:[T\s,]*(?:à|at)?\s*(?P<hour>\d{1,2})\s*[:hH]\s*(?P<minute>\d{2})?"
    r"(?::(?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?$"
)
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
    r"(?:T?(?P<hour>\d{2})(?P<minute>\d{2})(?:(?P<second>\d{2})(?:\.\d+)?)?)?"
    r"(?P<half>)(?P<zone>Z|[+-]\d{2}:?\d{2})?$"
)
_ISO = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})" + _CLOCK)
_LOCAL = re.compile(r"(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<year>\d{4}|\d{2})" + _CLOCK)
# HL7 v2 and FHIR let a date end with its year or its month.
_PARTIAL = re.compile(
    r"(?P<year>(?:19|20)\d{2})(?:[-/.]?(?P<month>\d{2}))?$|(?P<first>\d{1,2})[-/.](?P<other>(?:19|20)\d{2})$"
)
_WORDS = re.compile(
    r"(?:(?P<d1>\d{1,2})(?:er|st|nd|rd|th)?\s+)?(?P<name>[^\W\d_]{3,9})\.?\s+"
    r"(?:(?P<d2>\d{1,2})(?:st|nd|rd|th)?,?\s+)?(?P<year>\d{4})" + _CLOCK
)


def _numbers(found: re.Match[str], *, month_first: bool) -> tuple[int, int, int] | None:
    parts = found.groupdict()
    year = int(parts["year"])
    if "a" in parts:
        first, second = int(parts["a"]), int(parts["b"])
        day, month = (second, first) if month_first else (first, second)
        century = 1900 if year >= 70 else 2000
        return (year + century if year < 100 else year), month, day
    if "name" in parts:
        known = MONTHS.get(parts["name"].lower())
        day_text = parts["d1"] or parts["d2"]
        return (year, known, int(day_text)) if known and day_text else None
    return year, int(parts["month"]), int(parts["day"])


def _zone(text: str | None, default: tzinfo) -> tzinfo:
    if not text:
        return default
    if text == "Z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _hour(parts: dict[str, str | None]) -> int:
    hour = int(parts["hour"] or 0)
    half = (parts["half"] or "").lower()
    if not half:
        return hour
    return hour % 12 + (12 if half.startswith("p") else 0)


def _match(text: str) -> re.Match[str] | None:
    for shape in (_COMPACT, _ISO, _LOCAL, _WORDS):
        found = shape.match(text)
        if found:
            return found
    return None


def _is_in_utc(found: re.Match[str]) -> bool:
    """Return whether a notation says its time of day and that it is UTC's."""
    parts = found.groupdict()
    zone = parts["zone"]
    return bool(parts["hour"] and zone) and not zone.strip("Z+-0:")


@lru_cache(maxsize=4096)
def parse_moment(value: str, *, zone: tzinfo = UTC, month_first: bool = False) -> datetime | None:
    """Return the moment that ``value`` means, in UTC, or nothing when it cannot be read.

    Reads HL7 (``20260331142500+0200``), ISO 8601, ``31/03/2026 14:25``, ``31.03.26``,
    ``Mar 31 2026 02:25PM`` and ``31 mars 2026``.

    Args:
        value: what the sender wrote.
        zone: the time zone of a notation that names none.
        month_first: read ``03/31/2026`` as 31 March.
    """
    found = _match(value.strip())
    numbers = _numbers(found, month_first=month_first) if found else None
    if found is None or numbers is None:
        return None
    parts = found.groupdict()
    try:
        moment = datetime(
            *numbers,
            _hour(parts),
            int(parts["minute"] or 0),
            min(int(parts["second"] or 0), 59),
            tzinfo=_zone(parts["zone"], zone),
        )
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=16384)
def parse_day(value: str, *, month_first: bool = False, zone: tzinfo | None = None) -> date | None:
    """Return the calendar day that ``value`` names, in the sender's own time.

    Args:
        value: what the sender wrote.
        month_first: read ``03/31/2026`` as 31 March.
        zone: where the sender is. A clock that shows UTC is a program's, and its day may be that
            before: such a moment is told in this zone. Any other offset is the sender's own clock,
            whose day stands as it is written.
    """
    found = _match(value.strip())
    if zone is not None and found is not None and _is_in_utc(found):
        moment = parse_moment(value, month_first=month_first)
        return moment.astimezone(zone).date() if moment is not None else None
    numbers = _numbers(found, month_first=month_first) if found else None
    if numbers is None:
        return None
    try:
        return date(*numbers)
    except ValueError:
        return None


def parse_partial_day(value: str) -> tuple[date, str] | None:
    """Return the first day of a month or year, and how its days begin: ``2026-03-``.

    Args:
        value: what the sender wrote: ``2026``, ``202603``, ``2026-03`` or ``03/2026``.
    """
    found = _PARTIAL.match(value.strip())
    if found is None:
        return None
    year, month = found["year"] or found["other"], found["month"] or found["first"] or ""
    try:
        day = date(int(year), int(month or 1), 1)
    except ValueError:
        return None
    return day, day.isoformat()[: 8 if month else 5]


def looks_month_first(value: str) -> bool:
    """Tell whether ``value`` can only be read with the month first, as in 03/31/2026."""
    found = _LOCAL.match(value.strip())
    return bool(found and int(found["a"]) <= 12 < int(found["b"]))
