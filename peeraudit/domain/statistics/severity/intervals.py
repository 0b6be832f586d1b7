"""Between which limits does a reviewer's severity lie, when few reviewers tell of their spread?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from peeraudit.domain.statistics.intervals import ALPHA
from peeraudit.domain.statistics.severity.counts import ReviewerCounts

# Standard deviations between reviewers that are thought possible, in logits: even steps.
STEP = 0.05
WIDEST = 2.5
MOST_STEPS = 60
LARGEST_MOVE = 2.0
CONVERGED = 1e-9
BISECTIONS = 50
# A stratum's log-odds are known in advance to so little.
FLAT = 1e-6

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Given:
    """What the severities look like if their spread is known.

    Attributes:
        mode: most probable severities; shape (reviewers,).
        spread: their standard deviations, the strata's log-odds being in doubt too.
        weight: logarithm of the likelihood of this spread.
    """

    mode: Floats
    spread: Floats
    weight: float


def severity_limits(counts: ReviewerCounts) -> tuple[Floats, Floats]:
    """Return 95 % limits of each reviewer's severity that allow for all that is in doubt.

    With few reviewers the spread between them is hardly known, and the conditional standard
    deviation, which takes it and the strata's log-odds as known, promises too much. Here the
    severity's distribution is averaged over all spreads from 0.05 to 2.5 logits, each weighted
    by its likelihood (Laplace's approximation over severities and strata), none preferred in
    advance. The rule to use it below a number of reviewers is our own.

    Args:
        counts: readings and discrepant ones.

    Returns:
        Lower and upper limits, in logits; shape (reviewers,) each.

    Source:
        Rue H., Martino S., Chopin N. (2009). J R Stat Soc B 71, 319-392.
        doi:10.1111/j.1467-9868.2008.00700.x
    """
    events, readings = counts.over_strata(counts.x), counts.over_strata(counts.n)
    varies = (events > 0) & (events < readings)
    start = special.logit(events[varies] / readings[varies])
    found: list[_Given] = []
    at = np.concatenate([np.zeros(len(counts.reviewers)), start])
    for sigma in np.arange(STEP, WIDEST + STEP / 2, STEP):
        at, given = _given(counts, varies, float(sigma), at)
        found.append(given)
    weights = np.array([given.weight for given in found])
    weights = np.exp(weights - weights.max())
    weights /= weights.sum()
    modes = np.stack([given.mode for given in found])
    spreads = np.stack([given.spread for given in found])
    return (
        _quantile(modes, spreads, weights, ALPHA / 2),
        _quantile(modes, spreads, weights, 1 - ALPHA / 2),
    )


def _given(
    counts: ReviewerCounts, varies: NDArray[np.bool_], sigma: float, start: Floats
) -> tuple[Floats, _Given]:
    """Return the joint mode of severities and strata, and what it says, by Newton's steps."""
    kept = varies[counts.stratum]
    n, x, r = counts.n[kept], counts.x[kept], counts.reviewer[kept]
    reviewers = len(counts.reviewers)
    h = reviewers + (np.cumsum(varies) - 1)[counts.stratum[kept]]
    size = len(start)
    penalty = np.where(np.arange(size) < reviewers, 1 / sigma**2, FLAT)
    at = start.copy()
    hessian = np.diag(penalty)
    for _ in range(MOST_STEPS):
        p = special.expit(at[r] + at[h])
        left, spread = x - n * p, n * p * (1 - p)
        slope = np.bincount(r, left, minlength=size) + np.bincount(h, left, minlength=size)
        hessian = np.diag(
            penalty
            + np.bincount(r, spread, minlength=size)
            + np.bincount(h, spread, minlength=size)
        )
        np.add.at(hessian, (r, h), spread)
        np.add.at(hessian, (h, r), spread)
        move = np.linalg.solve(hessian, slope - penalty * at)
        at = at + np.clip(move, -LARGEST_MOVE, LARGEST_MOVE)
        if np.abs(move).max() < CONVERGED:
            break
    eta = at[r] + at[h]
    loglik = (x * eta - n * np.logaddexp(0, eta)).sum() - (penalty * at**2).sum() / 2
    weight = loglik - reviewers * np.log(sigma) - np.linalg.slogdet(hessian)[1] / 2
    variance = np.diagonal(np.linalg.inv(hessian))[:reviewers]
    return at, _Given(at[:reviewers], np.sqrt(variance), float(weight))


def _quantile(modes: Floats, spreads: Floats, weights: Floats, level: float) -> Floats:
    """Return quantiles of mixtures of normal distributions, one per column."""
    low = (modes - 8 * spreads).min(axis=0)
    high = (modes + 8 * spreads).max(axis=0)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        below = (weights[:, None] * special.ndtr((middle - modes) / spreads)).sum(axis=0) < level
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    found: Floats = (low + high) / 2
    return found
