"""How far do independent blinded readings of the same cases agree?"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from peeraudit.domain.statistics.agreement_catalogue import Coefficient, Scale, catalogue
from peeraudit.domain.statistics.agreement_formulas import (
    Formula,
    Patterns,
    Sums,
    total_of,
)
from peeraudit.domain.statistics.intervals import (
    ALPHA,
    Interval,
    artanh_interval,
    jackknife_se,
    logit_interval,
    wilson,
)
from peeraudit.domain.statistics.results import Estimate, Json, Status, as_json, hash_inputs

METHOD = "S3.01@1"
# Fewer items, or fewer readings of a discrepancy among them, do not carry an interval.
FULL_ITEMS = 50
FULL_POSITIVE = 10
POINT_ITEMS = 30
# A standard error this small comes from items that are all alike, not from precision.
SMALLEST_SE = 1e-12
STEP = 1e-20


class Display(StrEnum):
    """What of the suite may be shown."""

    FULL = "full"
    POINT = "point"
    COUNTS = "counts"


@dataclass(frozen=True, kw_only=True)
class AgreementSuite:
    """All coefficients of one set of doubly read items.

    Attributes:
        n_items: items given, singly read ones included.
        n_items_multi: items with at least two readings, on which all is computed.
        n_ratings_used: readings of those items.
        n_patterns: distinct count vectors among them.
        n_positive: readings of those items in the discrepant set.
        inputs_sha256: fingerprint of the patterns and sets.
        coefficients: by name, such as ``identity.pct``, ``ordinal.gwet``,
            ``krippendorff.ordinal`` or ``specific_agreement.positive``.
        reasons: why there is no coefficient, if there is none.
    """

    n_items: int
    n_items_multi: int
    n_ratings_used: int
    n_patterns: int
    n_positive: int
    inputs_sha256: str
    coefficients: Mapping[str, Estimate] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()

    @property
    def status(self) -> Status:
        """``ok``, or ``not_estimable`` where no item was read twice."""
        return Status.NOT_ESTIMABLE if self.reasons else Status.OK

    @property
    def display(self) -> Display:
        """What may be shown: point and interval, the point alone, or only the counts."""
        if self.n_items_multi >= FULL_ITEMS and self.n_positive >= FULL_POSITIVE:
            return Display.FULL
        return Display.POINT if self.n_items_multi >= POINT_ITEMS else Display.COUNTS

    def shown(self, name: str) -> Estimate:
        """Return a coefficient as it may be shown (S3.01, "Show").

        Args:
            name: the coefficient.

        Returns:
            The estimate; without interval and of low precision where only the point may be
            shown; suppressed with the reason ``UNITS_LT_30`` where only the counts may.

        Raises:
            KeyError: the suite has no such coefficient.
        """
        estimate = self.coefficients[name]
        if self.display is Display.FULL or estimate.value is None:
            return estimate
        if self.display is Display.POINT:
            return replace(
                estimate, ci=None, ci_method=None, se=None, status=Status.LOW_PRECISION, details={}
            )
        return Estimate(
            n=estimate.n,
            status=Status.SUPPRESSED,
            reasons=("UNITS_LT_30",),
            method=METHOD,
            inputs_sha256=estimate.inputs_sha256,
        )

    def to_dict(self) -> dict[str, Json]:
        """Return the suite as JSON values."""
        return {
            "n_items": self.n_items,
            "n_items_multi": self.n_items_multi,
            "n_ratings_used": self.n_ratings_used,
            "n_patterns": self.n_patterns,
            "n_positive": self.n_positive,
            "status": self.status.value,
            "display": self.display.value,
            "reasons": as_json(self.reasons),
            "method": METHOD,
            "inputs_sha256": self.inputs_sha256,
            "coefficients": {name: part.to_dict() for name, part in self.coefficients.items()},
        }


def agreement_suite(
    patterns: Mapping[tuple[int, ...], int], *, categories: int, positive: Collection[int]
) -> AgreementSuite:
    """Return all agreement coefficients with jackknife intervals, S3.01.

    The second readings must have been designated at random: readings that the first score
    triggered make every coefficient here wrong. Items with a single reading are dropped from
    everything, margins included.

    Args:
        patterns: count vector (readings per category; length ``categories``) to number of
            items with it.
        categories: K >= 2, the declared categories in order, used or not.
        positive: the discrepant categories, from 0; not none and not all of them.

    Returns:
        The suite; ``details`` of a coefficient hold ``pe``, ``independence`` (the value that
        independent readers with the same margins would reach), ``se_ij`` (infinitesimal
        jackknife) where they have a meaning.

    Raises:
        ValueError: K < 2, a count vector of another length, a negative count, or a
            ``positive`` that does not split the categories.

    Source:
        Fleiss J. L. (1971). doi:10.1037/h0031619; Gwet K. L. (2008).
        doi:10.1348/000711006X126600; Hayes & Krippendorff (2007), Cicchetti & Feinstein (1990).
    """
    members = frozenset(positive)
    _check(patterns, categories, members)
    present = sorted((vector, items) for vector, items in patterns.items() if items > 0)
    inputs = hash_inputs(METHOD, patterns=present, categories=categories, positive=sorted(members))
    multi = [(vector, items) for vector, items in present if sum(vector) >= 2]
    suite = AgreementSuite(
        n_items=sum(items for _, items in present),
        n_items_multi=sum(items for _, items in multi),
        n_ratings_used=sum(sum(vector) * items for vector, items in multi),
        n_patterns=len(multi),
        n_positive=sum(vector[k] * items for vector, items in multi for k in members),
        inputs_sha256=inputs,
    )
    if not multi:
        return replace(suite, reasons=("NO_MULTIPLY_RATED_ITEMS",))
    data = _Items(patterns_of(multi), inputs)
    known = catalogue(categories, members)
    return replace(suite, coefficients={name: data.estimate(part) for name, part in known.items()})


def _check(
    patterns: Mapping[tuple[int, ...], int], categories: int, positive: frozenset[int]
) -> None:
    if categories < 2:
        raise ValueError("agreement needs at least two categories")
    if not positive or not positive < set(range(categories)):
        raise ValueError("the discrepant set must be some of the categories, not all")
    for vector, items in patterns.items():
        if len(vector) != categories or min(*vector, items) < 0:
            raise ValueError(f"{vector} is not a count vector of {categories} categories")


def patterns_of(multi: Sequence[tuple[tuple[int, ...], int]]) -> Patterns:
    """Return count vectors with their numbers of items as arrays."""
    return Patterns(
        np.array([vector for vector, _ in multi], dtype=float),
        np.array([items for _, items in multi], dtype=float),
    )


class _Items:
    """The items of one suite and what is common to its coefficients."""

    def __init__(self, patterns: Patterns, inputs: str) -> None:
        self.inputs = inputs
        self.items = patterns.items
        self.n = int(self.items.sum())
        self.pairs = float((self.items * (patterns.readings - 1)).sum())
        self.all_agree = bool((patterns.counts > 0).sum(axis=1).max() == 1)
        # The lowest share of agreeing items that still lets all n agree with probability 2.5 %.
        self.lowest_agreement = (ALPHA / 2) ** (1 / self.n)
        rows, k = patterns.rows(), patterns.categories
        total = total_of(patterns, rows)
        self.all_items = Sums(total, k)
        self.one_left_out = Sums(total - rows, k)
        self.stepped = Sums(total + 1j * STEP * rows, k)

    def at(self, formula: Formula | None) -> float | None:
        """Return a formula's value on all items; None where it is undefined."""
        if formula is None:
            return None
        value = float(formula(self.all_items)[0])
        return value if np.isfinite(value) else None

    def jackknife(self, formula: Formula) -> float | None:
        """Return the delete-one-item standard error; None where a replicate is undefined."""
        return jackknife_se(formula(self.one_left_out), self.items)

    def infinitesimal(self, formula: Formula) -> float | None:
        """Return the infinitesimal jackknife (Gwet's linearised) standard error."""
        if self.n < 2:
            return None
        influence = self.n * formula(self.stepped).imag / STEP
        influence = influence - (self.items * influence).sum() / self.n
        spread = (self.items * influence**2).sum()
        return float(np.sqrt(spread / (self.n * (self.n - 1))))

    def estimate(self, coefficient: Coefficient) -> Estimate:
        """Return a coefficient with its interval."""
        value = self.at(coefficient.formula)
        blank = Estimate(n=self.n, method=METHOD, inputs_sha256=self.inputs)
        if value is None:
            return replace(blank, status=Status.NOT_ESTIMABLE, reasons=(coefficient.undefined,))
        se = self.jackknife(coefficient.formula)
        beside = {name: self.at(part) for name, part in coefficient.beside.items()}
        details = beside | {"se_ij": self.infinitesimal(coefficient.formula)}
        known = replace(blank, value=value, se=se, details=details)
        if self.all_agree:
            limit = None if coefficient.floor is None else self._floor(coefficient.floor)
            method = None if limit is None else "clopper_pearson_substitution"
            return replace(known, ci=limit, ci_method=method, reasons=("ALL_AGREE",))
        if coefficient.scale is Scale.WILSON:
            return self._by_wilson(known, value)
        interval = self._interval(value, se, coefficient.scale)
        if interval is None:
            return replace(known, status=Status.UNRELIABLE, reasons=("UNSTABLE",))
        return replace(known, ci=interval, ci_method=coefficient.scale.value)

    def _floor(self, chance: Formula) -> Interval:
        """Return the interval of items that all agree: the bound of pa put into the formula."""
        pe = float(chance(self.all_items)[0])
        return max(-1.0, (self.lowest_agreement - pe) / (1 - pe)), 1.0

    def _by_wilson(self, known: Estimate, value: float) -> Estimate:
        spread = value * (1 - value)
        n_eff = min(spread / known.se**2, self.pairs) if known.se else self.pairs
        return replace(known, ci=wilson(value, n_eff), ci_method=Scale.WILSON.value, n_eff=n_eff)

    def _interval(self, value: float, se: float | None, scale: Scale) -> Interval | None:
        if se is None or se < SMALLEST_SE:
            return None
        transform = logit_interval if scale is Scale.LOGIT else artanh_interval
        return transform(value, se, self.n - 1)
