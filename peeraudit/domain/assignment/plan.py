"""What does an assignment plan start from, and what does it say?"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import exp
from statistics import NormalDist
from typing import NamedTuple

from peeraudit.domain.protocol import Allocation
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.workflow import Turn

ANY = "*"
"""In a speciality: every modality, or every region."""


LEVEL = 0.95


class Speciality(NamedTuple):
    """What a reviewer reads: a modality in a body region, either of which may be ``ANY``."""

    modality: str
    region: str = ANY


@dataclass(frozen=True, slots=True)
class PlanCase:
    """A case to be reviewed.

    Args:
        id: any text, unique among the cases.
        department: the author's department, as an opaque text.
        modality: modality code.
        region: body region; empty if unknown.
        reviews: reviews wanted, in reviews: 1 or 2.
        is_child: the patient was under 18.
        author: the report's author, as an opaque text; empty if unknown.
        readers: ids of those who read it already, besides the reviews wanted.
    """

    id: str
    department: str
    modality: str
    region: str = ""
    reviews: int = 1
    is_child: bool = False
    author: str = ""
    readers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanReviewer:
    """A person who may review.

    Args:
        id: any text, unique among the reviewers.
        department: own department, as an opaque text.
        specialities: what the person reads; none means nothing.
        capacity: most reviews of the plan, in reviews.
        minimum: fewest reviews that the plan should give, in reviews.
        reads_children: gets cases of patients under 18 too.
        read: how many reports of each author the person has had lately, in reports.
        given: how many cases of each department the person has already, in cases.
    """

    id: str
    department: str
    specialities: frozenset[Speciality]
    capacity: int
    minimum: int = 0
    reads_children: bool = True
    read: Mapping[str, int] = field(default_factory=dict)
    given: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanRules:
    """What holds for the whole plan.

    Args:
        seed: the campaign's seed; decides every tie.
        allocation: random, or preferring those who name the case's region.
        distinct_departments: the reviewers of one case come from different departments.
        department_quota: most cases of one department per reviewer, those of
            ``PlanReviewer.given`` included, in cases; None for no limit.
        author_limit: most reports of one author per reviewer, those of ``PlanReviewer.read``
            included, in reports; None for no limit.
    """

    seed: str
    allocation: Allocation = Allocation.RANDOM
    distinct_departments: bool = True
    department_quota: int | None = None
    author_limit: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedReview:
    """One review of the plan, and why this reviewer."""

    case: str
    turn: Turn
    reviewer: str
    reason: Sentence


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A case that lacks reviews in the plan, how many, and why."""

    case: str
    missing: int
    reason: Sentence


@dataclass(frozen=True, slots=True)
class Shortage:
    """A group of cases whose reviewers, taken together, cannot do all that is asked of them.

    Args:
        cases: ids, in order.
        departments: the cases' departments, in order.
        modalities: the cases' modalities, in order.
        reviewers: ids of all who could take one of these reviews, in order.
        needed: reviews wanted by these cases, in reviews.
        room: most reviews of these cases that the rules let be placed, in reviews.
        reason: the same in a sentence.
    """

    cases: tuple[str, ...]
    departments: tuple[str, ...]
    modalities: tuple[str, ...]
    reviewers: tuple[str, ...]
    needed: int
    room: int
    reason: Sentence


class PlanPhase(StrEnum):
    """What the planning of an assignment does next."""

    ELIGIBLE = "eligible"
    SOLVING = "solving"
    PLACING = "placing"
    EXPLAINING = "explaining"
    MENDING = "mending"
    KEEPING = "keeping"


class PlanStatus(StrEnum):
    """Whether a plan gives every case its reviews and every reviewer the minimum."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"


@dataclass(frozen=True, slots=True)
class Pairing:
    """How the doubly read cases join the reviewers of a plan.

    Args:
        reviewers: those who read anything.
        shared: pairs of readings of one case, in pairs; one for each case that two read.
        parts: groups of reviewers joined by shared cases; who shares none is one alone.
        fewest_parts: no plan of the same cases has fewer, because of who may read what.
        possible: pairs of reviewers who may both read one of the cases that more than one reads.
        apart: how many of the possible pairs share no case.
        fewest: the fewest cases that a possible pair shares, in cases.
        most: the most cases that a pair shares, in cases.
        error: expected standard error of the difference in severity between two reviewers, from
            shared cases alone, in log-odds; √2 where there is no shared case at all.
    """

    reviewers: int
    shared: int
    parts: int
    fewest_parts: int
    possible: int
    apart: int
    fewest: int
    most: int
    error: float

    @property
    def factor(self) -> float:
        """By which factor the odds ratio between two reviewers will be known, at 95 %."""
        return exp(NormalDist().inv_cdf((1 + LEVEL) / 2) * self.error)


@dataclass(frozen=True, slots=True)
class Overlap:
    """How the readings of a plan join its reviewers.

    Args:
        before: as chance alone had made it.
        after: as the plan has it.
        moved: readings that changed their reader for it, in readings.
    """

    before: Pairing
    after: Pairing
    moved: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Who reviews what.

    Args:
        status: whether all that was asked could be placed.
        reviews: planned reviews, by case and turn.
        loads: reviews per reviewer, in reviews; every reviewer is there.
        unplaced: cases that lack reviews, by case.
        shortages: the proof that no plan places more; empty if all is placed.
        below_minimum: reviewers who get fewer than their minimum, and how many they get.
        alternates: for each case up to three reviewers who could step in, best first.
        allocation: how the reviewers were chosen.
        overlap: what the doubly read cases let be compared; None without a case.
    """

    status: PlanStatus
    reviews: tuple[PlannedReview, ...]
    loads: Mapping[str, int]
    unplaced: tuple[Unplaced, ...]
    shortages: tuple[Shortage, ...]
    below_minimum: Mapping[str, int]
    alternates: Mapping[str, tuple[str, ...]]
    allocation: Allocation
    overlap: Overlap | None

    @property
    def allocation_random(self) -> bool:
        """Whether these readings may serve to estimate reviewers' severity."""
        return self.allocation is Allocation.RANDOM


def plan_seed(draw_seed: str, number: int) -> str:
    """Return the seed of a campaign's n-th plan: anybody who knows the draw's can tell it.

    Args:
        draw_seed: the published seed of the campaign's draw.
        number: the plan's number in the campaign, from 1.

    Returns:
        64 lower-case hexadecimal digits: the SHA-256 of ``peer-audit/plan/v1``, the draw's
        seed and the number, each followed by a line feed.
    """
    return hashlib.sha256(f"peer-audit/plan/v1\n{draw_seed}\n{number}\n".encode()).hexdigest()
