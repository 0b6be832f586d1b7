"""What does an assignment of scored pairs start from, whoever made it?

A campaign knows reviewers by speciality; other systems hand over pairs with a score. This is
the latter: any case × reviewer pair that is not listed is forbidden.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from peeraudit.domain.assignment.eligibility import Ints, seeded_order
from peeraudit.domain.errors import N_, InvalidInput

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Instance:
    """Cases, reviewers, scored pairs and the rules of a plan.

    Args:
        seed: decides the order in which equals are looked at, and with it every tie.
        cases: ids; shape (m,).
        homes: the department of each case; shape (m,).
        reviews: reviews wanted of each case, in reviews, at least 1; shape (m,).
        reviewers: ids; shape (r,).
        departments: the department of each reviewer; shape (r,).
        least: fewest reviews of each reviewer, in reviews; shape (r,).
        most: most reviews of each reviewer, in reviews; shape (r,).
        pair_cases: position of each pair's case; shape (n,).
        pair_reviewers: position of each pair's reviewer; shape (n,).
        scores: fit of each pair, any finite unit, larger is better; shape (n,).
        distinct_departments: the reviewers of one case come from different departments.
        exempt: positions of cases for which that rule does not hold.
        department_quota: most cases of one department for one reviewer; None for no limit.
        fairness_floor: whether the worst-served case is to be served as well as can be.
        authors: the author of each case, empty where unknown; shape (m,), or () without a limit.
        author_limit: most cases of one author for one reviewer; None for no limit.
        given: how many cases of a department a reviewer has already, which count towards the
            quota, by reviewer and department.
        read: how many cases of an author a reviewer has had, by reviewer and author.
    """

    seed: str
    cases: tuple[str, ...]
    homes: tuple[str, ...]
    reviews: Ints
    reviewers: tuple[str, ...]
    departments: tuple[str, ...]
    least: Ints
    most: Ints
    pair_cases: Ints
    pair_reviewers: Ints
    scores: Floats
    distinct_departments: bool = False
    exempt: frozenset[int] = frozenset()
    department_quota: int | None = None
    fairness_floor: bool = False
    authors: tuple[str, ...] = ()
    author_limit: int | None = None
    given: Mapping[tuple[str, str], int] = field(default_factory=dict)
    read: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_names(self.cases, self.reviewers)
        _check_numbers(self)
        _check_pairs(self)


def in_seeded_order(instance: Instance) -> Instance:
    """Return the same instance with cases, reviewers and pairs in the order of the seed.

    Whatever order the rows had, the result is the same, and so is a plan made from it.
    """
    cases = np.array(seeded_order(instance.seed, "case", instance.cases), dtype=np.int64)
    reviewers = np.array(
        seeded_order(instance.seed, "reviewer", instance.reviewers), dtype=np.int64
    )
    case_rank, reviewer_rank = _ranks(cases), _ranks(reviewers)
    pair_cases = case_rank[instance.pair_cases]
    pair_reviewers = reviewer_rank[instance.pair_reviewers]
    order = np.lexsort((pair_reviewers, pair_cases))
    return replace(
        instance,
        cases=tuple(instance.cases[i] for i in cases.tolist()),
        homes=tuple(instance.homes[i] for i in cases.tolist()),
        authors=tuple(instance.authors[i] for i in cases.tolist() if instance.authors),
        reviews=instance.reviews[cases],
        reviewers=tuple(instance.reviewers[i] for i in reviewers.tolist()),
        departments=tuple(instance.departments[i] for i in reviewers.tolist()),
        least=instance.least[reviewers],
        most=instance.most[reviewers],
        pair_cases=pair_cases[order],
        pair_reviewers=pair_reviewers[order],
        scores=instance.scores[order],
        exempt=frozenset(case_rank[sorted(instance.exempt)].tolist()),
    )


def number(names: Sequence[str]) -> tuple[Ints, tuple[str, ...]]:
    """Return the number of each name, and the names by their numbers."""
    order = tuple(sorted(set(names)))
    places = {name: i for i, name in enumerate(order)}
    return np.array([places[name] for name in names], dtype=np.int64), order


def _ranks(order: Ints) -> Ints:
    ranks = np.empty_like(order)
    ranks[order] = np.arange(len(order))
    return ranks


def _check_names(cases: Sequence[str], reviewers: Sequence[str]) -> None:
    for names in (cases, reviewers):
        seen: set[str] = set()
        for name in names:
            if name in seen:
                raise InvalidInput(N_("“%(id)s” is listed twice."), id=name)
            seen.add(name)


def _check_numbers(instance: Instance) -> None:
    if (instance.reviews < 1).any():
        raise InvalidInput(
            N_("Case “%(id)s” needs a whole number of reviews, at least 1."),
            id=instance.cases[int(np.argmax(instance.reviews < 1))],
        )
    wrong = (instance.least < 0) | (instance.most < instance.least)
    if wrong.any():
        raise InvalidInput(
            N_("Reviewer “%(id)s”: the minimum must lie between 0 and the maximum."),
            id=instance.reviewers[int(np.argmax(wrong))],
        )
    if instance.department_quota is not None and instance.department_quota < 1:
        raise InvalidInput(N_("A quota per department must be at least 1."))


def _check_pairs(instance: Instance) -> None:
    if not np.isfinite(instance.scores).all():
        place = int(np.argmin(np.isfinite(instance.scores)))
        raise InvalidInput(
            N_("The score of case “%(case)s” and reviewer “%(reviewer)s” is no finite number."),
            case=instance.cases[instance.pair_cases[place]],
            reviewer=instance.reviewers[instance.pair_reviewers[place]],
        )
    keys = instance.pair_cases * max(len(instance.reviewers), 1) + instance.pair_reviewers
    ordered = np.sort(keys)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if len(twice):
        case, reviewer = divmod(int(twice[0]), len(instance.reviewers))
        raise InvalidInput(
            N_("The pair of case “%(case)s” and reviewer “%(reviewer)s” is listed twice."),
            case=instance.cases[case],
            reviewer=instance.reviewers[reviewer],
        )
