"""Which difference could an audit of this size have seen?"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from peeraudit.domain.errors import N_
from peeraudit.domain.statistics.intervals import ALPHA, Z
from peeraudit.domain.statistics.refusals import NotComputable

# The library marks no type; its documented interface is relied upon.
brentq: Callable[..., float] = optimize.brentq

POWER = 0.80
# Rounding must cost neither an item nor a probability that is just small enough.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Power:
    """How often a department with a higher rate would be noticed, S9.01.

    Attributes:
        critical: c, the fewest discrepancies that speak against the standard.
        actual_alpha: probability of as many at the standard; at most 2.5 %.
        power: probability of as many at the higher rate.
    """

    critical: int
    actual_alpha: float
    power: float


def power_against_standard(n: float, standard: float, rate: float) -> Power | None:
    """Return the power of an exact one-sided test of one department, S9.01.

    Args:
        n: scored reports, or the effective size; it is rounded down.
        standard: p0, the rate that is compared with, above 0 and below 1.
        rate: p1, the true rate in question, 0 to 1.

    Returns:
        The critical count at 2.5 % one-sided, what it really costs, and the power. None where
        not even n of n would speak against the standard.

    Raises:
        NotComputable: a rate is out of range, or n is below 1.

    Source:
        Clopper C. J., Pearson E. S. (1934). Biometrika 26, 404-413.
        doi:10.1093/biomet/26.4.404
    """
    size = _size(n)
    _check(standard, rate)
    critical = critical_count(size, standard)
    if critical is None:
        return None
    return Power(critical, _at_least(critical, size, standard), _at_least(critical, size, rate))


def critical_count(n: int, standard: float) -> int | None:
    """Return the fewest of ``n`` with P(X >= c | standard) <= 2.5 %; None if there are none."""
    tails = special.bdtrc(np.arange(n, dtype=float), n, standard)
    # bdtrc(k) is P(X > k), so that the entry k belongs to the count k + 1.
    # A probability of just 2.5 %, such as that of 1 of 1 at 2.5 %, is not lost to rounding.
    enough = np.flatnonzero(tails <= ALPHA / 2 * (1 + ROUNDING))
    # Whether even 0 would do is no question: P(X >= 0) is 1.
    return int(enough[0]) + 1 if enough.size and enough[0] + 1 <= n else None


def _at_least(count: int, n: int, rate: float) -> float:
    return float(special.bdtrc(count - 1, n, rate))


@dataclass(frozen=True)
class Detectable:
    """The smallest rate that would be noticed often enough, S9.02.

    Attributes:
        critical: the fewest discrepancies that speak against the standard.
        mdd_rate: the smallest such rate.
        mdd_difference: that less the standard.
        odds_ratio: of that rate against the standard.
    """

    critical: int
    mdd_rate: float
    mdd_difference: float
    odds_ratio: float


def detectable_rate(n: float, standard: float, *, power: float = POWER) -> Detectable | None:
    """Return the smallest true rate that ``power`` of such audits would notice, S9.02.

    The rate at which P(X >= c) is the power is the Beta quantile q(power; c, n-c+1).

    Args:
        n: scored reports, or the effective size; it is rounded down.
        standard: p0, above 0 and below 1.
        power: share of such audits, above 0 and below 1.

    Returns:
        The smallest detectable rate; None where no count would speak against the standard.

    Raises:
        NotComputable: a value is out of range.

    Source:
        Clopper C. J., Pearson E. S. (1934). Biometrika 26, 404-413. doi:10.1093/biomet/26.4.404
    """
    size = _size(n)
    if not 0 < power < 1:
        raise NotComputable("OUT_OF_RANGE", N_("A power lies between 0 and 1."))
    _check(standard, standard)
    critical = critical_count(size, standard)
    if critical is None:
        return None
    rate = float(special.betaincinv(critical, size - critical + 1, power))
    odds = (rate / (1 - rate)) / (standard / (1 - standard))
    return Detectable(critical, rate, rate - standard, odds)


@dataclass(frozen=True)
class TwoSamples:
    """What a comparison of two periods or departments can see, S9.03.

    Attributes:
        h: Cohen's effect size, the difference of the rates on the arcsine scale (radians).
        power: share of such comparisons that would notice it.
        n_per_group: reports per side for the wanted power, not rounded; None without an effect.
        mdd_rate_above_p2: the smallest rate above the second that would be noticed often
            enough with these sizes; None where not even 1 would.
    """

    h: float
    power: float
    n_per_group: float | None
    mdd_rate_above_p2: float | None


def compare_two(
    first: tuple[float, float], second: tuple[float, float], *, power: float = POWER
) -> TwoSamples:
    """Return the power of comparing two rates, on the arcsine scale, S9.03.

    Args:
        first: (rate, scored reports or effective size) of one side; the size may be broken.
        second: the same of the other side.
        power: the share of such comparisons wanted, above 5 % and below 1.

    Returns:
        Effect size, power, sizes needed and smallest detectable rate.

    Raises:
        NotComputable: a value is out of range.

    Source:
        Cohen J. (1988). Statistical Power Analysis for the Behavioral Sciences, 2nd ed., ch. 6.
    """
    (p1, n1), (p2, n2) = first, second
    if not (min(p1, p2) >= 0 and max(p1, p2) <= 1 and min(n1, n2) > 0 and ALPHA < power < 1):
        raise NotComputable(
            "OUT_OF_RANGE",
            N_("Rates lie between 0 and 1, sizes above 0, and the power between 0.05 and 1."),
        )
    h = _angle(p1) - _angle(p2)
    per_side = math.sqrt(n1 * n2 / (n1 + n2))
    needed = _needed_shift(power)
    angle = _angle(p2) / 2 + needed / per_side / 2
    return TwoSamples(
        h,
        _two_sided_power(abs(h) * per_side),
        None if h == 0 else 2 * (needed / h) ** 2,
        math.sin(angle) ** 2 if angle <= math.pi / 2 else None,
    )


def _angle(rate: float) -> float:
    return 2 * math.asin(math.sqrt(rate))


def _two_sided_power(shift: float) -> float:
    return float(special.ndtr(shift - Z) + special.ndtr(-shift - Z))


def _needed_shift(power: float) -> float:
    """Return the shift, in standard errors, at which the two-sided test has the power."""
    return brentq(lambda shift: _two_sided_power(shift) - power, 0.0, 40.0, xtol=1e-13, rtol=1e-14)


def agreement_items(se_pilot: float, n_pilot: int, half_width: float) -> tuple[float, int]:
    """Return how many items an agreement study needs, S9.04.

    The standard error falls with the root of the number of items: (z·se·sqrt(n_pilot)/d)².

    Args:
        se_pilot: standard error of the coefficient in a pilot.
        n_pilot: items of the pilot.
        half_width: wanted half-width of the interval, in the unit of the coefficient.

    Returns:
        The number before and after rounding up.

    Raises:
        NotComputable: a value is not above 0.
    """
    if min(se_pilot, n_pilot, half_width) <= 0:
        raise NotComputable(
            "OUT_OF_RANGE", N_("Standard error, items and half-width must be above 0.")
        )
    exact = (Z * se_pilot / half_width) ** 2 * n_pilot
    return exact, math.ceil(exact - ROUNDING)


def _size(n: float) -> int:
    size = math.floor(n + ROUNDING)
    if size < 1:
        raise NotComputable("OUT_OF_RANGE", N_("At least one report must be drawn."))
    return size


def _check(standard: float, other: float) -> None:
    if not (0 < standard < 1 and 0 <= other <= 1):
        raise NotComputable("OUT_OF_RANGE", N_("Rates lie between 0 and 1."))
