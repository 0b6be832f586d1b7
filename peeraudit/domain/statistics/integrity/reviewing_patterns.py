"""Were the readings made with the same care all along?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from peeraudit.domain.statistics.discrete import sum_pmf
from peeraudit.domain.statistics.intervals import ALPHA
from peeraudit.domain.statistics.multiplicity import benjamini_hochberg
from peeraudit.domain.statistics.refusals import CountFault
from peeraudit.domain.statistics.results import Estimate, hash_inputs, undefined

TREND = "S8.04@1"
LOW_COUNT = "S8.05@1"
READING_TIME = "S8.06@1"
# Scales the median absolute deviation to the standard deviation of a normal distribution.
MAD_TO_SD = 1.4826
FAST_Z = -3.0
LARGEST_FAST_SHARE = 0.20
LOW_COUNT_LEVEL = 0.01


@dataclass(frozen=True, slots=True)
class TrendStratum:
    """One reviewer's readings by position.

    Attributes:
        scores: position in the session, or number of the month.
        x: discrepant readings at each.
        n: readings at each.
    """

    scores: tuple[float, ...]
    x: tuple[int, ...]
    n: tuple[int, ...]


def stratified_trend(strata: Sequence[TrendStratum]) -> Estimate:
    """Return whether discrepancies grow rarer or commoner with position, S8.04.

    In each stratum the discrepant readings' summed scores are compared with what their number
    would give at random; differences and variances are summed over strata, so that severe and
    lenient reviewers do not blur it. For the panel as a whole, never for one reviewer.

    Args:
        strata: one per reviewer.

    Returns:
        z (positive: commoner later); ``details``: ``T``, ``V``, ``chi2``, ``p_value``. No
        stratum with both kinds of readings at different scores: ``NO_VARIATION``.

    Raises:
        ValueError: lists of different length, or impossible counts; the message names the
            stratum.

    Source:
        Mantel N. (1963). J Am Stat Assoc 58, 690-700. doi:10.1080/01621459.1963.10500879
    """
    total = variance = 0.0
    rows = []
    for place, stratum in enumerate(strata, start=1):
        lengths = {len(stratum.scores), len(stratum.x), len(stratum.n)}
        if len(lengths) > 1 or not all(
            0 <= x <= n for x, n in zip(stratum.x, stratum.n, strict=True)
        ):
            raise ValueError(f"stratum {place}: each score needs a count of readings and x <= n")
        rows.append([list(part) for part in (stratum.scores, stratum.x, stratum.n)])
        t, v = _trend_parts(stratum)
        total, variance = total + t, variance + v
    inputs = hash_inputs(TREND, strata=sorted(rows))
    readings = sum(sum(stratum.n) for stratum in strata)
    if variance <= 0:
        return undefined(TREND, inputs, reason="NO_VARIATION", n=readings)
    z = total / math.sqrt(variance)
    return Estimate(
        method=TREND,
        inputs_sha256=inputs,
        value=z,
        n=readings,
        details={
            "T": total,
            "V": variance,
            "chi2": z * z,
            "z": z,
            "p_value": 2 * float(special.ndtr(-abs(z))),
        },
    )


def _trend_parts(stratum: TrendStratum) -> tuple[float, float]:
    """Return a stratum's difference and its variance; 0 where its readings are all alike."""
    size, events = sum(stratum.n), sum(stratum.x)
    if size < 2 or events in {0, size}:
        return 0.0, 0.0
    seen = math.fsum(s * x for s, x in zip(stratum.scores, stratum.x, strict=True))
    first = math.fsum(s * n for s, n in zip(stratum.scores, stratum.n, strict=True))
    second = math.fsum(s * s * n for s, n in zip(stratum.scores, stratum.n, strict=True))
    spread = size * second - first**2
    return seen - events * first / size, events * (size - events) * spread / (size**2 * (size - 1))


