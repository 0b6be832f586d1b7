"""Which reviews make the best plan, as one exact minimum-cost flow?"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import numpy as np

from peeraudit.domain.assignment.eligibility import TICKET_BITS, Candidates, Ints
from peeraudit.domain.assignment.network import COST_BITS, Network, run
from peeraudit.domain.assignment.plan import PlanCase, PlanReviewer, PlanRules
from peeraudit.domain.protocol import Allocation
from peeraudit.domain.steps import run_through

Solver = Callable[[Network, Ints], Generator[object, None, Ints]]
"""Solves a network for what its nodes send; may yield while it works, to be stopped there."""

FINEST_CHANCE = 20
"""Bits of the hash-random term, where the size of the network allows as many."""

LARGEST_CAPACITY = 1_000_000
"""Reviewers who can take more are as good as idle, whatever they take."""


@dataclass(frozen=True, slots=True)
class Problem:
    """All that the plan depends on.

    Args:
        cases: in the order that the seed decides; shape (m,).
        reviewers: in the order that the seed decides; shape (r,).
        candidates: who may review each case; shape (m,).
        rules: what holds for the plan.
    """

    cases: Sequence[PlanCase]
    reviewers: Sequence[PlanReviewer]
    candidates: Sequence[Candidates]
    rules: PlanRules

    @property
    def first_reviewer(self) -> int:
        """The node of the first reviewer; cases are nodes 1 to m, the sink is 0."""
        return 1 + len(self.cases)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Every eligible pair; arrays of shape (n,).

    Args:
        cases: case positions.
        reviewers: reviewer positions.
        chances: hash-random numbers, in [0, 2^52).
    """

    cases: Ints
    reviewers: Ints
    chances: Ints


@dataclass(frozen=True, slots=True)
class Prices:
    """What each thing costs, so that each outweighs all that come after it.

    Args:
        unplaced: a review that is not placed.
        below: a review that a reviewer lacks to the minimum.
        load: the step from an empty to a full reviewer; the t-th review costs t/capacity of it.
        chance_bits: bits of the hash-random term.
    """

    unplaced: int
    below: int
    load: int
    chance_bits: int


@dataclass(frozen=True, slots=True)
class Flow:
    """A solved network.

    Args:
        pairs: (case position, reviewer position) of each review placed; shape (n, 2).
        tails: first node of each arc, but those to "unplaced"; shape (a,).
        heads: second node of each arc; shape (a,).
        limits: capacity of each arc, in reviews; shape (a,).
        flows: use of each arc, in reviews; shape (a,).
        missing: reviews not placed, per case; shape (m,).
        nodes: number of nodes.
    """

    pairs: Ints
    tails: Ints
    heads: Ints
    limits: Ints
    flows: Ints
    missing: Ints
    nodes: int


def at_once(network: Network, wanted: Ints) -> Generator[object, None, Ints]:
    """Solve a network here and now, with nothing in between."""
    yield from ()
    return run(network, wanted)


def solve(problem: Problem) -> Flow:
    """Return the best flow: see ``solve_in_steps``, which is done at once."""
    return run_through(solve_in_steps(problem, at_once))


def solve_in_steps(problem: Problem, solver: Solver) -> Generator[object, None, Flow]:
    """Return the best flow: most reviews placed, then minimums, then even loads, then chance.

    Two reviewers of one department reach a case through one node of capacity 1 where the
    rules ask for distinct departments; a quota passes through a node per reviewer and
    department. Every network has a solution, because a review may stay unplaced at a price
    that nothing else can outweigh: so the number placed is the greatest possible.

    Args:
        problem: at least one case.
        solver: what solves the network.

    Yields:
        Where the solver does.

    Returns:
        The optimal flow.

    Raises:
        RuntimeError: the solver failed, which no input should bring about.

    Source:
        Ahuja R.K., Magnanti T.L., Orlin J.B. (1993). Network Flows, chapters 9 and 14
        (convex costs). Prentice Hall.
    """
    network = Network(nodes=problem.first_reviewer + len(problem.reviewers))
    pairs = _list_pairs(problem)
    tails = _split_by_department(network, problem, pairs)
    heads = _split_by_author(network, problem, pairs, _split_by_quota(network, problem, pairs))
    prices = _set_prices(network.nodes, problem, len(np.unique(heads)))
    start = sum(len(block) for block in network.tails)
    chance: Ints = pairs.chances >> (TICKET_BITS - prices.chance_bits)
    network.add_arcs(tails, heads, np.ones_like(tails), chance)
    _add_loads(network, problem, prices)
    wanted = np.array([case.reviews for case in problem.cases], dtype=np.int64)
    places = np.arange(1, problem.first_reviewer, dtype=np.int64)
    network.add_arcs(places, np.zeros_like(places), wanted, np.full_like(places, prices.unplaced))
    flows = yield from solver(network, wanted)
    used = flows[start : start + len(tails)] > 0
    kept = slice(0, len(flows) - len(wanted))
    return Flow(
        pairs=np.stack([pairs.cases[used], pairs.reviewers[used]], axis=1),
        tails=np.concatenate(network.tails)[kept],
        heads=np.concatenate(network.heads)[kept],
        limits=np.concatenate(network.limits)[kept],
        flows=flows[kept],
        missing=flows[kept.stop :],
        nodes=network.nodes,
    )


