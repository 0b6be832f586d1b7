"""What could the drawn reports that were never scored do to the rate?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from peeraudit.domain.statistics.rates import count_fault
from peeraudit.domain.statistics.results import Estimate, Status, hash_inputs, undefined

METHOD = "S2.13@2"
UNDRAWN_MISSING = "S2.13@1"
"""Took a stratum of which nothing was drawn for unanswered, unless strata are fine: kept for what
it told."""
FULL_RESPONSE = 0.95
"""Below this weighted response the bounds are always shown."""
LEAST_RESPONSE = 0.80
"""Below this one only the bounds are, and departments are not compared."""
THIN = "RESPONSE_LT_80"
"""Code of a response below the least one."""


@dataclass(frozen=True, order=True)
class DrawnStratum:
    """What became of the drawn reports of one stratum.

    Attributes:
        frame_size: N_h, reports in the frozen frame.
        drawn: reports drawn, those that proved ineligible left out.
        scored: n_h, of these scored.
        x: of the scored discrepant.
        awaited: of the drawn not scored yet, and still in time: they are no missing answer.
    """

    frame_size: int
    drawn: int
    scored: int
    x: int
    awaited: int = 0

    @property
    def due(self) -> int:
        """Reports that should have been scored by now."""
        return self.drawn - self.awaited

    @property
    def counts(self) -> list[int]:
        """What the bounds follow from; nothing stands for no report awaited."""
        found = [self.frame_size, self.drawn, self.scored, self.x]
        return [*found, self.awaited] if self.awaited else found


def response_bounds(
    strata: Sequence[DrawnStratum], *, method: str = METHOD, counts_undrawn: bool = False
) -> Estimate:
    """Return between which limits the sample's rate lies whatever was not scored, S2.13.

    A stratum of which no report was drawn has no response: nobody was asked. It lowers the
    coverage of the frame and widens the bounds, in which it may hold anything.

    Args:
        strata: counts per stratum of the frozen frame, in any order.
        method: the version.
        counts_undrawn: such a stratum counts as one that did not answer, as
            ``UNDRAWN_MISSING`` has it for strata by modality.

    Returns:
        The weighted rate if what is missing is like what is not, with the worst-case bounds
        (all missing ones concordant, all discrepant) as its limits; these are no confidence
        interval. With a weighted response below 80 % only the bounds stand. ``details``:
        ``p_mar``, ``p_low``, ``p_high``, ``response_rate``, ``weighted_response``, and
        ``awaited`` where reports are: these are left out, and so is a stratum of which all are
        awaited, until their time has passed. Warnings:
        ``RESPONSE_LT_95``, ``RESPONSE_LT_80``, ``STRATA_WITHOUT_SCORES`` (they count in the
        bounds, not in the rate).

    Raises:
        ValueError: there is no stratum, or a count is negative.

    Source:
        Manski C. F. (2003). Partial Identification of Probability Distributions, ch. 1.
    """
    if not strata:
        raise ValueError("bounds need at least one stratum")
    known = sorted(s for s in strata if s.frame_size)
    inputs = hash_inputs(method, strata=[s.counts for s in known])
    ordered = [s for s in known if s.due or not s.awaited]
    awaited = sum(s.awaited for s in known)
    frame, scored = sum(s.frame_size for s in ordered), sum(s.scored for s in ordered)
    fault = next((f for s in ordered if (f := _fault(s))), None)
    if fault or scored == 0:
        reason = fault or "NO_SCORED_ITEMS"
        return undefined(method, inputs, reason=reason, n=scored, frame_size=frame)
    weighted = _weighted_response([s for s in ordered if counts_undrawn or s.due])
    low = math.fsum(s.frame_size / frame * _share(s.x, s.due, 0.0) for s in ordered)
    high = math.fsum(
        s.frame_size / frame * _share(s.x + s.due - s.scored, s.due, 1.0) for s in ordered
    )
    covered = [s for s in ordered if s.scored]
    mar = math.fsum(s.frame_size * s.x / s.scored for s in covered) / sum(
        s.frame_size for s in covered
    )
    found = (
        ("RESPONSE_LT_95", weighted < FULL_RESPONSE),
        (THIN, weighted < LEAST_RESPONSE),
        ("STRATA_WITHOUT_SCORES", len(covered) < len(ordered)),
    )
    is_thin = weighted < LEAST_RESPONSE
    return Estimate(
        value=None if is_thin else mar,
        ci=(low, high),
        ci_method="worst_case_bounds",
        n=scored,
        N=frame,
        status=Status.BOUNDS_ONLY if is_thin else Status.OK,
        reasons=(THIN,) if is_thin else (),
        warnings=tuple(code for code, holds in found if holds),
        method=method,
        inputs_sha256=inputs,
        details={
            "p_mar": mar,
            "p_low": low,
            "p_high": high,
            "response_rate": scored / sum(s.due for s in ordered),
            "weighted_response": weighted,
        }
        | ({"awaited": awaited} if awaited else {}),
    )


def _weighted_response(asked: Sequence[DrawnStratum]) -> float:
    whole = sum(s.frame_size for s in asked)
    return math.fsum(s.frame_size / whole * _share(s.scored, s.due, 0.0) for s in asked)


def _fault(stratum: DrawnStratum) -> str | None:
    if min(stratum.awaited, stratum.due) < 0:
        raise ValueError("more reports are awaited than were drawn")
    if stratum.scored > stratum.due:
        return "N_SCORED_GT_DRAWN"
    return count_fault(stratum.x, stratum.scored, None) or count_fault(
        0, stratum.drawn, stratum.frame_size
    )


def _share(part: int, whole: int, if_none: float) -> float:
    return part / whole if whole else if_none
