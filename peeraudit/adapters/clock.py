"""What time is it, and which day is that where the departments are?"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from peeraudit.config import TIME_ZONE

ZONE: Final = ZoneInfo(TIME_ZONE)
"""The zone of the installation."""
_AHEAD: ContextVar[timedelta] = ContextVar("clock_ahead", default=timedelta())


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC) + _AHEAD.get()


def today() -> date:
    """Return the present day, as people in the zone of the installation call it."""
    return local_day(now())


def local(moment: datetime) -> datetime:
    """Return an aware moment as the clocks in the zone of the installation show it."""
    return moment.astimezone(ZONE)


def local_day(moment: datetime) -> date:
    """Return the day of an aware moment in the zone of the installation.

    A moment's own ``date()`` is that of UTC: up to two hours after midnight it is yesterday.
    """
    return local(moment).date()


def beginning_of(day: date) -> datetime:
    """Return the moment, in UTC, at which a day begins in the zone of the installation."""
    if day == date.min:
        # The first day of all began before there were any in UTC.
        return datetime.min.replace(tzinfo=UTC)
    return datetime.combine(day, time(), ZONE).astimezone(UTC)


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Let everything inside the block happen earlier or later than it does; blocks add up.

    For the demonstration, whose invented audit has a past, and for tests of what comes due;
    no request and no task ever runs inside such a block.
    """
    token = _AHEAD.set(_AHEAD.get() + by)
    try:
        yield
    finally:
        _AHEAD.reset(token)
