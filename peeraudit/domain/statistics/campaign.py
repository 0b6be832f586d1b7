"""Which numbers follow from the frozen counts of a campaign?"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from peeraudit.domain.instruments import find_instrument
from peeraudit.domain.statistics.over_time import OverTime
from peeraudit.domain.statistics.panel_agreement import SecondReads, panel_agreement
from peeraudit.domain.statistics.panel_blinding import Guesses, panel_blinding
from peeraudit.domain.statistics.panel_severity import ReviewerRow, panel_severity
from peeraudit.domain.statistics.panels import Panel
from peeraudit.domain.statistics.rates import Stratum, simple_rate, stratified_rate
from peeraudit.domain.statistics.response import DrawnStratum, response_bounds
from peeraudit.domain.statistics.results import Estimate, Json
from peeraudit.domain.statistics.settling import settled
from peeraudit.domain.statistics.two_phase import PhaseGroup
from peeraudit.domain.statistics.two_phase_strata import TwoPhaseStratum, stratified_two_phase_rate

FORMAT, FORMAT_WITHOUT_MONTHS = "peeraudit/snapshot/v2", "peeraudit/snapshot/v1"
MEASURES = ("first_read", "confirmed")
"""The two rates that are told per modality; the estimated one needs a whole department."""


@dataclass(frozen=True, slots=True, order=True)
class ClassCounts:
    """The first reads of one class; counts are reports.

    Attributes:
        score: what the first reviewer gave, such as ``2a``.
        routed: the protocol sends every one of them on; else only cases designated by ticket.
        concordant: the class in which the first reviewer agreed with the report.
        read: n_g, first reads of this class.
        verified: m_g, of these read again as designed, and settled.
        found: y_g, of the verified settled as discrepant.
    """

    score: str
    routed: bool
    concordant: bool
    read: int
    verified: int
    found: int

    @property
    def group(self) -> PhaseGroup:
        """The class as a group of the two-phase estimate.

        All classes whose second readings were drawn by ticket were drawn before there was any
        score, at one rate: where few of a class were, it may be counted with another of them.
        """
        lot = "routed" if self.routed else "designated"
        return PhaseGroup(self.read, self.verified, self.found, self.concordant, self.score, lot)


@dataclass(frozen=True, slots=True, order=True)
class CellCounts:
    """What was counted in one department and modality; counts are reports.

    Attributes:
        frame: N_h, reports in the frozen frame.
        scored: n_h, drawn at random and read by a first reviewer.
        discrepant: of these called discrepant by the first reviewer.
        confirmed: of these settled as discrepant.
        unsettled: of these without an outcome yet.
        classes: its first reads by their score, in the scale's order; empty classes left out.
        authors: scored reports of each author, largest first; no author is named.
        drawn: reports drawn to be read, those that proved ineligible left out; None where that is
            not known, so that those scored are all.
    """

    department: str
    modality: str
    frame: int
    scored: int = 0
    discrepant: int = 0
    confirmed: int = 0
    unsettled: int = 0
    classes: tuple[ClassCounts, ...] = ()
    authors: tuple[int, ...] = ()
    drawn: int | None = None
    awaited: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values; what is awaited stands there only where something is."""
        found = asdict(self)
        return found if self.awaited else {k: v for k, v in found.items() if k != "awaited"}

    def events(self, measure: str) -> int:
        """Return x for one of ``MEASURES``."""
        return self.discrepant if measure == "first_read" else self.confirmed

    @property
    def response(self) -> DrawnStratum:
        """The cell as a stratum of the bounds for what was not read."""
        # What was read beyond the plan was drawn as well.
        drawn = max(self.drawn or 0, self.scored + self.awaited)
        return DrawnStratum(self.frame, drawn, self.scored, self.discrepant, self.awaited)

    @property
    def phases(self) -> TwoPhaseStratum:
        """The cell as a stratum of the two-phase estimate."""
        return TwoPhaseStratum(self.frame, tuple(one.group for one in self.classes))


