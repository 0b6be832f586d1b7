"""Has the rate of the process changed, or does it differ between two places?

These questions are about the process and not about one period's reports, so there is no
finite-population correction, even where every report was scored.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy import special

from peeraudit.domain.errors import N_
from peeraudit.domain.statistics.intervals import Z, clopper_pearson, korn_graubard, wilson
from peeraudit.domain.statistics.rates import FEW_EVENTS, count_fault
from peeraudit.domain.statistics.refusals import NotComputable
from peeraudit.domain.statistics.results import Estimate, hash_inputs, undefined
from peeraudit.domain.statistics.weighting import Part, moments

PROCESS = "S2.02@1"
DIFFERENCE = "S2.07@1"
TREND = "S2.08@1"


@dataclass(frozen=True, order=True)
class ProcessPart:
    """What one part of a process showed.

    Attributes:
        weight: its size or share in the mix that the rate is told for, above 0.
        n: scored reports.
        x: of these discrepant.
    """

    weight: float
    n: int
    x: int


def process_rate(parts: Sequence[ProcessPart], *, method: str = PROCESS) -> Estimate:
    """Return the weighted rate of a process: S2.02 with f = 0, guard included.

    Args:
        parts: at least one, in any order; weights need not sum to 1.
        method: id and version to print, where another function is made of this one.

    Returns:
        The rate with the guarded Wilson interval, the guarded Korn-Graubard one where there
        are at most 3 events or non-events; ``n_eff`` is the analytic effective size. Parts
        without a scored report are left out with the warning ``STRATA_WITHOUT_SCORES``.

    Raises:
        ValueError: there is no part, a weight is not above 0, or a count is negative.

    Source:
        Deming W. E. (1953). J Am Stat Assoc 48, 244-255. doi:10.1080/01621459.1953.10483470
    """
    if not parts or min(part.weight for part in parts) <= 0:
        raise ValueError("a rate needs at least one part, each with a weight above 0")
    ordered = sorted(parts)
    inputs = hash_inputs(method, fraction=0, parts=[[p.weight, p.n, p.x] for p in ordered])
    n, x = sum(part.n for part in ordered), sum(part.x for part in ordered)
    fault = next((f for part in ordered if (f := count_fault(part.x, part.n, None))), None)
    if fault or n == 0:
        return undefined(method, inputs, reason=fault or "NO_SCORED_ITEMS", n=n)
    covered = [part for part in ordered if part.n]
    whole = math.fsum(part.weight for part in covered)
    sums = moments([Part(part.weight / whole, part.n, part.x) for part in covered])
    few = min(x, n - x) <= FEW_EVENTS
    unbiased = sums.variance_unbiased
    warnings = () if len(covered) == len(ordered) else ("STRATA_WITHOUT_SCORES",)
    return Estimate(
        value=sums.p,
        ci=(korn_graubard if few else wilson)(sums.p, sums.n_eff),
        ci_method="kg_guarded" if few else "wilson_guarded",
        se=None if unbiased is None else math.sqrt(unbiased),
        n=n,
        n_eff=sums.n_eff,
        warnings=warnings if unbiased is not None else (*warnings, "LONELY_STRATUM"),
        method=method,
        inputs_sha256=inputs,
        details={
            "x": x,
            "n_eff_raw": sums.n_raw,
            "n_eff_cap": sums.n_cap,
            "deff": n / sums.n_eff,
            "crude": x / n,
            "crude_ci": clopper_pearson(x, n),
        },
    )


def difference(
    first: tuple[float, float], second: tuple[float, float], *, overlap: int = 0
) -> Estimate:
    """Return how much higher the first rate is than the second, S2.07.

    Newcombe's hybrid (MOVER): each side brings Wilson's limits on its analytic effective size.

    Args:
        first: (rate, analytic effective size) of one period or place; the size may be broken.
        second: the same of the other.
        overlap: reports that are in both samples.

    Returns:
        The difference of the rates, from -1 to 1, with its interval. ``details``: ``z`` and
        ``p_value`` of the pooled score test, None where both rates are 0 or both are 1; they
        belong in the details pane only.

    Raises:
        NotComputable: the samples share reports (they are then not independent), a rate is
            out of range, or an effective size is not above 0.

    Source:
        Newcombe R. G. (1998). Stat Med 17, 873-890.
    """
    (p1, m1), (p2, m2) = first, second
    if overlap:
        raise NotComputable(
            "OVERLAPPING_SAMPLES",
            N_(
                "%(count)d reports are in both samples, so that the two rates are not independent:"
                " their difference has no such interval."
            ),
            count=overlap,
        )
    if not (min(p1, p2) >= 0 and max(p1, p2) <= 1 and min(m1, m2) > 0):
        raise NotComputable(
            "OUT_OF_RANGE",
            N_("A rate lies between 0 and 1, and its effective size is above 0."),
        )
    (low1, high1), (low2, high2) = wilson(p1, m1), wilson(p2, m2)
    gap = p1 - p2
    pooled = (p1 * m1 + p2 * m2) / (m1 + m2)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / m1 + 1 / m2))
    z = gap / spread if spread > 0 else None
    return Estimate(
        value=gap,
        ci=(gap - math.hypot(p1 - low1, high2 - p2), gap + math.hypot(high1 - p1, p2 - low2)),
        ci_method="newcombe_mover_wilson",
        n_eff=m1 + m2,
        warnings=() if z is not None else ("NO_VARIATION",),
        method=DIFFERENCE,
        inputs_sha256=hash_inputs(DIFFERENCE, first=[p1, m1], second=[p2, m2]),
        details={"z": z, "p_value": None if z is None else two_sided(z)},
    )


def two_sided(z: float) -> float:
    """Return the two-sided p-value of a standard normal ``z``."""
    return float(2 * special.ndtr(-abs(z)))


@dataclass(frozen=True, order=True)
class Period:
    """What one period of a series showed.

    Attributes:
        score: its place in time, such as 1, 2, 3 or a month's number.
        n: scored reports.
        x: of these discrepant.
    """

    score: float
    n: int
    x: int


def trend(periods: Sequence[Period]) -> Estimate:
    """Return the change of the rate per unit of time over ordered periods, S2.08.

    Cochran-Armitage: the slope of a straight line through the rates, weighted by their n.

    Args:
        periods: in any order; those without a scored report tell nothing and are left out.

    Returns:
        The slope per unit of ``score`` (a proportion), with the interval slope(1 ± z/|Z|).
        ``details``: ``z``, ``chi2`` (1 degree of freedom), ``p_value``, ``periods``. Not
        estimable: ``NO_SCORED_ITEMS``, or ``NO_VARIATION`` where all reports are alike or lie
        in one moment.

    Raises:
        ValueError: a count is negative.

    Source:
        Armitage P. (1955). Biometrics 11, 375-386.
    """
    ordered = sorted(periods)
    inputs = hash_inputs(TREND, periods=[[p.score, p.n, p.x] for p in ordered])
    used = [period for period in ordered if period.n]
    n, x = sum(p.n for p in used), sum(p.x for p in used)
    fault = next((f for p in ordered if (f := count_fault(p.x, p.n, None))), None)
    if fault or n == 0:
        return undefined(TREND, inputs, reason=fault or "NO_SCORED_ITEMS", n=n)
    p = x / n
    centre = math.fsum(period.n * period.score for period in used) / n
    spread = math.fsum(period.n * (period.score - centre) ** 2 for period in used)
    variance = p * (1 - p) * spread
    if variance <= 0:
        return undefined(TREND, inputs, reason="NO_VARIATION", n=n)
    total = math.fsum((q.x - q.n * p) * (q.score - centre) for q in used)
    z, slope = total / math.sqrt(variance), total / spread
    half = Z * math.sqrt(variance) / spread
    return Estimate(
        value=slope,
        ci=(slope - half, slope + half),
        ci_method="score_test_inverted",
        se=math.sqrt(variance) / spread,
        n=n,
        method=TREND,
        inputs_sha256=inputs,
        details={"z": z, "chi2": z * z, "p_value": two_sided(z), "periods": len(used)},
    )
