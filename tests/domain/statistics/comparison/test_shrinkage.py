import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, special, stats

from peeraudit.domain.statistics.comparison.beta_binomial import fit_priors
from peeraudit.domain.statistics.comparison.funnels import Unit
from peeraudit.domain.statistics.comparison.prior_doubt import likelihood_limits
from peeraudit.domain.statistics.comparison.shrinkage import shrunken_rates
from peeraudit.domain.statistics.intervals import wilson
from peeraudit.domain.statistics.results import Status


def simulated(seed, units=40, mean=0.08, size=40.0, n=100):
    draws = np.random.Generator(np.random.PCG64(seed))
    rates = draws.beta(mean * size, (1 - mean) * size, units)
    counts = draws.binomial(n, rates)
    return [Unit(f"d{i:03d}", n, int(x)) for i, x in enumerate(counts)], rates


def other_fit(x, n):
    def loss(at):
        a, b = np.exp(at)
        return -(special.betaln(a + x, b + n - x) - special.betaln(a, b)).sum()

    options = {"xatol": 1e-9, "fatol": 1e-11, "maxiter": 5000}
    found = optimize.minimize(loss, [0.0, 2.0], method="Nelder-Mead", options=options)
    return np.exp(found.x), -found.fun


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_another_optimiser_finds_no_better_prior(seed):
    units, _ = simulated(seed)
    x, n = (np.array([getattr(u, part) for u in units], dtype=float) for part in ("x", "n"))
    (a, b), best = other_fit(x, n)
    prior = fit_priors(x[None], n)[0]
    assert prior.loglik == pytest.approx(best, abs=1e-7)
    assert prior.mean == pytest.approx(a / (a + b), abs=1e-5)


def test_many_sets_are_fitted_as_one_by_one():
    draws = np.random.Generator(np.random.PCG64(4))
    n = draws.integers(20, 200, 15).astype(float)
    x = draws.binomial(n.astype(int), draws.beta(2, 20, (30, 15))).astype(float)
    together = fit_priors(x, n)
    for row, prior in zip(x, together, strict=True):
        alone = fit_priors(row[None], n)[0]
        assert (prior.mean, prior.size) == (pytest.approx(alone.mean), pytest.approx(alone.size))


def test_planted_rates_lie_in_their_intervals():
    held = total = 0
    for seed in range(20):
        units, rates = simulated(seed)
        panel = shrunken_rates(units)
        for unit, rate in zip(panel.units.values(), rates, strict=True):
            held += unit.ci[0] <= rate <= unit.ci[1]
            total += 1
    assert 0.92 < held / total < 0.98


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(1, 80), st.floats(0, 1)), min_size=10, max_size=20))
def test_a_rate_is_drawn_towards_the_mean(rows):
    units = [Unit(f"d{i:02d}", n, int(n * s)) for i, (n, s) in enumerate(rows)]
    panel = shrunken_rates(units, threshold=0.2, replicates=0)
    for unit in panel.units.values():
        low, high = sorted((unit.details["crude"], panel.details["mu"]))
        assert low - 1e-9 <= unit.value <= high + 1e-9
        assert 0 <= unit.ci[0] <= unit.ci[1] <= 1
        assert 0 <= unit.details["prob_exceed"] <= 1
        assert math.isfinite(panel.details["loglik"])


def test_departments_of_one_rate_are_pooled():
    units = [Unit(f"d{i:02d}", 100, 5) for i in range(12)]
    panel = shrunken_rates(units, threshold=0.04)
    assert panel.warnings == ("COMPLETE_POOLING",)
    assert panel.details["loglik"] == pytest.approx(12 * stats.binom.logpmf(5, 100, 0.05))
    for unit in panel.units.values():
        assert unit.value == pytest.approx(0.05)
        assert unit.details["ci_posterior"] == wilson(0.05, 1200)
        # That nothing was seen to differ does not prove that nothing does.
        assert unit.ci[0] < unit.details["ci_posterior"][0]
        assert unit.ci[1] > unit.details["ci_posterior"][1]
        assert unit.details["prob_exceed"] == 1


def test_few_departments_carry_the_doubt_about_their_common_mean():
    units, _ = simulated(6, units=14)
    panel = shrunken_rates(units)
    width = {
        name: np.mean([np.diff(unit.details[f"ci_{name}"]) for unit in panel.units.values()])
        for name in ("posterior", "laird_louis", "likelihood_mixture")
    }
    assert width["posterior"] < width["laird_louis"] < 1.5 * width["posterior"]
    assert width["posterior"] < width["likelihood_mixture"] < 1.5 * width["posterior"]
    assert panel.units["d000"].ci == panel.units["d000"].details["ci_likelihood_mixture"]
    assert shrunken_rates(units) == panel
    many = shrunken_rates(simulated(6, units=30)[0]).units["d000"]
    assert (many.ci_method, many.ci) == ("beta_posterior", many.details["ci_posterior"])


def test_where_the_spread_is_well_known_both_intervals_agree():
    units, _ = simulated(9, units=29, n=3000)
    for unit in shrunken_rates(units).units.values():
        assert unit.ci == pytest.approx(unit.details["ci_posterior"], abs=0.002)


def test_the_mixture_is_the_integral_over_all_priors():
    """Compare with a random walk through mean and spread, under the same even weights."""
    draws = np.random.Generator(np.random.PCG64(12))
    units, _ = simulated(13, units=10)
    x, n = (np.array([getattr(u, part) for u in units], dtype=float) for part in ("x", "n"))

    def log_weight(at):
        mean, spread = special.expit(at[0]), at[1]
        if not 0 < spread < 0.6:
            return -np.inf
        a, b = mean * (1 / spread**2 - 1), (1 - mean) * (1 / spread**2 - 1)
        return (special.betaln(a + x, b + n - x) - special.betaln(a, b)).sum()

    at, weight, rates = np.array([-2.4, 0.1]), -np.inf, []
    for _ in range(6000):
        new = at + draws.normal(0, [0.25, 0.06])
        other = log_weight(new)
        if np.log(draws.random()) < other - weight:
            at, weight = new, other
        size = 1 / at[1] ** 2 - 1
        mean = special.expit(at[0])
        rates.append(draws.beta(mean * size + x, (1 - mean) * size + n - x))
    low, high = likelihood_limits(x, n)
    assert np.quantile(rates, 0.025, axis=0) == pytest.approx(low, abs=0.012)
    assert np.quantile(rates, 0.975, axis=0) == pytest.approx(high, abs=0.012)


def test_order_changes_nothing():
    units, _ = simulated(8, units=12)
    assert shrunken_rates(units[::-1]) == shrunken_rates(units)


@pytest.mark.parametrize(
    ("units", "reason"),
    [
        ([Unit(f"d{i}", 10, 1) for i in range(9)], "UNITS_LT_10"),
        ([Unit(f"d{i}", 10, 0) for i in range(10)], "NO_VARIATION"),
        ([Unit(f"d{i}", 10, 10) for i in range(10)], "NO_VARIATION"),
    ],
)
def test_without_a_value_there_is_a_reason(units, reason):
    panel = shrunken_rates(units)
    assert (panel.status, panel.reasons) == (Status.NOT_ESTIMABLE, (reason,))
