"""What share of the period's reports is discrepant, given a random or stratified sample?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from peeraudit.domain.statistics.intervals import (
    Interval,
    clopper_pearson,
    hypergeometric_counts,
    korn_graubard,
    student,
    wilson,
)
from peeraudit.domain.statistics.results import Estimate, hash_inputs, undefined
from peeraudit.domain.statistics.weighting import Moments, Part, moments
from peeraudit.domain.statistics.zero_events import zero_event_bounds

SIMPLE = "S2.01@1"
STRATIFIED = "S2.02@1"
# With so few events (or so few non-events) the exact intervals replace Wilson's.
FEW_EVENTS = 3


@dataclass(frozen=True, order=True)
class Stratum:
    """The counts of one stratum.

    Attributes:
        frame_size: N_h, reports in the frozen frame.
        n: n_h, drawn and scored.
        x: x_h, of these discrepant.
    """

    frame_size: int
    n: int
    x: int


def count_fault(x: float, n: float, frame_size: float | None) -> str | None:
    """Return the reason code why three counts cannot belong together, or None.

    Raises:
        ValueError: a count is negative.
    """
    if min(x, n, frame_size or 0) < 0:
        raise ValueError("counts cannot be negative")
    if x > n:
        return "X_GT_N"
    if frame_size is not None and n > frame_size:
        return "N_SAMPLE_GT_FRAME"
    return None


def clip(interval: Interval, low: float, high: float) -> Interval:
    """Return ``interval`` held within the logical bounds ``low`` and ``high``."""
    return min(max(interval[0], low), high), max(min(interval[1], high), low)


def simple_rate(x: int, n: int, *, frame_size: int | None) -> Estimate:
    """Return the rate from a simple random sample, S2.01.

    Args:
        x: discrepant among the scored.
        n: scored reports, drawn at random.
        frame_size: reports in the frame; None where unknown (no correction is then made).

    Returns:
        The rate with Wilson's interval on n/(1-f), or the exact hypergeometric one where
        there are at most 3 events or non-events. ``details``: ``x``, ``df``,
        ``clopper_pearson_nofpc``, and with a known frame ``wilson_fpc``, ``hyper_exact`` and
        ``hyper_exact_count`` (reports of the period).

    Raises:
        ValueError: a count is negative.

    Source:
        Cochran W. G. (1977). Sampling Techniques, 3rd ed., ch. 3; Brown L. D., Cai T. T.,
        DasGupta A. (2001). Stat Sci 16, 101-133. doi:10.1214/ss/1009213286
    """
    inputs = hash_inputs(SIMPLE, x=x, n=n, frame_size=frame_size)
    fault = count_fault(x, n, frame_size)
    if fault or n == 0:
        reason = fault or "NO_SCORED_ITEMS"
        return undefined(SIMPLE, inputs, reason=reason, n=n, frame_size=frame_size)
    p = x / n
    fraction = 0.0 if frame_size is None else n / frame_size
    n_eff = math.inf if fraction == 1 else n / (1 - fraction)
    details: dict[str, object] = {
        "x": x,
        "df": n - 1,
        "clopper_pearson_nofpc": clopper_pearson(x, n),
    }
    known, ci, ci_method = _simple_intervals(x, n, n_eff, frame_size)
    return Estimate(
        value=p,
        ci=ci,
        ci_method=ci_method,
        se=_simple_se(p, n, fraction),
        n=n,
        N=frame_size,
        n_eff=None if math.isinf(n_eff) else n_eff,
        warnings=_warnings(census=fraction == 1, unknown_frame=frame_size is None),
        method=SIMPLE,
        inputs_sha256=inputs,
        details=details | known,
    )


def _simple_intervals(
    x: int, n: int, n_eff: float, frame_size: int | None
) -> tuple[dict[str, object], Interval, str]:
    """Return the intervals shown beside a simple rate, the headline one, and its name."""
    few = min(x, n - x) <= FEW_EVENTS
    if frame_size is None:
        if few:
            return {}, clopper_pearson(x, n), "clopper_pearson"
        return {}, wilson(x / n, n), "wilson_neff"
    # Nothing is open after a census: its limits are the point, not the rounding of one.
    bounds = (x / n, x / n) if n == frame_size else (x / frame_size, 1 - (n - x) / frame_size)
    by_wilson = clip(wilson(x / n, n_eff), *bounds)
    counts = hypergeometric_counts(x, n, frame_size)
    exact = counts[0] / frame_size, counts[1] / frame_size
    known: dict[str, object] = {
        "wilson_fpc": by_wilson,
        "hyper_exact": exact,
        "hyper_exact_count": counts,
    }
    if few:
        return known, exact, "hypergeometric_exact"
    return known, by_wilson, "wilson_neff"


def _simple_se(p: float, n: int, fraction: float) -> float | None:
    """Return the unbiased standard error; None where one reading cannot show a spread."""
    if fraction == 1:
        return 0.0
    return None if n == 1 else math.sqrt((1 - fraction) * p * (1 - p) / (n - 1))


def _warnings(*, census: bool, unknown_frame: bool = False) -> tuple[str, ...]:
    found = (("CENSUS", census), ("FRAME_SIZE_UNKNOWN", unknown_frame))
    return tuple(code for code, holds in found if holds)


def stratified_rate(strata: Sequence[Stratum]) -> Estimate:
    """Return the weighted rate over strata with a guarded effective sample size, S2.02.

    The guard never lets rare events claim more information than the sample would hold if
    all strata shared one rate; it is our own rule. A single stratum is handed to S2.01.

    Args:
        strata: counts per stratum of the frozen frame, in any order.

    Returns:
        The rate with the guarded Wilson interval, or the guarded Korn-Graubard one where there
        are at most 3 events or non-events. Where a stratum has no scored report the estimate
        speaks of the covered strata only: ``details["coverage_of_frame"]`` is then below 1 and
        ``details["worst_case"]`` bounds the whole frame.

    Raises:
        ValueError: there is no stratum, or a count is negative.

    Source:
        Cochran W. G. (1977), ch. 5; Franco C. et al. (2019). J Surv Stat Methodol 7, 334-364.
        doi:10.1093/jssam/smy019
    """
    if not strata:
        raise ValueError("a stratified rate needs at least one stratum")
    if len(strata) == 1:
        only = strata[0]
        return simple_rate(only.x, only.n, frame_size=only.frame_size)
    ordered = sorted(strata)
    inputs = hash_inputs(STRATIFIED, strata=[[s.frame_size, s.n, s.x] for s in ordered])
    faults = [fault for s in ordered if (fault := count_fault(s.x, s.n, s.frame_size))]
    n, total = sum(s.n for s in ordered), sum(s.frame_size for s in ordered)
    if faults or n == 0:
        reason = faults[0] if faults else "NO_SCORED_ITEMS"
        return undefined(STRATIFIED, inputs, reason=reason, n=n, frame_size=total)
    return _weighted(ordered, inputs)


def _weighted(strata: Sequence[Stratum], inputs: str) -> Estimate:
    covered = [s for s in strata if s.n > 0]
    n, x = sum(s.n for s in covered), sum(s.x for s in covered)
    total, frame = sum(s.frame_size for s in strata), sum(s.frame_size for s in covered)
    parts = [Part(s.frame_size / frame, s.n, s.x, s.n / s.frame_size) for s in covered]
    sums = moments(parts)
    census = math.isinf(sums.n_eff)
    # Nothing is open after a census: its bounds are the point, not the rounding of one.
    bounds = (sums.p, sums.p) if census else (x / frame, 1 - (n - x) / frame)
    by_wilson = clip(wilson(sums.p, sums.n_eff), *bounds)
    by_beta = clip(korn_graubard(sums.p, sums.n_eff), *bounds)
    few = min(x, n - x) <= FEW_EVENTS
    ci = by_beta if few else by_wilson
    details: dict[str, object] = {
        "x": x,
        "df": n - len(covered),
        "coverage_of_frame": frame / total,
        "n_eff_raw": sums.n_raw,
        "n_eff_cap": sums.n_cap,
        "deff": None if census else n / sums.n_eff,
        "wilson_guarded": by_wilson,
        "kg_guarded": by_beta,
    }
    details |= _survey_parity(sums, n, n - len(covered), bounds)
    if x == 0:
        details["zero_events"] = zero_event_bounds([(s.frame_size, s.n) for s in strata])
    warnings = _warnings(census=census)
    if sums.variance_unbiased is None:
        warnings += ("LONELY_STRATUM",)
    if frame < total:
        share = frame / total
        details["worst_case"] = share * ci[0], share * ci[1] + 1 - share
        warnings += ("STRATA_WITHOUT_SCORES",)
    return Estimate(
        value=sums.p,
        ci=ci,
        ci_method="kg_guarded" if few else "wilson_guarded",
        se=None if sums.variance_unbiased is None else math.sqrt(sums.variance_unbiased),
        n=n,
        N=total,
        n_eff=None if census else sums.n_eff,
        warnings=warnings,
        method=STRATIFIED,
        inputs_sha256=inputs,
        details=details,
    )


def _survey_parity(sums: Moments, n: int, df: int, bounds: Interval) -> dict[str, object]:
    """Return the unguarded interval of R's ``survey::svyciprop(method="beta")``."""
    unbiased = sums.variance_unbiased
    if not unbiased or df < 1:
        return {}
    n_star = sums.p * (1 - sums.p) / unbiased * (student(n - 1) / student(df)) ** 2
    return {
        "n_eff_kg_survey": n_star,
        "kg_survey_unguarded": clip(korn_graubard(sums.p, n_star), *bounds),
    }
