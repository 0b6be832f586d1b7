"""Between which limits does a proportion or coefficient lie, at 95 %?"""

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

Interval: TypeAlias = tuple[float, float]

ALPHA = 0.05
Z = 1.959963984540054
# 2.5 % is one part in so many.
PARTS = 40
LAST_BITS = 64 * 2.0**-52
# Reports in a sample, beyond which whole numbers become too long to count with.
MOST_COUNTED = 3000


def student(df: float) -> float:
    """Return the two-sided 95 % Student quantile for ``df`` > 0 degrees of freedom."""
    return float(special.stdtrit(df, 1 - ALPHA / 2))


def wilson(p: float, m: float) -> Interval:
    """Return Wilson's interval of a proportion.

    Args:
        p: the observed proportion, 0 to 1.
        m: the effective number of observations, > 0; infinite for a census.

    Returns:
        Lower and upper limit; the point twice when ``m`` is infinite.

    Source:
        Wilson E. B. (1927). J Am Stat Assoc 22, 209-212. doi:10.1080/01621459.1927.10502953
    """
    if math.isinf(m):
        return p, p
    share = Z * Z / m
    centre = p + share / 2
    spread = Z * math.sqrt(p * (1 - p) / m + share / (4 * m))
    low = 0.0 if p == 0 else (centre - spread) / (1 + share)
    high = 1.0 if p == 1 else (centre + spread) / (1 + share)
    return max(0.0, low), min(1.0, high)


def clopper_pearson(x: float, n: float) -> Interval:
    """Return the exact binomial interval of ``x`` out of ``n`` > 0, without frame correction.

    Source:
        Clopper C. J., Pearson E. S. (1934). Biometrika 26, 404-413. doi:10.1093/biomet/26.4.404
    """
    low = 0.0 if x == 0 else float(special.betaincinv(x, n - x + 1, ALPHA / 2))
    high = 1.0 if x == n else float(special.betaincinv(x + 1, n - x, 1 - ALPHA / 2))
    return low, high


def korn_graubard(p: float, n_eff: float) -> Interval:
    """Return the Clopper-Pearson interval on an effective sample size.

    Args:
        p: the weighted proportion, 0 to 1.
        n_eff: effective sample size, > 0; infinite for a census.

    Returns:
        Lower and upper limit, 0 and 1 where the proportion is 0 or 1.

    Source:
        Korn E. L., Graubard B. I. (1998). Survey Methodology 24, 193-201.
    """
    if math.isinf(n_eff):
        return p, p
    x = n_eff * p
    rest = n_eff * (1 - p)
    low = 0.0 if p == 0 else float(special.betaincinv(x, rest + 1, ALPHA / 2))
    high = 1.0 if p == 1 else float(special.betaincinv(x + 1, rest, 1 - ALPHA / 2))
    return low, high


def poisson_interval(events: int) -> Interval:
    """Return the exact interval of the mean of a Poisson count.

    Args:
        events: the count, >= 0.

    Returns:
        Lower (0 without events) and upper limit, in events.

    Source:
        Garwood F. (1936). Biometrika 28, 437-442. doi:10.1093/biomet/28.3-4.437
    """
    low = 0.0 if events == 0 else float(special.gammaincinv(events, ALPHA / 2))
    return low, float(special.gammainccinv(events + 1, ALPHA / 2))


