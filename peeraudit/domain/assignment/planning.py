"""Which plan gives every case its reviewers, and what proves that there is no better one?"""

from collections import Counter
from collections.abc import Collection, Generator, Sequence
from contextlib import closing

import numpy as np

from peeraudit.domain.assignment.campaign_overlap import place_in_campaign
from peeraudit.domain.assignment.diagnosis import find_shortages, list_unplaced
from peeraudit.domain.assignment.eligibility import (
    Bools,
    Candidates,
    Ints,
    find_candidates,
    seeded_order,
)
from peeraudit.domain.assignment.flow import Flow, Problem, Solver, at_once, solve_in_steps
from peeraudit.domain.assignment.plan import (
    Overlap,
    Plan,
    PlanCase,
    PlannedReview,
    PlanPhase,
    PlanReviewer,
    PlanRules,
    PlanStatus,
)
from peeraudit.domain.errors import N_, InvalidInput
from peeraudit.domain.protocol import Allocation
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.steps import run_through
from peeraudit.domain.workflow import Turn

ALTERNATES = 3
"""Reviewers named for each case who could step in."""

MOST_REVIEWS = 2


def plan_assignments(
    cases: Sequence[PlanCase],
    reviewers: Sequence[PlanReviewer],
    *,
    conflicts: Collection[tuple[str, str]] = (),
    met: Collection[tuple[str, str]] = (),
    rules: PlanRules,
) -> Plan:
    """Return the best plan there is: see ``plan_in_steps``, whose steps are all done at once."""
    return run_through(plan_in_steps(cases, reviewers, conflicts=conflicts, met=met, rules=rules))


def plan_in_steps(
    cases: Sequence[PlanCase],
    reviewers: Sequence[PlanReviewer],
    *,
    conflicts: Collection[tuple[str, str]] = (),
    met: Collection[tuple[str, str]] = (),
    rules: PlanRules,
    solver: Solver = at_once,
) -> Generator[PlanPhase, None, Plan]:
    """Return the best plan there is, the same for the same input in whatever order.

    In this order: as many reviews as can be placed, reviewers' minimums, even loads in
    proportion to capacity, then the hash-random term of S1.09. Within what is eligible a
    random allocation therefore depends on load and chance alone, which is what lets
    reviewers' severity be estimated from single reads. Of the plans that are as good in all
    but chance, the one is sought whose doubly read cases compare reviewers best: readings
    change their readers by the graph of pairs alone, which knows no score. Conflicts,
    capacities, departments and quotas are never bent: what cannot be placed is listed with
    its reason.

    Args:
        cases: cases to place; shape (m,), m >= 0.
        reviewers: those who are available; shape (r,), r >= 0.
        conflicts: (case id, reviewer id) pairs that must not be.
        met: ids of two reviewers for each case that both read before this plan.
        rules: what holds for the whole plan.
        solver: what solves the network of the plan.

    Yields:
        What comes next, or goes on, so that somebody can stop the work there.

    Returns:
        The plan, with its proof where something could not be placed.

    Raises:
        InvalidInput: an id is used twice, or a number is out of range.
    """
    _check(cases, reviewers, rules)
    if not cases:
        return _without_cases(reviewers, rules)
    yield PlanPhase.ELIGIBLE
    cases = [cases[i] for i in seeded_order(rules.seed, "case", [c.id for c in cases])]
    order = seeded_order(rules.seed, "reviewer", [r.id for r in reviewers])
    reviewers = [reviewers[i] for i in order]
    candidates = find_candidates(cases, reviewers, conflicts=conflicts, seed=rules.seed)
    problem = Problem(cases, reviewers, candidates, rules)
    yield PlanPhase.SOLVING
    flow = yield from _solving(solve_in_steps(problem, solver))
    pairs, overlap = yield from place_in_campaign(problem, flow, met=met)
    yield PlanPhase.EXPLAINING
    return _tell(problem, flow, pairs, overlap)


