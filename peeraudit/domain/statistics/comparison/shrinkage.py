"""What is a department's likely rate, given its own few reports and all the others?"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from peeraudit.domain.statistics.agreement_bootstrap import seeded_generator
from peeraudit.domain.statistics.comparison.beta_binomial import (
    LARGEST_PRIOR,
    Prior,
    fit_priors,
)
from peeraudit.domain.statistics.comparison.funnels import Unit, check_units, pooled_rate
from peeraudit.domain.statistics.intervals import ALPHA, wilson
from peeraudit.domain.statistics.panels import Panel
from peeraudit.domain.statistics.results import Estimate, Status, hash_inputs

METHOD = "S5.04@1"
FEWEST_UNITS = 10
# With fewer units than this the uncertainty of the prior itself is added.
FEW_UNITS = 30
REPLICATES = 200
BISECTIONS = 60

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
        replicates: of the Laird-Louis bootstrap, which adds the uncertainty of the prior where
            there are fewer than 30 units; 0 for none.

    Returns:
        Per department the posterior mean with its central 95 % interval; ``details``:
        ``shrinkage`` (the weight of the common mean), ``crude``, ``ci_laird_louis``. Panel
        ``details``: ``a``, ``b``, ``mu``, ``rho`` (1/(1 + a + b)), ``loglik``. Where all units
        share one rate: its Wilson interval, warning ``COMPLETE_POOLING``. Fewer than 10 units:
        ``UNITS_LT_10``; no event, or only events: ``NO_VARIATION``.

    Raises:
        ValueError: impossible counts.

    Source:
        Laird N. M., Louis T. A. (1987). J Am Stat Assoc 82, 739-750.
        doi:10.1080/01621459.1987.10478490
    """
    check_units(units)
    ordered = sorted(units)
    inputs = hash_inputs(METHOD, units=[[u.key, u.n, u.x] for u in ordered], threshold=threshold)
    total = sum(u.n for u in ordered)
    blank = Panel(method=METHOD, inputs_sha256=inputs, n=total)
    if len(ordered) < FEWEST_UNITS:
        return replace(blank, status=Status.NOT_ESTIMABLE, reasons=("UNITS_LT_10",))
    if not 0 < pooled_rate(ordered) < 1:
        return replace(blank, status=Status.NOT_ESTIMABLE, reasons=("NO_VARIATION",))
    x, n = (np.array([getattr(u, part) for u in ordered], dtype=float) for part in ("x", "n"))
    prior = fit_priors(x[None], n)[0]
    if math.isinf(prior.size):
        return _pooled(blank, ordered, prior, threshold)
    a, b = prior.mean * prior.size, (1 - prior.mean) * prior.size
    low, high = (special.betaincinv(a + x, b + n - x, q) for q in (ALPHA / 2, 1 - ALPHA / 2))
    wide = None
    if len(ordered) < FEW_UNITS and replicates:
        wide = _laird_louis(x, n, prior, inputs, replicates)
    found = {}
    for i, unit in enumerate(ordered):
        details: dict[str, object] = {
            "crude": unit.x / unit.n,
            "shrinkage": prior.size / (prior.size + unit.n),
            "ci_laird_louis": None if wide is None else (float(wide[0][i]), float(wide[1][i])),
        }
        if threshold is not None:
            details["prob_exceed"] = float(special.betaincc(a + x[i], b + n[i] - x[i], threshold))
        found[unit.key] = Estimate(
            method=METHOD,
            inputs_sha256=inputs,
            value=(a + unit.x) / (prior.size + unit.n),
            ci=(float(low[i]), float(high[i])),
            ci_method="beta_posterior",
            n=unit.n,
            details=details,
        )
    shared = {
        "a": a,
        "b": b,
        "mu": prior.mean,
        "rho": 1 / (1 + prior.size),
        "loglik": prior.loglik + _ways(x, n),
    }
    return replace(blank, units=found, details=shared)


def _ways(x: Floats, n: Floats) -> float:
    """Return the logarithm of the binomial coefficients, over all units."""
    each = special.gammaln(n + 1) - special.gammaln(x + 1) - special.gammaln(n - x + 1)
    return float(each.sum())


def _pooled(blank: Panel, units: Sequence[Unit], prior: Prior, threshold: float | None) -> Panel:
    """Return the panel of departments that all share one rate."""
    interval = wilson(prior.mean, blank.n)
    x, n = (np.array([getattr(u, part) for u in units], dtype=float) for part in ("x", "n"))
    beside: dict[str, object] = {"shrinkage": 1.0, "ci_laird_louis": None}
    if threshold is not None:
        beside["prob_exceed"] = float(prior.mean > threshold)
    found = {
        unit.key: Estimate(
            method=METHOD,
            inputs_sha256=blank.inputs_sha256,
            value=prior.mean,
            ci=interval,
            ci_method="wilson_pooled",
            n=unit.n,
            details={"crude": unit.x / unit.n} | beside,
        )
        for unit in units
    }
    loglik = prior.loglik + _ways(x, n)
    shared = {"a": None, "b": None, "mu": prior.mean, "rho": 0.0, "loglik": loglik}
    return replace(blank, units=found, warnings=("COMPLETE_POOLING",), details=shared)


def _laird_louis(
    x: Floats, n: Floats, prior: Prior, inputs: str, replicates: int
) -> tuple[Floats, Floats]:
    """Return limits of the posterior averaged over priors fitted to simulated departments."""
    draws = seeded_generator(inputs)
    a, b = prior.mean * prior.size, (1 - prior.mean) * prior.size
    rates = draws.beta(a, b, size=(replicates, len(n)))
    events = draws.binomial(n.astype(np.int64), rates).astype(float)
    total = events.sum(axis=1)
    priors = fit_priors(events[(total > 0) & (total < n.sum())], n)
    sizes = np.array([min(p.size, LARGEST_PRIOR) for p in priors])[:, None]
    means = np.array([p.mean for p in priors])[:, None]
    alpha, beta = means * sizes + x, (1 - means) * sizes + n - x
    return (
        _mixture_quantile(alpha, beta, ALPHA / 2),
        _mixture_quantile(alpha, beta, 1 - ALPHA / 2),
    )


def _mixture_quantile(alpha: Floats, beta: Floats, level: float) -> Floats:
    """Return the quantile of equal mixtures of beta distributions, one per column."""
    low, high = np.zeros(alpha.shape[1]), np.ones(alpha.shape[1])
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        under = special.betainc(alpha, beta, middle).sum(axis=0) / len(alpha) < level
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return (low + high) / 2
