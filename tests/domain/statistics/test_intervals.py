import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from peeraudit.domain.statistics.intervals import (
    artanh_interval,
    clopper_pearson,
    hypergeometric_counts,
    jackknife_se,
    korn_graubard,
    logit_interval,
    student,
    wilson,
)

proportions = st.integers(0, 10**6).map(lambda millionths: millionths / 10**6)
sizes = st.floats(0.5, 1e6)


@pytest.mark.parametrize(("x", "n"), [(0, 9), (1, 9), (9, 120), (9, 9), (120, 4000)])
def test_binomial_intervals_are_those_of_another_implementation(x, n):
    reference = stats.binomtest(x, n)
    exact = reference.proportion_ci(method="exact")
    assert clopper_pearson(x, n) == pytest.approx((exact.low, exact.high), abs=1e-9)
    score = reference.proportion_ci(method="wilson")
    assert wilson(x / n, n) == pytest.approx((score.low, score.high), abs=1e-9)
    assert korn_graubard(x / n, n) == pytest.approx((exact.low, exact.high), abs=1e-9)


@given(proportions, sizes)
def test_intervals_hold_the_point_and_stay_within_0_and_1(p, m):
    for low, high in (wilson(p, m), korn_graubard(p, m)):
        assert 0 <= low <= p + 1e-9
        assert p - 1e-9 <= high <= 1


@given(proportions, sizes, st.floats(1, 100))
def test_more_observations_never_widen_wilson(p, m, factor):
    few, many = wilson(p, m), wilson(p, m * factor)
    assert many[1] - many[0] <= few[1] - few[0] + 1e-9


@given(proportions)
def test_a_census_leaves_the_point(p):
    assert wilson(p, math.inf) == korn_graubard(p, math.inf) == (p, p)


@pytest.mark.parametrize(("x", "n", "frame_size"), [(0, 1000, 100_000), (40, 1000, 100_000)])
def test_exact_counts_of_a_large_frame_meet_their_definition(x, n, frame_size):
    low, high = hypergeometric_counts(x, n, frame_size)
    assert stats.hypergeom.cdf(x, frame_size, high, n) > 0.025
    assert stats.hypergeom.cdf(x, frame_size, high + 1, n) <= 0.025
    assert stats.hypergeom.sf(x - 1, frame_size, low, n) > 0.025
    if x:
        assert stats.hypergeom.sf(x - 1, frame_size, low - 1, n) <= 0.025


def test_exact_counts_of_a_census_and_of_nothing():
    assert hypergeometric_counts(3, 9, 9) == (3, 3)
    assert hypergeometric_counts(0, 0, 9) == (0, 9)


def test_student_is_that_of_another_implementation():
    assert student(7) == pytest.approx(stats.t.ppf(0.975, 7))


def test_jackknife_of_a_mean_is_its_textbook_standard_error():
    # Values 0, 0, 1 and 4, of which the first is there twice.
    frequencies = np.array([2.0, 1.0, 1.0])
    replicates = np.array([5 / 3, 4 / 3, 1 / 3])
    textbook = np.std([0, 0, 1, 4], ddof=1) / 2
    assert jackknife_se(replicates, frequencies) == pytest.approx(textbook)
    assert jackknife_se(np.array([1.0, np.nan, 1.0]), frequencies) is None


@pytest.mark.parametrize("edge", [1.0, -1.0, 1.5])
def test_the_artanh_scale_ends_at_1(edge):
    assert artanh_interval(edge, 0.1, 9) is None


@pytest.mark.parametrize("edge", [0.0, 1.0])
def test_the_logit_scale_ends_at_0_and_1(edge):
    assert logit_interval(edge, 0.1, 9) is None


def test_transformed_intervals_by_hand():
    t = stats.t.ppf(0.975, 9)
    assert artanh_interval(0.0, 0.1, 9) == pytest.approx((math.tanh(-t / 10), math.tanh(t / 10)))
    upper = 1 / (1 + math.exp(-t * 0.4))
    assert logit_interval(0.5, 0.1, 9) == pytest.approx((1 - upper, upper))


@pytest.mark.parametrize("n", [1, 4, 5, 6, 8, 30, 31, 50, 120])
def test_a_chance_of_one_in_forty_does_not_exceed_it(n):
    # Of one discrepant report among 40 n a sample of n holds it with 2.5 % to the digit.
    assert hypergeometric_counts(1, n, 40 * n)[0] == 2
    assert hypergeometric_counts(1, n, 40 * n - 1)[0] == 1
    # The same of the reports that are not discrepant.
    assert hypergeometric_counts(n - 1, n, 40 * n)[1] == 40 * n - 2


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.integers(0, 3), st.integers(1, 60))
def test_exact_limits_are_those_of_whole_numbers(n, x, tens):
    x, frame_size = min(x, n), n + tens * 7

    def exceeds(at_least, marked):
        ways = sum(
            math.comb(marked, k) * math.comb(frame_size - marked, n - k)
            for k in range(at_least, n + 1)
        )
        return 40 * ways > math.comb(frame_size, n)

    low, high = hypergeometric_counts(x, n, frame_size)
    assert exceeds(x, low)
    assert low == x or not exceeds(x, low - 1)
    assert exceeds(n - x, frame_size - high)
    assert high == frame_size - (n - x) or not exceeds(n - x, frame_size - high - 1)
