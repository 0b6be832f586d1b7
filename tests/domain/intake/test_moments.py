"""Which day and which moment does a sender mean, where its clock goes forward and back?"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from peeraudit.domain.intake.moments import parse_day, parse_moment, parse_partial_day

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("20260115003000", datetime(2026, 1, 14, 23, 30, tzinfo=UTC)),
        ("20260715003000", datetime(2026, 7, 14, 22, 30, tzinfo=UTC)),
        # The clock goes forward at two and back at three.
        ("20260329015900", datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        ("20260329030000", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("20261025015900", datetime(2026, 10, 24, 23, 59, tzinfo=UTC)),
        ("20261025030000", datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
        ("15/07/2026 00:30", datetime(2026, 7, 14, 22, 30, tzinfo=UTC)),
        ("20260715003000+0400", datetime(2026, 7, 14, 20, 30, tzinfo=UTC)),
        ("20260715003000Z", datetime(2026, 7, 15, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_time_without_a_zone_is_that_of_the_clock_on_the_wall(written, moment):
    assert parse_moment(written, zone=PARIS) == moment


@pytest.mark.parametrize(
    ("written", "day"),
    [
        # A day alone, and a time on the sender's own clock: the day as it is written.
        ("2026-07-15", date(2026, 7, 15)),
        ("20260715", date(2026, 7, 15)),
        ("20260715003000", date(2026, 7, 15)),
        ("20260715235900", date(2026, 7, 15)),
        ("20260715003000+0200", date(2026, 7, 15)),
        ("2026-07-15T00:30:00+04:00", date(2026, 7, 15)),
        # A program's clock: two hours behind in summer, one in winter.
        ("2026-07-14T22:00:00Z", date(2026, 7, 15)),
        ("2026-07-14T21:59:59Z", date(2026, 7, 14)),
        ("2026-01-14T22:30:00Z", date(2026, 1, 14)),
        ("2026-01-14T23:00:00+00:00", date(2026, 1, 15)),
        ("20260714220000-0000", date(2026, 7, 15)),
        ("2026-12-31T23:30:00.125Z", date(2027, 1, 1)),
        ("2026-03-28T23:00:00Z", date(2026, 3, 29)),
        ("2026-10-24T22:30:00Z", date(2026, 10, 25)),
        ("2026-10-25T22:59:00Z", date(2026, 10, 25)),
    ],
)
def test_the_day_is_the_one_that_the_department_calls_it(written, day):
    assert parse_day(written, zone=PARIS) == day


def test_without_a_place_the_day_is_the_one_that_is_written():
    assert parse_day("2026-07-14T22:00:00Z") == date(2026, 7, 14)


@pytest.mark.parametrize("written", ["2026-07-14T25:00:00Z", "2026-13-14T22:00:00Z", "Z", ""])
def test_what_is_no_moment_is_no_day(written):
    assert parse_day(written, zone=PARIS) is None


@pytest.mark.parametrize(
    ("written", "first", "begins"),
    [
        ("2026", date(2026, 1, 1), "2026-"),
        ("202603", date(2026, 3, 1), "2026-03-"),
        ("2026-03", date(2026, 3, 1), "2026-03-"),
        ("3/2026", date(2026, 3, 1), "2026-03-"),
    ],
)
def test_a_date_may_end_with_its_month_or_its_year(written, first, begins):
    assert parse_partial_day(written) == (first, begins)


@pytest.mark.parametrize("written", ["2026-03-31", "202613", "13/2026", "1800", "20260", ""])
def test_what_ends_elsewhere_is_no_partial_day(written):
    assert parse_partial_day(written) is None
