"""By which formula is each coefficient of agreement computed?

Every coefficient is a function of a few sums over items, so one row of summands per distinct
count pattern is all that is kept. A formula takes the sums of many data sets at once: the data
themselves, each with one item left out (jackknife), or resampled ones (bootstrap). Sums may be
complex: derivatives are taken by complex step. Undefined values are NaN here and nowhere else.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

# Real for values, complex for derivatives.
Numbers: TypeAlias = NDArray[Any]

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

    def rows(self) -> NDArray[np.float64]:
        """Return what one item of each pattern adds to the sums; shape (patterns, 1 + K + 2K²).

        In this order: 1; its share of readings per category; its ordered pairs of readings per
        pair of categories over all its pairs, r_k(r_l - [k=l]) / r(r-1); the same over r - 1.
        """
        k = self.categories
        r = self.readings[:, None]
        pairs = self.counts[:, :, None] * (self.counts[:, None, :] - np.eye(k))
        flat = pairs.reshape(-1, k * k)
        return np.hstack([np.ones_like(r), self.counts / r, flat / (r * (r - 1)), flat / (r - 1)])


@dataclass(frozen=True, eq=False)
class Sums:
    """The sums over items of one or many data sets.

    Attributes:
        table: one row per data set; shape (sets, 1 + K + 2K²), columns as in ``Patterns.rows``.
        categories: K.
    """

    table: Numbers
    categories: int

    @property
    def margins(self) -> Numbers:
        """Mean share of each category, items weighing alike; shape (sets, K)."""
        return ratio(self.table[:, 1 : 1 + self.categories], self.table[:, :1])

    @property
    def pairs(self) -> Numbers:
        """Mean share of each pair of categories among an item's pairs; shape (sets, K²)."""
        k = self.categories
        return ratio(self.table[:, 1 + k : 1 + k + k * k], self.table[:, :1])

    @property
    def coincidences(self) -> Numbers:
        """Krippendorff's coincidences, in readings; shape (sets, K, K)."""
        k = self.categories
        return self.table[:, 1 + k + k * k :].reshape(-1, k, k)


Formula: TypeAlias = Callable[[Sums], Numbers]


def total_of(patterns: Patterns, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sums of all items; shape (1, columns of ``rows``).

    Added pattern by pattern, not by a matrix product: its order would depend on the processor.
    """
    total: NDArray[np.float64] = (patterns.items[:, None] * rows).sum(axis=0, keepdims=True)
    return total


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


def ratio(above: Numbers, below: Numbers) -> Numbers:
    """Return above / below, NaN where ``below`` is nothing but rounding."""
    defined = below.real > SMALLEST_ROOM
    result: Numbers = np.where(defined, above / np.where(defined, below, 1.0), np.nan)
    return result


def percent_agreement(weights: NDArray[np.float64]) -> Formula:
    """Return the formula of the (weighted) share of agreeing pairs of readings."""
    flat = weights.reshape(-1)
    return lambda sums: (sums.pairs * flat).sum(axis=1)


def expected_agreement(margins: Numbers, weights: NDArray[np.float64]) -> Numbers:
    """Return the agreement of readers who score at random from ``margins``; shape (sets,)."""
    together = margins[:, :, None] * margins[:, None, :] * weights
    result: Numbers = together.sum(axis=(1, 2))
    return result


def fleiss_chance(weights: NDArray[np.float64]) -> Formula:
    """Return the formula of the agreement of readers who score at random from the margins."""
    return lambda sums: expected_agreement(sums.margins, weights)


def gwet_expected(margins: Numbers, weights: NDArray[np.float64]) -> Numbers:
    """Return Gwet's chance agreement of ``margins``; shape (sets,)."""
    k = weights.shape[0]
    factor = weights.sum() / (k * (k - 1))
    result: Numbers = factor * (margins * (1 - margins)).sum(axis=1)
    return result


def gwet_chance(weights: NDArray[np.float64]) -> Formula:
    """Return the formula of Gwet's chance agreement."""
    return lambda sums: gwet_expected(sums.margins, weights)


def uniform_chance(weights: NDArray[np.float64]) -> Formula:
    """Return the formula of Brennan and Prediger's chance agreement, the same for all data."""
    level = float(weights.sum()) / weights.size
    return lambda sums: np.full(sums.table.shape[0], level)


def beyond_chance(observed: Numbers, chance: Numbers) -> Numbers:
    """Return the agreement beyond chance, (pa - pe) / (1 - pe); NaN where pe is 1."""
    return ratio(observed - chance, 1 - chance)


def corrected(observed: Formula, chance: Formula) -> Formula:
    """Return the formula of the agreement beyond chance, (pa - pe) / (1 - pe)."""
    return lambda sums: beyond_chance(observed(sums), chance(sums))


def krippendorff_alpha(metric: str) -> Formula:
    """Return the formula of Krippendorff's alpha from the coincidence matrix.

    Args:
        metric: ``nominal``, ``ordinal`` or ``interval``.

    Source:
        Hayes A. F., Krippendorff K. (2007). Commun Methods Meas 1, 77-89.
        doi:10.1080/19312450709336664
    """

    def alpha(sums: Sums) -> Numbers:
        coincidences = sums.coincidences
        totals = coincidences.sum(axis=2)
        ratio = disagreement_ratio(coincidences, totals, metric)
        value: Numbers = 1 - (totals.sum(axis=1) - 1) * ratio
        return value

    return alpha


def disagreement_ratio(seen: Numbers, totals: Numbers, metric: str) -> Numbers:
    """Return seen over expected disagreement, Σoδ² / Σn_k n_l δ²; shape (sets,).

    Args:
        seen: weight of each pair of categories; shape (sets, K, K).
        totals: weight of each category; shape (sets, K).
        metric: ``nominal``, ``ordinal`` (mid-ranks of ``totals``) or ``interval``.
    """
    distance = _distance(metric, totals)
    expected = (totals[:, :, None] * totals[:, None, :] * distance).sum(axis=(1, 2))
    return ratio((seen * distance).sum(axis=(1, 2)), expected)


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


def specific_agreement(members: Collection[int]) -> Formula:
    """Return the formula of the agreement on a set of categories.

    That is: when one reader chooses a category of the set, how often a second one does so.

    Args:
        members: the categories of the set, from 0; any set, not only an end of the scale.

    Source:
        Cicchetti D. V., Feinstein A. R. (1990). J Clin Epidemiol 43, 551-558.
        doi:10.1016/0895-4356(90)90159-M
    """
    inside = sorted(members)

    def agreement(sums: Sums) -> Numbers:
        chosen = sums.coincidences[:, inside]
        return ratio(chosen[:, :, inside].sum(axis=(1, 2)), chosen.sum(axis=(1, 2)))

    return agreement


def share_of_readings(members: Collection[int]) -> Formula:
    """Return the formula of the share of readings in a set: its chance floor."""
    inside = sorted(members)

    def share(sums: Sums) -> Numbers:
        coincidences = sums.coincidences
        return ratio(coincidences[:, inside].sum(axis=(1, 2)), coincidences.sum(axis=(1, 2)))

    return share
