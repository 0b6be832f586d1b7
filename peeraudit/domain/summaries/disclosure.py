"""What of a campaign's numbers may each audience be told?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from peeraudit.domain.protocol import Thresholds
from peeraudit.domain.statistics.campaign import (
    CampaignCounts,
    CampaignNumbers,
    Numbers,
    rates_to_dict,
)
from peeraudit.domain.statistics.cells import MEASURES, CellCounts
from peeraudit.domain.statistics.comparing import Comparison, Standing, compare_departments
from peeraudit.domain.statistics.differences import ProcessPart
from peeraudit.domain.statistics.over_time import (
    HIDDEN_CELL,
    OverTime,
    TimeChart,
    chart_over_time,
)
from peeraudit.domain.statistics.panel_severity import NO_PANEL, shown_severity
from peeraudit.domain.statistics.panels import Panel
from peeraudit.domain.statistics.reliability import suppressed
from peeraudit.domain.statistics.response import THIN
from peeraudit.domain.statistics.results import Estimate, Json, Status
from peeraudit.domain.statistics.suppression import (
    DEPARTMENT,
    PUBLICATION,
    Tier,
    primary_reasons,
)
from peeraudit.domain.summaries.coarse_totals import Beneath, step_of
from peeraudit.domain.summaries.hiding import (
    Hidden,
    hide_in_row,
    hide_network,
    hide_outside,
    hide_strata,
    hide_total,
    network_with_beneath,
    own_with_reasons,
    row_of,
    sum_of,
    with_beneath,
)
from peeraudit.domain.summaries.shown_rates import (
    shown_bounds,
    shown_first_read,
    shown_row,
    shown_total,
    under,
)

# Departments behind a network's rate, beside the one that compares itself with it.
FEWEST_OTHERS = 2


class Audience(StrEnum):
    """Who reads: the department itself, or anybody beyond it."""

    INSIDE = "inside"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Limits:
    """Fewest reviews, authors, and discrepancies behind a number, for one audience."""

    reviews: int
    authors: int
    events: int

    @property
    def tier(self) -> Tier:
        """The same as the rule of suppression takes it."""
        return Tier(
            n_min=self.reviews,
            author_min=self.authors,
            x_min=self.events,
            dominance=PUBLICATION.dominance,
        )


def limits_for(audience: Audience, thresholds: Thresholds) -> Limits:
    """Return the limits of a protocol for an audience."""
    if audience is Audience.INSIDE:
        return Limits(thresholds.inside_reviews, thresholds.inside_authors, DEPARTMENT.x_min)
    return Limits(thresholds.outside_reviews, thresholds.outside_authors, PUBLICATION.x_min)


@dataclass(frozen=True, slots=True)
class Told:
    """Numbers as an audience gets them.

    Attributes:
        total: first-read, confirmed and estimated rate of the whole, by name.
        modalities: first-read and confirmed rate per modality, in the order of display.
        agreement: positive specific agreement and alpha of the whole panel.
        is_coarse: totals are in whole per cent, because a modality is hidden.
        response: between what the first-read rate lies whatever was not read; None in a summary
            of an earlier version.
        over_time: the department's reports over the months; None for others than the department,
            and in a snapshot of an earlier version.
    """

    total: Mapping[str, Estimate]
    modalities: Mapping[str, Mapping[str, Estimate]]
    agreement: Mapping[str, Estimate]
    is_coarse: bool
    response: Estimate | None = None
    over_time: TimeChart | None = None

    def to_dict(self) -> dict[str, Json]:
        """Return the numbers as JSON values."""
        return rates_to_dict(self.total, self.modalities) | {
            "response": self.response.to_dict() if self.response else None,
            "agreement": {name: part.to_dict() for name, part in self.agreement.items()},
            "is_coarse": self.is_coarse,
            **({"over_time": self.over_time.to_dict()} if self.over_time else {}),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Told":
        """Return the numbers that ``to_dict`` wrote."""
        return cls(
            total=_estimates(data["total"]),
            modalities={
                row["modality"]: _estimates({name: row[name] for name in MEASURES})
                for row in data["modalities"]
            },
            agreement=_estimates(data["agreement"]),
            is_coarse=data["is_coarse"],
            response=Estimate.from_dict(found) if (found := data.get("response")) else None,
            over_time=TimeChart.from_dict(found) if (found := data.get("over_time")) else None,
        )


@dataclass(frozen=True, slots=True)
class Telling:
    """All that a snapshot lets anybody know.

    Attributes:
        inside: what each department reads of itself.
        outside: what others read of each department.
        network: what is told of all departments together.
        reference: the network's first-read rate in whole per cent, for each department that
            may compare itself with it.
        comparison: where the departments stand whose total others may read.
        standing: where each department stands, as it may read of itself.
        severity: of the reviewers, by codes, for the lead; of it a reviewer reads the own row.
        blinding: what reviewers recognised, for the lead; of it others read what is over all.
    """

    inside: Mapping[str, Told]
    outside: Mapping[str, Told]
    network: Told
    reference: Mapping[str, float]
    comparison: Comparison
    standing: Mapping[str, Standing]
    severity: Panel
    blinding: Mapping[str, Estimate]

    @property
    def methods(self) -> tuple[str, ...]:
        """Ids and versions of the computations that what is told rests on, beside the numbers."""
        charts = [told.over_time for told in self.inside.values() if told.over_time]
        return (*self.comparison.methods, *(tag for chart in charts for tag in chart.methods))

    def to_dict(self) -> dict[str, Json]:
        """Return all of it as JSON values."""
        return {
            "inside": {place: told.to_dict() for place, told in self.inside.items()},
            "outside": {place: told.to_dict() for place, told in self.outside.items()},
            "network": self.network.to_dict(),
            "reference": dict(self.reference),
            "comparison": self.comparison.to_dict(),
            "standing": {place: one.to_dict() for place, one in self.standing.items()},
            "severity": self.severity.to_dict(),
            "blinding": {name: one.to_dict() for name, one in self.blinding.items()},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Telling":
        """Return what ``to_dict`` wrote."""
        return cls(
            inside={place: Told.from_dict(told) for place, told in data["inside"].items()},
            outside={place: Told.from_dict(told) for place, told in data["outside"].items()},
            network=Told.from_dict(data["network"]),
            reference=data["reference"],
            comparison=Comparison.from_dict(data["comparison"]),
            standing={p: Standing.from_dict(one) for p, one in data["standing"].items()},
            # A snapshot of an earlier version has none.
            severity=Panel.from_dict(data["severity"]) if "severity" in data else NO_PANEL,
            blinding=_estimates(data.get("blinding", {})),
        )


def tell(counts: CampaignCounts, numbers: CampaignNumbers, thresholds: Thresholds) -> Telling:
    """Return what each audience may be told; suppression comes last, on all tables at once.

    Args:
        counts: what the numbers were computed from.
        numbers: all estimates.
        thresholds: the protocol's minimum counts.

    Returns:
        The numbers for each audience. A hidden number keeps its reasons and nothing else.

    Source:
        Hundepool A. et al. (2012). Statistical Disclosure Control. Wiley.
    """
    inside = limits_for(Audience.INSIDE, thresholds).tier
    outside = limits_for(Audience.OUTSIDE, thresholds).tier
    own = {
        place: Hidden(
            {m: hide_in_row(row_of(counts.rows_of(place), m), inside) for m in MEASURES},
            {m: hide_total(counts, place, m, inside) for m in MEASURES},
            hide_strata(counts, counts.of(place), inside),
        )
        for place in counts.departments
    }
    others = hide_outside(counts, outside)
    network = network_with_beneath(hide_network(counts, outside), counts, others)
    own = {place: own_with_reasons(one, counts) for place, one in own.items()}
    others = {place: with_beneath(one, counts, place) for place, one in others.items()}
    compared = _compare(counts, others, under(network, "first_read"))
    return Telling(
        inside={
            place: replace(
                _told(numbers.departments[place], numbers, own[place], external=False),
                over_time=_over_time(counts, numbers, place, own[place], inside),
            )
            for place in counts.departments
        },
        outside={
            place: _told(numbers.departments[place], numbers, others[place], external=True)
            for place in counts.departments
        },
        network=_told(numbers.network, numbers, network, external=True),
        reference=_reference(counts, numbers, network, outside),
        comparison=replace(compared, standings=_standings(counts, compared, others)),
        standing=_standings(counts, compared, own),
        severity=shown_severity(numbers.severity),
        blinding=numbers.blinding,
    )


def _over_time(
    counts: CampaignCounts, numbers: CampaignNumbers, place: str, hidden: Hidden, tier: Tier
) -> TimeChart | None:
    """Return a department's own chart; its points would give away what is hidden elsewhere."""
    if counts.over_time is None:
        return None
    found = counts.over_time.get(place, OverTime())
    response = numbers.departments[place].response
    closed = (
        hidden.total["first_read"]
        or ((HIDDEN_CELL,) if hidden.hides_a_row else ())
        or ((THIN,) if THIN in response.warnings else ())
    )
    return chart_over_time(found, tier, closed=closed)


