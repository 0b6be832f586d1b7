"""How do numbers, dates and durations read in the language of the page?"""

from datetime import datetime, timedelta

from flask import Flask
from flask_babel import format_datetime, format_time, format_timedelta, gettext

from peeraudit.adapters.clock import local_day
from peeraudit.adapters.wording import day, in_words, interval, number, percent


def moment(value: datetime | None) -> str:
    """Return a day and the time, in the zone of the installation."""
    return f"{day(value)}, {format_datetime(value, 'HH:mm')}" if value else "–"


def clock_time(value: datetime) -> str:
    """Return the time of day to the second, in the zone of the installation."""
    return format_time(value, "HH:mm:ss")


def isoday(value: datetime) -> str:
    """Return the day of a moment in the zone of the installation, such as ``2026-03-31``."""
    return local_day(value).isoformat()


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
    for filter_ in (
        day,
        moment,
        clock_time,
        isoday,
        number,
        percent,
        interval,
        duration,
        size,
        in_words,
    ):
        app.add_template_filter(filter_)