def _list_pairs(problem: Problem) -> Pairs:
    candidates = problem.candidates
    counts = [len(candidate.reviewers) for candidate in candidates]
    # One bit is kept free for expertise, which then outweighs chance on each single pair.
    chances = np.concatenate([c.tickets for c in candidates]) >> 1
    if problem.rules.allocation is Allocation.EXPERT:
        chances += np.concatenate([c.general for c in candidates]) << (TICKET_BITS - 1)
    return Pairs(
        cases=np.repeat(np.arange(len(counts), dtype=np.int64), counts),
        reviewers=np.concatenate([c.reviewers for c in candidates]),
        chances=chances,
    )


def _split_by_department(network: Network, problem: Problem, pairs: Pairs) -> Ints:
    """Return the tails of the pair arcs; a case read twice leaves by one node per department."""
    tails: Ints = pairs.cases + 1
    if not problem.rules.distinct_departments:
        return tails
    twice = np.array([case.reviews > 1 for case in problem.cases], dtype=bool)[pairs.cases]
    department, total = _number([reviewer.department for reviewer in problem.reviewers])
    keys = pairs.cases[twice] * total + department[pairs.reviewers[twice]]
    doors, door_of = np.unique(keys, return_inverse=True)
    first = network.add_nodes(len(doors))
    ones = np.ones(len(doors), dtype=np.int64)
    network.add_arcs(
        doors // max(total, 1) + 1, first + np.arange(len(doors)), ones, np.zeros_like(ones)
    )
    tails[twice] = first + door_of
    return tails


def _split_by_quota(network: Network, problem: Problem, pairs: Pairs) -> Ints:
    """Return the heads of the pair arcs; a quota is a node per reviewer and department."""
    quota = problem.rules.department_quota
    if quota is None:
        return problem.first_reviewer + pairs.reviewers
    names = [case.department for case in problem.cases]
    department, total = _number(names)
    keys = pairs.reviewers * total + department[pairs.cases]
    doors, first_of, door_of = np.unique(keys, return_index=True, return_inverse=True)
    owners, cases = pairs.reviewers[first_of].tolist(), pairs.cases[first_of].tolist()
    left = np.array(
        [
            max(quota - problem.reviewers[owner].given.get(names[case], 0), 0)
            for owner, case in zip(owners, cases, strict=True)
        ],
        dtype=np.int64,
    )
    first = network.add_nodes(len(doors))
    network.add_arcs(
        first + np.arange(len(doors)),
        problem.first_reviewer + pairs.reviewers[first_of],
        left,
        np.zeros_like(left),
    )
    heads: Ints = first + door_of
    return heads


def _split_by_author(network: Network, problem: Problem, pairs: Pairs, heads: Ints) -> Ints:
    """Return the heads of the pair arcs; where an author's limit could bind, a node of its own.

    An author writes for one department: who wrote for two is limited in each of them.
    """
    limit = problem.rules.author_limit
    if limit is None:
        return heads
    names = [case.author for case in problem.cases]
    author, total = _number(names)
    keys = heads * total + author[pairs.cases]
    doors, first_of, door_of, members = np.unique(
        keys, return_index=True, return_inverse=True, return_counts=True
    )
    owners, cases = pairs.reviewers[first_of].tolist(), pairs.cases[first_of].tolist()
    left = np.array(
        [
            max(limit - problem.reviewers[owner].read.get(names[case], 0), 0)
            if names[case]
            else len(names)
            for owner, case in zip(owners, cases, strict=True)
        ],
        dtype=np.int64,
    )
    tight = members > left
    nodes = np.full(len(doors), -1, dtype=np.int64)
    count = int(tight.sum())
    nodes[tight] = network.add_nodes(count) + np.arange(count)
    network.add_arcs(nodes[tight], heads[first_of][tight], left[tight], np.zeros_like(left[tight]))
    split: Ints = np.where(tight[door_of], nodes[door_of], heads)
    return split


def _set_prices(nodes: int, problem: Problem, doors: int) -> Prices:
    # An exchange passes each reviewer, or each door before one, at most once: this bounds
    # what chance can add up to, and every other price is set above that sum.
    chance = max(len(problem.reviewers), doors) + 1
    fullest = max([1, *(reviewer.capacity for reviewer in problem.reviewers)])
    load = chance * min(fullest, LARGEST_CAPACITY)
    below = chance + 2 * load
    unplaced = chance + 2 * load + 2 * below
    room = COST_BITS - (unplaced * (nodes + 1)).bit_length()
    bits = max(1, min(FINEST_CHANCE, room))
    return Prices(unplaced << bits, below << bits, load << bits, bits)


def _add_loads(network: Network, problem: Problem, prices: Prices) -> None:
    """Add one arc per review that a reviewer can take, each dearer than the one before."""
    most = sum(case.reviews for case in problem.cases)
    for place, reviewer in enumerate(problem.reviewers):
        steps = np.arange(1, min(reviewer.capacity, most) + 1, dtype=np.int64)
        price = steps * (prices.load // max(reviewer.capacity, 1))
        price[: reviewer.minimum] -= prices.below
        network.add_arcs(
            np.full_like(steps, problem.first_reviewer + place),
            np.zeros_like(steps),
            np.ones_like(steps),
            price,
        )


def _number(names: Sequence[str]) -> tuple[Ints, int]:
    """Return each name's number and how many there are."""
    order = {name: i for i, name in enumerate(sorted(set(names)))}
    return np.array([order[name] for name in names], dtype=np.int64), len(order)
