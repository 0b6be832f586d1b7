"""Which numbers follow from the frozen counts of a campaign?"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from peeraudit.domain.instruments import find_instrument
from peeraudit.domain.statistics.cells import (
    MEASURES,
    CellCounts,
    PartCounts,
    RowCounts,
    rank_of,
)
from peeraudit.domain.statistics.over_time import OverTime
from peeraudit.domain.statistics.panel_agreement import SecondReads, panel_agreement
from peeraudit.domain.statistics.panel_blinding import Guesses, panel_blinding
from peeraudit.domain.statistics.panel_severity import ReviewerRow, panel_severity
from peeraudit.domain.statistics.panels import Panel
from peeraudit.domain.statistics.rates import Stratum, simple_rate, stratified_rate
from peeraudit.domain.statistics.response import UNDRAWN_MISSING, response_bounds
from peeraudit.domain.statistics.results import Estimate, Json
from peeraudit.domain.statistics.settling import settled
from peeraudit.domain.statistics.subgroups import subgroup_rate
from peeraudit.domain.statistics.two_phase import METHOD as TWO_PHASE
from peeraudit.domain.statistics.two_phase_strata import UNWEIGHTED, stratified_two_phase_rate

EDITION, FIRST_EDITION = 3, 1
"""Editions of the rules by which numbers are computed and told: the newest one, and the first."""
FORMATS = {2: "peeraudit/snapshot/v3", 3: "peeraudit/snapshot/v4"}
"""The format of each later edition."""
FIRST_FORMATS = {True: "peeraudit/snapshot/v2", False: "peeraudit/snapshot/v1"}
"""Formats of the first edition: with the months of the reports, and without."""
EDITION_OF = {form: edition for edition, form in FORMATS.items()} | dict.fromkeys(
    FIRST_FORMATS.values(), FIRST_EDITION
)
LAST_BY_JACKKNIFE = 2
"""The last edition in which positive agreement had the interval of S3.01."""


@dataclass(frozen=True, slots=True)
class CampaignCounts:
    """All that a snapshot is computed from.

    Attributes:
        campaign: code of the campaign.
        protocol_sha256: fingerprint of its locked rules.
        frame_sha256: fingerprint of its frame.
        instrument: code and version of the scale.
        blinding_mode: the one mode of all readings.
        cells: one for each stratum of the frame, those without a scored report included.
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
        table: per department and modality, where strata are not by modality alone; else the
            cells are these rows.
        edition: of the rules by which numbers are computed and told; a snapshot keeps its own, so
            that it can always be computed again.
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
    table: tuple[RowCounts, ...] = ()
    edition: int = EDITION

    @property
    def is_finer(self) -> bool:
        """Whether strata are not by modality alone."""
        return bool(self.table)

    @property
    def format(self) -> str:
        """The version of the text that holds them."""
        if self.edition == FIRST_EDITION:
            return FIRST_FORMATS[self.over_time is not None]
        return FORMATS[self.edition]

    def to_json(self) -> str:
        """Return the one text of these counts: sorted keys and rows, no spaces, ASCII."""
        content = asdict(replace(self, cells=())) | {
            "format": self.format,
            "cells": sorted((cell.to_dict() for cell in self.cells), key=rank_of),
            "patterns": sorted(self.patterns),
        }
        del content["edition"]  # the format tells it
        if not self.table:
            del content["table"]
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
        form = data.pop("format", None)
        if form not in EDITION_OF:
            raise ValueError("this is no snapshot of counts")
        code, version = data["instrument"]
        data |= {
            "instrument": (code, version),
            "cells": tuple(map(CellCounts.from_dict, data["cells"])),
            "table": tuple(_row(row) for row in data.get("table", ())),
            "authors": {place: tuple(found) for place, found in data["authors"].items()},
            "patterns": tuple((tuple(vector), items) for vector, items in data["patterns"]),
            "second_reads": tuple(tuple(row) for row in data.get("second_reads", ())),
            "reviewers": tuple(
                tuple((modality, n, x) for modality, n, x in row)
                for row in data.get("reviewers", ())
            ),
            "guesses": Guesses.from_dict(found) if (found := data.get("guesses")) else None,
            "over_time": _over_time(data.get("over_time")),
            "edition": EDITION_OF[form],
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

    @property
    def rows(self) -> Sequence[CellCounts | RowCounts]:
        """What was counted in each department and modality, on which is decided what is told."""
        return self.table or [cell for cell in self.cells if cell.modality]

    def rows_of(self, department: str) -> Sequence[CellCounts | RowCounts]:
        """Return the rows of a department."""
        return [row for row in self.rows if row.department == department]

    def response_of(self, cells: Sequence[CellCounts]) -> Estimate:
        """Return between what the first-read rate of some cells lies whatever was not read."""
        drawn = [cell.response for cell in cells]
        if self.edition == FIRST_EDITION:
            finer = self.is_finer
            return response_bounds(drawn, method=UNDRAWN_MISSING, counts_undrawn=not finer)
        return response_bounds(drawn)


def _over_time(data: Mapping[str, Any] | None) -> dict[str, OverTime] | None:
    if data is None:
        return None
    return {place: OverTime.from_dict(one) for place, one in data.items()}


def _row(data: Mapping[str, Any]) -> RowCounts:
    return RowCounts(**{**data, "authors": tuple(data["authors"])})


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
        network=_numbers(counts, counts.cells),
        departments={place: _numbers(counts, counts.of(place)) for place in counts.departments},
        agreement=_agreement(counts),
        severity=panel_severity(counts.reviewers),
        blinding=panel_blinding(counts.guesses),
    )


