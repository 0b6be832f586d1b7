"""Which coefficients of agreement are there, and how is each of them shown?"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from peeraudit.domain.statistics.agreement_formulas import (
    Formula,
    corrected,
    fleiss_chance,
    gwet_chance,
    krippendorff_alpha,
    percent_agreement,
    share_of_readings,
    specific_agreement,
    uniform_chance,
    weight_matrix,
)

WEIGHTS = ("identity", "linear", "quadratic", "ordinal")
METRICS = ("nominal", "ordinal", "interval")


class Scale(StrEnum):
    """How an interval is made."""

    WILSON = "wilson_neff"
    ARTANH = "artanh_jackknife"
    LOGIT = "logit_jackknife"


@dataclass(frozen=True, kw_only=True)
class Coefficient:
    """One coefficient of the suite.

    Attributes:
        formula: what computes it from sums over items.
        scale: how its interval is made.
        undefined: reason code where it has no value.
        floor: its chance agreement, where items that all agree allow a lower limit.
        beside: what is shown with it, by name; None for what has no meaning.
    """

    formula: Formula
    scale: Scale
    undefined: str = "NO_VARIATION"
    floor: Formula | None = None
    beside: Mapping[str, Formula | None] = field(default_factory=dict)


def catalogue(categories: int, positive: Collection[int]) -> dict[str, Coefficient]:
    """Return all coefficients of the suite by name, such as ``ordinal.gwet``.

    Args:
        categories: K >= 2, declared categories.
        positive: the discrepant ones, from 0.
    """
    found: dict[str, Coefficient] = {}
    for name in WEIGHTS:
        found |= _weighted(name, categories)
    for metric in METRICS:
        found[f"krippendorff.{metric}"] = Coefficient(
            formula=krippendorff_alpha(metric),
            scale=Scale.ARTANH,
            # Alpha of independent readers is 0, whatever they prefer.
            beside={"independence": lambda sums: np.zeros(sums.table.shape[0])},
        )
    negative = frozenset(range(categories)) - frozenset(positive)
    for name, members in (("positive", frozenset(positive)), ("negative", negative)):
        found[f"specific_agreement.{name}"] = Coefficient(
            formula=specific_agreement(members),
            scale=Scale.LOGIT,
            undefined="NO_RATINGS_IN_CLASS",
            beside={"independence": share_of_readings(members)},
        )
    return found


def _weighted(name: str, categories: int) -> dict[str, Coefficient]:
    """Return percent agreement, Fleiss, Gwet and Brennan-Prediger under one kind of weights."""
    weights = weight_matrix(name, categories)
    observed = percent_agreement(weights)
    at_random = fleiss_chance(weights)
    gwet = gwet_chance(weights)
    uniform = uniform_chance(weights)
    return {
        f"{name}.pct": Coefficient(
            formula=observed,
            scale=Scale.WILSON if name == "identity" else Scale.ARTANH,
            floor=lambda sums: np.zeros(sums.table.shape[0]),
            beside={"pe": None, "independence": at_random},
        ),
        f"{name}.fleiss": Coefficient(
            formula=corrected(observed, at_random),
            scale=Scale.ARTANH,
            floor=at_random,
            beside={"pe": at_random},
        ),
        f"{name}.gwet": Coefficient(
            formula=corrected(observed, gwet),
            scale=Scale.ARTANH,
            floor=gwet,
            beside={"pe": gwet, "independence": corrected(at_random, gwet)},
        ),
        f"{name}.bp": Coefficient(
            formula=corrected(observed, uniform),
            scale=Scale.ARTANH,
            floor=uniform,
            beside={"pe": uniform},
        ),
    }
