"""What is the least that would let every reading of a campaign's plan be placed?"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from peeraudit.domain.assignment.eligibility import Candidates, find_candidates
from peeraudit.domain.assignment.instances import Instance, in_seeded_order
from peeraudit.domain.assignment.plan import PlanCase, PlanReviewer, PlanRules
from peeraudit.domain.assignment.relaxations import Relaxation, Rule, find_relaxations
from peeraudit.domain.sentences import Sentence

MOST_PAIRS = 2_000_000
"""Beyond this many pairs of case and reviewer the search would outlast the plan itself."""

OFFERED = frozenset({Rule.MAXIMUM, Rule.DISTINCT, Rule.REVIEWS})
"""What a campaign can change without a new protocol for its reviewers, or must give up."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """A smallest change with which every reading has its place that people alone do not lack.

    Args:
        reason: what to change, in a sentence.
        units: how many readings' worth of exceptions it makes.
        most: new most of each reviewer that needs one, in cases.
        exempt: cases whose two reviewers may share a department.
        reviews: new number of readings of each case that gets fewer.
    """

    reason: Sentence
    units: int
    most: Mapping[str, int]
    exempt: tuple[str, ...]
    reviews: Mapping[str, int]


def find_remedies(
    cases: Sequence[PlanCase],
    reviewers: Sequence[PlanReviewer],
    *,
    conflicts: Collection[tuple[str, str]],
    rules: PlanRules,
) -> tuple[Remedy, ...]:
    """Return the smallest changes that would let all be placed, the smallest first.

    Readings for which there are too few people whatever the rules are left aside: each is
    listed by the plan with its own reason. Each remedy is computed, not guessed: see
    ``relaxations.find_relaxations``.

    Args:
        cases: as for ``planning.plan_assignments``.
        reviewers: likewise.
        conflicts: likewise.
        rules: likewise.

    Returns:
        Nothing where all is placed already, or where the plan is too large for the search.
    """
    candidates = find_candidates(cases, reviewers, conflicts=conflicts, seed=rules.seed)
    instance = _instance(cases, reviewers, candidates, rules)
    if instance is None or len(instance.scores) > MOST_PAIRS:
        return ()
    found = find_relaxations(in_seeded_order(instance))
    return tuple(_remedy(one) for one in found if one.units and OFFERED.issuperset(one.rules))


def _instance(
    cases: Sequence[PlanCase],
    reviewers: Sequence[PlanReviewer],
    candidates: Sequence[Candidates],
    rules: PlanRules,
) -> Instance | None:
    """Return the cases that somebody could read, each with as many readings as people allow."""
    able = [len(one.reviewers) for one in candidates]
    wanted = [min(case.reviews, count) for case, count in zip(cases, able, strict=True)]
    kept = [i for i, count in enumerate(wanted) if count]
    if not kept:
        return None
    pairs = [candidates[i].reviewers for i in kept]
    return Instance(
        seed=rules.seed,
        cases=tuple(cases[i].id for i in kept),
        homes=tuple(cases[i].department for i in kept),
        reviews=np.array([wanted[i] for i in kept], dtype=np.int64),
        reviewers=tuple(one.id for one in reviewers),
        departments=tuple(one.department for one in reviewers),
        least=np.zeros(len(reviewers), dtype=np.int64),
        most=np.array([one.capacity for one in reviewers], dtype=np.int64),
        pair_cases=np.repeat(np.arange(len(kept)), [len(one) for one in pairs]),
        pair_reviewers=np.concatenate(pairs),
        scores=np.zeros(sum(len(one) for one in pairs)),
        distinct_departments=rules.distinct_departments,
        department_quota=rules.department_quota,
        given={(one.id, name): count for one in reviewers for name, count in one.given.items()},
        authors=tuple(cases[i].author for i in kept),
        author_limit=rules.author_limit,
        read={(one.id, name): count for one in reviewers for name, count in one.read.items()},
    )


def _remedy(found: Relaxation) -> Remedy:
    return Remedy(found.reason, found.units, found.most, found.exempt, found.reviews)
