"""How many discrepancies did two independent readers both miss?"""

import math

from peeraudit.domain.statistics.intervals import Interval, Z
from peeraudit.domain.statistics.results import Estimate, Status, hash_inputs, undefined

METHOD = "S2.12@1"
# With fewer findings in common the estimate is not to be trusted.
LEAST_OVERLAP = 7


def capture_recapture(first: int, second: int, both: int) -> Estimate:
    """Return how many discrepancies there are, from two independent full readings, S2.12.

    A sensitivity analysis only. Readers miss the same hard cases, so the true number is
    higher: the estimate is a lower bound and must be called one.

    Args:
        first: confirmed discrepancies that the first reader found.
        second: those that the second reader found.
        both: those that both found.

    Returns:
        Chapman's estimate (discrepancies) with the log-normal interval on what both missed;
        no interval where one reader found all that the other did (``NO_DISCORDANT_FINDINGS``).
        ``details``: ``found`` (by either), ``missed_hat``, ``joint_sensitivity`` and the
        sensitivity of each reader. Unreliable with fewer than 7 found by both.

    Raises:
        ValueError: a count is negative, or more were found by both than by one.

    Source:
        Chapman D. G. (1951); Seber G. A. F. (1970); Chao A. (1987). doi:10.2307/2531532
    """
    if not 0 <= both <= min(first, second):
        raise ValueError("both readers cannot have found more than one of them did")
    inputs = hash_inputs(METHOD, first=first, second=second, both=both)
    found = first + second - both
    if found == 0:
        return undefined(METHOD, inputs, reason="NO_EVENTS", n=found)
    total = (first + 1) * (second + 1) / (both + 1) - 1
    missed = total - found
    variance = (
        (first + 1)
        * (second + 1)
        * (first - both)
        * (second - both)
        / ((both + 1) ** 2 * (both + 2))
    )
    few = both < LEAST_OVERLAP
    return Estimate(
        value=total,
        ci=_interval(found, missed, variance),
        ci_method="log_normal_missed",
        se=math.sqrt(variance),
        n=found,
        status=Status.UNRELIABLE if few else Status.OK,
        reasons=("OVERLAP_LT_7",) if few else (),
        warnings=("LOWER_BOUND",) if variance > 0 else ("LOWER_BOUND", "NO_DISCORDANT_FINDINGS"),
        method=METHOD,
        inputs_sha256=inputs,
        details={
            "found": found,
            "missed_hat": missed,
            "joint_sensitivity": found / total,
            "reader1_sensitivity": first / total,
            "reader2_sensitivity": second / total,
        },
    )


def _interval(found: int, missed: float, variance: float) -> Interval | None:
    if variance <= 0 or missed <= 0:
        return None
    factor = math.exp(Z * math.sqrt(math.log1p(variance / missed**2)))
    return found + missed / factor, found + missed * factor