def _numbers(counts: CampaignCounts, cells: Sequence[CellCounts]) -> Numbers:
    total = {name: _rate(cells, name) for name in MEASURES}
    estimated = stratified_two_phase_rate(
        [cell.phases(alone=not counts.is_finer) for cell in cells],
        method=UNWEIGHTED if counts.edition == FIRST_EDITION else TWO_PHASE,
    )
    rows = _by_modality(cells) if all(cell.modality for cell in cells) else _across(cells)
    whole = total | {"estimated": _pending(estimated, cells)}
    return Numbers(whole, rows, counts.response_of(cells))


def _by_modality(cells: Sequence[CellCounts]) -> dict[str, dict[str, Estimate]]:
    """Return the rates of modalities that are unions of strata."""
    members: dict[str, list[CellCounts]] = defaultdict(list)
    for cell in cells:
        members[cell.modality].append(cell)
    order = sorted(members, key=lambda code: (-sum(c.frame for c in members[code]), code))
    return {code: {name: _rate(members[code], name) for name in MEASURES} for code in order}


def _across(cells: Sequence[CellCounts]) -> dict[str, dict[str, Estimate]]:
    """Return the rates of modalities that run across the strata, those with most reports first.

    How many of their reports the frame holds is not known there.
    """
    scored: Counter[str] = Counter()
    for part in (part for cell in cells for part in cell.parts):
        scored[part.modality] += part.scored
    order = sorted(scored, key=lambda code: (-scored[code], code))
    return {code: {name: _rate_across(cells, code, name) for name in MEASURES} for code in order}


def _rate_across(cells: Sequence[CellCounts], modality: str, measure: str) -> Estimate:
    rate = replace(subgroup_rate([cell.within(modality, measure) for cell in cells]), N=None)
    return rate if measure == "first_read" else _pending(rate, [c.part(modality) for c in cells])


def _rate(cells: Sequence[CellCounts], measure: str) -> Estimate:
    """Return a rate over cells; a cell is a stratum of the frame."""
    if len(cells) == 1:
        only = cells[0]
        rate = simple_rate(only.events(measure), only.scored, frame_size=only.frame)
    else:
        rate = stratified_rate([Stratum(c.frame, c.scored, c.events(measure)) for c in cells])
    return rate if measure == "first_read" else _pending(rate, cells)


def _pending(estimate: Estimate, cells: Iterable[CellCounts | PartCounts]) -> Estimate:
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
    by_jackknife = counts.edition <= LAST_BY_JACKKNIFE
    return panel_agreement(counts.patterns, seconds, scale, by_jackknife=by_jackknife)
