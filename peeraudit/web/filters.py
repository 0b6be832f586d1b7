"""How do numbers, dates and durations read in the language of the page?"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask import Flask
from flask_babel import (
    format_date,
    format_datetime,
    format_decimal,
    format_timedelta,
    get_locale,
    gettext,
)

NARROW = "\N{NARROW NO-BREAK SPACE}"
NO_BREAK = "\N{NO-BREAK SPACE}"


def day(value: date | datetime | None) -> str:
    """Return a day such as ``23 nov. 2026``; a dash where there is none."""
    return format_date(value, "medium") if value else "–"


def moment(value: datetime | None) -> str:
    """Return a day and the time, in the zone of the installation."""
    return format_datetime(value, "medium") if value else "–"


def number(value: float | None, decimals: int = 0) -> str:
    """Return a number with the thousands and the decimal mark of the language."""
    if value is None:
        return "–"
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern)


def percent(value: float | None, decimals: int = 1) -> str:
    """Return a proportion in [0, 1] as a percentage with its unit."""
    if value is None:
        return "–"
    locale = get_locale()
    gap = NO_BREAK if locale and locale.language == "fr" else ""
    return f"{number(value * 100, decimals)}{gap}%"


def interval(bounds: Sequence[float] | None, decimals: int = 1) -> str:
    """Return two proportions as an interval, such as ``3,2–11,5 %``."""
    if not bounds:
        return "–"
    return f"{number(bounds[0] * 100, decimals)}–{percent(bounds[1], decimals)}"


def duration(seconds: float | None) -> str:
    """Return a duration in words, rounded to its largest unit."""
    if seconds is None:
        return "–"
    return format_timedelta(timedelta(seconds=seconds), threshold=1.5)


def size(value: int) -> str:
    """Return a size of a file in a unit that a person can read."""
    if value < 1_000_000:
        return gettext("%(size)s kB", size=number(value / 1000, 0 if value >= 10_000 else 1))
    return gettext("%(size)s MB", size=number(value / 1_000_000, 1))


def register(app: Flask) -> None:
    """Make the filters known to the templates."""
    for filter_ in (day, moment, number, percent, interval, duration, size):
        app.add_template_filter(filter_)
