"""What time is it?"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta

_AHEAD: ContextVar[timedelta] = ContextVar("clock_ahead", default=timedelta())


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC) + _AHEAD.get()


def today() -> date:
    """Return the present day in UTC."""
    return now().date()


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