def _reference(
    counts: CampaignCounts, numbers: CampaignNumbers, network: Hidden, tier: Tier
) -> dict[str, float]:
    """Return the network's rate for the departments that cannot read another one out of it.

    Who knows the own numbers can take them off: what is left must bear publication by itself,
    and come from at least two other departments.
    """
    rate = shown_first_read(network, numbers.network.total["first_read"].value)
    if rate is None or THIN in numbers.network.response.warnings:
        return {}
    found = {}
    for place in counts.departments:
        rest = [cell for cell in counts.cells if cell.department != place]
        others = {cell.department for cell in rest if cell.scored}
        authors = [n for other in others for n in counts.authors.get(other, ())]
        if len(others) < FEWEST_OTHERS:
            continue
        if not primary_reasons(sum_of(rest, "first_read", authors), tier):
            found[place] = rate
    return found


def _compare(
    counts: CampaignCounts, outside: Mapping[str, Hidden], network: Beneath | None
) -> Comparison:
    """Return all departments among one another; beside hidden ones the common rate is coarse."""
    if _is_thin(counts, counts.cells):
        return Comparison(reasons=(THIN,))
    parts = {
        place: [ProcessPart(c.frame, c.scored, c.discrepant) for c in counts.of(place) if c.frame]
        for place in counts.departments
        if not _is_thin(counts, counts.of(place))
    }
    hidden = any(one.total["first_read"] or one.is_coarse for one in outside.values())
    return compare_departments(
        parts,
        is_common_pool=counts.is_common_pool,
        is_coarse=hidden,
        standard=step_of(network).value if network else None,
    )


