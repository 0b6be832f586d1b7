"""Where does each department of a campaign stand among the others, chance allowed for?"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from scipy import special

from peeraudit.domain.statistics.comparison.funnels import (
    LEVELS,
    Unit,
    department_tests,
    funnel_limits,
    pooled_rate,
)
from peeraudit.domain.statistics.comparison.overdispersion import METHOD as OVERDISPERSION
from peeraudit.domain.statistics.comparison.overdispersion import overdispersion
from peeraudit.domain.statistics.comparison.shrinkage import METHOD as SHRUNKEN
from peeraudit.domain.statistics.comparison.shrinkage import shrunken_rates
from peeraudit.domain.statistics.differences import ProcessPart, process_rate
from peeraudit.domain.statistics.gates import SMALLEST_POINT, closed_by
from peeraudit.domain.statistics.results import Estimate, Json
from peeraudit.domain.statistics.settling import ROUNDING

METHODS = ("S5.01@1", "S5.02@1")
FUNNEL = "S5.01"


@dataclass(frozen=True, slots=True)
class Standing:
    """One department's point on the funnel.

    Attributes:
        n: what its sample is worth in reports (the analytic effective size), rounded down.
        rate: its weighted first-read rate, 0 to 1.
        limits: between which 99.8 % of departments of this size would lie.
        is_unusual: it lies outside of them.
        is_beyond_chance: it still does after allowing for the number of departments (S5.02).
        likely: its likely rate and the 95 % interval of it, drawn towards the common rate, the
            more so the fewer its reports (S5.04); None with fewer than ten departments.
    """

    n: int
    rate: float
    limits: tuple[float, float]
    is_unusual: bool
    is_beyond_chance: bool
    likely: tuple[float, float, float] | None = None

    def to_dict(self) -> dict[str, Json]:
        """Return it as JSON values."""
        likely = None if self.likely is None else list(self.likely)
        return asdict(self) | {"limits": list(self.limits), "likely": likely}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Standing":
        """Return what ``to_dict`` wrote."""
        likely = data.get("likely")
        parts = {"limits": tuple(data["limits"]), "likely": tuple(likely) if likely else None}
        return cls(**{**data, **parts})


@dataclass(frozen=True, slots=True)
class Among:
    """The comparison as one department reads it: its own point named, the others without one.

    Attributes:
        target: as in ``Comparison``.
        spread: as in ``Comparison``.
        own: where it stands; None where it may not be compared.
        others: (size, rate) of the others, in the order of their sizes.
        reasons: codes why nothing is compared.
    """

    target: float | None
    spread: float
    own: Standing | None
    others: tuple[tuple[int, float], ...]
    reasons: tuple[str, ...]

    def to_dict(self) -> dict[str, Json]:
        """Return it as JSON values."""
        return {
            "target": self.target,
            "spread": self.spread,
            "own": self.own.to_dict() if self.own else None,
            "others": [list(point) for point in self.others],
            "reasons": list(self.reasons),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Among":
        """Return what ``to_dict`` wrote."""
        return cls(
            target=data["target"],
            spread=data["spread"],
            own=Standing.from_dict(data["own"]) if data["own"] else None,
            others=tuple((n, rate) for n, rate in data["others"]),
            reasons=tuple(data["reasons"]),
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """The departments of a campaign among one another.

    Attributes:
        target: the common rate, 0 to 1; None where nothing is compared.
        spread: variance between departments on the arcsine scale by which the limits are
            widened; 0 where chance alone may explain all differences.
        standings: by department.
        methods: ids and versions of the computations; empty where nothing is compared.
        reasons: codes why nothing is compared.
    """

    target: float | None = None
    spread: float = 0.0
    standings: Mapping[str, Standing] = field(default_factory=dict)
    methods: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Json]:
        """Return the comparison as JSON values."""
        return {
            "target": self.target,
            "spread": self.spread,
            "standings": {place: one.to_dict() for place, one in self.standings.items()},
            "methods": list(self.methods),
            "reasons": list(self.reasons),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Comparison":
        """Return the comparison that ``to_dict`` wrote."""
        return cls(
            target=data["target"],
            spread=data["spread"],
            standings={place: Standing.from_dict(one) for place, one in data["standings"].items()},
            methods=tuple(data["methods"]),
            reasons=tuple(data["reasons"]),
        )

    def told(
        self,
        hidden: Collection[str],
        drawn: Mapping[str, int],
        rates: Mapping[str, float] | None = None,
    ) -> dict[str, Standing]:
        """Return the points that may be told.

        Args:
            hidden: departments whose total may not be told.
            drawn: of the departments whose total is told in whole per cent, the reports read.
                Their effective size would tell of the hidden cells; how many were read is public.
            rates: of these their total as it is told, where it is told by steps: then no likely
                rate stands beside it, which would be finer.
        """
        kept = {place: one for place, one in self.standings.items() if place not in hidden}
        return {
            place: self._coarse(one, drawn[place], (rates or {}).get(place))
            if place in drawn
            else one
            for place, one in kept.items()
        }

    def _coarse(self, one: Standing, n: int, told: float | None) -> Standing:
        rate = coarse(one.rate) if told is None else told
        made = _standing(n, rate, self.target or 0.0, self.spread, differs=one.is_beyond_chance)
        # Where anything is coarse the likely rates are, of all departments.
        return replace(made, likely=one.likely if told is None else None)

    def seen_from(self, place: str, own: Standing | None) -> Among:
        """Return what is read of one department.

        Args:
            place: the department.
            own: its own point as the reader may know it.
        """
        others = ((one.n, one.rate) for key, one in self.standings.items() if key != place)
        # Where the department may not be told, nothing is read of the others either.
        reasons = self.reasons or (() if own else ("NOT_COMPARED",))
        return Among(
            target=self.target if own else None,
            spread=self.spread,
            own=own,
            others=tuple(sorted(others)) if own else (),
            reasons=reasons,
        )


def compare_departments(
    parts: Mapping[str, Sequence[ProcessPart]],
    *,
    is_common_pool: bool,
    is_coarse: bool = False,
    standard: float | None = None,
) -> Comparison:
    """Return where each department stands, S5.01 to S5.03.

    The question is about the process of each department, so that there is no correction for
    the share of reports that was read (statistics.md 0.2).

    Args:
        parts: by department its parts (modalities), weighted by the reports of the frame. They
            are all departments, those that may not be told as well: leaving out the ones with few
            discrepancies would lift the common rate.
        is_common_pool: all were read by one pool of reviewers, to whom chance gave the cases.
        is_coarse: the common rate is taken in whole per cent, since some department may not be
            told and must not be worked out from it.
        standard: what is told of the network's rate, which then takes the place of the common
            one: that, however coarse, would be another clue to what is hidden. The spread has a
            single digit beside it.

    Returns:
        The comparison. Departments with fewer than 10 reports are left out; fewer than five
        that are left, or no common pool, compare nothing, and ``reasons`` say so. With at
        least ten whose rates differ by more than chance allows the limits are widened.

    Source:
        Spiegelhalter D. J. (2005). Stat Med 24, 1185-1202. doi:10.1002/sim.1970
    """
    enough = {
        place: found for place, found in parts.items() if sum(p.n for p in found) >= SMALLEST_POINT
    }
    facts = {"departments": len(enough), "common_reviewer_pool": int(is_common_pool)}
    if reasons := closed_by(FUNNEL, facts):
        return Comparison(reasons=reasons)
    rates = {place: process_rate(found) for place, found in sorted(enough.items())}
    units = [_unit(place, rate) for place, rate in rates.items()]
    pooled = pooled_rate(units)
    common = standard if standard is not None else coarse(pooled) if is_coarse else pooled
    tests = department_tests(units, target=common)
    if tests.reasons:
        return Comparison(reasons=tests.reasons)
    spread, widened = _spread(units, common)
    if standard is not None:
        spread = float(f"{spread:.0e}")
    standings = {}
    for unit in units:
        rate, test = rates[unit.key].value or 0.0, tests.units[unit.key].details
        differs = bool(test["beyond_chance"])
        standings[unit.key] = _standing(unit.n, rate, common, spread, differs=differs)
    methods = (*METHODS, OVERDISPERSION) if widened else METHODS
    likely = _likely(units, facts, 2 if is_coarse else 3)
    standings = {key: replace(one, likely=likely.get(key)) for key, one in standings.items()}
    return Comparison(common, spread, standings, (*methods, SHRUNKEN) if likely else methods)


def _likely(
    units: Sequence[Unit], facts: Mapping[str, int], decimals: int
) -> dict[str, tuple[float, float, float]]:
    """Return the likely rates, to so many decimals that none tells of a hidden cell."""
    if closed_by(SHRUNKEN.partition("@")[0], facts):
        return {}
    found = shrunken_rates(units).units
    return {
        key: (round(one.value, decimals), round(one.ci[0], decimals), round(one.ci[1], decimals))
        for key, one in found.items()
        if one.value is not None and one.ci is not None
    }


def coarse(rate: float) -> float:
    """Return a rate in whole per cent; one that is not 0 does not become 0."""
    return max(round(rate, 2), 0.01) if rate else rate


def limits_at(sizes: Sequence[int], target: float, spread: float) -> dict[str, list[float]]:
    """Return the funnel's lines at some sizes: ``lo998``, ``lo95``, ``hi95``, ``hi998``.

    Args:
        sizes: reports, each at least 1.
        target: the common rate, 0 < target < 1.
        spread: as in ``Comparison``; 0 gives the exact limits of chance alone.
    """
    if not spread:
        return {name: line.tolist() for name, line in funnel_limits(sizes, target).items()}
    centre = math.asin(math.sqrt(target))
    found: dict[str, list[float]] = {}
    for name, level in LEVELS.items():
        z = float(special.ndtri(level))
        angles = [centre + z * math.sqrt(1 / (4 * n) + spread) for n in sizes]
        found[name] = [math.sin(min(max(a, 0.0), math.pi / 2)) ** 2 for a in angles]
    return found


def _standing(n: int, rate: float, target: float, spread: float, *, differs: bool) -> Standing:
    """Return a point with its limits; ``differs`` is what its test says for its own sake."""
    lines = limits_at([n], target, spread)
    limits = lines["lo998"][0], lines["hi998"][0]
    unusual = not limits[0] <= rate <= limits[1]
    return Standing(n, rate, limits, unusual, unusual and differs)


def _unit(place: str, rate: Estimate) -> Unit:
    """Return a department as if its effective sample had been drawn simply."""
    # One modality of 28 reports has an effective size of 27.999999999999996.
    n = max(1, math.floor((rate.n_eff or 0) + ROUNDING))
    # A half goes up, whatever the last bit of the product says.
    return Unit(place, n, min(n, math.floor((rate.value or 0.0) * n + 0.5 + ROUNDING)))


def _spread(units: Sequence[Unit], target: float) -> tuple[float, bool]:
    panel = overdispersion(units, target=target)
    if panel.reasons or not panel.details["widened"]:
        return 0.0, False
    return float(str(panel.details["tau2"])), True
