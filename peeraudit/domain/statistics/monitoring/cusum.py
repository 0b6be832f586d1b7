"""Is evidence of a change piling up, report by report?"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from peeraudit.domain.statistics.results import Estimate, Status, hash_inputs

METHOD = "S6.04@1"
DOUBLED = 2.0
HALVED = 0.5

Floats = NDArray[np.float64]


def log_likelihood_weights(p: Floats, odds_ratio: float) -> tuple[Floats, Floats]:
    """Return what a concordant and what a discrepant report adds to the evidence.

    Args:
        p: expected probability of a discrepancy, 0 < p < 1; any shape.
        odds_ratio: the change of the odds to be found out.

    Returns:
        ln(1/(1 - p + R p)) and ln(R/(1 - p + R p)).
    """
    base = -np.log(1 - p + odds_ratio * p)
    return base, base + math.log(odds_ratio)


def risk_adjusted_cusum(
    p: Sequence[float], y: Sequence[int], *, h: float, odds_ratio: float = DOUBLED
) -> Estimate:
    """Return the path of the risk-adjusted CUSUM and its alarms, S6.04.

    Each report adds the log-likelihood ratio of changed against unchanged odds; the sum is
    held at 0 from below. Above ``h`` it signals, and starts again from 0.

    Args:
        p: expected probability per report (stratum and reviewer), in order of report date.
        y: 1 for discrepant, 0 for concordant.
        h: alarm threshold, > 0; see ``calibrate_threshold``.
        odds_ratio: 2 for deterioration, 1/2 for improvement.

    Returns:
        The last value of the sum; ``details``: ``path`` per report (before a restart),
        ``signals`` (places from 1), ``since`` per signal (the report after the last 0: where
        the evidence began). No report: ``NO_SCORED_ITEMS``.

    Raises:
        ValueError: lists of different length, a probability outside 0..1, an outcome other
            than 0 or 1, or a threshold that is not positive.

    Source:
        Steiner S. H. et al. (2000). Biostatistics 1, 441-452.
        doi:10.1093/biostatistics/1.4.441
    """
    _check(p, y, h, odds_ratio)
    inputs = hash_inputs(METHOD, p=list(p), y=list(y), h=h, odds_ratio=odds_ratio)
    blank = Estimate(method=METHOD, inputs_sha256=inputs, n=len(p))
    if not p:
        return Estimate(
            method=METHOD,
            inputs_sha256=inputs,
            status=Status.NOT_ESTIMABLE,
            reasons=("NO_SCORED_ITEMS",),
        )
    down, up = log_likelihood_weights(np.array(p, dtype=float), odds_ratio)
    path, signals, since = _path(np.where(np.array(y) == 1, up, down).tolist(), h)
    details = {"path": path, "signals": signals, "since": since}
    return Estimate(
        method=METHOD, inputs_sha256=blank.inputs_sha256, n=len(p), value=path[-1], details=details
    )


def _check(p: Sequence[float], y: Sequence[int], h: float, odds_ratio: float) -> None:
    if len(p) != len(y):
        raise ValueError("each report has an expected probability and an outcome")
    for place, (chance, outcome) in enumerate(zip(p, y, strict=True)):
        if not 0 < chance < 1 or outcome not in {0, 1}:
            raise ValueError(f"report {place + 1}: probability {chance}, outcome {outcome}")
    if not h > 0 or not odds_ratio > 0 or odds_ratio == 1:
        raise ValueError("a CUSUM needs a threshold above 0 and an odds ratio other than 1")


def _path(weights: Sequence[float], h: float) -> tuple[list[float], list[int], list[int]]:
    """Return the sums, the places of the signals, and where the evidence for each began."""
    path, signals, since = [], [], []
    level, start = 0.0, 1
    for place, weight in enumerate(weights, start=1):
        level = max(0.0, level + weight)
        path.append(level)
        if level == 0:
            start = place + 1
        if level > h:
            signals.append(place)
            since.append(start)
            level, start = 0.0, place + 1
    return path, signals, since
