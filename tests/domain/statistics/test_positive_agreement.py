"""Positive agreement with the interval of the shared calls."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.statistics.agreement import agreement_suite
from peeraudit.domain.statistics.intervals import wilson
from peeraudit.domain.statistics.positive_agreement import POSITIVE, positive_agreement
from peeraudit.domain.statistics.results import Status
from tests.domain.statistics.interval_coverage import shared_calls_coverage


def told(patterns, categories=2, positive=(1,)):
    suite = agreement_suite(patterns, categories=categories, positive=positive)
    return positive_agreement(suite, patterns, positive)


def test_with_two_readings_it_is_the_interval_of_a_plain_proportion():
    # 12 of 20 called items are called twice: 24 of 32 calls are shared.
    found = told({(0, 2): 12, (1, 1): 8, (2, 0): 980})

    low, high = wilson(0.6, found.n_eff)
    assert found.value == pytest.approx(0.75)
    assert found.n_eff == pytest.approx(20, rel=0.002)
    assert found.ci == pytest.approx((2 * low / (1 + low), 2 * high / (1 + high)))
    # By hand, of 20: Wilson's 0.38658 to 0.78119.
    assert found.ci == pytest.approx((0.5576, 0.8772), abs=2e-4)
    assert found.ci_method == "wilson_shared_calls"
    assert found.own_rules == ("SHARED_CALLS",)


def test_the_interval_is_there_where_all_calls_are_shared_or_none():
    every = told({(0, 2): 15, (2, 0): 60})
    classes = told({(0, 2, 0): 8, (0, 1, 1): 7, (2, 0, 0): 60}, 3, (1, 2))
    none = told({(1, 1): 15, (2, 0): 60})

    for found in (every, classes):
        assert found.value == 1
        assert found.ci == pytest.approx((2 * (15 / 18.8415) / (1 + 15 / 18.8415), 1), abs=1e-4)
        assert found.status is Status.OK
    assert none.value == 0
    assert none.ci == pytest.approx((0, 2 * 0.20388 / 1.20388), abs=1e-4)


@pytest.mark.parametrize(
    ("patterns", "status", "has_value"),
    [
        ({(0, 2): 4, (1, 1): 1, (2, 0): 60}, Status.LOW_PRECISION, True),
        ({(0, 2): 10, (1, 1): 5, (2, 0): 34}, Status.LOW_PRECISION, True),
        ({(0, 2): 10, (1, 1): 5, (2, 0): 14}, Status.SUPPRESSED, False),
        ({(2, 0): 90}, Status.NOT_ESTIMABLE, False),
    ],
)
def test_what_may_not_be_told_is_not_told_by_this_interval_either(patterns, status, has_value):
    suite = agreement_suite(patterns, categories=2, positive=(1,))
    found = positive_agreement(suite, patterns, (1,))

    assert found == suite.shown(POSITIVE)
    assert found.ci is None
    assert found.status is status
    assert (found.value is not None) == has_value


def test_more_readings_of_an_item_count_but_no_more_than_there_are():
    once = told({(0, 2): 12, (1, 1): 8, (2, 0): 80})
    thrice = told({(0, 3): 10, (1, 2): 5, (2, 1): 5, (3, 0): 80})

    assert once.n_eff <= 20
    assert 20 < thrice.n_eff <= 40


@settings(deadline=None)
@given(st.integers(0, 80), st.integers(0, 80), st.integers(1, 400), st.integers(2, 5))
def test_it_holds_its_value_within_0_and_1_and_narrows_with_more_of_the_same(a, b, c, times):
    counts = {(0, 2): a, (1, 1): b, (2, 0): c}
    found, more = told(counts), told({vector: n * times for vector, n in counts.items()})

    if found.ci is not None:
        assert 0 <= found.ci[0] <= found.value <= found.ci[1] <= 1
        assert more.ci[1] - more.ci[0] < found.ci[1] - found.ci[0]


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 300))
def test_items_without_any_call_add_next_to_nothing(a, b, c):
    few, many = (told({(0, 2): a, (1, 1): b, (2, 0): n + 100}) for n in (c, c + 5000))

    if few.ci is not None:
        assert many.ci == pytest.approx(few.ci, abs=0.01)


# Items read twice, share of readings that call a discrepancy, share of the calls that are shared.
@pytest.mark.parametrize(
    ("items", "called", "shared"),
    [(50, 0.15, 2 / 3), (60, 0.1, 2 / 3), (60, 0.2, 0.8), (100, 0.15, 0.5), (100, 0.1, 0.8)],
)
def test_it_holds_what_it_promises_over_all_tables_that_can_come_about(items, called, shared):
    both = called * shared
    assert 0.94 < shared_calls_coverage(items, joint=(both, 2 * (called - both))) < 0.97
