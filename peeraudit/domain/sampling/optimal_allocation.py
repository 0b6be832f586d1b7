"""How is a sample shared among strata so that the overall rate is told most precisely?"""

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass

from peeraudit.domain.errors import N_
from peeraudit.domain.statistics.refusals import NotComputable

# The rate assumed for a stratum without a past event, so that it is not starved.
FLOOR_RATE = 0.02


@dataclass(frozen=True)
class SpreadStratum:
    """What an optimal allocation must know of a stratum.

    Attributes:
        size: N_h, reports in the frame.
        spread: S_h, standard deviation of one report's score; see :func:`spread_of`.
        minimum: fewest to draw (all of it where it holds fewer).
        maximum: most to draw; None for all of it.
    """

    size: int
    spread: float
    minimum: int = 0
    maximum: int | None = None

    @property
    def least(self) -> int:
        """Fewest to draw; a stratum without any drawn would leave the rate undefined."""
        return min(max(1, self.minimum), self.size)

    @property
    def most(self) -> int:
        """Most to draw."""
        return self.size if self.maximum is None else min(self.maximum, self.size)


@dataclass(frozen=True)
class OptimalAllocation:
    """How a sample is shared among strata, S1.07.

    Attributes:
        status: ``OK``; ``CAPPED`` if strata and caps hold fewer than was wanted;
            ``INFEASIBLE_MIN`` if the minimums ask for more than was wanted.
        sizes: reports to draw per stratum, in the order given; none where infeasible.
        required: the least total that meets every minimum.
        variance: of the overall rate with these sizes; None where there are none.
        continuous: Neyman's shares n·N_hS_h/ΣN_hS_h, not rounded and without limits; None
            where no stratum has a spread.
    """

    status: str
    sizes: tuple[int, ...]
    required: int
    variance: float | None
    continuous: tuple[float, ...] | None


def spread_of(rate: float) -> float:
    """Return S_h of a stratum whose rate was ``rate`` in the last period, at least 2 %."""
    assumed = min(max(rate, FLOOR_RATE), 1 - FLOOR_RATE)
    return math.sqrt(assumed * (1 - assumed))


def allocate_optimally(strata: Sequence[SpreadStratum], n: int) -> OptimalAllocation:
    """Return the allocation with the smallest variance of the overall rate, S1.07.

    Each next report goes to the stratum below its cap with the highest priority
    N_hS_h/sqrt(n_h(n_h+1)), which is the exact integer optimum; rounding the continuous shares
    is not. Proportional allocation (S1.06) is to be preferred unless the strata's rates are
    known to differ at least threefold.

    Args:
        strata: in an order that breaks ties: after the larger one the earlier one.
        n: reports to draw in all.

    Returns:
        The allocation.

    Raises:
        NotComputable: a size or spread is negative, or a minimum is above its maximum.

    Source:
        Wright T. (2012). Am Stat 66, 217-224. doi:10.1080/00031305.2012.733679; Wright T.
        (2017). Stat Probab Lett 129, 50-57.
    """
    _check(strata, n)
    required = sum(s.least for s in strata)
    claims = [s.size * s.spread for s in strata]
    whole = math.fsum(claims)
    shares = tuple(n * claim / whole for claim in claims) if whole > 0 else None
    if required > n:
        return OptimalAllocation("INFEASIBLE_MIN", (), required, None, shares)
    room = sum(s.most for s in strata)
    sizes = [s.most for s in strata] if room <= n else _fill(strata, n - required)
    status = "CAPPED" if room < n else "OK"
    return OptimalAllocation(status, tuple(sizes), required, _variance(strata, sizes), shares)


def _fill(strata: Sequence[SpreadStratum], left: int) -> list[int]:
    sizes = [s.least for s in strata]

    def entry(h: int) -> tuple[float, int, int]:
        stratum, have = strata[h], sizes[h]
        # The squared priority orders alike and needs no root, so that equal ones stay equal.
        claim = (stratum.size * stratum.spread) ** 2 / (have * (have + 1))
        return -claim, -stratum.size, h

    queue = [entry(h) for h, s in enumerate(strata) if s.least < s.most]
    heapq.heapify(queue)
    for _ in range(left):
        _, _, h = heapq.heappop(queue)
        sizes[h] += 1
        if sizes[h] < strata[h].most:
            heapq.heappush(queue, entry(h))
    return sizes


def _variance(strata: Sequence[SpreadStratum], sizes: Sequence[int]) -> float:
    """Return Σ W²S²(1/n - 1/N), the variance of the overall rate."""
    frame = sum(s.size for s in strata)
    return math.fsum(
        (s.size / frame * s.spread) ** 2 * (1 / n - 1 / s.size)
        for s, n in zip(strata, sizes, strict=True)
        if n
    )


def _check(strata: Sequence[SpreadStratum], n: int) -> None:
    numbers = [n, *(s.size for s in strata), *(s.minimum for s in strata)]
    if min(numbers) < 0 or min((s.spread for s in strata), default=0.0) < 0:
        raise NotComputable("OUT_OF_RANGE", N_("A number of reports cannot be negative."))
    if any(s.most < s.least for s in strata):
        raise NotComputable(
            "OUT_OF_RANGE", N_("The minimum per stratum is above the maximum per stratum.")
        )