def low_count(p: Sequence[float], n: Sequence[int], x: int) -> Estimate:
    """Return how likely so few discrepancies are, were the reviewer like the others, S8.05.

    Args:
        p: the rate of the others in each stratum, 0 to 1.
        n: the reviewer's readings in each stratum.
        x: his discrepant readings, over all strata.

    Returns:
        P(X <= x), exact for a sum of binomial counts; ``details``: ``expected``, ``prob_zero``,
        ``p_mid``, ``can_tell`` (whether even no discrepancy at all would be below 5 %: if not,
        nothing may be said). No reading: ``NO_SCORED_ITEMS``.

    Raises:
        ValueError: lists of different length, or impossible counts or rates.

    Source:
        Hong Y. (2013). Comput Stat Data Anal 59, 41-51. doi:10.1016/j.csda.2012.10.006
    """
    if len(p) != len(n) or not all(0 <= rate <= 1 for rate in p) or any(m < 0 for m in n):
        raise ValueError("each stratum has a rate between 0 and 1 and a count of readings")
    if not 0 <= x <= sum(n):
        raise CountFault("all strata", x, sum(n))
    inputs = hash_inputs(LOW_COUNT, strata=sorted(zip(p, n, strict=True)), x=x)
    if sum(n) == 0:
        return undefined(LOW_COUNT, inputs, reason="NO_SCORED_ITEMS")
    chance = sum_pmf(n, p)
    below = float(chance[:x].sum())
    return Estimate(
        method=LOW_COUNT,
        inputs_sha256=inputs,
        # The sum of all chances is 1 but for its rounding.
        value=min(1.0, below + float(chance[x])),
        n=sum(n),
        details={
            "expected": math.fsum(rate * m for rate, m in zip(p, n, strict=True)),
            "prob_zero": float(chance[0]),
            "p_mid": min(1.0, below + float(chance[x]) / 2),
            "can_tell": float(chance[0]) < ALPHA,
        },
    )


def flag_low_counts(found: Sequence[Estimate]) -> list[bool]:
    """Return which reviewers call too few discrepancies, all of them considered (q <= .01).

    A flag opens a conversation with the audit lead; it excludes nothing.

    Args:
        found: of ``low_count``, one per reviewer; those without a value are never flagged.
    """
    known = [place for place, part in enumerate(found) if part.value is not None]
    q = benjamini_hochberg([part.value for part in found if part.value is not None])
    flags = [False] * len(found)
    for place, value in zip(known, q.tolist(), strict=True):
        flags[place] = value <= LOW_COUNT_LEVEL
    return flags


def reading_times(seconds: Sequence[float], *, floor: float) -> Estimate:
    """Return how a reviewer's reading times lie around their own median, S8.06.

    Args:
        seconds: active time per reading (in focus, idle time above 120 s removed), of one
            modality; each > 0.
        floor: the shortest credible time, set in advance by the audit board; in seconds.

    Returns:
        The median in seconds; ``details``: ``mad_log`` (median absolute deviation of the
        logarithms, times 1.4826), ``robust_z`` per reading, ``flag_z`` (places from 0 with
        z < -3), ``n_below_floor``, ``share_below_floor``, ``often_below_floor`` (above 20 %).
        Times that hardly differ: ``ZERO_MAD``; none: ``NO_SCORED_ITEMS``.

    Raises:
        ValueError: a time of 0 or less; the message names it.

    Source:
        Rousseeuw P. J., Croux C. (1993). J Am Stat Assoc 88, 1273-1283.
        doi:10.1080/01621459.1993.10476408
    """
    for place, time in enumerate(seconds, start=1):
        if not time > 0:
            raise ValueError(f"reading {place} took {time} s: active times are above 0")
    inputs = hash_inputs(READING_TIME, seconds=[float(s) for s in seconds], floor=float(floor))
    if not seconds:
        return undefined(READING_TIME, inputs, reason="NO_SCORED_ITEMS")
    logs = np.log(np.array(seconds, dtype=float))
    middle = float(np.median(logs))
    mad = MAD_TO_SD * float(np.median(np.abs(logs - middle)))
    if mad == 0:
        return undefined(READING_TIME, inputs, reason="ZERO_MAD", n=len(seconds))
    z = (logs - middle) / mad
    below = sum(time < floor for time in seconds)
    return Estimate(
        method=READING_TIME,
        inputs_sha256=inputs,
        value=math.exp(middle),
        n=len(seconds),
        details={
            "mad_log": mad,
            "robust_z": z.tolist(),
            "flag_z": np.flatnonzero(z < FAST_Z).tolist(),
            "n_below_floor": below,
            "share_below_floor": below / len(seconds),
            "often_below_floor": below / len(seconds) > LARGEST_FAST_SHARE,
        },
    )
