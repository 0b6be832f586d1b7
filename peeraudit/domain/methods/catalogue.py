"""Which chapters do the methods fall into?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from peeraudit.domain.errors import N_
from peeraudit.domain.methods import (
    agreement,
    comparison,
    integrity,
    monitoring,
    power,
    rate_questions,
    rates,
    sampling,
    severity,
    suppression,
    workload,
)
from peeraudit.domain.methods.method import Method


@dataclass(frozen=True, slots=True)
class Chapter:
    """Methods that answer one kind of question.

    Attributes:
        key: names it in an address.
        title: in a few words.
        about: one sentence.
        methods: in the order of their ids.
    """

    key: str
    title: str
    about: str
    methods: tuple[Method, ...]


CHAPTERS: Final[tuple[Chapter, ...]] = (
    Chapter(
        "sampling",
        N_("Planning and drawing"),
        N_("How many reports, which ones, and who reads them."),
        sampling.METHODS,
    ),
    Chapter(
        "rates",
        N_("Discrepancy rates"),
        N_("What share of the reports is discrepant, and how sure that is."),
        (*rates.METHODS, *rate_questions.METHODS),
    ),
    Chapter(
        "agreement",
        N_("Agreement between reviewers"),
        N_("How far two blinded readings of one case agree, chance set apart."),
        agreement.METHODS,
    ),
    Chapter(
        "severity",
        N_("Severe and lenient reviewers"),
        N_("For the reviewer and the audit lead alone; never a rank."),
        severity.METHODS,
    ),
    Chapter(
        "comparison",
        N_("Comparing departments"),
        N_("Which differences chance and the mix of cases do not explain."),
        comparison.METHODS,
    ),
    Chapter(
        "monitoring",
        N_("Changes over time"),
        N_("Charts to look at, and one alarm."),
        monitoring.METHODS,
    ),
    Chapter(
        "workload",
        N_("Delays and workload"),
        N_("How long reviews take, and how evenly they are shared."),
        workload.METHODS,
    ),
    Chapter(
        "integrity",
        N_("Blinding and care"),
        N_("Signs that open a conversation; nothing is ever taken out by itself."),
        integrity.METHODS,
    ),
    Chapter(
        "power",
        N_("What an audit could have seen"),
        N_("No difference found is not the same as no difference."),
        power.METHODS,
    ),
    Chapter(
        "suppression",
        N_("Small numbers"),
        N_("What is hidden so that nobody can be recognised."),
        suppression.METHODS,
    ),
)

METHODS: Final[Mapping[str, Method]] = {
    method.id: method for chapter in CHAPTERS for method in chapter.methods
}
"""Every method by its id."""


def method_of(tag: str) -> Method:
    """Return the method behind an id with or without its version, such as ``S2.02@1``.

    Raises:
        KeyError: there is no such method.
    """
    return METHODS[tag.partition("@")[0]]
