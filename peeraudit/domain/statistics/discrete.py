"""How likely are counts, singly and in sum, and where do their quantiles lie?"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


def binomial_pmf(n: int, p: float) -> Floats:
    """Return the chance of 0, 1, ..., n events in ``n`` trials at rate ``p``; shape (n + 1,)."""
    return _binomial_at(np.arange(n + 1), np.array(n), p)


def sum_pmf(n: Sequence[int], p: Sequence[float]) -> Floats:
    """Return the exact distribution of a sum of independent binomial counts.

    Args:
        n: trials of each group, >= 0.
        p: rate of each group, 0 to 1.

    Returns:
        The chance of 0, 1, ..., sum(n) events; shape (sum(n) + 1,).
    """
    total = np.ones(1)
    for trials, rate in zip(n, p, strict=True):
        total = np.convolve(total, binomial_pmf(trials, rate))
    return total


def mid_p(below: Floats, at: Floats, above: Floats) -> Floats:
    """Return the two-sided mid-P value: twice the smaller tail, half of ``at`` in each.

    Args:
        below: P(X < x).
        at: P(X = x).
        above: P(X > x).
    """
    doubled: Floats = 2 * np.minimum(below + at / 2, above + at / 2)
    return np.minimum(1.0, doubled)


def binomial_tails(x: Counts, n: Counts, p: float) -> tuple[Floats, Floats, Floats]:
    """Return P(X < x), P(X = x) and P(X > x) for X ~ Bin(n, p), element by element."""
    below = np.where(x > 0, special.bdtr(np.maximum(x - 1, 0), n, p), 0.0)
    above = np.where(x < n, special.bdtrc(np.minimum(x, n), n, p), 0.0)
    return below, _binomial_at(x, n, p), above


def _binomial_at(k: NDArray[Any], n: Counts, p: float) -> Floats:
    ways = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    chance: Floats = np.exp(ways + special.xlogy(k, p) + special.xlog1py(n - k, -p))
    return chance


def _smallest(start: Floats, reaches: Callable[[Floats], NDArray[np.bool_]]) -> Floats:
    """Return the smallest counts for which ``reaches`` holds, from a guess that is nearly right."""
    found = np.maximum(start, 0.0)
    while (late := (found > 0) & reaches(np.maximum(found - 1, 0))).any():
        found = np.where(late, found - 1, found)
    while (early := ~reaches(found)).any():
        found = np.where(early, found + 1, found)
    return found


def interpolated_binomial(n: Counts, rate: float, level: float) -> Floats:
    """Return the quantile of Bin(n, rate) that is interpolated between counts, for each n.

    With r the smallest count whose P(R <= r) reaches ``level``: r less the share of P(R = r)
    that lies above the level.

    Args:
        n: trials, each at least 1.
        rate: 0 < rate < 1.
        level: probability, 0 < level < 1.

    Returns:
        Counts, may lie up to 1 below 0.

    Source:
        Spiegelhalter D. J. (2005). Stat Med 24, 1185-1202, appendix A. doi:10.1002/sim.1970
    """
    guess = np.ceil(special.bdtrik(level, n, rate))
    r = _smallest(np.minimum(guess, n), lambda k: special.bdtr(k, n, rate) >= level)
    found: Floats = r - (special.bdtr(r, n, rate) - level) / _binomial_at(r, n, rate)
    return found


def interpolated_poisson(mean: Floats, level: float) -> Floats:
    """Return the interpolated quantile of a Poisson count, as ``interpolated_binomial``.

    Args:
        mean: expected counts, each > 0.
        level: probability, 0 < level < 1.
    """
    guess = np.ceil(special.pdtrik(level, mean))
    r = _smallest(guess, lambda k: special.pdtr(k, mean) >= level)
    at = np.exp(special.xlogy(r, mean) - mean - special.gammaln(r + 1))
    found: Floats = r - (special.pdtr(r, mean) - level) / at
    return found
