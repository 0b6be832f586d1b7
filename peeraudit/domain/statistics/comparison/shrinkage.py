"""What is a department's likely rate, given its own few reports and all the others?"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from peeraudit.domain.statistics.agreement_bootstrap import seeded_generator
from peeraudit.domain.statistics.comparison.beta_binomial import Prior, fit_priors
from peeraudit.domain.statistics.comparison.funnels import Unit, check_units, pooled_rate
from peeraudit.domain.statistics.comparison.prior_doubt import (
    laird_louis_limits,
    likelihood_limits,
)
from peeraudit.domain.statistics.intervals import ALPHA, wilson
from peeraudit.domain.statistics.panels import Panel
from peeraudit.domain.statistics.results import Estimate, Status, hash_inputs

METHOD = "S5.04@1"
FEWEST_UNITS = 10
# With fewer units than this the uncertainty of the prior itself is added.
FEW_UNITS = 30
REPLICATES = 200

Floats = NDArray[np.float64]


def shrunken_rates(
    units: Sequence[Unit], *, threshold: float | None = None, replicates: int = REPLICATES
) -> Panel:
    """Return each department's empirical-Bayes rate, S5.04.

    A department's rate is drawn towards the common mean, the more so the fewer its reports:
    the posterior is Beta(a + x, b + n - x) under the fitted Beta(a, b).

    Args:
        units: counts per department, in any order.
        threshold: a rate; ``details["prob_exceed"]`` is then the chance to lie above it.
        replicates: of the Laird-Louis bootstrap, where there are fewer than 30 units; 0 for the
            posterior alone, whatever the number of units.

    Returns:
        Per department the posterior mean; ``details``: ``shrinkage`` (the weight of the common
        mean), ``crude``, and the intervals ``ci_posterior`` (the prior taken as known),
        ``ci_laird_louis`` and ``ci_likelihood_mixture``. With fewer than 30 units the last one
        is the interval shown (our own rule: the others hold too little), else the first. Panel
        ``details``: ``a``, ``b``, ``mu``, ``rho`` (1/(1 + a + b)), ``loglik``. Where all units
        share one rate the warning is ``COMPLETE_POOLING``, and ``ci_posterior`` its Wilson
        interval. Fewer than 10 units:
        ``UNITS_LT_10``; no event, or only events: ``NO_VARIATION``.

    Raises:
        ValueError: impossible counts.

    Source:
        Laird N. M., Louis T. A. (1987). J Am Stat Assoc 82, 739-750.
        doi:10.1080/01621459.1987.10478490
    """
    check_units(units)
    inputs = hash_inputs(
        METHOD, units=[[u.key, u.n, u.x] for u in sorted(units)], threshold=threshold
    )
    # By counts, and not by names: on a flat likelihood the search would end elsewhere.
    ordered = sorted(units, key=lambda u: (u.n, u.x, u.key))
    total = sum(u.n for u in ordered)
    blank = Panel(method=METHOD, inputs_sha256=inputs, n=total)
    if len(ordered) < FEWEST_UNITS:
        return replace(blank, status=Status.NOT_ESTIMABLE, reasons=("UNITS_LT_10",))
    if not 0 < pooled_rate(ordered) < 1:
        return replace(blank, status=Status.NOT_ESTIMABLE, reasons=("NO_VARIATION",))
    x, n = (np.array([getattr(u, part) for u in ordered], dtype=float) for part in ("x", "n"))
    prior = fit_priors(x[None], n)[0]
    limits = {"posterior": _posterior_limits(x, n, prior)}
    if len(ordered) < FEW_UNITS and replicates:
        draws = seeded_generator(inputs)
        limits["laird_louis"] = laird_louis_limits(x, n, prior, draws, replicates)
        limits["likelihood_mixture"] = likelihood_limits(x, n)
    columns = _columns(x, n, prior, threshold)
    pooled = math.isinf(prior.size)
    found = {
        unit.key: _unit(
            Estimate(method=METHOD, inputs_sha256=inputs, n=unit.n),
            {name: float(column[i]) for name, column in columns.items()},
            {name: (float(low[i]), float(high[i])) for name, (low, high) in limits.items()},
        )
        for i, unit in enumerate(ordered)
    }
    return replace(
        blank,
        units={key: found[key] for key in sorted(found)},
        warnings=("COMPLETE_POOLING",) if pooled else (),
        details={
            "a": None if pooled else prior.mean * prior.size,
            "b": None if pooled else (1 - prior.mean) * prior.size,
            "mu": prior.mean,
            "rho": 1 / (1 + prior.size),
            "loglik": prior.loglik + _ways(x, n),
        },
    )


def _unit(
    blank: Estimate, columns: dict[str, float], limits: dict[str, tuple[float, float]]
) -> Estimate:
    details: dict[str, object] = dict(columns)
    details |= {f"ci_{name}": pair for name, pair in limits.items()}
    # The last interval is the one that leaves least out.
    method, interval = list(limits.items())[-1]
    return replace(
        blank, value=columns["mean"], ci=interval, ci_method=f"beta_{method}", details=details
    )


def _columns(x: Floats, n: Floats, prior: Prior, threshold: float | None) -> dict[str, Floats]:
    """Return what is said of each unit beside its interval; shape (units,) each."""
    crude = x / n
    share = np.ones_like(n) if math.isinf(prior.size) else prior.size / (prior.size + n)
    columns = {
        "mean": share * prior.mean + (1 - share) * crude,
        "crude": crude,
        "shrinkage": share,
    }
    if threshold is None:
        return columns
    if math.isinf(prior.size):
        return columns | {"prob_exceed": np.full_like(n, float(prior.mean > threshold))}
    a, b = prior.mean * prior.size, (1 - prior.mean) * prior.size
    return columns | {"prob_exceed": special.betaincc(a + x, b + n - x, threshold)}


def _posterior_limits(x: Floats, n: Floats, prior: Prior) -> tuple[Floats, Floats]:
    """Return the central 95 % of each posterior; of the one common rate, its Wilson interval."""
    if math.isinf(prior.size):
        low, high = wilson(prior.mean, float(n.sum()))
        return np.full_like(n, low), np.full_like(n, high)
    a, b = prior.mean * prior.size, (1 - prior.mean) * prior.size
    return (
        special.betaincinv(a + x, b + n - x, ALPHA / 2),
        special.betaincinv(a + x, b + n - x, 1 - ALPHA / 2),
    )


def _ways(x: Floats, n: Floats) -> float:
    """Return the logarithm of the binomial coefficients, over all units."""
    each = special.gammaln(n + 1) - special.gammaln(x + 1) - special.gammaln(n - x + 1)
    return float(each.sum())
