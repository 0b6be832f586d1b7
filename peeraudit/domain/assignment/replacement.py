"""Who takes over one review: a second one, an arbitration, or one that was given back?"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from peeraudit.domain.assignment.eligibility import explain_none, is_competent, ticket
from peeraudit.domain.assignment.plan import PlanCase, PlanReviewer
from peeraudit.domain.errors import N_, DomainError


class NoReviewerFree(DomainError):
    """Nobody may take the review."""


def choose_reviewer(
    case: PlanCase,
    reviewers: Sequence[PlanReviewer],
    *,
    loads: Mapping[str, int],
    seed: str,
    barred: Collection[str] = (),
    barred_departments: Collection[str] = (),
) -> PlanReviewer:
    """Return one reviewer for a case: the least loaded in proportion, then by ticket.

    Args:
        case: the case.
        reviewers: those who are available; in any order.
        loads: reviews that each holds now, in reviews; absent means none.
        seed: the campaign's seed.
        barred: ids of the author, of those in conflict, of those who have or had the case.
        barred_departments: departments that may not serve, besides the author's own: where
            the protocol asks for distinct ones, that of the case's other reviewer.

    Returns:
        The reviewer.

    Raises:
        NoReviewerFree: nobody may take it; the sentence says why.
    """
    able = [
        reviewer
        for reviewer in reviewers
        if reviewer.department not in {case.department, *barred_departments}
        and reviewer.id not in barred
        and is_competent(reviewer, case)
    ]
    if not able and barred_departments:
        raise NoReviewerFree(
            N_(
                "Nobody else may read this case: all who are competent are in conflict, have had "
                "it before, or belong to a department that may not serve."
            )
        )
    if not able:
        reason = explain_none(case, reviewers)
        raise NoReviewerFree(reason.message, **reason.params)
    free = [reviewer for reviewer in able if loads.get(reviewer.id, 0) < reviewer.capacity]
    if not free:
        raise NoReviewerFree(
            N_(
                "All who may read this case (%(count)d) have reached their capacity: "
                "raise it, or wait until one has finished."
            ),
            count=len(able),
        )
    return min(
        free,
        key=lambda reviewer: (
            loads.get(reviewer.id, 0) / reviewer.capacity,
            ticket(seed, case.id, reviewer.id),
            reviewer.id,
        ),
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a case, with who may not do it.

    Args:
        id: of the reading.
        case: its case.
        barred: ids of those in conflict and of those who have or had the case.
        barred_departments: departments that may not serve, besides the case's own.
    """

    id: str
    case: PlanCase
    barred: frozenset[str] = frozenset()
    barred_departments: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Handover:
    """A reading that goes to ``taker``: from nobody, or from ``giver``, who makes room so."""

    reading: str
    giver: str | None
    taker: str
