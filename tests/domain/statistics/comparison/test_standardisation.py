import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from peeraudit.domain.statistics.comparison.standardisation import (
    byar,
    direct_standardisation,
    indirect_standardisation,
)
from peeraudit.domain.statistics.intervals import poisson_interval


def test_ratio_of_the_example():
    found = indirect_standardisation(
        [120, 60, 45, 15], 14, [0.03, 0.06, 0.05, 0.08], overall_reference=0.045
    )
    assert found.value == pytest.approx(1.31455399, abs=1e-8)
    assert found.ci == pytest.approx((0.718678899, 2.20559823), abs=1e-8)
    assert found.details["ci_byar"] == pytest.approx((0.718078, 2.20572749), abs=1e-8)
    assert found.details["p_midp_poisson_binomial"] == pytest.approx(0.298176664, abs=1e-9)
    assert found.details["standardised_rate"] == pytest.approx(0.0591549296, abs=1e-9)


def test_the_exact_p_value_is_that_of_all_outcomes():
    chances = [0.1, 0.1, 0.4]
    outcomes = {}
    for flags in itertools.product((0, 1), repeat=3):
        weight = 1.0
        for flag, chance in zip(flags, chances, strict=True):
            weight *= chance if flag else 1 - chance
        outcomes[sum(flags)] = outcomes.get(sum(flags), 0) + weight
    found = indirect_standardisation([2, 1], 2, [0.1, 0.4])
    high = outcomes[3] + outcomes[2] / 2
    assert found.details["p_midp_poisson_binomial"] == pytest.approx(2 * high)


def test_no_event_has_an_upper_limit_and_no_expectation_has_no_ratio():
    found = indirect_standardisation([40, 20], 0, [0.03, 0.06])
    assert (found.value, found.ci) == (0, pytest.approx((0, 1.53703311), abs=1e-8))
    assert found.details["standardised_rate"] is None
    none = indirect_standardisation([40, 20], 0, [0.0, 0.0])
    assert (none.value, none.reasons) == (None, ("NO_EVENTS",))
    few = indirect_standardisation([10], 1, [0.05])
    assert few.warnings == ("EXPECTED_LT_1",)


@given(st.integers(1, 400))
def test_byar_is_near_the_exact_interval(events):
    exact = stats.chi2.ppf(0.025, 2 * events) / 2, stats.chi2.ppf(0.975, 2 * events + 2) / 2
    assert poisson_interval(events) == pytest.approx(exact)
    assert byar(events) == pytest.approx(exact, abs=0.02)


def test_direct_rates_of_the_example():
    found = direct_standardisation([0.4, 0.35, 0.25], [120, 60, 45], [5, 4, 6])
    assert found.value == pytest.approx(0.0733333333, abs=1e-9)
    assert found.ci == pytest.approx((0.0446636668, 0.118130493), abs=1e-8)
    assert (found.ci_method, found.warnings) == ("wilson_guarded", ())
    few = direct_standardisation([0.4, 0.35, 0.25], [50, 30, 20], [0, 1, 1])
    assert few.ci_method == "kg_guarded"


def test_a_class_without_reports_leaves_no_rate():
    found = direct_standardisation([0.9, 0.1], [50, 0], [2, 0])
    assert found.reasons == ("NO_SCORED_ITEMS",)
    unused = direct_standardisation([1.0, 0.0], [50, 0], [5, 0])
    assert unused.value == pytest.approx(0.1)
    thin = direct_standardisation([0.9, 0.1], [50, 9], [5, 1])
    assert thin.warnings == ("FEW_IN_CLASS",)
    assert direct_standardisation([0.9, 0.1], [50, 1], [5, 1]).se is None


@given(st.permutations(range(3)))
def test_the_order_of_classes_does_not_matter(order):
    rows = [(0.4, 120, 5), (0.35, 60, 4), (0.25, 45, 6)]
    moved = list(zip(*(rows[i] for i in order), strict=True))
    assert direct_standardisation(*moved) == direct_standardisation(*zip(*rows, strict=True))


@pytest.mark.parametrize(
    ("weights", "n", "x", "words"),
    [
        ([0.5, 0.6], [5, 5], [1, 1], "sum to 1"),
        ([1.0], [5, 5], [1, 1], "a weight, a count"),
        ([0.5, 0.5], [5, 5], [1, 6], "class 2: 6 discrepant of 5"),
    ],
)
def test_a_mix_that_makes_no_sense_is_refused(weights, n, x, words):
    with pytest.raises(ValueError, match=words):
        direct_standardisation(weights, n, x)


@pytest.mark.parametrize(
    ("n", "x", "rates", "words"),
    [
        ([5], 6, [0.1], "6 discrepant of 5"),
        ([5], 1, [1.1], "between 0 and 1"),
        ([5, 5], 1, [0.1], "a count and a reference rate"),
    ],
)
def test_a_reference_that_makes_no_sense_is_refused(n, x, rates, words):
    with pytest.raises(ValueError, match=words):
        indirect_standardisation(n, x, rates)
