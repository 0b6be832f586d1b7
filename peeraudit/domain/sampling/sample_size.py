"""How many reports must be drawn, and how many of them from each stratum?"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from peeraudit.domain.errors import N_, InvalidInput
from peeraudit.domain.statistics.intervals import Interval, Z, wilson
from peeraudit.domain.statistics.refusals import NotComputable

# Rounding of the quadratic must not cost a report.
ROUNDING = 1e-9


@dataclass(frozen=True)
class SampleSize:
    """What a wanted precision costs, S1.02.

    Attributes:
        n: reports to draw; the whole frame at most.
        n_unrounded: the same before rounding up.
        m_infinite: what an endless frame would ask for.
        expected_ci: the interval to expect if the rate is as assumed.
    """

    n: int
    n_unrounded: float
    m_infinite: float
    expected_ci: Interval


def sample_size(rate: float, half_width: float, *, frame_size: int | None) -> SampleSize:
    """Return how many reports give Wilson's interval the wanted half-width, S1.02.

    Args:
        rate: the assumed discrepancy rate, 0 to 1.
        half_width: half the width wanted, above 0 and below 0.5.
        frame_size: reports in the frame, at least 1; None for an endless one.

    Returns:
        The plan.

    Raises:
        InvalidInput: a value is out of its range.

    Source:
        Wilson E. B. (1927). doi:10.1080/01621459.1927.10502953; Brown L. D., Cai T. T.,
        DasGupta A. (2001). doi:10.1214/ss/1009213286
    """
    _check_rate(rate)
    if not 0 < half_width < 0.5:
        raise InvalidInput(N_("The half-width must lie between 0 and 50 per cent."))
    check_frame_size(frame_size)
    z2, d2 = Z * Z, half_width * half_width
    square = z2 * z2 * (d2 - 0.25)
    linear = 2 * d2 * z2 - z2 * rate * (1 - rate)
    # The product of the roots is negative, so exactly one is positive.
    root = (-linear - math.sqrt(linear * linear - 4 * square * d2)) / (2 * square)
    m = 1 / root
    unrounded = m if frame_size is None else m * frame_size / (frame_size + m)
    n = max(1, math.ceil(unrounded - ROUNDING))
    return SampleSize(n, unrounded, m, expected_interval(rate, n, frame_size=frame_size))


def expected_interval(rate: float, n: int, *, frame_size: int | None) -> Interval:
    """Return the interval to expect from ``n`` reports if the rate is as assumed, S1.02.

    Args:
        rate: the assumed discrepancy rate, 0 to 1.
        n: reports to draw, at least 1; more than the frame holds counts as all of it.
        frame_size: reports in the frame, at least 1; None for an endless one.

    Raises:
        InvalidInput: a value is out of its range.
    """
    _check_rate(rate)
    check_frame_size(frame_size)
    if n < 1:
        raise InvalidInput(N_("At least one report must be drawn."))
    if frame_size is None:
        return wilson(rate, n)
    if n >= frame_size:
        return rate, rate
    return wilson(rate, n * frame_size / (frame_size - n))


def _check_rate(rate: float) -> None:
    if not 0 <= rate <= 1:
        raise InvalidInput(N_("The assumed rate must lie between 0 and 100 per cent."))


def check_frame_size(frame_size: int | None) -> None:
    """Refuse an empty frame; None stands for an endless one.

    Raises:
        NotComputable: the frame holds no report.
    """
    if frame_size is not None and frame_size < 1:
        raise NotComputable(
            "OUT_OF_RANGE", N_("The frame is empty: there is nothing to draw from.")
        )


@dataclass(frozen=True)
class Allocation:
    """How a sample is shared among strata, S1.06.

    Attributes:
        status: ``OK``; ``CAPPED`` if strata and caps hold fewer than was wanted;
            ``INFEASIBLE_MIN`` if the minimums ask for more than was wanted.
        sizes: reports to draw per stratum, in the order given; none where infeasible.
        required: the least total that meets every minimum.
    """

    status: str
    sizes: tuple[int, ...]
    required: int


def allocate(
    frame_sizes: Sequence[int],
    n: int,
    *,
    minimum: int | Sequence[int] = 0,
    maximum: int | Sequence[int] | None = None,
) -> Allocation:
    """Return a proportional allocation with a minimum and a cap per stratum, S1.06.

    Args:
        frame_sizes: reports in the frame per stratum; the order breaks ties.
        n: reports to draw in all.
        minimum: fewest of each stratum (all of it where it holds fewer), one for all or one
            for each in the same order.
        maximum: most of each stratum, likewise; None for no cap.

    Returns:
        The allocation. What proportionality leaves over goes to the largest fractions, then
        to the larger stratum, then to the earlier one.

    Raises:
        InvalidInput: a size is negative, or the minimum is above the maximum.

    Source:
        Cochran W. G. (1977). Sampling Techniques, 3rd ed., ch. 5.
    """
    least = _one_each(minimum, frame_sizes)
    most = list(frame_sizes) if maximum is None else _one_each(maximum, frame_sizes)
    if min(*frame_sizes, n, *least, 0) < 0:
        raise InvalidInput(N_("A number of reports cannot be negative."))
    if maximum is not None and any(a > b for a, b in zip(least, most, strict=True)):
        raise InvalidInput(N_("The minimum per stratum is above the maximum per stratum."))
    low = [min(limit, size) for limit, size in zip(least, frame_sizes, strict=True)]
    high = [min(limit, size) for limit, size in zip(most, frame_sizes, strict=True)]
    if sum(low) > n:
        return Allocation("INFEASIBLE_MIN", (), sum(low))
    if sum(high) <= n:
        return Allocation("OK" if sum(high) == n else "CAPPED", tuple(high), sum(low))
    return Allocation("OK", _fill(frame_sizes, n, low, high), sum(low))


def _one_each(limit: int | Sequence[int], frame_sizes: Sequence[int]) -> list[int]:
    """Return a limit for every stratum.

    Raises:
        InvalidInput: there are not as many limits as strata.
    """
    limits = [limit] * len(frame_sizes) if isinstance(limit, int) else list(limit)
    if len(limits) != len(frame_sizes):
        raise InvalidInput(N_("Give one limit for all strata, or one for each of them."))
    return limits


def _fill(sizes: Sequence[int], n: int, low: list[int], high: list[int]) -> tuple[int, ...]:
    """Return the integer shares; exact, so that equal fractions are seen to be equal."""

    def shares(level: Fraction) -> list[Fraction]:
        return [
            min(max(level * size, Fraction(least)), Fraction(most))
            for size, least, most in zip(sizes, low, high, strict=True)
        ]

    bends = {Fraction(0)} | {
        Fraction(limit, size)
        for limits in (low, high)
        for limit, size in zip(limits, sizes, strict=True)
        if size
    }
    levels = sorted(bends)
    # The shares grow with the level; a frame may have ten thousand strata.
    after = bisect_right(levels, Fraction(n), key=lambda level: sum(shares(level), Fraction(0)))
    below, above = levels[after - 1], levels[after]
    start, stop = sum(shares(below)), sum(shares(above))
    exact = shares(below + (above - below) * (n - start) / (stop - start))
    whole = [math.floor(share) for share in exact]
    by_claim = sorted(range(len(sizes)), key=lambda h: (-(exact[h] - whole[h]), -sizes[h], h))
    for h in by_claim[: n - sum(whole)]:
        whole[h] += 1
    return tuple(whole)
