"""Do departments differ more than chance allows, all of them together?"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import special

from peeraudit.domain.statistics.comparison.funnels import LEVELS, Unit, check_units, pooled_rate
from peeraudit.domain.statistics.panels import Panel
from peeraudit.domain.statistics.results import Estimate, Status, hash_inputs

METHOD = "S5.03@1"
FEWEST_UNITS = 10
WINSORISED = (0.1, 0.9)

Floats = NDArray[np.float64]


def overdispersion(units: Sequence[Unit], *, target: float | None = None) -> Panel:
    """Return z-scores that allow for differences which no case-mix explains, S5.03.

    On the arcsine scale each rate has standard error 1/(2√n). phi is the mean squared z after
    the outermost tenths are drawn in; what exceeds 1 becomes a variance between departments.

    Args:
        units: counts per department, in any order.
        target: the rate to compare with; None for the pooled rate of all units.

    Returns:
        Per department its rate; ``details``: ``z``, ``z_additive`` (the default),
        ``z_multiplicative`` and, for the widened funnel, ``lo998``, ``lo95``, ``hi95``,
        ``hi998``. Panel ``details``: ``phi``, ``tau2``, ``widened`` (phi above 1 + 2√(2/K):
        only then the funnel is widened). Fewer than 10 units: ``UNITS_LT_10``.

    Raises:
        ValueError: impossible counts.

    Source:
        Spiegelhalter D. J. (2005). Qual Saf Health Care 14, 347-351.
        doi:10.1136/qshc.2005.013755; Spiegelhalter D. et al. (2012). J R Stat Soc A 175, 1-47.
        doi:10.1111/j.1467-985X.2011.01010.x
    """
    check_units(units)
    ordered = sorted(units)
    inputs = hash_inputs(METHOD, units=[[u.key, u.n, u.x] for u in ordered], target=target)
    total = sum(u.n for u in ordered)
    reason = "UNITS_LT_10" if len(ordered) < FEWEST_UNITS else None
    theta = 0.0
    if reason is None:
        theta = pooled_rate(ordered) if target is None else target
        reason = None if 0 < theta < 1 else "NO_VARIATION"
    if reason:
        return Panel(
            method=METHOD,
            inputs_sha256=inputs,
            n=total,
            status=Status.NOT_ESTIMABLE,
            reasons=(reason,),
        )
    n = np.array([u.n for u in ordered], dtype=float)
    y = np.arcsin(np.sqrt(np.array([u.x for u in ordered], dtype=float) / n))
    s, centre = 1 / (2 * np.sqrt(n)), math.asin(math.sqrt(theta))
    z = (y - centre) / s
    phi, tau2 = _spread(z, s)
    wide = np.sqrt(s**2 + tau2)
    scores = {
        "z": z,
        "z_multiplicative": z / math.sqrt(max(1.0, phi)),
        "z_additive": (y - centre) / wide,
    }
    scores |= {name: _line(centre, wide, level) for name, level in LEVELS.items()}
    found = {
        unit.key: Estimate(
            method=METHOD,
            inputs_sha256=inputs,
            value=unit.x / unit.n,
            n=unit.n,
            details={name: float(part[i]) for name, part in scores.items()},
        )
        for i, unit in enumerate(ordered)
    }
    widened = phi > 1 + 2 * math.sqrt(2 / len(ordered))
    details = {"target": theta, "phi": phi, "tau2": tau2, "widened": widened}
    return Panel(method=METHOD, inputs_sha256=inputs, units=found, n=total, details=details)


def _spread(z: Floats, s: Floats) -> tuple[float, float]:
    """Return phi of the winsorised z-scores, and the variance between departments."""
    low, high = np.quantile(z, WINSORISED)
    k = len(z)
    phi = float((np.clip(z, low, high) ** 2).sum()) / k
    if k * phi < k - 1:
        return phi, 0.0
    w = 1 / s**2
    room = float(w.sum() - (w**2).sum() / w.sum())
    return phi, max(0.0, (k * phi - (k - 1)) / room)


def _line(centre: float, wide: Floats, level: float) -> Floats:
    """Return a funnel line back on the scale of rates, held within it."""
    angle = np.clip(centre + special.ndtri(level) * wide, 0.0, math.pi / 2)
    line: Floats = np.sin(angle) ** 2
    return line
