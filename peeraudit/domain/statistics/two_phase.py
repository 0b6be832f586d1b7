"""How high is the rate once what single readers missed is counted in?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from peeraudit.domain.statistics.intervals import Interval, Z, clopper_pearson, wilson
from peeraudit.domain.statistics.rates import clip, count_fault
from peeraudit.domain.statistics.results import Estimate, Status, hash_inputs

METHOD = "S2.06@2"
FEWEST_TO_VARY = 2
"""With fewer verified cases a class shows no spread."""


@dataclass(frozen=True, order=True)
class PhaseGroup:
    """The cases of one first-read class; counts, whole but where strata are weighted.

    Attributes:
        n: n_g, cases whose first read fell in the class.
        m: m_g, of these verified (second blinded read and adjudication), by ticket.
        y: y_g, of the verified truly discrepant.
        concordant: True for the class that the first reader called concordant.
        code: the class, such as ``2a``.
        lot: of what is verified: classes of one lot are verified at one rate, decided before
            there was any score, and may be counted as one; a class without a lot stands alone.
    """

    n: float
    m: float
    y: float
    concordant: bool = False
    code: str = ""
    lot: str = ""

    @property
    def as_row(self) -> list[float | str]:
        """All that a result depends on."""
        return [self.n, self.m, self.y, self.concordant, self.code, self.lot]


def two_phase_rate(groups: Sequence[PhaseGroup], *, frame_size: int | None) -> Estimate:
    """Return the estimated rate from verified first reads, S2.06.

    Args:
        groups: the cases by first-read class, in any order; at most one is ``concordant``.
        frame_size: reports in the frame; None where unknown.

    Returns:
        The rate with its MOVER-Wilson interval. A class without any verified case gives the
        status ``bounds_only`` with no value and the logical bounds as ``ci``. ``details``:
        ``confirmed_only_rate``, ``missed_rate`` among the concordant with ``missed_ci``,
        ``v_phase2``.

    Raises:
        ValueError: a count is negative, or several groups are marked concordant.

    Source:
        Rao J. N. K. (1973). Biometrika 60, 125-133. doi:10.1093/biomet/60.1.125; Zou G. Y.,
        Donner A. (2008). Stat Med 27, 1693-1702. doi:10.1002/sim.3095
    """
    if sum(g.concordant for g in groups) > 1:
        raise ValueError("only one group can be the concordant one")
    ordered = sorted(groups)
    inputs = hash_inputs(METHOD, frame_size=frame_size, groups=[g.as_row for g in ordered])
    n = sum(g.n for g in ordered)
    fault = _fault(ordered, n, frame_size)
    if fault or n == 0:
        return Estimate(
            n=round(n),
            N=frame_size,
            status=Status.ERROR if fault else Status.NOT_ESTIMABLE,
            reasons=(fault or "NO_SCORED_ITEMS",),
            method=METHOD,
            inputs_sha256=inputs,
        )
    used = [g for g in ordered if g.n > 0]
    details = _beside(used, n)
    if any(g.m == 0 for g in used):
        return _bounds(used, n, frame_size=frame_size, inputs=inputs, details=details)
    return _estimate(used, n, frame_size=frame_size, inputs=inputs, details=details)


def _fault(groups: Sequence[PhaseGroup], n: float, frame_size: int | None) -> str | None:
    faults = [count_fault(g.y, g.m, g.n) for g in groups] + [count_fault(0, n, frame_size)]
    return next((fault for fault in faults if fault), None)


def _beside(groups: Sequence[PhaseGroup], n: float) -> dict[str, object]:
    """Return what is shown next to the estimated rate."""
    details: dict[str, object] = {
        "confirmed_only_rate": sum(g.y for g in groups) / n,
        "confirmed": sum(g.y for g in groups),
        "verified": sum(g.m for g in groups),
    }
    for group in groups:
        if group.concordant and group.m > 0:
            details["missed_rate"] = group.y / group.m
            details["missed_ci"] = clopper_pearson(group.y, group.m)
    return details


def _bounds(
    groups: Sequence[PhaseGroup],
    n: float,
    *,
    frame_size: int | None,
    inputs: str,
    details: dict[str, object],
) -> Estimate:
    low = math.fsum(g.n / n * g.y / g.m for g in groups if g.m > 0)
    unknown = sum(g.n for g in groups if g.m == 0) / n
    return Estimate(
        ci=(low, low + unknown),
        ci_method="logical_bounds",
        n=round(n),
        N=frame_size,
        status=Status.BOUNDS_ONLY,
        reasons=("PHASE2_EMPTY_GROUP",),
        warnings=() if frame_size else ("FRAME_SIZE_UNKNOWN",),
        method=METHOD,
        inputs_sha256=inputs,
        details={**details, "p_low": low, "p_high": low + unknown},
    )


def _estimate(
    groups: Sequence[PhaseGroup],
    n: float,
    *,
    frame_size: int | None,
    inputs: str,
    details: dict[str, object],
) -> Estimate:
    fraction = n / frame_size if frame_size else 0.0
    # Of weighted counts the shares may add up to a trifle more than all.
    p = min(1.0, math.fsum(g.n / n * g.y / g.m for g in groups))
    phase2 = math.fsum(_phase2_variance(g, n) for g in groups)
    se = None
    if n > 1:
        variance = (1 - fraction) / (n - 1) * (p * (1 - p) + phase2) + phase2
        se = math.sqrt(variance)
    ci = _mover(groups, p, n, fraction)
    if frame_size:
        found = sum(g.y for g in groups)
        cleared = sum(g.m - g.y for g in groups)
        ci = clip(ci, found / frame_size, 1 - cleared / frame_size)
    return Estimate(
        value=p,
        ci=ci,
        ci_method="mover_wilson",
        se=se,
        n=round(n),
        N=frame_size,
        warnings=() if frame_size else ("FRAME_SIZE_UNKNOWN",),
        method=METHOD,
        inputs_sha256=inputs,
        details={**details, "v_phase2": phase2},
    )


def _phase2_variance(group: PhaseGroup, n: float) -> float:
    """Return a group's part of the variance that verifying only a part of it adds."""
    if group.m < FEWEST_TO_VARY:
        return 0.0
    p = group.y / group.m
    spread = p * (1 - p) * group.m / (group.m - 1)
    return (group.n / n) ** 2 * spread * (1 / group.m - 1 / group.n)


def _mover(groups: Sequence[PhaseGroup], p: float, n: float, fraction: float) -> Interval:
    """Return the interval recovered from the groups' Wilson limits (MOVER)."""
    below, above, between = [], [], []
    for g in groups:
        share, rate = g.n / n, g.y / g.m
        remaining = 1 / g.m - fraction / g.n
        low, high = wilson(rate, 1 / remaining if remaining > 0 else math.inf)
        below.append((share * (rate - low)) ** 2)
        above.append((share * (high - rate)) ** 2)
        between.append(share * (rate - p) ** 2)
    drift = Z * Z * (1 - fraction) / n * math.fsum(between)
    low = p - math.sqrt(math.fsum(below) + drift)
    high = p + math.sqrt(math.fsum(above) + drift)
    return max(0.0, low), min(1.0, high)
