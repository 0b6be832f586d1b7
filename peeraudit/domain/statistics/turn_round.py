"""How long does a review take, the ones still open included?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from peeraudit.domain.statistics.intervals import ALPHA, Interval, Z
from peeraudit.domain.statistics.results import Estimate, Status, hash_inputs, undefined

QUANTILE = "S7.01@1"
SURVIVAL = "S7.02@1"
# With more of the reviews ended otherwise they compete with completion.
MAX_COMPETING = 0.05


def quantile(durations: Sequence[float], q: float) -> Estimate:
    """Return a percentile of completed durations with a distribution-free interval, S7.01.

    Only when nothing is open or censored: a percentile of the completed ones is biased short
    while others are still open, and :func:`completion` is then the one to use.

    Args:
        durations: of completed reviews, in one unit (hours or days), in any order.
        q: which share, above 0 and below 1; 0.5 for the median.

    Returns:
        The type-7 quantile in the unit of the durations. Each limit of ``ci`` is an order
        statistic; where its rank is beyond the data the interval is None, the limit is None
        in ``details["low"]`` or ``details["high"]``, and ``BEYOND_THE_DATA`` says so.
        ``details``: ``low``, ``high``, ``rank_low``, ``rank_high`` (from 1).

    Raises:
        ValueError: ``q`` is out of range, or a duration is negative or not finite.

    Source:
        Hyndman R. J., Fan Y. (1996). Am Stat 50, 361-365. doi:10.1080/00031305.1996.10473566
    """
    if not 0 < q < 1:
        raise ValueError("a quantile lies above 0 and below 1")
    if not all(math.isfinite(t) and t >= 0 for t in durations):
        raise ValueError("a duration is finite and not negative")
    ordered = sorted(durations)
    n = len(ordered)
    inputs = hash_inputs(QUANTILE, durations=ordered, q=q)
    if n == 0:
        return undefined(QUANTILE, inputs, reason="NO_EVENTS")
    lower, upper = _ranks(n, q)
    low = None if lower is None else ordered[lower - 1]
    high = None if upper is None else ordered[upper - 1]
    return Estimate(
        value=float(np.quantile(np.array(ordered, dtype=float), q)),
        ci=None if low is None or high is None else (low, high),
        ci_method="order_statistics",
        n=n,
        warnings=("BEYOND_THE_DATA",) if low is None or high is None else (),
        method=QUANTILE,
        inputs_sha256=inputs,
        details={"low": low, "high": high, "rank_low": lower, "rank_high": upper},
    )


def _ranks(n: int, q: float) -> tuple[int | None, int | None]:
    """Return the ranks (from 1) of the limits; None for one that is beyond the data.

    With B ~ Bin(n, q): the largest l with P(B <= l-1) <= 2.5 %, and the smallest u with
    P(B <= u-1) >= 97.5 %.
    """
    cumulative = special.bdtr(np.arange(n), n, q)
    lower = int((cumulative <= ALPHA / 2).sum())
    upper = int((cumulative < 1 - ALPHA / 2).sum()) + 1
    return lower or None, upper if upper <= n else None


@dataclass(frozen=True)
class CurvePoint:
    """The share of reviews still open at one time.

    Attributes:
        t: the time, in the unit of the durations.
        S: the share still open.
        ci: its log-log interval; None where S is 0, or 1 before the first completion.
        se: Greenwood's standard error; None where S is 0.
    """

    t: float
    S: float
    ci: Interval | None
    se: float | None


@dataclass(frozen=True)
class Completion:
    """How the reviews of a campaign get done.

    Attributes:
        median: time until half of them are completed, with the interval of Brookmeyer and
            Crowley in ``details`` as ``low`` and ``high``, None where the curve does not
            reach one half. The contract's ``ci`` is there where both are.
        curve: the curve after each time of a completion.
        n: reviews.
        events: of these completed.
    """

    median: Estimate
    curve: tuple[CurvePoint, ...]
    n: int
    events: int

    def at(self, t: float) -> CurvePoint:
        """Return the share still open after ``t``, such as a deadline; 1 before any event."""
        reached = [point for point in self.curve if point.t <= t]
        last = reached[-1] if reached else CurvePoint(t, 1.0, None, 0.0)
        return CurvePoint(t, last.S, last.ci, last.se)


def completion(times: ArrayLike, completed: ArrayLike) -> Completion:
    """Return the Kaplan-Meier curve of the time to completion, S7.02.

    Args:
        times: since the assignment, shape (n,), in any order; of an open review until the
            moment the data are as of.
        completed: whether each review is completed, same shape and order.

    Returns:
        The curve with Greenwood's variance and log-log intervals, and the median: the
        smallest time at which at most half are open (no midpoint rule). Without a completed
        review it is not estimable (``NO_EVENTS``); where more than half stay open it has no
        value (``MEDIAN_NOT_REACHED``).

    Raises:
        ValueError: a time is negative or not finite, or the shapes differ.

    Source:
        Kaplan E. L., Meier P. (1958). doi:10.1080/01621459.1958.10501452; Brookmeyer R.,
        Crowley J. (1982). doi:10.2307/2530286
    """
    moments, done = np.asarray(times, dtype=float), np.asarray(completed, dtype=bool)
    if moments.shape != done.shape or moments.ndim != 1:
        raise ValueError("each review has one time, and is completed or not")
    if not np.isfinite(moments).all() or (moments < 0).any():
        raise ValueError("a time is finite and not negative")
    distinct, places = np.unique(moments, return_inverse=True)
    ended = np.bincount(places, weights=done, minlength=len(distinct)).astype(int)
    leaving = np.bincount(places, minlength=len(distinct))
    rows = list(zip(distinct.tolist(), ended.tolist(), leaving.tolist(), strict=True))
    inputs = hash_inputs(SURVIVAL, times=rows)
    n, events = len(moments), int(done.sum())
    if events == 0:
        blank = undefined(SURVIVAL, inputs, reason="NO_EVENTS", n=n)
        return Completion(blank, (), n, 0)
    curve = _curve(rows, n)
    return Completion(_median(curve, n, inputs), curve, n, events)


def _curve(rows: Sequence[tuple[float, int, int]], n: int) -> tuple[CurvePoint, ...]:
    """Return the curve after each time of a completion.

    Args:
        rows: (time, completed then, completed or last seen then), by time.
        n: reviews.
    """
    at_risk, open_, greenwood = n, 1.0, 0.0
    points = []
    for t, done, leaving in rows:
        if done:
            open_ *= 1 - done / at_risk
            if done < at_risk:
                greenwood += done / (at_risk * (at_risk - done))
            points.append(_point(t, 0.0 if done == at_risk else open_, greenwood))
        at_risk -= leaving
    return tuple(points)


@dataclass(frozen=True)
class Incidence:
    """How many reviews have ended in one way by one time, in the presence of others.

    Attributes:
        t: the time.
        completed: share of all reviews completed by then.
        otherwise: share of all reviews that ended otherwise by then.
    """

    t: float
    completed: float
    otherwise: float


def incidence(
    times: ArrayLike, completed: ArrayLike, otherwise: ArrayLike
) -> tuple[Incidence, ...]:
    """Return the cumulative incidence where reviews also end otherwise (Aalen-Johansen), S7.02.

    A review that was declined or withdrawn is not one that might still be completed: where
    more than 5 % ended so (:data:`MAX_COMPETING`) this is shown in the place of one minus the
    Kaplan-Meier curve, which would promise too much.

    Args:
        times: since the assignment, shape (n,), in any order.
        completed: whether each review was completed then; same shape.
        otherwise: whether it was declined or withdrawn then; same shape. A review that is
            neither is still open.

    Returns:
        Both shares after each time at which a review ended.

    Raises:
        ValueError: the shapes differ, a time is negative or not finite, or a review ended in
            both ways.

    Source:
        Aalen O. O., Johansen S. (1978). Scand J Stat 5, 141-150.
    """
    moments = np.asarray(times, dtype=float)
    ways = [np.asarray(flags, dtype=bool) for flags in (completed, otherwise)]
    if any(flags.shape != moments.shape for flags in ways) or moments.ndim != 1:
        raise ValueError("each review has one time, and has ended in one way or not")
    if not np.isfinite(moments).all() or (moments < 0).any() or (ways[0] & ways[1]).any():
        raise ValueError("a time is finite and not negative, and a review ends in one way")
    distinct, places = np.unique(moments, return_inverse=True)
    done, gone = (
        np.bincount(places, weights=flags, minlength=len(distinct)).astype(int) for flags in ways
    )
    leaving = np.bincount(places, minlength=len(distinct))
    at_risk, open_, shares, found = len(moments), 1.0, (0.0, 0.0), []
    rows = zip(distinct.tolist(), done.tolist(), gone.tolist(), leaving.tolist(), strict=True)
    for t, completed_then, gone_then, left in rows:
        if completed_then or gone_then:
            shares = (
                shares[0] + open_ * completed_then / at_risk,
                shares[1] + open_ * gone_then / at_risk,
            )
            open_ *= 1 - (completed_then + gone_then) / at_risk
            found.append(Incidence(t, *shares))
        at_risk -= left
    return tuple(found)


def _point(t: float, share: float, greenwood: float) -> CurvePoint:
    if share <= 0:
        return CurvePoint(t, 0.0, None, None)
    root = math.sqrt(greenwood)
    power = math.exp(Z * root / math.log(share))
    # The logarithm of a share is negative, so the first of the two is the upper limit.
    return CurvePoint(t, share, (share ** (1 / power), share**power), share * root)


def _median(curve: Sequence[CurvePoint], n: int, inputs: str) -> Estimate:
    value = _first(curve, [point.S for point in curve])
    # Where nobody is left open both limits are 0 as well.
    low = _first(curve, [0.0 if point.ci is None else point.ci[0] for point in curve])
    high = _first(curve, [0.0 if point.ci is None else point.ci[1] for point in curve])
    return Estimate(
        value=value,
        ci=None if low is None or high is None else (low, high),
        ci_method="brookmeyer_crowley_loglog",
        n=n,
        status=Status.NOT_ESTIMABLE if value is None else Status.OK,
        reasons=("MEDIAN_NOT_REACHED",) if value is None else (),
        method=SURVIVAL,
        inputs_sha256=inputs,
        details={"low": low, "high": high},
    )


def _first(curve: Sequence[CurvePoint], shares: Sequence[float]) -> float | None:
    """Return the first time at which a curve is at most one half."""
    pairs = zip(curve, shares, strict=True)
    # Products of fractions that make exactly one half come out a hair above it.
    return next((point.t for point, share in pairs if share <= 0.5 + 1e-12), None)
