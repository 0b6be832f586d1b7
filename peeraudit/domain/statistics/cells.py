"""What is counted in each stratum of a frame?"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from peeraudit.domain.statistics.response import DrawnStratum
from peeraudit.domain.statistics.subgroups import SubgroupStratum
from peeraudit.domain.statistics.two_phase import PhaseGroup
from peeraudit.domain.statistics.two_phase_strata import TwoPhaseStratum

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
class RowCounts:
    """What was counted in one department and modality, whatever the strata are; in reports.

    What may be told is decided on these rows, so that finer strata show nobody more.

    Attributes:
        scored: drawn at random and read by a first reviewer.
        discrepant: of these called discrepant by the first reviewer.
        confirmed: of these settled as discrepant.
        authors: scored reports of each author, largest first; no author is named.
    """

    department: str
    modality: str
    scored: int
    discrepant: int
    confirmed: int
    authors: tuple[int, ...] = ()

    def events(self, measure: str) -> int:
        """Return x for one of ``MEASURES``."""
        return self.discrepant if measure == "first_read" else self.confirmed


@dataclass(frozen=True, slots=True, order=True)
class PartCounts:
    """What was counted of one modality in a stratum that runs across modalities; in reports.

    Attributes:
        scored: n_hd, read by a first reviewer.
        discrepant: of these called discrepant by the first reviewer.
        confirmed: of these settled as discrepant.
        unsettled: of these without an outcome yet.
    """

    modality: str
    scored: int
    discrepant: int
    confirmed: int
    unsettled: int

    def events(self, measure: str) -> int:
        """Return x for one of ``MEASURES``."""
        return self.discrepant if measure == "first_read" else self.confirmed


@dataclass(frozen=True, slots=True, order=True)
class CellCounts:
    """What was counted in one stratum of the frame; counts are reports.

    A stratum bears no name here: numbers follow from its counts alone, and the name of a finer
    one may stand for an author.

    Attributes:
        department: whose reports these are.
        modality: of all its reports; empty where strata run across modalities.
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
    parts: tuple[PartCounts, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values; what later versions count stands there only where it is."""
        values = {name: getattr(self, name) for name in _NAMES}
        values["classes"] = tuple(map(_flat, self.classes))
        values["parts"] = tuple(map(_flat, self.parts))
        for name in ("awaited", "parts"):
            if not values[name]:
                del values[name]
        return values

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "CellCounts":
        """Return the cell that ``to_dict`` wrote."""
        lists = {
            "classes": tuple(ClassCounts(**one) for one in data["classes"]),
            "parts": tuple(PartCounts(**one) for one in data.get("parts", ())),
            "authors": tuple(data["authors"]),
        }
        return cls(**{**data, **lists})

    def part(self, modality: str) -> PartCounts:
        """Return what was counted of a modality in a stratum that runs across modalities."""
        none = PartCounts(modality, 0, 0, 0, 0)
        return next((one for one in self.parts if one.modality == modality), none)

    def within(self, modality: str, measure: str) -> SubgroupStratum:
        """Return the cell as a stratum that a modality runs across."""
        found = self.part(modality)
        return SubgroupStratum(self.frame, self.scored, found.scored, found.events(measure))

    def rank(self) -> tuple[str, str, str]:
        """Return by what cells are put in order: those of one department and modality by counts."""
        return rank_of(self.to_dict())

    def events(self, measure: str) -> int:
        """Return x for one of ``MEASURES``."""
        return self.discrepant if measure == "first_read" else self.confirmed

    @property
    def response(self) -> DrawnStratum:
        """The cell as a stratum of the bounds for what was not read."""
        # What was read beyond the plan was drawn as well.
        drawn = max(self.drawn or 0, self.scored + self.awaited)
        return DrawnStratum(self.frame, drawn, self.scored, self.discrepant, self.awaited)

    def phases(self, *, alone: bool) -> TwoPhaseStratum:
        """Return the cell as a stratum of the two-phase estimate.

        Args:
            alone: strata are by modality alone; else those of a department and modality stand by
                one another where few cases of each were verified.
        """
        groups = tuple(one.group for one in self.classes)
        partner = "" if alone else f"{self.department}:{self.modality}"
        return TwoPhaseStratum(self.frame, groups, partner)


# A copy of every value, which `asdict` makes, takes most of the time of a large snapshot's text.
_NAMES: Final = tuple(field.name for field in fields(CellCounts))
_ROW_NAMES: Final = {
    kind: tuple(field.name for field in fields(kind)) for kind in (ClassCounts, PartCounts)
}


def _flat(row: ClassCounts | PartCounts) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _ROW_NAMES[type(row)]}


def rank_of(cell: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return by what a cell as ``to_dict`` tells it is put in order."""
    return cell["department"], cell["modality"], json.dumps(cell, sort_keys=True)