def hypergeometric_counts(x: int, n: int, frame_size: int) -> tuple[int, int]:
    """Return how many of the frame may be discrepant, given ``x`` of ``n`` drawn at random.

    The smallest count whose upper tail, and the largest whose lower tail, exceeds 2.5 %;
    both by bisection, since the tails are monotone in the count.

    Args:
        x: discrepant reports in the sample, 0 to ``n``.
        n: sample size, 0 to ``frame_size``.
        frame_size: reports in the frame.

    Returns:
        Lowest and highest number of discrepant reports in the frame.

    Source:
        Buonaccorsi J. P. (1987). Am Stat 41, 215-218. doi:10.1080/00031305.1987.10475484
    """
    fewest, most = x, frame_size - (n - x)
    low = _first(fewest, most, lambda d: _is_likely(x, n, marked=d, frame_size=frame_size))
    # The lower tail is the upper tail of the reports that are not discrepant.
    low_clear = _first(
        n - x,
        frame_size - x,
        lambda d: _is_likely(n - x, n, marked=d, frame_size=frame_size),
    )
    return low, frame_size - low_clear


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """Return the smallest integer of low..high for which ``holds``; it holds at ``high``."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _is_likely(x: int, n: int, *, marked: int, frame_size: int) -> bool:
    """Return whether P(X >= x) exceeds 2.5 %.

    The chance is often 1 in 40 to the digit: of one discrepant report among 200 a sample of 5
    holds it just so often. There whole numbers decide, and not the rounding of logarithms, which
    differs between processors.
    """
    chance = _upper_tail(x, n, marked=marked, frame_size=frame_size)
    # The logarithm of a factorial has so many digits before the point, which it lacks behind it.
    doubt = LAST_BITS * max(1.0, math.lgamma(frame_size + 1))
    if n > MOST_COUNTED or abs(chance * PARTS - 1) > doubt:
        return chance > ALPHA / 2
    ways = sum(
        math.comb(marked, k) * math.comb(frame_size - marked, n - k)
        for k in range(x, min(n, marked) + 1)
    )
    return ways * PARTS > math.comb(frame_size, n)


def _upper_tail(x: int, n: int, *, marked: int, frame_size: int) -> float:
    """Return P(X >= x) for n draws without replacement, ``marked`` of ``frame_size`` counting."""
    clear = frame_size - marked
    k = np.arange(max(x, n - clear), min(n, marked) + 1, dtype=float)

    def log_choose(total: float, part: NDArray[np.float64]) -> NDArray[np.float64]:
        rest = total - part
        result: NDArray[np.float64] = (
            special.gammaln(total + 1) - special.gammaln(part + 1) - special.gammaln(rest + 1)
        )
        return result

    ways = log_choose(frame_size, np.array([n], dtype=float))
    return float(np.exp(log_choose(marked, k) + log_choose(clear, n - k) - ways).sum())


def jackknife_se(replicates: NDArray[np.float64], frequencies: NDArray[np.float64]) -> float | None:
    """Return the delete-one-item jackknife standard error over distinct patterns.

    Args:
        replicates: the statistic with one item of each pattern left out; shape (patterns,).
        frequencies: items with each pattern; shape (patterns,), sum n >= 1.

    Returns:
        The standard error, in the unit of the statistic; None if a replicate is undefined.
    """
    if not np.isfinite(replicates).all():
        return None
    n = frequencies.sum()
    spread = replicates - (frequencies @ replicates) / n
    return float(math.sqrt((n - 1) / n * (frequencies @ spread**2)))


def artanh_interval(value: float, se: float, df: float) -> Interval | None:
    """Return a Student interval made on the artanh scale; None where |value| >= 1.

    Args:
        value: a coefficient between -1 and 1.
        se: its standard error.
        df: degrees of freedom, > 0.
    """
    if abs(value) >= 1:
        return None
    half = student(df) * se / (1 - value * value)
    centre = math.atanh(value)
    return math.tanh(centre - half), math.tanh(centre + half)


def logit_interval(value: float, se: float, df: float) -> Interval | None:
    """Return a Student interval made on the logit scale; None where ``value`` is 0 or 1.

    Args:
        value: a proportion.
        se: its standard error.
        df: degrees of freedom, > 0.
    """
    if not 0 < value < 1:
        return None
    half = student(df) * se / (value * (1 - value))
    centre = math.log(value / (1 - value))
    return float(special.expit(centre - half)), float(special.expit(centre + half))
