"""How is a total told beside hidden cells, so that no count of theirs can be tried from it?

The sizes of strata and samples are public with the draw. Whoever knows them and the counts that
are told can try which counts of the hidden cells give a total: of ten digits only one fits. So
the part of a total that comes from hidden cells is told by the step of a ladder that it lies on,
and all that is told beside it (interval, label) follows from that step and from public sizes.
"""

import math
from dataclasses import dataclass, replace

from peeraudit.domain.statistics.comparing import coarse
from peeraudit.domain.statistics.intervals import wilson
from peeraudit.domain.statistics.linked_tables import PROTECTION
from peeraudit.domain.statistics.rates import Stratum
from peeraudit.domain.statistics.reliability import suppressed, with_label
from peeraudit.domain.statistics.results import Estimate
from peeraudit.domain.statistics.settling import ROUNDING
from peeraudit.domain.statistics.weighting import Part, moments

DECIMALS = 2
"""Totals beside a hidden cell are told in whole per cent."""
LEAST_STEP = 0.01
CASES_IN_A_STEP = PROTECTION + 1
"""A step is as high as so many cases of the heaviest hidden stratum: as many as protect one."""
OPEN_STEP = 0.05
WILSON = "wilson_guarded"


@dataclass(frozen=True, slots=True)
class Beneath:
    """The strata under a total, some of which are hidden from whoever reads the total.

    Attributes:
        shown: strata whose counts are told.
        hidden: the others; of these N and n are public, and x is not.
    """

    shown: tuple[Stratum, ...]
    hidden: tuple[Stratum, ...]

    @property
    def strata(self) -> list[Stratum]:
        """All strata of which something was read, in an order that tells nothing of x."""
        found = [s for s in (*self.shown, *self.hidden) if s.n]
        return sorted(found, key=lambda s: (s.frame_size, s.n))


@dataclass(frozen=True, slots=True)
class Step:
    """Where a weighted rate lies, as far as it is told.

    Attributes:
        value: what is told of it; in whole per cent.
        low: the least rate of this step.
        high: the greatest one.
    """

    value: float
    low: float
    high: float


def step_of(beneath: Beneath) -> Step:
    """Return the step on which a weighted rate over partly hidden strata lies.

    The hidden part has steps of its own, from nothing upwards, as high as six cases of its
    heaviest stratum and no lower than one per cent. Within the step it is put in at the rate of
    what is told. How high steps are follows from public sizes alone. A total of no event at
    all is told as such: that nothing was found anywhere is favourable (S10.01).

    Args:
        beneath: strata of which something was read; at least one is hidden.
    """
    frame = sum(s.frame_size for s in beneath.strata)
    known = math.fsum(s.frame_size / frame * s.x / s.n for s in beneath.shown if s.n)
    secret = math.fsum(s.frame_size / frame * s.x / s.n for s in beneath.hidden if s.n)
    share = math.fsum(s.frame_size / frame for s in beneath.hidden if s.n)
    if not known and not secret:
        return Step(0.0, 0.0, 0.0)
    heaviest = max(s.frame_size / frame / s.n for s in beneath.hidden if s.n)
    size = max(LEAST_STEP, CASES_IN_A_STEP * heaviest)
    steps = max(1, math.floor(share / size + ROUNDING))
    place = min(math.floor(secret / size + ROUNDING), steps - 1)
    low = place * size
    high = share if place == steps - 1 else low + size
    usual = known / (1 - share) * share if share < 1 - ROUNDING else (low + high) / 2
    value = known + min(max(usual, low), high)
    return Step(max(coarse(value), LEAST_STEP), known + low, min(1.0, known + high))


def told_by_steps(estimate: Estimate, beneath: Beneath) -> Estimate:
    """Return a first-read or confirmed rate as others are told it beside hidden cells.

    Args:
        estimate: the rate as it was computed.
        beneath: the strata under it.

    Returns:
        The rate in whole per cent. Its interval is Wilson's on the capped effective size at the
        ends of the step, rounded outwards: it is never narrower than the rate is told.
    """
    if estimate.value is None or estimate.ci is None:
        return replace(estimate, inputs_sha256="", details={})
    step, size = step_of(beneath), _public_size(beneath)
    low, high = wilson(step.low, size)[0], wilson(step.high, size)[1]
    if not step.high:
        high = max(high, estimate.ci[1])
    labelled = with_label(
        replace(
            estimate,
            value=step.value,
            ci=(_down(low), _up(high)),
            ci_method=WILSON,
            n_eff=None if math.isinf(size) else size,
            details={name: estimate.details[name] for name in ("df",) if name in estimate.details},
        ),
        external=True,
    )
    return _bare(labelled)


