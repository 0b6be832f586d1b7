"""Which scored pairs make the best plan, as one exact minimum-cost flow?"""

from dataclasses import dataclass

import numpy as np

from peeraudit.domain.assignment.eligibility import Ints
from peeraudit.domain.assignment.flow import Flow
from peeraudit.domain.assignment.instances import Bools, Floats, Instance
from peeraudit.domain.assignment.network import Network, run
from peeraudit.domain.assignment.pricing import find_potentials, likely_pairs, pairs_that_pay
from peeraudit.domain.assignment.scored_network import Built, build, fits, scale_of
from peeraudit.domain.errors import N_, InvalidInput


@dataclass(frozen=True, slots=True)
class Chosen:
    """A solved instance.

    Args:
        used: which pairs are in the plan; shape (n,), bool.
        missing: reviews that each case lacks, in reviews; shape (m,).
        loads: reviews of each reviewer, in reviews; shape (r,).
        flow: the network and its flow, for the proof.
    """

    used: Bools
    missing: Ints
    loads: Ints
    flow: Flow

    def is_complete(self, instance: Instance) -> bool:
        """Say whether every case has its reviews and every reviewer the minimum."""
        return not self.missing.any() and bool((self.loads >= instance.least).all())


def case_scores(instance: Instance, used: Bools) -> Floats:
    """Return the sum of the scores of each case's reviewers; shape (m,)."""
    sums: Floats = np.bincount(
        instance.pair_cases[used], weights=instance.scores[used], minlength=len(instance.cases)
    ).astype(np.float64)
    return sums


def solve_scored(instance: Instance, depth: Ints | None = None) -> Chosen:
    """Return the best plan: most reviews placed, then minimums, then the greatest total score.

    A large instance is solved with the pairs that are likely to be used; those that were left out
    are then priced, and taken in until none of them could make the plan better.

    Args:
        instance: in its seeded order, with at least one case.
        depth: the nested doors of a fairness floor; see ``scored_network.build``.

    Returns:
        The optimum; exact for scores of up to six decimal places.

    Raises:
        InvalidInput: scores and size together are beyond what 64 bits can tell apart.

    Source:
        Ahuja R.K., Magnanti T.L., Orlin J.B. (1993). Network Flows, chapters 9 and 10.
    """
    everything = np.ones(len(instance.pair_cases), dtype=bool)
    if depth is not None:
        return _solve(instance, depth, everything)[0]
    flat, costs = np.zeros_like(instance.pair_cases), scale_of(instance)[0]
    among = likely_pairs(instance)
    while not among.all():
        chosen, built, potentials = _solve(instance, flat, among)
        if not chosen.is_complete(instance):
            # A cut in words is one of the whole network.
            break
        better = pairs_that_pay(instance, built, chosen.used, potentials, costs)
        if not better.any():
            return chosen
        among |= better
    return _solve(instance, flat, everything)[0]


def _solve(instance: Instance, depth: Ints, among: Bools) -> tuple[Chosen, Built, Ints]:
    """Return the best plan of some pairs, its network, and what each node is worth there."""
    built = build(instance, depth, among)
    costs, span = scale_of(instance)
    # An exchange passes each door of a quota, or else each reviewer, at most once, which bounds
    # what scores can add up to; every other price is set above that.
    passages = max(len(instance.reviewers), len(built.quotas.owner))
    worth = (2 * passages + 1) * span
    below, unplaced = worth, 4 * worth
    if not fits(unplaced, built.network.nodes):
        raise InvalidInput(
            N_("The scores have too many digits for an instance of this size: round them.")
        )
    network = built.network
    start = sum(len(block) for block in network.tails)
    pairs = len(built.pair_tails)
    network.add_arcs(
        built.pair_tails,
        built.pair_heads,
        np.ones(pairs, dtype=np.int64),
        costs[built.kept],
    )
    add_ways_out(network, instance, below=below, unplaced=unplaced)
    flows = run(network, instance.reviews)
    return read_flow(instance, built, start, flows), built, find_potentials(network, flows)


def add_ways_out(network: Network, instance: Instance, *, below: int, unplaced: int) -> None:
    """Add each reviewer's way to the sink, the minimum first, and each case's way of staying out.

    Args:
        network: lacks nothing else.
        instance: what it was built from.
        below: what a review is worth that a reviewer lacks to the minimum.
        unplaced: what a review costs that is not placed.
    """
    first = 1 + len(instance.cases)
    nodes = first + np.arange(len(instance.reviewers), dtype=np.int64)
    sink = np.zeros_like(nodes)
    network.add_arcs(nodes, sink, instance.least, np.full_like(nodes, -below))
    network.add_arcs(nodes, sink, instance.most - instance.least, sink)
    places = np.arange(1, first, dtype=np.int64)
    network.add_arcs(
        places, np.zeros_like(places), instance.reviews, np.full_like(places, unplaced)
    )


def read_flow(instance: Instance, built: Built, start: int, flows: Ints) -> Chosen:
    """Return what a solved network says of the instance.

    Args:
        instance: in its seeded order.
        built: its network.
        start: the place of the first pair's arc.
        flows: use of each arc; the last m are those of cases that stay out.
    """
    kept = slice(0, len(flows) - len(instance.cases))
    used = np.zeros(len(instance.pair_cases), dtype=bool)
    used[built.kept] = flows[start : start + len(built.pair_tails)] > 0
    network = built.network
    flow = Flow(
        pairs=np.stack([instance.pair_cases[used], instance.pair_reviewers[used]], axis=1),
        tails=np.concatenate(network.tails)[kept],
        heads=np.concatenate(network.heads)[kept],
        limits=np.concatenate(network.limits)[kept],
        flows=flows[kept],
        missing=flows[kept.stop :],
        nodes=network.nodes,
    )
    loads = np.bincount(instance.pair_reviewers[used], minlength=len(instance.reviewers))
    return Chosen(used, flows[kept.stop :], loads, flow)