def _solving(steps: Generator[object, None, Flow]) -> Generator[PlanPhase, None, Flow]:
    """Solve, and yield where the solver does: with its phase, which goes on."""
    with closing(steps):
        while True:
            try:
                next(steps)
            except StopIteration as end:
                flow: Flow = end.value
                return flow
            yield PlanPhase.SOLVING


def _tell(problem: Problem, flow: Flow, pairs: Ints, overlap: Overlap) -> Plan:
    reviewers, rules = problem.reviewers, problem.rules
    chosen: list[list[int]] = [[] for _ in problem.cases]
    for case, reviewer in pairs.tolist():
        chosen[case].append(reviewer)
    load_of: Ints = np.bincount(pairs[:, 1], minlength=len(reviewers))
    loads = load_of.tolist()
    below = {
        reviewer.id: loads[i] for i, reviewer in enumerate(reviewers) if loads[i] < reviewer.minimum
    }
    complete = not below and not flow.missing.any()
    return Plan(
        status=PlanStatus.OPTIMAL if complete else PlanStatus.INFEASIBLE,
        reviews=_list_reviews(problem, chosen, loads, _moved(flow.pairs, pairs, len(reviewers))),
        loads={r.id: loads[i] for i, r in sorted(enumerate(reviewers), key=lambda x: x[1].id)},
        unplaced=list_unplaced(problem, flow, pairs),
        shortages=find_shortages(problem, flow),
        below_minimum=dict(sorted(below.items())),
        alternates=_list_alternates(problem, pairs, load_of),
        allocation=rules.allocation,
        overlap=overlap,
    )


def _moved(before: Ints, after: Ints, reviewers: int) -> frozenset[tuple[int, int]]:
    """Return the (case, reviewer) positions that the placing of the overlap brought about."""
    new = after[~np.isin(after @ [reviewers, 1], before @ [reviewers, 1])]
    return frozenset((case, reviewer) for case, reviewer in new.tolist())


def _check(cases: Sequence[PlanCase], reviewers: Sequence[PlanReviewer], rules: PlanRules) -> None:
    for ids in ([case.id for case in cases], [reviewer.id for reviewer in reviewers]):
        twice = [name for name, count in Counter(ids).items() if count > 1]
        if twice:
            raise InvalidInput(N_("“%(id)s” is listed twice."), id=min(twice))
    if any(not 1 <= case.reviews <= MOST_REVIEWS for case in cases):
        raise InvalidInput(N_("A case is planned for one or two reviews."))
    if any(not 0 <= reviewer.minimum <= reviewer.capacity for reviewer in reviewers):
        raise InvalidInput(N_("A reviewer's minimum must lie between 0 and the capacity."))
    if rules.department_quota is not None and rules.department_quota < 1:
        raise InvalidInput(N_("A quota per department must be at least 1."))
    if rules.author_limit is not None and rules.author_limit < 1:
        raise InvalidInput(N_("A limit per author must be at least 1."))


def _without_cases(reviewers: Sequence[PlanReviewer], rules: PlanRules) -> Plan:
    below = {r.id: 0 for r in sorted(reviewers, key=lambda r: r.id) if r.minimum}
    return Plan(
        status=PlanStatus.INFEASIBLE if below else PlanStatus.OPTIMAL,
        reviews=(),
        loads={r.id: 0 for r in sorted(reviewers, key=lambda r: r.id)},
        unplaced=(),
        shortages=(),
        below_minimum=below,
        alternates={},
        allocation=rules.allocation,
        overlap=None,
    )


REASONS = {
    (Allocation.RANDOM, False): N_(
        "Among %(eligible)d eligible reviewers, by even load and by chance; "
        "load %(load)d of %(capacity)d."
    ),
    (Allocation.RANDOM, True): N_(
        "Among %(eligible)d eligible reviewers, by even load, then so that reviewers share cases "
        "with many others; load %(load)d of %(capacity)d."
    ),
    (Allocation.EXPERT, False): N_(
        "Among %(eligible)d eligible reviewers, by even load and by expertise; "
        "load %(load)d of %(capacity)d."
    ),
    (Allocation.EXPERT, True): N_(
        "Among %(eligible)d eligible reviewers, by even load and by expertise, then so that "
        "reviewers share cases with many others; load %(load)d of %(capacity)d."
    ),
}
"""Why a reviewer reads a case, by how reviewers are chosen and whether the overlap decided."""