@dataclass(frozen=True, slots=True)
class CampaignCounts:
    """All that a snapshot is computed from.

    Attributes:
        campaign: code of the campaign.
        protocol_sha256: fingerprint of its locked rules.
        frame_sha256: fingerprint of its frame.
        instrument: code and version of the scale.
        blinding_mode: the one mode of all readings.
        cells: per department and modality, those without a scored report included.
        authors: scored reports of each author over all modalities, per department.
        patterns: (readings per score in the scale's order, cases) of the cases that were
            designated for a second reading and have both.
        is_common_pool: chance gave the cases of each department to their first readers, but for
            one in ten at most, so that all departments were read by one pool of reviewers.
        second_reads: second readings that chance or the protocol called for, by first score
            (rows) and second score (columns), in the scale's order; empty without any.
        reviewers: what each first reader called in each modality; nobody is named.
        guesses: whom reviewers believed to recognise; None where nobody was asked.
        over_time: the reports of each department by month; None in a snapshot of an earlier
            version, which knew no months.
    """

    campaign: str
    protocol_sha256: str
    frame_sha256: str
    instrument: tuple[str, int]
    blinding_mode: str
    cells: tuple[CellCounts, ...]
    authors: Mapping[str, tuple[int, ...]]
    patterns: tuple[tuple[tuple[int, ...], int], ...]
    is_common_pool: bool = True
    second_reads: tuple[tuple[int, ...], ...] = ()
    reviewers: tuple[ReviewerRow, ...] = ()
    guesses: Guesses | None = None
    over_time: Mapping[str, OverTime] | None = None

    @property
    def format(self) -> str:
        """The version of the text that holds them."""
        return FORMAT_WITHOUT_MONTHS if self.over_time is None else FORMAT

    def to_json(self) -> str:
        """Return the one text of these counts: sorted keys and rows, no spaces, ASCII."""
        content = asdict(self) | {
            "format": self.format,
            "cells": [cell.to_dict() for cell in sorted(self.cells)],
            "patterns": sorted(self.patterns),
        }
        if self.over_time is None:
            del content["over_time"]
        return canonical(content)

    @classmethod
    def from_json(cls, text: str) -> "CampaignCounts":
        """Return the counts that ``to_json`` wrote.

        Raises:
            ValueError: the text is something else.
        """
        data = json.loads(text)
        if data.pop("format", None) not in (FORMAT, FORMAT_WITHOUT_MONTHS):
            raise ValueError("this is no snapshot of counts")
        code, version = data["instrument"]
        data |= {
            "instrument": (code, version),
            "cells": tuple(_cell(cell) for cell in data["cells"]),
            "authors": {place: tuple(found) for place, found in data["authors"].items()},
            "patterns": tuple((tuple(vector), items) for vector, items in data["patterns"]),
            "second_reads": tuple(tuple(row) for row in data.get("second_reads", ())),
            "reviewers": tuple(
                tuple((modality, n, x) for modality, n, x in row)
                for row in data.get("reviewers", ())
            ),
            "guesses": Guesses.from_dict(found) if (found := data.get("guesses")) else None,
            "over_time": _over_time(data.get("over_time")),
        }
        return cls(**data)

    @property
    def departments(self) -> tuple[str, ...]:
        """The departments with a cell, in the order of their ids."""
        return tuple(sorted({cell.department for cell in self.cells}))

    def of(self, department: str) -> tuple[CellCounts, ...]:
        """Return the cells of a department, largest frame first."""
        mine = [cell for cell in self.cells if cell.department == department]
        return tuple(sorted(mine, key=lambda cell: (-cell.frame, cell.modality)))


def _over_time(data: Mapping[str, Any] | None) -> dict[str, OverTime] | None:
    if data is None:
        return None
    return {place: OverTime.from_dict(one) for place, one in data.items()}


def _cell(data: Mapping[str, Any]) -> CellCounts:
    classes = tuple(ClassCounts(**one) for one in data["classes"])
    return CellCounts(**{**data, "classes": classes, "authors": tuple(data["authors"])})


@dataclass(frozen=True, slots=True)
class Numbers:
    """The estimates of one department, or of the whole network.

    Attributes:
        total: first-read, confirmed and estimated rate, by name.
        modalities: first-read and confirmed rate per modality, in the order of display.
        response: between what the first-read rate of the sample lies, whatever the reports hold
            that were drawn and not read.
    """

    total: Mapping[str, Estimate]
    modalities: Mapping[str, Mapping[str, Estimate]]
    response: Estimate

    def to_dict(self) -> dict[str, Json]:
        """Return the estimates as JSON values."""
        return rates_to_dict(self.total, self.modalities) | {"response": self.response.to_dict()}


def rates_to_dict(
    total: Mapping[str, Estimate], modalities: Mapping[str, Mapping[str, Estimate]]
) -> dict[str, Json]:
    """Return the rates of a whole and of its modalities as JSON values."""
    return {
        "total": {name: part.to_dict() for name, part in total.items()},
        "modalities": [
            {"modality": code} | {name: part.to_dict() for name, part in parts.items()}
            for code, parts in modalities.items()
        ],
    }


