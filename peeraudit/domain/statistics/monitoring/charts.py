"""Within which limits does a rate vary from period to period by chance?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peeraudit.domain.statistics.refusals import CountFault
from peeraudit.domain.statistics.results import Estimate, Status, hash_inputs

P_CHART = "S6.01@1"
G_CHART = "S6.02@1"
T_CHART = "S6.03@1"
FEWEST_PERIODS = 12
SMALLEST_PERIOD = 20
SIGMAS = 3.0
# Mean distance of two neighbours of a normal series, in standard deviations (not the rounded 2.66).
D2 = 1.128
# Above this, a spread beyond chance calls for the wider limits.
LANEY_FROM = 1.2
PROBABILITY = 0.00135
# This power makes waiting times nearly normal.
POWER = 3.6

Floats = NDArray[np.float64]


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """One point of a chart.

    Attributes:
        key: sorts in time, such as ``2024-03``.
        n: reports of the period, by report date, that were scored.
        x: of these discrepant.
    """

    key: str
    n: int
    x: int


def merge_small(periods: Sequence[Period], *, smallest: int = SMALLEST_PERIOD) -> list[Period]:
    """Return the periods in order, one that is too small being joined to the next one.

    A small last period is joined to the one before it.

    Args:
        periods: in any order.
        smallest: reports that a point needs.
    """
    merged: list[Period] = []
    n = x = 0
    for period in sorted(periods):
        n, x = n + period.n, x + period.x
        if n >= smallest:
            merged.append(Period(period.key, n, x))
            n = x = 0
    if n and merged:
        last = merged.pop()
        return [*merged, Period(last.key, last.n + n, last.x + x)]
    return merged


def _blank(method: str, inputs: str, reason: str, *, hidden: bool) -> Estimate:
    status = Status.SUPPRESSED if hidden else Status.NOT_ESTIMABLE
    return Estimate(method=method, inputs_sha256=inputs, status=status, reasons=(reason,))


def p_chart(x: Sequence[int], n: Sequence[int]) -> Estimate:
    """Return a p chart, and Laney's p' chart beside it, S6.01.

    Limits are the pooled rate ± 3 standard errors of each point; p' widens them by how much
    more neighbouring points differ than chance allows.

    Args:
        x: discrepant reports per period, in order of time.
        n: reports per period, each at least 1.

    Returns:
        The pooled rate; ``details``: ``p`` per point, ``lcl``, ``ucl``, ``sigma_z``,
        ``laney_lcl``, ``laney_ucl``, ``laney_z`` (None where no neighbours differ), and
        ``use_laney`` (sigma_z above 1.2: a choice to be frozen with the baseline). Fewer than
        12 periods: ``PERIODS_LT_12``,
        suppressed; no event or only events: ``NO_VARIATION``.

    Raises:
        ValueError: lists of different length, or impossible counts.

    Source:
        Laney D. B. (2002). Qual Eng 14, 531-537. doi:10.1081/QEN-120003555
    """
    _check(x, n)
    inputs = hash_inputs(P_CHART, x=list(x), n=list(n))
    if len(x) < FEWEST_PERIODS:
        return _blank(P_CHART, inputs, "PERIODS_LT_12", hidden=True)
    counts, sizes = np.array(x, dtype=float), np.array(n, dtype=float)
    centre = float(counts.sum() / sizes.sum())
    if not 0 < centre < 1:
        return _blank(P_CHART, inputs, "NO_VARIATION", hidden=False)
    rates = counts / sizes
    sigma = np.sqrt(centre * (1 - centre) / sizes)
    z = (rates - centre) / sigma
    sigma_z = float(np.abs(np.diff(z)).mean()) / D2
    lcl, ucl = _limits(centre, sigma)
    wide_lcl, wide_ucl = _limits(centre, sigma * sigma_z)
    return Estimate(
        method=P_CHART,
        inputs_sha256=inputs,
        value=centre,
        n=int(sizes.sum()),
        details={
            "p": rates.tolist(),
            "lcl": lcl.tolist(),
            "ucl": ucl.tolist(),
            "sigma_z": sigma_z,
            "laney_lcl": wide_lcl.tolist(),
            "laney_ucl": wide_ucl.tolist(),
            "laney_z": (z / sigma_z).tolist() if sigma_z > 0 else None,
            "use_laney": sigma_z > LANEY_FROM,
        },
    )


def _check(x: Sequence[int], n: Sequence[int]) -> None:
    if len(x) != len(n):
        raise ValueError("each period has a count of reports and of discrepant ones")
    for place, (events, size) in enumerate(zip(x, n, strict=True)):
        if size < 1 or not 0 <= events <= size:
            raise CountFault(f"period {place + 1}", events, size)


def _limits(centre: float, sigma: Floats) -> tuple[Floats, Floats]:
    return np.maximum(0.0, centre - SIGMAS * sigma), np.minimum(1.0, centre + SIGMAS * sigma)


def u_limits(events: Sequence[int], exposure: Sequence[float]) -> tuple[float, Floats, Floats]:
    """Return centre and limits of a chart of events per exposure, such as per month of work.

    Args:
        events: per period, in order of time.
        exposure: per period, > 0.

    Returns:
        Pooled events per unit of exposure; lower and upper limit per point, ± 3 standard
        errors of a Poisson count, the lower one at least 0.

    Source:
        Montgomery D. C. (2013). Introduction to Statistical Quality Control, 7th ed., ch. 7.
    """
    amount = np.array(exposure, dtype=float)
    if len(events) != len(amount) or (amount <= 0).any():
        raise ValueError("each period has a count of events and an exposure above 0")
    centre = float(np.array(events, dtype=float).sum() / amount.sum())
    sigma = np.sqrt(centre / amount)
    return centre, np.maximum(0.0, centre - SIGMAS * sigma), centre + SIGMAS * sigma


def g_chart(gaps: Sequence[int]) -> Estimate:
    """Return a g chart of audited reports between discrepant ones, S6.02.

    Its lower limit is practically always 0: it cannot signal deterioration by a point, so it
    is for display; alarms come from the CUSUM.

    Args:
        gaps: concordant reports between two discrepant ones, in order; each >= 0.

    Returns:
        The median as centre; ``details``: ``mean``, ``ucl_3sigma``, ``lcl_3sigma``, ``p_hat``
        1/(1 + mean), ``ucl_probability`` (the smallest gap exceeded with at most .00135). No
        gap: ``NO_EVENTS``.

    Raises:
        ValueError: a negative gap.

    Source:
        Benneyan J. C. (2001). Health Care Manag Sci 4, 305-318. doi:10.1023/A:1011846412909
    """
    inputs = hash_inputs(G_CHART, gaps=list(gaps))
    if not gaps:
        return _blank(G_CHART, inputs, "NO_EVENTS", hidden=False)
    if min(gaps) < 0:
        raise ValueError("a gap between two reports cannot be negative")
    mean = sum(gaps) / len(gaps)
    spread = SIGMAS * math.sqrt(mean * (mean + 1))
    p_hat = 1 / (1 + mean)
    return Estimate(
        method=G_CHART,
        inputs_sha256=inputs,
        value=float(np.median(gaps)),
        n=len(gaps),
        details={
            "mean": mean,
            "median": float(np.median(gaps)),
            "ucl_3sigma": mean + spread,
            "lcl_3sigma": max(0.0, mean - spread),
            "p_hat": p_hat,
            "ucl_probability": _rare_gap(p_hat),
        },
    )


def _rare_gap(p: float) -> int:
    """Return the smallest k with P(gap > k) = (1 - p)^(k + 1) <= .00135."""
    if p >= 1:
        return 0
    k = max(0, math.ceil(math.log(PROBABILITY) / math.log1p(-p)) - 1)
    while k and (k * math.log1p(-p)) <= math.log(PROBABILITY):
        k -= 1
    while (k + 1) * math.log1p(-p) > math.log(PROBABILITY):
        k += 1
    return k


def t_chart(times: Sequence[float]) -> Estimate:
    """Return a t chart of the days between major discrepancies, S6.03.

    Times are raised to 1/3.6, charted with limits from their moving range, and turned back.

    Args:
        times: days between two events, in order; each > 0 (ties need the time of day).

    Returns:
        The centre in days; ``details``: ``ucl``, ``lcl`` (0 where the transformed limit is
        negative). Fewer than two times: ``NO_EVENTS``.

    Raises:
        ValueError: a time of 0 or less; the message names it.

    Source:
        Nelson L. S. (1994). J Qual Technol 26, 239-241. doi:10.1080/00224065.1994.11979532
    """
    inputs = hash_inputs(T_CHART, times=[float(t) for t in times])
    for place, time in enumerate(times):
        if not time > 0:
            raise ValueError(
                f"time {place + 1} is {time}: add the time of day to tell events apart"
            )
    if len(times) < 2:
        return _blank(T_CHART, inputs, "NO_EVENTS", hidden=False)
    y = np.array(times, dtype=float) ** (1 / POWER)
    centre, spread = float(y.mean()), SIGMAS * float(np.abs(np.diff(y)).mean()) / D2
    return Estimate(
        method=T_CHART,
        inputs_sha256=inputs,
        value=centre**POWER,
        n=len(times),
        details={"ucl": (centre + spread) ** POWER, "lcl": max(0.0, centre - spread) ** POWER},
    )
