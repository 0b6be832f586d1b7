"""How many reports do other rules than Wilson's ask for, to show beside it?"""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

from peeraudit.domain.errors import N_
from peeraudit.domain.sampling.sample_size import check_frame_size
from peeraudit.domain.statistics.intervals import ALPHA, Z
from peeraudit.domain.statistics.refusals import NotComputable

# Rounding must not cost a report.
ROUNDING = 1e-9
# A plan for more reports than that is a mistake in the question.
MOST = 10_000_000


@dataclass(frozen=True)
class WaldSize:
    """What the textbook rule asks for, S1.01.

    Attributes:
        n0: reports for an endless frame, not rounded.
        n_unrounded: with the frame's correction, not rounded.
        n: reports to draw; the whole frame at most.
    """

    n0: float
    n_unrounded: float
    n: int


def wald_size(rate: float, half_width: float, *, frame_size: int | None) -> WaldSize:
    """Return the textbook sample size, S1.01: a rule of thumb, too small for rare findings.

    z²p(1-p)/d², then n0/(1+(n0-1)/N) for a frame of N reports.

    Args:
        rate: the assumed rate, above 0 and below 1.
        half_width: half the width wanted, above 0 and below the smaller of p and 1-p.
        frame_size: reports in the frame, at least 1; None for an endless one.

    Returns:
        The sizes.

    Raises:
        NotComputable: a value is out of its range.

    Source:
        Cochran W. G. (1977). Sampling Techniques, 3rd ed., section 4.4.
    """
    if not 0 < rate < 1 or not 0 < half_width < min(rate, 1 - rate) - ROUNDING:
        raise NotComputable(
            "OUT_OF_RANGE",
            N_(
                "The textbook rule needs a rate between 0 and 100 per cent, and a half-width"
                " smaller than the rate and than what is left to 100 per cent."
            ),
        )
    check_frame_size(frame_size)
    n0 = Z * Z * rate * (1 - rate) / half_width**2
    unrounded = n0 if frame_size is None else n0 / (1 + (n0 - 1) / frame_size)
    n = max(1, math.ceil(unrounded - ROUNDING))
    return WaldSize(n0, unrounded, n if frame_size is None else min(n, frame_size))


@dataclass(frozen=True)
class ExactSize:
    """What the exact interval asks for on average, S1.03.

    Attributes:
        m_infinite: reports for an endless frame.
        expected_half_width: of the Clopper-Pearson interval at that size, on average.
        n: reports to draw, with the frame's correction.
    """

    m_infinite: int
    expected_half_width: float
    n: int


def exact_size(rate: float, half_width: float, *, frame_size: int | None) -> ExactSize:
    """Return how many reports make the exact interval narrow enough on average, S1.03.

    The smallest m whose expected Clopper-Pearson half-width is at most d, by doubling and
    bisection (the expectation falls smoothly, the width at one count does not); then
    m·N/(N+m), rounded up.

    Args:
        rate: the assumed rate, 0 to 1.
        half_width: half the width wanted, above 0 and below 0.5.
        frame_size: reports in the frame, at least 1; None for an endless one.

    Returns:
        The sizes.

    Raises:
        NotComputable: a value is out of its range, or the plan would exceed 10 million.

    Source:
        Clopper C. J., Pearson E. S. (1934). Biometrika 26, 404-413. doi:10.1093/biomet/26.4.404
    """
    if not (0 <= rate <= 1 and 0 < half_width < 0.5):
        raise NotComputable(
            "OUT_OF_RANGE",
            N_("The rate lies between 0 and 100 per cent, the half-width between 0 and 50."),
        )
    check_frame_size(frame_size)
    high = 1
    while expected_half_width(rate, high) > half_width:
        high *= 2
        if high > MOST:
            raise NotComputable(
                "OUT_OF_RANGE",
                N_("So narrow an interval would take more than %(most)d reports."),
                most=MOST,
            )
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        if expected_half_width(rate, middle) > half_width:
            low = middle
        else:
            high = middle
    n = (
        high
        if frame_size is None
        else math.ceil(high * frame_size / (frame_size + high) - ROUNDING)
    )
    return ExactSize(high, expected_half_width(rate, high), n)


@cache
def expected_half_width(rate: float, n: int) -> float:
    """Return the mean half-width of the Clopper-Pearson interval over samples of ``n``.

    Counts of a probability below 1e-18 in all are left out: they cannot change 10 digits.
    """
    low, high = _likely(rate, n)
    x = np.arange(low, high + 1, dtype=float)
    lower = np.where(x == 0, 0.0, special.betaincinv(np.maximum(x, 1), n - x + 1, ALPHA / 2))
    upper = np.where(x == n, 1.0, special.betaincinv(x + 1, np.maximum(n - x, 1), 1 - ALPHA / 2))
    return float((_binomial(x, n, rate) * (upper - lower)).sum() / 2)


def _likely(rate: float, n: int) -> tuple[int, int]:
    """Return the counts beyond which a binomial count is practically impossible."""
    reach = 10 * math.sqrt(n * rate * (1 - rate)) + 60
    return max(0, math.floor(n * rate - reach)), min(n, math.ceil(n * rate + reach))


def _binomial(x: NDArray[np.float64], n: int, rate: float) -> NDArray[np.float64]:
    ways = special.gammaln(n + 1) - special.gammaln(x + 1) - special.gammaln(n - x + 1)
    chances: NDArray[np.float64] = np.exp(
        ways + special.xlogy(x, rate) + special.xlog1py(n - x, -rate)
    )
    return chances
