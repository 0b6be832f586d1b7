"""When is a method shown, and to whom, in words that follow from its gate?"""

from collections.abc import Mapping
from typing import Final

from peeraudit.domain.errors import N_
from peeraudit.domain.methods.method import Method
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.statistics.gates import GATES

AUDIENCES: Final[Mapping[str, str]] = {
    "department": N_("inside the department"),
    "network": N_("to the network"),
    "self": N_("to the reviewer concerned"),
    "lead": N_("to the audit lead"),
    "analyst": N_("to an analyst, on demand"),
}
"""Who may see a method's numbers, as its gate names them."""

FACTS: Final[Mapping[str, str]] = {
    "items": N_("at least %(least)s cases read twice"),
    "discrepant_readings": N_("at least %(least)s readings that call a discrepancy among them"),
    "concordant_second_reads": N_("at least %(least)s concordant cases read again"),
    "reviewers": N_("at least %(least)s reviewers"),
    "readings_per_reviewer": N_("at least %(least)s readings by each reviewer shown"),
    "discordant_pairs_per_reviewer": N_(
        "at least %(least)s cases on which each reviewer shown and another differed"
    ),
    "items_read_three_times": N_("at least %(least)s cases read three times"),
    "departments": N_("at least %(least)s departments"),
    "common_reviewer_pool": N_("all departments read by one pool of reviewers, by chance"),
    "points": N_("at least %(least)s points in time"),
    "baseline_reports": N_("at least %(least)s reports read before"),
    "answers_per_arm": N_("at least %(least)s answers in each group"),
}
"""What there must be, as a gate's requirement names it."""


def shown_when(method: Method) -> tuple[Sentence, ...]:
    """Return when a method is shown: its audiences, then what there must be.

    Args:
        method: of the catalogue.

    Returns:
        Parts of sentences where a gate decides; the method's own sentence where none does.
    """
    gate = GATES.get(method.id)
    if gate is None:
        return (Sentence(method.shown),)
    audiences = tuple(Sentence(AUDIENCES[one]) for one in gate.audience)
    facts = tuple(
        Sentence(FACTS[one.fact], {"least": {"number": one.at_least}})
        if "%(least)s" in FACTS[one.fact]
        else Sentence(FACTS[one.fact])
        for one in gate.requirements
    )
    return audiences + facts
