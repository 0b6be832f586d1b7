"""Is an estimate precise enough to be shown, and with which label?"""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from peeraudit.domain.statistics.results import Estimate, Status

MIN_COUNT = 30
MAX_WIDTH = 0.30
NARROW_WIDTH = 0.05
MAX_RELATIVE_WIDTH = 1.3
MIN_DF = 8


class Reliability(StrEnum):
    """The labels of S2.14."""

    OK = "OK"
    SUPPRESS_N = "SUPPRESS_N"
    SUPPRESS_WIDTH = "SUPPRESS_WIDTH"
    WARN_RELWIDTH = "WARN_RELWIDTH"
    REVIEW_DF = "REVIEW_DF"


@dataclass(frozen=True)
class Precision:
    """The widths an interval was judged by, and the verdict.

    Attributes:
        label: the verdict.
        abs_width: upper minus lower limit.
        rel_width: that over the estimate; None where the estimate is 0.
    """

    label: Reliability
    abs_width: float
    rel_width: float | None


def judge(estimate: Estimate) -> Precision | None:
    """Return the reliability of a rate (S2.14); None if it has no value or no interval.

    Args:
        estimate: a rate. ``details["df"]``, where present, gives its degrees of freedom.

    Returns:
        The label and the widths that led to it.

    Source:
        Parker J. D. et al. (2017). Vital Health Stat 2(175), 1-22; adapted: a wide relative
        interval is labelled and not suppressed, because nearly every audit rate has one.
    """
    if estimate.value is None or estimate.ci is None:
        return None
    width = estimate.ci[1] - estimate.ci[0]
    relative = width / estimate.value if estimate.value > 0 else None
    smallest = estimate.n if estimate.n_eff is None else min(estimate.n, estimate.n_eff)
    return Precision(_label(smallest, width, relative, estimate.details.get("df")), width, relative)


def _label(smallest: float, width: float, relative: float | None, df: object) -> Reliability:
    if smallest < MIN_COUNT:
        return Reliability.SUPPRESS_N
    if width >= MAX_WIDTH:
        return Reliability.SUPPRESS_WIDTH
    if width > NARROW_WIDTH and (math.inf if relative is None else relative) > MAX_RELATIVE_WIDTH:
        return Reliability.WARN_RELWIDTH
    if isinstance(df, int) and df < MIN_DF:
        return Reliability.REVIEW_DF
    return Reliability.OK


def with_label(estimate: Estimate, *, external: bool) -> Estimate:
    """Return ``estimate`` with the status that its reliability calls for.

    Args:
        estimate: a rate; one that is already limited or undefined is returned as it is.
        external: True for what leaves the department. What is too imprecise is then blanked,
            counts included; inside the department it is kept and called unreliable.

    Returns:
        The same estimate, relabelled.
    """
    precision = judge(estimate)
    if precision is None or estimate.status is not Status.OK:
        return estimate
    label = precision.label
    if label is Reliability.OK:
        return estimate
    if label in {Reliability.WARN_RELWIDTH, Reliability.REVIEW_DF}:
        return replace(
            estimate, status=Status.LOW_PRECISION, warnings=(*estimate.warnings, label.value)
        )
    if not external:
        return replace(estimate, status=Status.UNRELIABLE, reasons=(*estimate.reasons, label.value))
    return suppressed(estimate, (label.value,))


def suppressed(estimate: Estimate, reasons: tuple[str, ...]) -> Estimate:
    """Return ``estimate`` with every number removed and the reasons added (§10.01).

    The fingerprint goes too: small counts could be found again by trying them all.
    """
    return Estimate(
        method=estimate.method,
        inputs_sha256="",
        status=Status.SUPPRESSED,
        reasons=(*estimate.reasons, *reasons),
    )
