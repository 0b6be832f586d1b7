"""Do the points of a series wander, run or cross as chance would have them?"""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import special

from peeraudit.domain.statistics.results import Estimate, Status, hash_inputs

EWMA = "S6.07@1"
RUNS = "S6.09@1"
WEIGHT = 0.2
LIMIT = 2.86
# Below so many expected discrepancies in a period its z-score is not near enough to normal.
FEWEST_EXPECTED = 3.0
CROSSING_LEVEL = 0.05


def ewma_chart(
    x: Sequence[int],
    n: Sequence[int],
    baseline: float,
    *,
    weight: float = WEIGHT,
    limit: float = LIMIT,
) -> Estimate:
    """Return the exponentially weighted moving average of a rate's z-scores, S6.07.

    Args:
        x: discrepant reports per period, in order of time.
        n: reports per period, each at least 1.
        baseline: the expected rate, 0 < p0 < 1.
        weight: lambda, of the newest point.
        limit: L; 2.86 at lambda .2 gives some 370 points between false signals.

    Returns:
        The last average; ``details``: ``z``, ``ewma``, ``limit`` per point and ``signals``
        (places from 1). A period with fewer than 3 expected discrepancies adds the warning
        ``EXPECTED_LT_3``; no period: ``NO_SCORED_ITEMS``.

    Raises:
        ValueError: lists of different length, impossible counts, or a parameter outside its
            range.

    Source:
        Lucas J. M., Saccucci M. S. (1990). Technometrics 32, 1-12.
        doi:10.1080/00401706.1990.10484583
    """
    if len(x) != len(n) or not all(0 <= e <= m and m > 0 for e, m in zip(x, n, strict=False)):
        raise ValueError("each period has at least one report and no more discrepant ones")
    if not 0 < baseline < 1 or not 0 < weight <= 1 or not limit > 0:
        raise ValueError("an EWMA needs 0 < baseline < 1, 0 < weight <= 1 and a limit above 0")
    given = {"baseline": baseline, "weight": weight, "limit": limit}
    inputs = hash_inputs(EWMA, x=list(x), n=list(n), **given)
    if not x:
        return Estimate(
            method=EWMA,
            inputs_sha256=inputs,
            status=Status.NOT_ESTIMABLE,
            reasons=("NO_SCORED_ITEMS",),
        )
    z = [
        (events - size * baseline) / math.sqrt(size * baseline * (1 - baseline))
        for events, size in zip(x, n, strict=True)
    ]
    path, level = [], 0.0
    for score in z:
        level = (1 - weight) * level + weight * score
        path.append(level)
    steady = weight / (2 - weight)
    limits = [
        limit * math.sqrt(steady * (1 - (1 - weight) ** (2 * t))) for t in range(1, len(z) + 1)
    ]
    signals = [t for t, (e, c) in enumerate(zip(path, limits, strict=True), 1) if abs(e) > c]
    return Estimate(
        method=EWMA,
        inputs_sha256=inputs,
        value=path[-1],
        n=sum(n),
        warnings=("EXPECTED_LT_3",) if min(n) * baseline < FEWEST_EXPECTED else (),
        details={"z": z, "ewma": path, "limit": limits, "signals": signals},
    )


def run_rules(y: Sequence[float], *, centre: float | None = None) -> Estimate:
    """Return whether a series runs too long on one side or crosses too rarely, S6.09.

    Points on the centre do not count. Among n others a signal is a run longer than
    round(log2 n) + 3, or fewer crossings than the 5 % quantile of Bin(n - 1, 1/2).

    Args:
        y: the points, in order of time.
        centre: median of the baseline; None for that of the points.

    Returns:
        The centre; ``details``: ``n_useful``, ``longest_run``, ``longest_run_max``,
        ``crossings``, ``crossings_min``, ``signal``. No point off the centre: ``NO_VARIATION``.

    Source:
        Anhøj J., Olesen A. V. (2014). PLoS ONE 9, e113825. doi:10.1371/journal.pone.0113825
    """
    points = [float(value) for value in y]
    inputs = hash_inputs(RUNS, y=points, centre=centre)
    middle = centre if centre is not None or not points else float(np.median(points))
    sides = [value > middle for value in points if middle is not None and value != middle]
    if not sides:
        return Estimate(
            method=RUNS,
            inputs_sha256=inputs,
            value=middle,
            status=Status.NOT_ESTIMABLE,
            reasons=("NO_VARIATION",),
        )
    crossings = sum(a != b for a, b in pairwise(sides))
    longest, longest_max = _longest(sides), round(math.log2(len(sides))) + 3
    fewest = _median_crossings(len(sides) - 1)
    return Estimate(
        method=RUNS,
        inputs_sha256=inputs,
        value=middle,
        n=len(points),
        details={
            "n_useful": len(sides),
            "longest_run": longest,
            "longest_run_max": longest_max,
            "crossings": crossings,
            "crossings_min": fewest,
            "signal": longest > longest_max or crossings < fewest,
        },
    )


def _longest(sides: Sequence[bool]) -> int:
    longest = length = 1
    for before, after in pairwise(sides):
        length = length + 1 if before == after else 1
        longest = max(longest, length)
    return longest


def _median_crossings(gaps: int) -> int:
    """Return the smallest k with P(Bin(gaps, 1/2) <= k) >= .05."""
    k: NDArray[np.int64] = np.arange(gaps + 1)
    return int(np.argmax(special.bdtr(k, gaps, 0.5) >= CROSSING_LEVEL))