@dataclass(frozen=True, slots=True)
class CampaignNumbers:
    """All estimates of a campaign, before anything is hidden.

    Attributes:
        network: over all departments.
        departments: by department.
        agreement: positive specific agreement and Krippendorff's ordinal alpha of the whole
            panel, as they may be shown; see ``panel_agreement``.
        severity: of each reviewer, by a code.
        blinding: indices of what reviewers recognised, as the lead may see them.
    """

    network: Numbers
    departments: Mapping[str, Numbers]
    agreement: Mapping[str, Estimate]
    severity: Panel
    blinding: Mapping[str, Estimate]

    def to_dict(self) -> dict[str, Json]:
        """Return the estimates as JSON values."""
        return {
            "network": self.network.to_dict(),
            "departments": {key: part.to_dict() for key, part in self.departments.items()},
            "agreement": {name: part.to_dict() for name, part in self.agreement.items()},
            "severity": self.severity.to_dict(),
            "blinding": {name: part.to_dict() for name, part in self.blinding.items()},
        }

    def to_json(self) -> str:
        """Return the one text of these numbers; every machine writes the same."""
        return canonical({name: settled(part) for name, part in self.to_dict().items()})

    def methods(self) -> tuple[str, ...]:
        """Return the ids and versions of all computations, sorted."""
        parts = [self.network, *self.departments.values()]
        found = [e for part in parts for e in (*part.total.values(), part.response)]
        found += [e for part in parts for row in part.modalities.values() for e in row.values()]
        shown = [one for one in self.blinding.values() if one.value is not None]
        tags = {e.method for e in [*found, *self.agreement.values(), *shown]}
        return tuple(sorted(tags | ({self.severity.method} if self.severity.units else set())))


def canonical(content: Mapping[str, Any]) -> str:
    """Return the one text of JSON values: sorted keys, no spaces, ASCII."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)


def fingerprint(text: str) -> str:
    """Return the SHA-256 of a canonical text, in lower-case hex."""
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def compute(counts: CampaignCounts) -> CampaignNumbers:
    """Return all numbers of a campaign; the same counts give the same numbers everywhere.

    Args:
        counts: what was counted, with at least one cell.

    Returns:
        The estimates, nothing hidden yet.

    Raises:
        ValueError: there is no cell.
        NotFound: the scale is not known.
    """
    return CampaignNumbers(
        network=_numbers(counts.cells),
        departments={place: _numbers(counts.of(place)) for place in counts.departments},
        agreement=_agreement(counts),
        severity=panel_severity(counts.reviewers),
        blinding=panel_blinding(counts.guesses),
    )


def _numbers(cells: Sequence[CellCounts]) -> Numbers:
    by_modality: dict[str, list[CellCounts]] = defaultdict(list)
    for cell in cells:
        by_modality[cell.modality].append(cell)
    order = sorted(by_modality, key=lambda code: (-sum(c.frame for c in by_modality[code]), code))
    rows = {code: {name: _rate(by_modality[code], name) for name in MEASURES} for code in order}
    total = {name: _rate(cells, name) for name in MEASURES}
    estimated = stratified_two_phase_rate([cell.phases for cell in cells])
    response = response_bounds([cell.response for cell in cells])
    return Numbers(total | {"estimated": _pending(estimated, cells)}, rows, response)


def _rate(cells: Sequence[CellCounts], measure: str) -> Estimate:
    """Return a rate over cells; a cell is a stratum of the frame."""
    if len(cells) == 1:
        only = cells[0]
        rate = simple_rate(only.events(measure), only.scored, frame_size=only.frame)
    else:
        rate = stratified_rate([Stratum(c.frame, c.scored, c.events(measure)) for c in cells])
    return rate if measure == "first_read" else _pending(rate, cells)


def _pending(estimate: Estimate, cells: Iterable[CellCounts]) -> Estimate:
    """Warn where cases are not settled yet: what is confirmed may still grow."""
    if not any(cell.unsettled for cell in cells):
        return estimate
    return replace(estimate, warnings=(*estimate.warnings, "CASES_UNSETTLED"))


def _agreement(counts: CampaignCounts) -> dict[str, Estimate]:
    scale = find_instrument(*counts.instrument)
    classes = [one for cell in counts.cells for one in cell.classes]
    first = (sum(one.read for one in classes if one.score == code) for code in scale.codes)
    routed = any(one.routed for one in classes)
    seconds = SecondReads(tuple(first), counts.second_reads, routed)
    return panel_agreement(counts.patterns, seconds, scale)
