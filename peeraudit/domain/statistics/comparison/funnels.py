"""Which departments lie beyond what chance alone would scatter them to?"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from peeraudit.domain.statistics.discrete import (
    binomial_tails,
    interpolated_binomial,
    interpolated_poisson,
    mid_p,
)
from peeraudit.domain.statistics.intervals import ALPHA
from peeraudit.domain.statistics.multiplicity import benjamini_hochberg
from peeraudit.domain.statistics.panels import Panel
from peeraudit.domain.statistics.refusals import CountFault
from peeraudit.domain.statistics.results import Estimate, Status, hash_inputs

LIMITS = "S5.01@1"
TESTS = "S5.02@1"
LEVELS: Mapping[str, float] = {"lo998": 0.001, "lo95": 0.025, "hi95": 0.975, "hi998": 0.999}

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, order=True, slots=True)
class Unit:
    """One department's counts.

    Attributes:
        key: which department.
        n: scored reports; of a stratified design the analytic effective sample size, rounded
            down.
        x: of these discrepant.
    """

    key: str
    n: int
    x: int


def check_units(units: Sequence[Unit]) -> None:
    """Refuse counts that cannot be.

    Raises:
        ValueError: a department occurs twice, has no report, or more discrepant reports than
            reports; the message names it.
    """
    seen = set()
    for unit in units:
        if unit.key in seen:
            raise ValueError(f"department {unit.key} occurs twice")
        if unit.n < 1 or not 0 <= unit.x <= unit.n:
            raise CountFault(f"department {unit.key}", unit.x, unit.n)
        seen.add(unit.key)


def pooled_rate(units: Sequence[Unit]) -> float:
    """Return the discrepant share of all reports of all units."""
    return sum(u.x for u in units) / sum(u.n for u in units)


def funnel_limits(n: Sequence[int] | Counts, target: float) -> dict[str, Floats]:
    """Return between which rates departments of a common rate would lie, S5.01.

    Args:
        n: reports of each department; integers >= 1.
        target: the common rate, 0 < target < 1.

    Returns:
        ``lo998``, ``lo95``, ``hi95``, ``hi998``: exact binomial limits, interpolated so that
        they run without steps; clipped to 0..1; shape (departments,) each. A lower limit of 0
        means that no department of that size can be unusually low.

    Raises:
        ValueError: a target that no scatter has, or a department without report.

    Source:
        Spiegelhalter D. J. (2005). Stat Med 24, 1185-1202. doi:10.1002/sim.1970
    """
    sizes = np.asarray(n, dtype=np.int64)
    if not 0 < target < 1:
        raise ValueError("the target of a funnel lies between 0 and 1, both excluded")
    if (sizes < 1).any():
        raise ValueError("a funnel needs at least one report per department")
    return {
        name: np.clip(interpolated_binomial(sizes, target, level) / sizes, 0.0, 1.0)
        for name, level in LEVELS.items()
    }


def rate_funnel_limits(exposure: Sequence[float] | Floats, rate: float) -> dict[str, Floats]:
    """Return the funnel limits of events per exposure (such as per month), exact Poisson.

    Args:
        exposure: of each unit, > 0.
        rate: common events per unit of exposure, > 0.

    Returns:
        As ``funnel_limits``, in events per unit of exposure.

    Source:
        As ``funnel_limits``.
    """
    amount = np.asarray(exposure, dtype=float)
    if rate <= 0 or (amount <= 0).any():
        raise ValueError("a rate and its exposures are greater than 0")
    return {
        name: np.maximum(0.0, interpolated_poisson(rate * amount, level) / amount)
        for name, level in LEVELS.items()
    }


def smallest_low_outlier(target: float, level: float) -> int:
    """Return from how many reports on a department can lie below the lower limit at all.

    Without a single discrepancy a department is low only if P(0) = (1 - target)^n <= level.

    Args:
        target: the common rate, 0 < target < 1.
        level: .025 for the 95 % limit, .001 for the 99.8 % limit.
    """
    return math.ceil(math.log(level) / math.log1p(-target))


def department_tests(units: Sequence[Unit], *, target: float | None = None) -> Panel:
    """Return how unusual each department is, allowing for their number, S5.02.

    Args:
        units: counts per department, in any order.
        target: the rate to compare with; None for the pooled rate of all units.

    Returns:
        Per department its rate; ``details``: ``p_midp`` (two-sided binomial), ``q_bh``
        (false-discovery value over all units), ``z_midp`` (signed), ``beyond_chance`` (q <=
        .05), and the funnel limits at its size. No event, or only events: ``NO_VARIATION``.

    Raises:
        ValueError: impossible counts.

    Source:
        Benjamini Y., Hochberg Y. (1995). doi:10.1111/j.2517-6161.1995.tb02031.x; mid-P:
        Lancaster H. O. (1961). doi:10.1080/01621459.1961.10482105
    """
    check_units(units)
    ordered = sorted(units)
    inputs = hash_inputs(TESTS, units=[[u.key, u.n, u.x] for u in ordered], target=target)
    total = sum(u.n for u in ordered)
    theta = pooled_rate(ordered) if target is None and total else (target or 0.0)
    if not 0 < theta < 1:
        return Panel(
            method=TESTS,
            inputs_sha256=inputs,
            n=total,
            status=Status.NOT_ESTIMABLE,
            reasons=("NO_VARIATION",),
        )
    x, n = (np.array([getattr(u, part) for u in ordered], dtype=np.int64) for part in ("x", "n"))
    below, at, above = binomial_tails(x, n, theta)
    p = mid_p(below, at, above)
    q = benjamini_hochberg(p)
    sign = np.where(x / n >= theta, 1.0, -1.0)
    z = sign * np.abs(special.ndtri(p / 2))
    limits = funnel_limits(n, theta)
    found = {
        unit.key: Estimate(
            method=TESTS,
            inputs_sha256=inputs,
            value=unit.x / unit.n,
            n=unit.n,
            details={
                "p_midp": float(p[i]),
                "q_bh": float(q[i]),
                "z_midp": float(z[i]),
                "beyond_chance": bool(q[i] <= ALPHA),
            }
            | {name: float(line[i]) for name, line in limits.items()},
        )
        for i, unit in enumerate(ordered)
    }
    return Panel(
        method=TESTS, inputs_sha256=inputs, units=found, n=total, details={"target": theta}
    )
