"""How high is the estimated rate over strata, missed findings included?"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from peeraudit.domain.statistics.results import Estimate, Status, hash_inputs
from peeraudit.domain.statistics.two_phase import METHOD, PhaseGroup, two_phase_rate

UNWEIGHTED = "S2.06@1"
"""Adds up the cases of merged strata as they are, unless they are fine: kept for what it told."""
# Fewer verified cases than this can carry neither a stratum's missed rate nor that of a class.
MIN_VERIFIED = 5


@dataclass(frozen=True)
class TwoPhaseStratum:
    """One stratum of the first phase.

    Attributes:
        frame_size: N_h, reports in the frozen frame.
        groups: its cases by first-read class.
        partner: what it shares with the fine strata that it is merged with first; empty where
            any stratum may be merged with any other.
    """

    frame_size: int
    groups: tuple[PhaseGroup, ...]
    partner: str = ""

    @property
    def scored(self) -> float:
        """First reads."""
        return sum(g.n for g in self.groups)

    @property
    def verified_concordant(self) -> float:
        """Concordant first reads that were verified."""
        return sum(g.m for g in self.groups if g.concordant)


def stratified_two_phase_rate(
    strata: Sequence[TwoPhaseStratum], *, method: str = METHOD
) -> Estimate:
    """Return the estimated rate over strata, combined by MOVER, S2.06.

    Strata with fewer than 5 verified concordant cases are merged with one another before
    they are estimated (with the next smallest if they still have fewer), and the warning
    ``STRATA_COLLAPSED`` says so. So are, within a stratum, classes of one lot of which fewer
    than 5 cases were verified: ``CLASSES_COLLAPSED``. Strata without a case are left out, with a
    warning.

    Merging is for the second phase alone: the first one stays that of a stratified sample. Where
    sampling fractions differ, the cases are therefore weighted by N_h/n_h before they are added
    up, and the sum is brought down to the effective size that these weights leave (Kish), which
    with the correction for the frame is the cap of S2.02. That is our own rule; where all
    fractions are alike it changes nothing. Fine strata are merged with their partners first.

    Args:
        strata: counts per stratum of the frozen frame, in any order.
        method: the version; ``UNWEIGHTED`` weights fine strata alone.

    Returns:
        The rate; ``bounds_only`` where a merged stratum has only bounds.

    Raises:
        ValueError: there is no stratum, or a count is negative.

    Source:
        Rao J. N. K. (1973). Biometrika 60, 125-133. doi:10.1093/biomet/60.1.125;
        Zou G. Y., Donner A. (2008). Stat Med 27, 1693-1702. doi:10.1002/sim.3095;
        Kish L. (1965). Survey Sampling, ch. 11.
    """
    if not strata:
        raise ValueError("a stratified rate needs at least one stratum")
    covered = [s for s in strata if any(g.n for g in s.groups)]
    frame, n = sum(s.frame_size for s in strata), round(sum(s.scored for s in strata))
    inputs = hash_inputs(method, **_key_of(strata))
    merged = _merged(covered, method)
    settled = [_collapse_classes(s.groups) for s in merged]
    parts = [
        two_phase_rate(groups, frame_size=s.frame_size)
        for groups, s in zip(settled, merged, strict=True)
    ]
    failed = next((part for part in parts if part.status is Status.ERROR), None)
    if failed or not parts:
        return Estimate(
            n=n,
            N=frame,
            status=Status.ERROR if failed else Status.NOT_ESTIMABLE,
            reasons=failed.reasons if failed else ("NO_SCORED_ITEMS",),
            method=method,
            inputs_sha256=inputs,
        )
    warnings: tuple[str, ...] = ("STRATA_COLLAPSED",) if len(merged) < len(covered) else ()
    fewer = any(len(now) < len(s.groups) for now, s in zip(settled, merged, strict=True))
    warnings += ("CLASSES_COLLAPSED",) if fewer else ()
    warnings += ("STRATA_WITHOUT_SCORES",) if len(covered) < len(strata) else ()
    found = _combine(parts, n=n, frame_size=frame, inputs=inputs, warnings=warnings)
    return replace(found, method=method)


def _merged(strata: Sequence[TwoPhaseStratum], method: str) -> list[TwoPhaseStratum]:
    """Return the strata with the weak ones merged; those with partners among these first."""
    if not any(s.partner for s in strata):
        return _collapse(strata, weigh=method != UNWEIGHTED)
    partners = _partners(strata).values()
    by_partner = [one for part in partners for one in _collapse(part, weigh=True)]
    return _collapse(by_partner, weigh=True)


def _key_of(strata: Sequence[TwoPhaseStratum]) -> dict[str, object]:
    """Return all that a result depends on; partners are told apart, and not named."""
    found = [
        sorted([s.frame_size, [g.as_row for g in sorted(s.groups)]] for s in members)
        for members in _partners(strata).values()
    ]
    return {"partners": sorted(found)} if any(s.partner for s in strata) else {"strata": found[0]}


def _partners(strata: Sequence[TwoPhaseStratum]) -> dict[str, list[TwoPhaseStratum]]:
    found: dict[str, list[TwoPhaseStratum]] = defaultdict(list)
    for one in strata:
        found[one.partner].append(one)
    return found


def _collapse(strata: Sequence[TwoPhaseStratum], *, weigh: bool) -> list[TwoPhaseStratum]:
    """Return the strata with all those of too few verified concordant cases merged."""
    ordered = sorted(strata, key=_by_verified)
    weak = [s for s in ordered if _weak(s)]
    strong = [s for s in ordered if not _weak(s)]
    if not weak:
        return strong
    if _weak(_merge(weak)) and strong:
        weak.append(strong.pop(0))
    return [_merge(_weighted(weak) if weigh else weak), *strong]


def _weighted(strata: Sequence[TwoPhaseStratum]) -> list[TwoPhaseStratum]:
    """Return strata with their cases weighted by N_h/n_h, adding up to their effective size."""
    weights = [Fraction(s.frame_size) / Fraction(s.scored) for s in strata]
    if len(set(weights)) == 1:
        return list(strata)
    squares = sum(w * w * Fraction(s.scored) for w, s in zip(weights, strata, strict=True))
    scale = sum(s.frame_size for s in strata) / squares
    return [
        replace(s, groups=tuple(_times(g, float(w * scale)) for g in s.groups))
        for w, s in zip(weights, strata, strict=True)
    ]


def _times(group: PhaseGroup, weight: float) -> PhaseGroup:
    n, m, y = (weight * number for number in (group.n, group.m, group.y))
    return replace(group, n=n, m=m, y=y)


def _by_verified(stratum: TwoPhaseStratum) -> tuple[float, int, list[PhaseGroup]]:
    return stratum.verified_concordant, stratum.frame_size, sorted(stratum.groups)


def _weak(stratum: TwoPhaseStratum) -> bool:
    concordant = sum(g.n for g in stratum.groups if g.concordant)
    return _too_few(concordant, stratum.verified_concordant)


def _too_few(n: float, m: float) -> bool:
    """Return whether m verified cases of n are too few; where all were, nothing is left open."""
    return m < min(MIN_VERIFIED, n)


def _merge(strata: Sequence[TwoPhaseStratum]) -> TwoPhaseStratum:
    """Return strata as one, class by class."""
    if len(strata) == 1:
        return strata[0]
    by_class: dict[tuple[bool, str, str], list[PhaseGroup]] = defaultdict(list)
    for one in (group for stratum in strata for group in stratum.groups):
        by_class[one.concordant, one.code, one.lot].append(one)
    groups = tuple(_as_one(same) for same in by_class.values())
    return TwoPhaseStratum(sum(s.frame_size for s in strata), groups, strata[0].partner)


def _collapse_classes(groups: Sequence[PhaseGroup]) -> tuple[PhaseGroup, ...]:
    """Return the groups with those of too few verified cases merged into others of their lot."""
    by_lot: dict[str, list[PhaseGroup]] = defaultdict(list)
    for one in groups:
        by_lot[one.lot].append(one)
    alone = by_lot.pop("", [])
    for members in by_lot.values():
        while len(members) > 1:
            members.sort(key=lambda g: (g.m, g.n, g.code))
            if not any(_too_few(g.n, g.m) for g in members):
                break
            weak = next(g for g in members if _too_few(g.n, g.m))
            members.remove(weak)
            members[0] = _as_one([weak, members[0]])
    return (*alone, *(one for members in by_lot.values() for one in members))


def _as_one(groups: Sequence[PhaseGroup]) -> PhaseGroup:
    n, m, y = (_sum([getattr(g, name) for g in groups]) for name in ("n", "m", "y"))
    codes = "+".join(sorted({g.code for g in groups}))
    return PhaseGroup(n, m, y, any(g.concordant for g in groups), codes, groups[0].lot)


def _sum(numbers: Sequence[float]) -> float:
    """Return a sum that no order changes; of whole numbers a whole one."""
    return sum(numbers) if all(isinstance(one, int) for one in numbers) else math.fsum(numbers)


def _combine(
    parts: Sequence[Estimate], *, n: int, frame_size: int, inputs: str, warnings: tuple[str, ...]
) -> Estimate:
    covered = sum(part.N or 0 for part in parts)
    weights = [(part.N or 0) / covered for part in parts]
    lows = [part.ci[0] if part.ci else 0.0 for part in parts]
    highs = [part.ci[1] if part.ci else 1.0 for part in parts]
    values = [part.value for part in parts if part.value is not None]
    details = {"coverage_of_frame": covered / frame_size, "strata": len(parts)}
    if len(values) < len(parts):
        p_low = math.fsum(
            w * (low if part.value is None else part.value)
            for w, low, part in zip(weights, lows, parts, strict=True)
        )
        p_high = math.fsum(
            w * (high if part.value is None else part.value)
            for w, high, part in zip(weights, highs, parts, strict=True)
        )
        return Estimate(
            ci=(p_low, p_high),
            ci_method="logical_bounds",
            n=n,
            N=frame_size,
            status=Status.BOUNDS_ONLY,
            reasons=("PHASE2_EMPTY_GROUP",),
            warnings=warnings,
            method=METHOD,
            inputs_sha256=inputs,
            details={**details, "p_low": p_low, "p_high": p_high},
        )
    p = math.fsum(w * value for w, value in zip(weights, values, strict=True))
    below = math.hypot(*(w * (v - low) for w, v, low in zip(weights, values, lows, strict=True)))
    above = math.hypot(*(w * (h - v) for w, v, h in zip(weights, values, highs, strict=True)))
    errors = [part.se for part in parts if part.se is not None]
    se = None
    if len(errors) == len(parts):
        se = math.hypot(*(w * error for w, error in zip(weights, errors, strict=True)))
    return Estimate(
        value=p,
        ci=(max(0.0, p - below), min(1.0, p + above)),
        ci_method="mover_wilson",
        se=se,
        n=n,
        N=frame_size,
        warnings=warnings,
        method=METHOD,
        inputs_sha256=inputs,
        details=details,
    )
