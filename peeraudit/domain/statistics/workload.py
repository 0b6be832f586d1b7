"""Is the work shared fairly among the reviewers?"""

import math
from collections.abc import Sequence

from peeraudit.domain.statistics.results import Estimate, hash_inputs, undefined

METHOD = "S7.03@1"


def workload_inequality(
    loads: Sequence[float], capacities: Sequence[float] | None = None
) -> Estimate:
    """Return how unequally the work is shared, S7.03: 0 for equal shares, near 1 for one person.

    Args:
        loads: reviews of each reviewer, shape (n,), none negative.
        capacities: what each can take on, same order and shape, all above 0; None if unknown.

    Returns:
        The capacity-weighted Gini coefficient where capacities are given (the area between
        the Lorenz curve of load over capacity and equality), else the plain one. ``details``:
        ``gini``, ``gini_corrected`` (times n/(n-1); None for one reviewer), ``cv`` (sample
        standard deviation over mean; None for one reviewer), ``gini_capacity_weighted``.
        Not estimable: ``ZERO_TOTAL``.

    Raises:
        ValueError: a load is negative, a capacity is not above 0, or their numbers differ.

    Source:
        Gini C. (1912); Kakwani N. (1977). Econometrica 45, 719-727. doi:10.2307/1911684
    """
    given = list(loads)
    if given and min(given) < 0:
        raise ValueError("a load cannot be negative")
    shares = [1.0] * len(given) if capacities is None else list(capacities)
    if len(shares) != len(given) or (shares and min(shares) <= 0):
        raise ValueError("each reviewer has one capacity, above 0")
    pairs = sorted(zip(given, shares, strict=True))
    inputs = hash_inputs(METHOD, loads=pairs, weighted=capacities is not None)
    n, total = len(given), math.fsum(given)
    if total == 0:
        return undefined(METHOD, inputs, reason="ZERO_TOTAL", n=n)
    gini = math.fsum((2 * i - n - 1) * x for i, (x, _) in enumerate(pairs, 1)) / (n * total)
    weighted = None if capacities is None else _by_capacity(pairs)
    return Estimate(
        value=gini if weighted is None else weighted,
        n=n,
        warnings=("REVIEWERS_LT_5",) if n < 5 else (),
        method=METHOD,
        inputs_sha256=inputs,
        details={
            "gini": gini,
            "gini_corrected": gini * n / (n - 1) if n > 1 else None,
            "cv": _variation(given, total) if n > 1 else None,
            "gini_capacity_weighted": weighted,
        },
    )


def _variation(loads: Sequence[float], total: float) -> float:
    mean = total / len(loads)
    squares = math.fsum((x - mean) ** 2 for x in sorted(loads))
    return math.sqrt(squares / (len(loads) - 1)) / mean


def _by_capacity(pairs: Sequence[tuple[float, float]]) -> float:
    """Return one minus twice the area under the Lorenz curve of load over capacity."""
    ordered = sorted(pairs, key=lambda pair: (pair[0] / pair[1], pair))
    load, capacity = (math.fsum(column) for column in zip(*ordered, strict=True))
    area, reached = [], 0.0
    for part, able in ordered:
        # The curve rises from ``reached`` to ``reached + part`` over this reviewer's capacity.
        area.append(able / capacity * (2 * reached + part) / load)
        reached += part
    return 1 - math.fsum(area)
