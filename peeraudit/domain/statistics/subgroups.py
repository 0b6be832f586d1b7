"""What is the rate among the reports of a kind that runs across the strata?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from peeraudit.domain.statistics.intervals import wilson
from peeraudit.domain.statistics.rates import count_fault
from peeraudit.domain.statistics.results import Estimate, hash_inputs, undefined

METHOD = "S2.04@1"


@dataclass(frozen=True, order=True)
class SubgroupStratum:
    """The counts of a subgroup in one stratum.

    Attributes:
        frame_size: N_h, reports in the frozen frame, of the subgroup or not.
        n: n_h, of these drawn and scored.
        inside: n_hd, of the scored those of the subgroup.
        x: x_hd, of these discrepant.
    """

    frame_size: int
    n: int
    inside: int
    x: int

    @property
    def weight(self) -> float:
        """N_h/n_h: how many reports of the frame a scored one stands for."""
        return self.frame_size / self.n

    @property
    def open_share(self) -> float:
        """1 - f_h: the share of the stratum that was not scored."""
        return 1 - self.n / self.frame_size


def subgroup_rate(strata: Sequence[SubgroupStratum]) -> Estimate:
    """Return the rate of a subgroup that crosses the strata of a sample, S2.04.

    The subgroup's size in the frame is itself estimated, so the rate is a ratio; its variance
    is that of the linearised value (y-p)/N_d. Where the subgroup is a stratum, use S2.01.

    Args:
        strata: counts per stratum of the frozen frame, in any order.

    Returns:
        The rate with Wilson's interval on the smaller of p(1-p)/variance and the size that
        one shared rate would give (our own guard). ``details``: ``N_domain_hat`` (reports),
        ``n_domain``, ``x``, ``n_eff_raw``, ``n_eff_cap``, ``coverage_of_frame``. Where a
        stratum has a single scored report the standard error is None (``LONELY_STRATUM``)
        and the cap alone gives the interval.

    Raises:
        ValueError: there is no stratum, or a count is negative.

    Source:
        Sarndal C.-E., Swensson B., Wretman J. (1992). Model Assisted Survey Sampling, ch. 10.
    """
    if not strata:
        raise ValueError("the rate of a subgroup needs at least one stratum")
    ordered = sorted(strata)
    counts = [[s.frame_size, s.n, s.inside, s.x] for s in ordered]
    inputs = hash_inputs(METHOD, strata=counts)
    frame, n = sum(s.frame_size for s in ordered), sum(s.inside for s in ordered)
    fault = next((found for s in ordered if (found := _fault(s))), None)
    if fault or n == 0:
        reason = fault or "NO_SCORED_ITEMS"
        return undefined(METHOD, inputs, reason=reason, n=n, frame_size=frame)
    covered = [s for s in ordered if s.n > 0]
    return _estimate(covered, frame=frame, inputs=inputs)


def _fault(stratum: SubgroupStratum) -> str | None:
    if stratum.inside > stratum.n:
        return "N_DOMAIN_GT_SAMPLE"
    return count_fault(stratum.x, stratum.inside, None) or count_fault(
        0, stratum.n, stratum.frame_size
    )


def _estimate(strata: Sequence[SubgroupStratum], *, frame: int, inputs: str) -> Estimate:
    size = math.fsum(s.weight * s.inside for s in strata)
    p = math.fsum(s.weight * s.x for s in strata) / size
    lonely = any(s.n == 1 and s.frame_size > 1 for s in strata)
    variance = None if lonely else math.fsum(_variance(s, p, size) for s in strata)
    left = math.fsum(s.weight**2 * s.open_share * s.inside for s in strata)
    n_cap = size * size / left if left > 0 else math.inf
    n_raw = p * (1 - p) / variance if variance else n_cap
    n_eff = min(n_raw, n_cap)
    covered = sum(s.frame_size for s in strata)
    found = (
        ("LONELY_STRATUM", lonely),
        ("STRATA_WITHOUT_SCORES", covered < frame),
        ("CENSUS", math.isinf(n_eff)),
    )
    return Estimate(
        value=p,
        ci=wilson(p, n_eff),
        ci_method="wilson_guarded",
        se=None if variance is None else math.sqrt(variance),
        n=sum(s.inside for s in strata),
        N=frame,
        n_eff=None if math.isinf(n_eff) else n_eff,
        warnings=tuple(code for code, holds in found if holds),
        method=METHOD,
        inputs_sha256=inputs,
        details={
            "x": sum(s.x for s in strata),
            "n_domain": sum(s.inside for s in strata),
            "N_domain_hat": size,
            "n_eff_raw": None if lonely else n_raw,
            "n_eff_cap": n_cap,
            "coverage_of_frame": covered / frame,
        },
    )


def _variance(stratum: SubgroupStratum, p: float, size: float) -> float:
    """Return a stratum's part of the variance of the linearised rate, from counts alone."""
    if stratum.n == 1:
        return 0.0
    total = (stratum.x - p * stratum.inside) / size
    clear = stratum.inside - stratum.x
    squares = (stratum.x * (1 - p) ** 2 + clear * p * p) / (size * size)
    spread = (squares - total * total / stratum.n) / (stratum.n - 1)
    return stratum.frame_size**2 * stratum.open_share / stratum.n * max(0.0, spread)
