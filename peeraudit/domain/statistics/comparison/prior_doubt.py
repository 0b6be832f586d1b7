"""Between which limits does a department's rate lie, when few departments tell of their spread?"""

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

from peeraudit.domain.statistics.comparison.beta_binomial import Prior, fit_priors
from peeraudit.domain.statistics.intervals import ALPHA

Floats: TypeAlias = NDArray[np.float64]
Limits: TypeAlias = tuple[Floats, Floats]

# The square root of the intra-department correlation, in even steps; it is proportional to the
# standard deviation between departments.
SPREAD_STEP = 0.01
WIDEST_SPREAD = 0.6
# The common mean, in standard errors around the pooled rate.
MEANS = np.linspace(-3.5, 3.5, 11)
# Priors less likely than this share of the likeliest one are left out.
NEGLIGIBLE = 1e-4
MOST_STEPS = 60
CONVERGED = 1e-9
FIRST = 1e-6
# A prior worth so many reports is as good as complete pooling.
LARGEST_SIMULATED = 1e7


def likelihood_limits(x: Floats, n: Floats) -> Limits:
    """Return 95 % limits of each department's rate, averaged over all priors by likelihood.

    With few departments their spread is hardly known; often the best guess is none at all, and
    an interval made from it promises too much. Here every common mean and every spread counts
    with its likelihood, none preferred in advance. To use it below a number of departments is
    our own rule.

    Args:
        x: discrepant reports per department; not none and not all of them.
        n: reports per department.

    Returns:
        Lower and upper limits; shape (departments,) each.

    Source:
        Deely J. J., Lindley D. V. (1981). J Am Stat Assoc 76, 833-841.
        doi:10.1080/01621459.1981.10477731
    """
    pooled = float(x.sum() / n.sum())
    spreads = np.arange(SPREAD_STEP / 2, WIDEST_SPREAD, SPREAD_STEP)
    # The mean of few departments is as uncertain as their own scatter, at least.
    crude = x / n
    error = math.sqrt(max(pooled * (1 - pooled) / n.sum(), float(crude.var(ddof=1)) / len(n)))
    means = special.expit(special.logit(pooled) + MEANS * error / (pooled * (1 - pooled)))
    spread, mean = (part.reshape(-1, 1) for part in np.meshgrid(spreads, means))
    size = 1 / spread**2 - 1
    a, b = mean * size, (1 - mean) * size
    logs = (special.betaln(a + x, b + n - x) - special.betaln(a, b)).sum(axis=1)
    weights = np.exp(logs - logs.max())
    kept = weights > NEGLIGIBLE
    return _limits((a + x)[kept], (b + n - x)[kept], weights[kept])


def laird_louis_limits(
    x: Floats, n: Floats, prior: Prior, draws: np.random.Generator, replicates: int
) -> Limits:
    """Return 95 % limits of the posterior averaged over priors fitted to simulated departments.

    Args:
        x: discrepant reports per department.
        n: reports per department.
        prior: the fitted distribution of rates; where all share one rate, it is simulated.
        draws: the generator of the data's own seed.
        replicates: simulated sets of departments.

    Source:
        Laird N. M., Louis T. A. (1987). J Am Stat Assoc 82, 739-750.
        doi:10.1080/01621459.1987.10478490
    """
    size = min(prior.size, LARGEST_SIMULATED)
    a, b = prior.mean * size, (1 - prior.mean) * size
    rates = draws.beta(a, b, size=(replicates, len(n)))
    events = draws.binomial(n.astype(np.int64), rates).astype(float)
    total = events.sum(axis=1)
    priors = fit_priors(events[(total > 0) & (total < n.sum())], n)
    sizes = np.array([min(p.size, LARGEST_SIMULATED) for p in priors])[:, None]
    means = np.array([p.mean for p in priors])[:, None]
    alpha, beta = means * sizes + x, (1 - means) * sizes + n - x
    return _limits(alpha, beta, np.ones(len(priors)))


def _limits(alpha: Floats, beta: Floats, weights: Floats) -> Limits:
    """Return the central 95 % of mixtures of beta distributions, one per column.

    Newton's steps on the distribution, bisection where one would leave the known bracket.
    """
    shares = (weights / weights.sum())[:, None]
    level = np.array([[ALPHA / 2], [1 - ALPHA / 2]])
    centre = alpha / (alpha + beta)
    mean = (shares * centre).sum(axis=0)
    within = centre * (1 - centre) / (alpha + beta + 1)
    spread = np.sqrt((shares * (within + (centre - mean) ** 2)).sum(axis=0))
    at = np.clip(mean + np.array([[-2.0], [2.0]]) * spread, FIRST, 1 - FIRST)
    low, high = np.zeros_like(at), np.ones_like(at)
    log_scale = special.betaln(alpha, beta)
    for _ in range(MOST_STEPS):
        here = at[:, None, :]
        reached = (shares * special.betainc(alpha, beta, here)).sum(axis=1)
        logs = special.xlogy(alpha - 1, here) + special.xlog1py(beta - 1, -here) - log_scale
        short = reached < level
        low, high = np.where(short, at, low), np.where(short, high, at)
        # Where the density is nothing at all the step leads nowhere, and bisection goes on.
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            moved = at - (reached - level) / (shares * np.exp(logs)).sum(axis=1)
        moved = np.where((moved >= low) & (moved <= high), moved, (low + high) / 2)
        length = float(np.abs(moved - at).max())
        at = moved
        if length < CONVERGED:
            break
    return at[0], at[1]
