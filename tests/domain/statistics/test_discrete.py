import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from peeraudit.domain.statistics.discrete import (
    binomial_tails,
    interpolated_binomial,
    interpolated_poisson,
    mid_p,
    sum_pmf,
)

levels = st.sampled_from([0.001, 0.025, 0.5, 0.975, 0.999])


def by_scanning(cdf, pmf, level):
    r = 0
    while cdf(r) < level:
        r += 1
    return r - (cdf(r) - level) / pmf(r)


@settings(deadline=None)
@given(st.integers(1, 300), st.floats(0.001, 0.999), levels)
def test_binomial_quantiles_are_those_of_a_scan(n, rate, level):
    law = stats.binom(n, rate)
    found = interpolated_binomial(np.array([n]), rate, level)[0]
    assert found == pytest.approx(by_scanning(law.cdf, law.pmf, level), rel=1e-7, abs=1e-7)


@settings(deadline=None)
@given(st.floats(0.05, 300), levels)
def test_poisson_quantiles_are_those_of_a_scan(mean, level):
    law = stats.poisson(mean)
    found = interpolated_poisson(np.array([mean]), level)[0]
    assert found == pytest.approx(by_scanning(law.cdf, law.pmf, level), rel=1e-7, abs=1e-7)


def test_a_sum_of_groups_is_enumerated():
    chance = sum_pmf((2, 1), (0.5, 0.1))
    assert chance == pytest.approx([0.225, 0.475, 0.275, 0.025])
    assert sum_pmf((3, 0), (0.0, 0.4)) == pytest.approx([1, 0, 0, 0])
    assert sum_pmf((2,), (1.0,)) == pytest.approx([0, 0, 1])


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.floats(0, 1)), min_size=1, max_size=5))
def test_a_sum_has_the_mean_and_spread_of_its_parts(groups):
    n, p = zip(*groups, strict=True)
    chance, k = sum_pmf(n, p), np.arange(sum(n) + 1)
    mean = sum(m * rate for m, rate in groups)
    assert chance.sum() == pytest.approx(1)
    assert (chance * k).sum() == pytest.approx(mean, abs=1e-9)
    spread = sum(m * rate * (1 - rate) for m, rate in groups)
    assert (chance * (k - mean) ** 2).sum() == pytest.approx(spread, abs=1e-9)


def test_tails_leave_nothing_out():
    x = np.arange(8)
    below, at, above = binomial_tails(x, np.full(8, 7), 0.3)
    assert below + at + above == pytest.approx(np.ones(8))
    assert below[0] == above[7] == 0
    assert mid_p(below, at, above).max() <= 1
