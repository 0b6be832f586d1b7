"""What is told of an examination beside its modality and region, and was it given or worked out?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from peeraudit.domain.errors import N_, Msgid

LATERALITY_LABELS: Final[Mapping[str, Msgid]] = {
    "left": Msgid(N_("left side")),
    "right": Msgid(N_("right side")),
    "bilateral": Msgid(N_("both sides")),
}

URGENCY_LABELS: Final[Mapping[str, Msgid]] = {
    "routine": Msgid(N_("routine")),
    "urgent": Msgid(N_("urgent")),
    "stat": Msgid(N_("immediate")),
}


@dataclass(frozen=True, slots=True)
class ExamFacts:
    """The side that was examined and how urgent it was.

    Attributes:
        laterality: ``left``, ``right`` or ``bilateral``; empty where none is named.
        urgency: ``routine``, ``urgent`` or ``stat``; empty where it is unknown.
        derived: names of facts, modality and region among them, that were worked out.
    """

    laterality: str = ""
    urgency: str = ""
    derived: frozenset[str] = frozenset()

    def given(self) -> "ExamFacts":
        """Return what was given alone: what is worked out may come from the report's own words."""
        side = "" if "laterality" in self.derived else self.laterality
        return ExamFacts(side, "" if "urgency" in self.derived else self.urgency)


def facts_of(laterality: str, urgency: str, derived: str) -> ExamFacts:
    """Return the facts of a row, whose derived ones are named with spaces between them."""
    return ExamFacts(laterality, urgency, frozenset(derived.split()))