def _is_thin(counts: CampaignCounts, cells: Sequence[CellCounts]) -> bool:
    return THIN in counts.response_of(cells).warnings


def _standings(
    counts: CampaignCounts, compared: Comparison, hidden: Mapping[str, Hidden]
) -> dict[str, Standing]:
    """Return the points that may be told, no finer than the totals that are told."""
    secret = {place for place, one in hidden.items() if one.total["first_read"]}
    thin = [place for place, one in hidden.items() if one.is_coarse]
    steps = {p: step_of(found) for p in thin if (found := under(hidden[p], "first_read"))}
    return compared.told(
        secret,
        {p: sum(cell.scored for cell in counts.of(p)) for p in thin},
        {place: step.value for place, step in steps.items()},
    )


def _told(
    part: Numbers,
    numbers: CampaignNumbers,
    hidden: Hidden,
    *,
    external: bool,
) -> Told:
    modalities = {
        code: {
            name: shown_row(rate, hidden, (name, code), external=external)
            for name, rate in rates.items()
        }
        for code, rates in part.modalities.items()
    }
    total = {name: shown_total(part, hidden, name, external=external) for name in part.total}
    bounds = shown_bounds(part.response, hidden)
    told = Told(total, modalities, numbers.agreement, hidden.is_coarse, bounds)
    return _bounds_only(told) if THIN in part.response.warnings else told


def _bounds_only(told: Told) -> Told:
    """Return what is told where too few of the drawn reports were read: limits, and no rate."""

    def gone(rates: Mapping[str, Estimate]) -> dict[str, Estimate]:
        return {
            name: one if one.status is Status.SUPPRESSED else suppressed(one, (THIN,))
            for name, one in rates.items()
        }

    modalities = {code: gone(rates) for code, rates in told.modalities.items()}
    return replace(told, total=gone(told.total), modalities=modalities)


def _estimates(data: Mapping[str, Any]) -> dict[str, Estimate]:
    return {name: Estimate.from_dict(part) for name, part in data.items()}
