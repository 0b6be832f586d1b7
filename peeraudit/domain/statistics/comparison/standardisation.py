"""What would a department's rate be, were its mix of cases that of all?"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from peeraudit.domain.statistics.discrete import mid_p, sum_pmf
from peeraudit.domain.statistics.intervals import Z, korn_graubard, poisson_interval, wilson
from peeraudit.domain.statistics.refusals import CountFault
from peeraudit.domain.statistics.results import Estimate, hash_inputs, undefined
from peeraudit.domain.statistics.weighting import Part, moments

INDIRECT = "S5.05@1"
DIRECT = "S5.06@1"
FEW_EVENTS = 3
# A class heavier than this needs at least so many reports.
LIGHT_CLASS = 0.02
THIN_CLASS = 10


def indirect_standardisation(
    n: Sequence[int],
    x: int,
    reference: Sequence[float],
    *,
    overall_reference: float | None = None,
) -> Estimate:
    """Return observed over expected discrepancies of one department, S5.05.

    Expected are its reports in each class times the reference rate of the class. Ratios of two
    departments with different mixes must not be compared with each other, only with 1.

    Args:
        n: reports per class of cases.
        x: discrepant reports, over all classes.
        reference: reference rate per class, 0 to 1.
        overall_reference: rate of the reference over all classes, for the standardised rate.

    Returns:
        O/E with the exact Poisson interval; ``details``: ``O``, ``E``, ``ci_byar``,
        ``p_midp_poisson_binomial`` (exact), ``standardised_rate``. E = 0: ``NO_EVENTS``.

    Raises:
        ValueError: lists of different length, or impossible counts or rates.

    Source:
        Breslow N. E., Day N. E. (1987). Statistical Methods in Cancer Research II, ch. 2.
    """
    _check(n, reference, x)
    inputs = hash_inputs(
        INDIRECT, n=list(n), x=x, reference=list(reference), overall_reference=overall_reference
    )
    expected = math.fsum(count * rate for count, rate in zip(n, reference, strict=True))
    if expected <= 0:
        none = undefined(INDIRECT, inputs, reason="NO_EVENTS", n=sum(n))
        return replace(none, details={"O": x, "E": expected})
    low, high = poisson_interval(x)
    chance = sum_pmf(n, reference)
    tails = (np.asarray(part) for part in (chance[:x].sum(), chance[x], chance[x + 1 :].sum()))
    standardised = None if overall_reference is None else x / expected * overall_reference
    return Estimate(
        method=INDIRECT,
        inputs_sha256=inputs,
        value=x / expected,
        ci=(low / expected, high / expected),
        ci_method="poisson_exact",
        n=sum(n),
        warnings=("EXPECTED_LT_1",) if expected < 1 else (),
        details={
            "O": x,
            "E": expected,
            "ci_byar": tuple(limit / expected for limit in byar(x)),
            "p_midp_poisson_binomial": float(mid_p(*tails)),
            "standardised_rate": standardised,
        },
    )


def _check(n: Sequence[int], rates: Sequence[float], x: int) -> None:
    if len(n) != len(rates) or not n:
        raise ValueError("each class of cases has a count and a reference rate")
    if min(n) < 0 or not 0 <= x <= sum(n):
        raise CountFault("all classes", x, sum(n))
    if not all(0 <= rate <= 1 for rate in rates):
        raise ValueError("a reference rate lies between 0 and 1")


def byar(events: int) -> tuple[float, float]:
    """Return Byar's approximate interval of the mean of a Poisson count, in events.

    Source:
        Breslow N. E., Day N. E. (1987), p. 69.
    """
    more = events + 1
    low = 0.0
    if events:
        low = events * (1 - 1 / (9 * events) - Z / (3 * math.sqrt(events))) ** 3
    return low, more * (1 - 1 / (9 * more) + Z / (3 * math.sqrt(more))) ** 3


def direct_standardisation(
    weights: Sequence[float], n: Sequence[int], x: Sequence[int]
) -> Estimate:
    """Return the rate at a fixed standard mix of cases, S5.06.

    The weighted rate over classes, of an endless process (no frame correction), with the
    guarded effective sample size of S2.02 (our own rule) and its switch to the exact form at
    three events or fewer (our own rule).

    Args:
        weights: share of each class in the standard mix; they sum to 1.
        n: reports per class.
        x: of these discrepant.

    Returns:
        The rate with the guarded Wilson or Korn-Graubard interval; ``details``: ``crude``,
        ``n_eff_raw``, ``n_eff_cap``. A class with weight and no report: ``NO_SCORED_ITEMS``;
        fewer than 10 reports in a class above 2 %: warning ``FEW_IN_CLASS``.

    Raises:
        ValueError: lists of different length, weights that do not sum to 1, impossible counts.

    Source:
        Cochran W. G. (1977). Sampling Techniques, 3rd ed., ch. 5.
    """
    _check_mix(weights, n, x)
    classes = list(zip(weights, n, x, strict=True))
    inputs = hash_inputs(DIRECT, classes=sorted([list(part) for part in classes]))
    total = sum(n)
    if any(w > 0 and count == 0 for w, count, _ in classes):
        return undefined(DIRECT, inputs, reason="NO_SCORED_ITEMS", n=total)
    # An endless process: nothing of its frame has been seen, so no correction is made.
    sums = moments([Part(w, count, events) for w, count, events in sorted(classes) if w > 0])
    events = sum(x)
    few = min(events, total - events) <= FEW_EVENTS
    interval = korn_graubard if few else wilson
    thin = any(w > LIGHT_CLASS and count < THIN_CLASS for w, count, _ in classes)
    variance = sums.variance_unbiased
    return Estimate(
        method=DIRECT,
        inputs_sha256=inputs,
        value=sums.p,
        ci=interval(sums.p, sums.n_eff),
        ci_method="kg_guarded" if few else "wilson_guarded",
        se=None if variance is None else math.sqrt(variance),
        n=total,
        n_eff=sums.n_eff,
        warnings=("FEW_IN_CLASS",) if thin else (),
        details={"crude": events / total, "n_eff_raw": sums.n_raw, "n_eff_cap": sums.n_cap},
    )


def _check_mix(weights: Sequence[float], n: Sequence[int], x: Sequence[int]) -> None:
    if not len(weights) == len(n) == len(x) or not n:
        raise ValueError("each class of cases has a weight, a count and its discrepant reports")
    if min(weights) < 0 or abs(math.fsum(weights) - 1) > 1e-6:
        raise ValueError("the weights of a standard mix are at least 0 and sum to 1")
    for place, (count, events) in enumerate(zip(n, x, strict=True)):
        if not 0 <= events <= count:
            raise CountFault(f"class {place + 1}", events, count)