def _list_reviews(
    problem: Problem,
    chosen: Sequence[Sequence[int]],
    loads: Sequence[int],
    moved: Collection[tuple[int, int]],
) -> tuple[PlannedReview, ...]:
    by_chance, by_overlap = (REASONS[problem.rules.allocation, one] for one in (False, True))
    found = []
    for number, (case, candidate, places) in enumerate(
        zip(problem.cases, problem.candidates, chosen, strict=True)
    ):
        # Who reads first is chance as well: the smaller ticket.
        for turn, place in zip(Turn, _by_ticket(candidate, places), strict=False):
            reviewer = problem.reviewers[place]
            params = {
                "eligible": len(candidate.reviewers),
                "load": loads[place],
                "capacity": reviewer.capacity,
            }
            sentence = by_overlap if (number, place) in moved else by_chance
            found.append(PlannedReview(case.id, turn, reviewer.id, Sentence(sentence, params)))
    # FIRST sorts before SECOND, as the words do.
    return tuple(sorted(found, key=lambda review: (review.case, review.turn)))


def _by_ticket(candidate: Candidates, places: Sequence[int]) -> list[int]:
    if len(places) < MOST_REVIEWS:
        return list(places)
    numbers = candidate.tickets[np.searchsorted(candidate.reviewers, places)].tolist()
    return [place for _, place in sorted(zip(numbers, places, strict=True))]


def _under_author_limit(problem: Problem, pairs: Ints, cases: Ints, able: Ints) -> Bools:
    """Return whether each pair would still keep the limit of reports of one author; shape (n,)."""
    limit = problem.rules.author_limit
    if limit is None:
        return np.ones(len(cases), dtype=bool)
    authors = [case.author for case in problem.cases]
    had = Counter((authors[case], reviewer) for case, reviewer in pairs.tolist())
    return np.array(
        [
            not authors[case]
            or had[authors[case], one] + problem.reviewers[one].read.get(authors[case], 0) < limit
            for case, one in zip(cases.tolist(), able.tolist(), strict=True)
        ],
        dtype=bool,
    )


def _list_alternates(problem: Problem, pairs: Ints, loads: Ints) -> dict[str, tuple[str, ...]]:
    """Return for each case who could step in with room left: least loaded, then by ticket."""
    names = np.array([reviewer.id for reviewer in problem.reviewers], dtype=object)
    capacity = np.array([reviewer.capacity for reviewer in problem.reviewers], dtype=np.int64)
    share = loads / np.maximum(capacity, 1)
    counts = [len(candidate.reviewers) for candidate in problem.candidates]
    cases = np.repeat(np.arange(len(counts)), counts)
    able = np.concatenate([candidate.reviewers for candidate in problem.candidates])
    tickets = np.concatenate([candidate.tickets for candidate in problem.candidates])
    taken = np.isin(cases * len(names) + able, pairs @ [len(names), 1])
    free = (loads < capacity)[able] & ~taken & _under_author_limit(problem, pairs, cases, able)
    cases, able, tickets = cases[free], able[free], tickets[free]
    order = np.lexsort((tickets, share[able], cases))
    starts = np.searchsorted(cases, np.arange(len(counts) + 1))
    # ``cases`` ascends, so that the order leaves each case's share of it where it is.
    ranked = names[able[order]]
    found = {
        case.id: tuple(ranked[start : min(start + ALTERNATES, end)])
        for case, start, end in zip(
            problem.cases, starts[:-1].tolist(), starts[1:].tolist(), strict=True
        )
    }
    return dict(sorted(found.items()))
