import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peeraudit.domain.statistics.monitoring.run_lengths import (
    bernoulli_run_length,
    calibrate_threshold,
    ewma_run_length,
    risk_adjusted_run_length,
)

MIX, SHARES = (0.02, 0.04, 0.06, 0.10), (0.4, 0.3, 0.2, 0.1)


def simulated_lengths(h, true_ratio, runs, seed):
    """Return run lengths of the chart itself, without any lattice."""
    draws = np.random.Generator(np.random.PCG64(seed))
    level, length = np.zeros(runs), np.zeros(runs)
    open_ = np.ones(runs, dtype=bool)
    while open_.any():
        p = draws.choice(MIX, size=runs, p=SHARES)
        truth = true_ratio * p / (1 - p + true_ratio * p)
        y = draws.random(runs) < truth
        weight = np.where(y, np.log(2.0), 0.0) - np.log(1 - p + 2 * p)
        level = np.maximum(0, level + weight)
        length += open_
        open_ &= level <= h
    return length


def test_the_chain_agrees_with_simulated_charts():
    found = risk_adjusted_run_length(MIX, SHARES, h=2.5, true_ratio=2.0).value
    lengths = simulated_lengths(2.5, 2.0, 4000, seed=1)
    assert abs(found - lengths.mean()) < 4 * lengths.std() / 4000**0.5
    assert found == pytest.approx(127.518792, abs=1e-6)


def test_the_textbook_chart_of_the_example():
    assert bernoulli_run_length(0.03, m=20, hm=60).value == pytest.approx(1144.27472, abs=1e-5)
    assert bernoulli_run_length(0.06, m=20, hm=60).value == pytest.approx(149.208905, abs=1e-6)


def test_one_discrepancy_alarms_after_one_waiting_time():
    # From any state one discrepancy of 19 steps crosses a threshold of 10: a geometric wait.
    assert bernoulli_run_length(0.05, m=20, hm=10).value == pytest.approx(20)


@settings(deadline=None, max_examples=20)
@given(st.floats(0.5, 2.5), st.floats(0.1, 1.0))
def test_run_lengths_grow_with_the_threshold_and_shrink_with_the_odds(h, more):
    def length(threshold, odds):
        return risk_adjusted_run_length(MIX, SHARES, h=threshold, true_ratio=odds, scaling=40).value

    assert length(h + more, 1.0) >= length(h, 1.0) - 1e-9
    assert length(h, 1.0 + more) <= length(h, 1.0)


@pytest.mark.parametrize(
    ("p0", "target", "h", "changed"),
    [
        (0.02, 1000, 1.98, 182),
        (0.03, 500, 1.77, 106),
        (0.05, 1000, 2.66, 114),
        (0.08, 500, 2.42, 68),
    ],
)
def test_thresholds_of_the_look_up_table(p0, target, h, changed):
    found = calibrate_threshold([p0], [1.0], target=target)
    assert found.value == pytest.approx(h)
    assert round(found.details["arl_changed"]) == changed
    assert found.details["arl_at_h"] >= target
    below = risk_adjusted_run_length([p0], [1.0], h=found.value - 0.01, scaling=100)
    assert below.value < target


def test_a_target_out_of_reach_is_told():
    found = calibrate_threshold([0.5], [1.0], target=1e60)
    assert (found.value, found.reasons) == (None, ("UNSTABLE",))


def test_ewma_lengths_are_those_of_the_published_chart():
    # Lucas & Saccucci 1990: lambda .25, L 2.898 and lambda .1, L 2.703 give 500.
    assert ewma_run_length(0.25, 2.998).value == pytest.approx(500, rel=0.01)
    assert ewma_run_length(0.1, 2.814).value == pytest.approx(500, rel=0.01)
    assert ewma_run_length(0.2, 2.86).value == pytest.approx(371.103304, abs=1e-5)
    assert ewma_run_length(0.2, 2.86, shift=1).value == pytest.approx(9.80152451, abs=1e-7)
    # With all weight on the newest point it is Shewhart's chart: 1 / P(|z| > 3).
    assert ewma_run_length(1.0, 3.0).value == pytest.approx(370.398, abs=1e-3)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: bernoulli_run_length(0.0, m=20, hm=60), "Bernoulli"),
        (lambda: bernoulli_run_length(0.1, m=1, hm=60), "Bernoulli"),
        (lambda: risk_adjusted_run_length([0.1], [0.5], h=1), "sum to 1"),
        (lambda: risk_adjusted_run_length([0.1, 0.2], [1.0], h=1), "has a weight"),
        (lambda: risk_adjusted_run_length([1.0], [1.0], h=1), "between 0 and 1"),
        (lambda: risk_adjusted_run_length([0.1], [1.0], h=0), "h > 0"),
        (lambda: risk_adjusted_run_length([0.1], [1.0], h=1, odds_ratio=1), "odds ratio"),
        (lambda: calibrate_threshold([0.1], [1.0], target=1), "target above 1"),
        (lambda: ewma_run_length(0.0, 3.0), "EWMA"),
    ],
)
def test_parameters_that_make_no_sense_are_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
