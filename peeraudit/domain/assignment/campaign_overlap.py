"""Which readings of a campaign's plan may change their readers, so that overlap compares all?"""

from collections.abc import Collection, Generator, Hashable, Mapping, Sequence

import numpy as np

from peeraudit.domain.assignment.eligibility import Bools, Ints
from peeraudit.domain.assignment.exchanges import NOBODY, Limit, Seats, Terms
from peeraudit.domain.assignment.flow import Flow, Problem
from peeraudit.domain.assignment.overlap import Placed, place_overlap
from peeraudit.domain.assignment.plan import Overlap, PlanPhase
from peeraudit.domain.protocol import Allocation


def place_in_campaign(
    problem: Problem, flow: Flow, *, met: Collection[tuple[str, str]]
) -> Generator[PlanPhase, None, tuple[Ints, Overlap]]:
    """Return the pairs of a plan with its overlap placed; yield now and then, to be stopped there.

    Args:
        problem: what was planned.
        flow: its optimum, of which loads and cases stay as they are; in expert mode each
            case keeps as many who name its region, too.
        met: ids of two reviewers for each case that both read before this plan.

    Returns:
        (case position, reviewer position) of each review, in the order of the cases, and what
        it is worth.
    """
    people = _people(problem, met)
    pairs = flow.pairs[np.lexsort((flow.pairs[:, 1], flow.pairs[:, 0]))]
    seats, who = _seats(problem, pairs, people, met)
    cases = len(problem.cases) + len(met)
    placed: Placed = yield from place_overlap(
        seats,
        who,
        _terms(problem, people, cases=cases),
        groups=_groups(problem, cases=cases),
        possible=_possible(problem, people),
        seed=problem.rules.seed,
    )
    moved = int((placed.who != who).sum())
    changed = np.stack([pairs[:, 0], placed.who[: len(pairs)]], axis=1)
    return changed, Overlap(placed.before, placed.after, moved)


def _people(problem: Problem, met: Collection[tuple[str, str]]) -> dict[str, int]:
    """Return the place of everybody who reads: reviewers first, then those who are here no more."""
    places = {one.id: i for i, one in enumerate(problem.reviewers)}
    gone = {who for pair in met for who in pair}
    gone.update(who for case in problem.cases for who in case.readers)
    return places | {who: len(places) + i for i, who in enumerate(sorted(gone - places.keys()))}


def _seats(
    problem: Problem, pairs: Ints, people: Mapping[str, int], met: Collection[tuple[str, str]]
) -> tuple[Seats, Ints]:
    """Return the seats of a plan, and after them those of readings that were given out before."""
    before = [
        (place, people[who]) for place, case in enumerate(problem.cases) for who in case.readers
    ]
    for place, pair in enumerate(sorted(met), start=len(problem.cases)):
        before.extend((place, people[who]) for who in pair)
    kept = np.array(before, dtype=np.int64).reshape(-1, 2)
    all_pairs = np.concatenate([pairs, kept])
    fixed = np.arange(len(all_pairs)) >= len(pairs)
    return Seats.of(all_pairs[:, 0], fixed), all_pairs[:, 1].copy()


def _terms(problem: Problem, people: Mapping[str, int], *, cases: int) -> Terms:
    counts = [len(one.reviewers) for one in problem.candidates]
    owners = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    able = np.concatenate([one.reviewers for one in problem.candidates])
    homes = _number([one.department for one in problem.reviewers])
    # Who is here no more is of no department that is here.
    homes = _padded(homes, len(people), int(homes.max(initial=-1)) + 1)
    expert = problem.rules.allocation is Allocation.EXPERT
    return Terms(
        people=len(people),
        pairs=owners * len(people) + able,
        worths=(
            np.concatenate([one.general for one in problem.candidates])
            if expert
            else np.zeros_like(able)
        ),
        departments=homes,
        apart=np.full(cases, problem.rules.distinct_departments),
        limits=_limits(problem, len(people), cases),
    )


def _limits(problem: Problem, people: int, cases: int) -> list[Limit]:
    rules = problem.rules
    return [
        _limit(names, [getattr(one, had) for one in problem.reviewers], limit, (people, cases))
        for limit, names, had in (
            (rules.department_quota, [case.department for case in problem.cases], "given"),
            (rules.author_limit, [case.author for case in problem.cases], "read"),
        )
        if limit is not None
    ]


def _limit(
    names: Sequence[str], had: Sequence[Mapping[str, int]], limit: int, size: tuple[int, int]
) -> Limit:
    order = {name: i for i, name in enumerate(sorted({*names} - {""}))}
    labels = np.array([order.get(name, NOBODY) for name in names], dtype=np.int64)
    most = np.full((size[0], max(len(order), 1)), limit, dtype=np.int64)
    for person, counts in enumerate(had):
        for name, count in counts.items():
            if name in order:
                most[person, order[name]] -= count
    return Limit(_padded(labels, size[1], NOBODY), most)


def _groups(problem: Problem, *, cases: int) -> list[Ints]:
    """Return numbers of cases that the same people may read, nearly the same, or anybody."""
    kinds = [(c.modality, c.region, c.is_child, c.department) for c in problem.cases]
    alike = _number(kinds), _number([kind[:3] for kind in kinds])
    return [*(_padded(one, cases, 0) for one in alike), np.zeros(cases, dtype=np.int64)]


def _possible(problem: Problem, people: Mapping[str, int]) -> Bools:
    """Return which two people may read one of the cases that two read; shape (p, p)."""
    possible = np.zeros((len(people), len(people)), dtype=bool)
    # Cases of a kind have the very same candidates, unless a conflict takes one out.
    of_kind = {
        id(one.reviewers): one.reviewers
        for case, one in zip(problem.cases, problem.candidates, strict=True)
        if case.reviews > 1
    }
    for able in of_kind.values():
        possible[np.ix_(able, able)] = True
    for case, one in zip(problem.cases, problem.candidates, strict=True):
        for reader in case.readers:
            possible[people[reader], one.reviewers] = True
            possible[one.reviewers, people[reader]] = True
    if problem.rules.distinct_departments:
        homes = _number([one.department for one in problem.reviewers])
        known = len(homes)
        possible[:known, :known] &= homes[:, None] != homes
    return possible


def _number(names: Sequence[Hashable]) -> Ints:
    order: dict[Hashable, int] = {}
    return np.array([order.setdefault(name, len(order)) for name in names], dtype=np.int64)


def _padded(numbers: Ints, length: int, rest: int) -> Ints:
    padded = np.full(length, rest, dtype=np.int64)
    padded[: len(numbers)] = numbers
    return padded