def told_beside(estimate: Estimate, confirmed: Estimate, told: Estimate) -> Estimate:
    """Return the estimated rate beside hidden cells: as far from the confirmed one as it is.

    Its interval reaches beyond that of the confirmed rate, as it is told, by what second readings
    leave open, in steps of five points: they vary with the hidden cells, if by little.

    Args:
        estimate: the estimated rate, labelled.
        confirmed: the confirmed rate as it was computed.
        told: the same as it is told.
    """
    if estimate.ci is None or confirmed.value is None or confirmed.ci is None:
        return replace(estimate, inputs_sha256="", details={})
    if told.value is None or told.ci is None:
        return suppressed(estimate, told.reasons)
    low = max(0.0, told.ci[0] - _open(confirmed.ci[0] - estimate.ci[0]))
    high = min(1.0, told.ci[1] + _open(estimate.ci[1] - confirmed.ci[1]))
    low, high = round(low, DECIMALS), round(high, DECIMALS)
    if estimate.value is None:
        return _bare(replace(estimate, ci=(low, max(low, high))))
    value = _moved(told.value, estimate.value - confirmed.value)
    if estimate.value:
        value = max(value, LEAST_STEP)
    return _bare(replace(estimate, value=value, ci=(min(low, value), max(high, value))))


def bounds_by_steps(response: Estimate, beneath: Beneath) -> Estimate:
    """Return the bounds for what was not read, around the rate as it is told."""
    rate = response.details.get("p_mar")
    if response.ci is None or not isinstance(rate, float):
        return replace(response, inputs_sha256="", details={})
    told = step_of(beneath).value
    low, high = (round(told + way * _up(gap), DECIMALS) for way, gap in (
        (-1, rate - response.ci[0]), (1, response.ci[1] - rate)
    ))  # fmt: skip
    value = None if response.value is None else told
    return _bare(replace(response, value=value, ci=(max(0.0, low), min(1.0, high))))


def told_in_whole_per_cent(estimate: Estimate) -> Estimate:
    """Return a rate in whole per cent, without what would give the hidden cells away."""
    if estimate.value is None and estimate.ci is None:
        return replace(estimate, inputs_sha256="", details={})
    low, high = estimate.ci or (None, None)
    return _bare(
        replace(
            estimate,
            value=rounded(estimate.value),
            ci=None
            if low is None or high is None
            else (round(low, DECIMALS), round(high, DECIMALS)),
        )
    )


def is_told_coarsely(estimate: Estimate) -> bool:
    """Return whether a rate is told in whole per cent."""
    return estimate.value is not None and not estimate.inputs_sha256


def rounded(value: float | None) -> float | None:
    """Return a rate in whole per cent."""
    return None if value is None else coarse(value)


def _public_size(beneath: Beneath) -> float:
    """Return the effective size if all strata shared one rate: it follows from N and n."""
    strata = beneath.strata
    frame = sum(s.frame_size for s in strata)
    parts = [Part(s.frame_size / frame, s.n, 0, s.n / s.frame_size) for s in strata]
    return moments(parts).n_cap


def _bare(estimate: Estimate) -> Estimate:
    return replace(estimate, se=None, n_eff=None, inputs_sha256="", details={})


def _moved(rate: float, by: float) -> float:
    """Return a told rate moved by whole per cent."""
    return min(1.0, max(0.0, round(rate + round(by, DECIMALS), DECIMALS)))


def _open(gap: float) -> float:
    """Return by how much an interval is wider, rounded up."""
    return max(0, math.ceil(gap / OPEN_STEP - ROUNDING)) * OPEN_STEP


def _down(rate: float) -> float:
    return max(0.0, round(math.floor(rate * 100 + ROUNDING) / 100, DECIMALS))


def _up(rate: float) -> float:
    return min(1.0, round(math.ceil(rate * 100 - ROUNDING) / 100, DECIMALS))
