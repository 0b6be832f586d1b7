"""By which formula is each coefficient of agreement computed from count patterns?

Every formula takes ``items``, the number of items with each pattern, for many data sets at
once (shape (sets, patterns)), so that the jackknife needs one call. ``items`` may be complex:
the derivatives are taken by complex step. Undefined values are NaN here and nowhere else.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

# Real for values, complex for derivatives.
Numbers: TypeAlias = NDArray[Any]
Formula: TypeAlias = Callable[[Numbers], Numbers]

# A chance agreement this near to 1 leaves nothing to be corrected for.
SMALLEST_ROOM = 1e-12


@dataclass(frozen=True, eq=False)
class Patterns:
    """The distinct count vectors of items with at least two readings.

    Attributes:
        counts: readings per category; shape (patterns, categories).
        items: items with each pattern; shape (patterns,).
    """

    counts: NDArray[np.float64]
    items: NDArray[np.float64]

    @property
    def readings(self) -> NDArray[np.float64]:
        """Readings per item of each pattern; shape (patterns,), each at least 2."""
        total: NDArray[np.float64] = self.counts.sum(axis=1)
        return total

    @property
    def categories(self) -> int:
        """Declared categories, used or not."""
        return int(self.counts.shape[1])


def weight_matrix(name: str, categories: int) -> NDArray[np.float64]:
    """Return the agreement weights; shape (categories, categories), 1 on the diagonal.

    Args:
        name: ``identity``, ``linear``, ``quadratic`` or ``ordinal``.
        categories: K, at least 2.

    Raises:
        KeyError: no such weights.

    Source:
        Gwet K. L. (2014). Handbook of Inter-Rater Reliability, 4th ed., ch. 3.
    """
    codes = np.arange(categories, dtype=float)
    gap = np.abs(codes[:, None] - codes[None, :])
    widest = categories - 1.0
    known: dict[str, NDArray[np.float64]] = {
        "identity": (gap == 0).astype(float),
        "linear": 1 - gap / widest,
        "quadratic": 1 - (gap / widest) ** 2,
        "ordinal": 1 - gap * (gap + 1) / (categories * widest),
    }
    return known[name]


def _ratio(above: Numbers, below: Numbers) -> Numbers:
    """Return above / below, NaN where ``below`` is nothing but rounding."""
    defined = below.real > SMALLEST_ROOM
    result: Numbers = np.where(defined, above / np.where(defined, below, 1.0), np.nan)
    return result


def _corrected(observed: Numbers, chance: Numbers) -> Numbers:
    return _ratio(observed - chance, 1 - chance)


def percent_agreement(patterns: Patterns, weights: NDArray[np.float64]) -> Formula:
    """Return the formula of the (weighted) share of agreeing pairs of readings."""
    r = patterns.readings
    pairs = (patterns.counts * (patterns.counts @ weights - 1)).sum(axis=1)
    per_item = pairs / (r * (r - 1))
    return lambda items: _ratio(items @ per_item, items.sum(axis=1))


def marginals(patterns: Patterns) -> Formula:
    """Return the formula of the mean share of each category; shape (sets, categories)."""
    shares = patterns.counts / patterns.readings[:, None]
    return lambda items: _ratio(items @ shares, items.sum(axis=1)[:, None])


def fleiss_chance(patterns: Patterns, weights: NDArray[np.float64]) -> Formula:
    """Return the formula of the agreement of readers who score at random from the margins."""
    margin = marginals(patterns)

    def chance(items: Numbers) -> Numbers:
        pi = margin(items)
        result: Numbers = ((pi @ weights) * pi).sum(axis=1)
        return result

    return chance


def gwet_chance(patterns: Patterns, weights: NDArray[np.float64]) -> Formula:
    """Return the formula of Gwet's chance agreement."""
    margin = marginals(patterns)
    k = patterns.categories
    factor = weights.sum() / (k * (k - 1))

    def chance(items: Numbers) -> Numbers:
        pi = margin(items)
        result: Numbers = factor * (pi * (1 - pi)).sum(axis=1)
        return result

    return chance


def uniform_chance(patterns: Patterns, weights: NDArray[np.float64]) -> Formula:
    """Return the formula of Brennan and Prediger's chance agreement, the same for all data."""
    level = weights.sum() / patterns.categories**2
    return lambda items: np.full(items.shape[0], level)


def corrected(observed: Formula, chance: Formula) -> Formula:
    """Return the formula of the agreement beyond chance, (pa - pe) / (1 - pe)."""
    return lambda items: _corrected(observed(items), chance(items))


def krippendorff_alpha(patterns: Patterns, metric: str) -> Formula:
    """Return the formula of Krippendorff's alpha from the coincidence matrix.

    Args:
        patterns: the items.
        metric: ``nominal``, ``ordinal`` or ``interval``.

    Source:
        Hayes A. F., Krippendorff K. (2007). Commun Methods Meas 1, 77-89.
        doi:10.1080/19312450709336664
    """
    counts, k = patterns.counts, patterns.categories
    pairs = counts[:, :, None] * (counts[:, None, :] - np.eye(k))
    per_item = (pairs / (patterns.readings - 1)[:, None, None]).reshape(-1, k * k)

    def alpha(items: Numbers) -> Numbers:
        coincidences = (items @ per_item).reshape(-1, k, k)
        totals = coincidences.sum(axis=2)
        distance = _distance(metric, totals)
        seen = (coincidences * distance).sum(axis=(1, 2))
        expected = (totals[:, :, None] * totals[:, None, :] * distance).sum(axis=(1, 2))
        value: Numbers = 1 - (totals.sum(axis=1) - 1) * _ratio(seen, expected)
        return value

    return alpha


def _distance(metric: str, totals: Numbers) -> Numbers:
    """Return the squared distances of the categories; shape (sets or 1, K, K)."""
    k = totals.shape[1]
    if metric == "nominal":
        unequal: Numbers = (1 - np.eye(k))[None]
        return unequal
    rank: Numbers = np.arange(k, dtype=float)[None]
    if metric == "ordinal":
        rank = totals.cumsum(axis=1) - totals / 2
    result: Numbers = (rank[:, :, None] - rank[:, None, :]) ** 2
    return result


def specific_agreement(patterns: Patterns, members: Collection[int]) -> Formula:
    """Return the formula of the agreement on a set of categories.

    That is: when one reader chooses a category of the set, how often a second one does so.

    Args:
        patterns: the items.
        members: the categories of the set, from 0.

    Source:
        Cicchetti D. V., Feinstein A. R. (1990). J Clin Epidemiol 43, 551-558.
        doi:10.1016/0895-4356(90)90159-M
    """
    inside = patterns.counts[:, sorted(members)].sum(axis=1)
    agreeing = inside * (inside - 1) / (patterns.readings - 1)
    return lambda items: _ratio(items @ agreeing, items @ inside)


def share_of_readings(patterns: Patterns, members: Collection[int]) -> Formula:
    """Return the formula of the share of readings in a set: its chance floor."""
    inside = patterns.counts[:, sorted(members)].sum(axis=1)
    return lambda items: _ratio(items @ inside, items @ patterns.readings)
