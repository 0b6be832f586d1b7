"""Who takes over one review: a second one, an arbitration, or one that was given back?"""

from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from peeraudit.domain.assignment.eligibility import (
    Kind,
    explain_none,
    is_competent,
    kind_of,
    ticket,
)
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


@dataclass(frozen=True, slots=True)
class _Step:
    """A reading that looks for a taker, so that its giver has room for that of ``before``."""

    reading: Reading
    giver: str | None
    before: "_Step | None"


def find_chain(
    wanted: Reading,
    reviewers: Sequence[PlanReviewer],
    *,
    loads: Mapping[str, int],
    movable: Callable[[str], Sequence[Reading]],
    seed: str,
) -> tuple[Handover, ...]:
    """Return the fewest hand-overs that give a reading to somebody: a shortest augmenting path.

    Everybody on the way gives one reading and takes one, and the last one has room: nobody's
    load passes the capacity. A case takes part once, so that its readers stay apart.

    Args:
        wanted: the reading that nobody does.
        reviewers: those who are available; in any order.
        loads: reviews that each holds now, in reviews; absent means none.
        movable: the readings of a reviewer that may still go to somebody else, cheapest
            first; asked for once a reviewer, and only where it is needed.
        seed: the campaign's seed; decides ties.

    Returns:
        The hand-overs, that of ``wanted`` first.

    Raises:
        NoReviewerFree: no chain of hand-overs gives the reading to anybody.

    Source:
        Ahuja R.K., Magnanti T.L., Orlin J.B. (1993). Network Flows, section 7.2 (shortest
        augmenting paths). Prentice Hall.
    """
    free = {one.id for one in reviewers if loads.get(one.id, 0) < one.capacity}
    able_of = _finder(reviewers, seed)
    steps = deque([_Step(wanted, None, None)])
    asked, met = set[str](), {wanted.case.id}
    if taker := _first(able_of(wanted), free):
        return _path(steps[0], taker)
    while steps and free:
        step = steps.popleft()
        for giver in able_of(step.reading):
            if giver in asked:
                continue
            asked.add(giver)
            for reading in movable(giver):
                if reading.case.id in met:
                    continue
                met.add(reading.case.id)
                onward = _Step(reading, giver, step)
                if taker := _first(able_of(reading), free):
                    return _path(onward, taker)
                steps.append(onward)
    raise NoReviewerFree(
        N_(
            "All who may read this case have reached their capacity, and none of them can hand "
            "another case over: raise a capacity, or wait until one has finished."
        )
    )


def _finder(reviewers: Sequence[PlanReviewer], seed: str) -> Callable[[Reading], list[str]]:
    """Return a function that tells who may do a reading, in an order that the seed decides."""
    alike: dict[Kind, list[PlanReviewer]] = {}

    def able_of(reading: Reading) -> list[str]:
        case = reading.case
        kind = kind_of(case)
        if kind not in alike:
            alike[kind] = [
                one
                for one in reviewers
                if one.department != case.department and is_competent(one, case)
            ]
        able = [
            one.id
            for one in alike[kind]
            if one.id not in reading.barred and one.department not in reading.barred_departments
        ]
        return sorted(able, key=lambda one: (ticket(seed, case.id, one), one))

    return able_of


def _first(able: Sequence[str], free: Collection[str]) -> str | None:
    return next((one for one in able if one in free), None)


def _path(last: _Step, taker: str) -> tuple[Handover, ...]:
    handovers, step = [], last
    while step.before is not None and step.giver is not None:
        giver, before = step.giver, step.before
        handovers.append(Handover(step.reading.id, giver, taker))
        step, taker = before, giver
    handovers.append(Handover(step.reading.id, None, taker))
    return tuple(reversed(handovers))
