"""How large may the rate still be when no discrepancy was found?"""

import heapq
import math
from collections.abc import Sequence

from peeraudit.domain.statistics.intervals import ALPHA, clopper_pearson, hypergeometric_counts

# Of sums of logarithms, which are exact to more digits.
SLACK = 1e-10


def zero_event_bounds(strata: Sequence[tuple[int, int]]) -> dict[str, float | int | None]:
    """Return the upper bounds of a rate of which no event was seen, S2.03.

    Args:
        strata: (reports in the frame, scored without a discrepancy) per stratum, not all 0.

    Returns:
        ``cp_two_sided_upper``, ``cp_one_sided_upper`` and ``rule_of_three`` without frame
        correction; ``hyper_two_sided_upper_count`` (reports; None with several strata); and
        the worst case over all ways the discrepancies could lie in the strata as
        ``worst_case_upper_count`` (reports) and ``worst_case_upper`` (share of the frame).

    Raises:
        ValueError: nothing was scored, a count is negative, or more was scored than there is.

    Source:
        Hanley J. A., Lippman-Hand A. (1983). JAMA 249, 1743-1745.
    """
    n, frame = sum(scored for _, scored in strata), sum(size for size, _ in strata)
    if n == 0:
        raise ValueError("a bound needs at least one scored report")
    if any(not 0 <= scored <= size for size, scored in strata):
        raise ValueError("no stratum has more scored reports than reports, or fewer than none")
    worst = _worst_case_count(strata)
    single = hypergeometric_counts(0, n, frame)[1] if len(strata) == 1 else None
    return {
        "cp_two_sided_upper": clopper_pearson(0, n)[1],
        "cp_one_sided_upper": 1 - ALPHA ** (1 / n),
        "rule_of_three": min(1.0, 3 / n),
        "hyper_two_sided_upper_count": single,
        "worst_case_upper_count": worst,
        "worst_case_upper": worst / frame,
    }


def _worst_case_count(strata: Sequence[tuple[int, int]]) -> int:
    """Return the most discrepancies that could have gone unseen with probability over 2.5 %.

    Each further one costs more in its stratum than the one before, so taking the cheapest
    next one wherever it lies is optimal.
    """
    budget = math.log(ALPHA / 2)
    count = sum(size for size, scored in strata if scored == 0)
    waiting = [
        (-math.log((size - scored) / size), size, scored, 0)
        for size, scored in strata
        if 0 < scored < size
    ]
    heapq.heapify(waiting)
    spent = 0.0
    while waiting:
        cost, size, scored, unseen = heapq.heappop(waiting)
        # A chance of 2.5 % to the digit does not exceed it, whatever its logarithm's last bit.
        if -(spent + cost) <= budget + SLACK:
            break
        spent += cost
        count += 1
        unseen += 1
        if size - scored - unseen > 0:
            left = -math.log((size - scored - unseen) / (size - unseen))
            heapq.heappush(waiting, (left, size, scored, unseen))
    return count
