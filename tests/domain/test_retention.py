from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peeraudit.domain.protocol import Retention
from peeraudit.domain.protocol_checks import LONGEST_RETENTION_MONTHS
from peeraudit.domain.retention import (
    ALERT_MONTHS,
    DRAWABLE_CAMPAIGNS,
    HOLD_LABELS,
    LISTING_CAMPAIGNS,
    NOTICE_DAYS,
    CaseFacts,
    Hold,
    add_months,
    end_of_cases,
    end_of_waiting,
    holds_of,
    is_announced,
    is_due,
    may_purge,
    waited_since,
)

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
MONTHS = st.integers(1, LONGEST_RETENTION_MONTHS)
T0 = datetime(2026, 5, 31, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ((2026, 1, 31), 1, (2026, 2, 28)),
        ((2028, 1, 31), 1, (2028, 2, 29)),
        ((2026, 8, 31), 6, (2027, 2, 28)),
        ((2026, 12, 15), 1, (2027, 1, 15)),
        ((2027, 1, 15), -1, (2026, 12, 15)),
        ((2026, 3, 31), -13, (2025, 2, 28)),
        ((2026, 6, 1), 24, (2028, 6, 1)),
    ],
)
def test_months_are_those_of_the_calendar(start, months, end):
    assert add_months(datetime(*start, tzinfo=UTC), months) == datetime(*end, tzinfo=UTC)


@given(MOMENTS, MONTHS)
def test_a_month_has_28_to_31_days(moment, months):
    later = add_months(moment, months) - moment

    assert timedelta(days=28 * months) <= later <= timedelta(days=31 * months)


@given(MOMENTS, MOMENTS, MONTHS)
def test_what_came_first_ends_first(one, other, months):
    first, last = sorted((one, other))

    assert add_months(first, months) <= add_months(last, months)


@given(MOMENTS, MONTHS, MONTHS)
def test_more_months_never_end_earlier(closed, few, more):
    few, more = sorted((few, more))

    assert end_of_cases(closed, Retention(few)) <= end_of_cases(closed, Retention(more))


@given(MOMENTS, MONTHS)
def test_without_a_closing_there_is_no_end(now, months):
    end = end_of_cases(None, Retention(months))

    assert end is None
    assert not is_due(end, now)
    assert not is_announced(end, now)
    assert not may_purge(CaseFacts(end), now)


@given(MOMENTS, MOMENTS)
def test_no_report_ends_before_it_has_waited(received, now):
    if received <= waited_since(now):
        assert end_of_waiting(received) <= now
    elif end_of_waiting(received) <= now:
        # A leap day makes it a day late, never early.
        assert now - end_of_waiting(received) <= 2 * DAY


@given(MOMENTS, st.none() | MOMENTS, st.booleans(), st.booleans(), st.booleans(), MOMENTS)
def test_nothing_is_purged_early_or_against_a_hold(ends, urgent, asked, unsettled, counted, now):
    case = CaseFacts(ends, urgent, asked, unsettled, counted)

    if may_purge(case, now):
        assert ends <= now
        assert not asked
        assert not unsettled
        assert counted
        assert urgent is None or add_months(urgent, ALERT_MONTHS) <= now
    elif ends <= now:
        assert holds_of(case, now)


@given(MOMENTS, MOMENTS, MOMENTS)
def test_once_due_always_due(ends, now, then):
    now, then = sorted((now, then))
    case = CaseFacts(ends)

    assert may_purge(case, then) or not may_purge(case, now)


def test_the_holds_are_told_in_a_fixed_order():
    case = CaseFacts(T0, T0, has_open_request=True, has_open_outcome=True, has_numbers=False)

    assert holds_of(case, T0 + DAY) == tuple(Hold)
    assert set(HOLD_LABELS) == set(Hold)


def test_it_is_announced_in_the_last_fortnight():
    start = T0 - timedelta(days=NOTICE_DAYS)

    assert not is_announced(T0, start - DAY)
    assert is_announced(T0, start)
    assert is_announced(T0, T0 - DAY)
    assert not is_announced(T0, T0)


def test_what_may_still_be_listed_may_still_be_needed():
    assert DRAWABLE_CAMPAIGNS < LISTING_CAMPAIGNS
