from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.adapters import clock
from peeraudit.config import TIME_ZONE

ZONE = ZoneInfo(TIME_ZONE)
MOMENTS = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001 - the strategy gives them their zone
    datetime(2060, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2060, 1, 1))
# Within three hours of midnight in UTC is where the two days differ.
AROUND_MIDNIGHT = st.builds(
    lambda day, seconds: (
        datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=seconds)
    ),
    DAYS,
    st.integers(-3 * 3600, 3 * 3600),
)


@given(MOMENTS | AROUND_MIDNIGHT)
def test_a_moment_lies_within_its_day(moment):
    day = clock.local_day(moment)

    assert clock.beginning_of(day) <= moment < clock.beginning_of(day + timedelta(days=1))


@given(AROUND_MIDNIGHT)
def test_it_is_the_day_that_a_clock_on_the_wall_shows(moment):
    assert clock.local_day(moment) == moment.astimezone(ZONE).date()
    # In the hour that comes twice, times of two zones are never equal to Python.
    assert clock.local(moment).astimezone(UTC) == moment


@given(AROUND_MIDNIGHT, st.timedeltas(timedelta(), timedelta(days=2)))
def test_days_never_run_backwards(moment, later):
    assert clock.local_day(moment) <= clock.local_day(moment + later)


@given(DAYS)
def test_a_day_begins_at_midnight_whatever_the_season(day):
    begins = clock.beginning_of(day)

    assert clock.local_day(begins) == day
    assert clock.local_day(begins - timedelta(microseconds=1)) == day - timedelta(days=1)
    assert clock.beginning_of(day + timedelta(days=1)) - begins in {
        timedelta(hours=hours) for hours in (23, 24, 25)
    }


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_begin_as_well(day):
    assert clock.beginning_of(day).tzinfo is UTC


@given(st.integers(0, 48 * 3600))
def test_today_is_the_day_of_now(seconds):
    with clock.shifted(timedelta(seconds=seconds)):
        assert clock.local_day(clock.now()) - clock.today() in {timedelta(), timedelta(days=-1)}
