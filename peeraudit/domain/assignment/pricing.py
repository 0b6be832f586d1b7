"""Which few pairs are enough to find the best plan, and what proves that no other is needed?

A flow is the cheapest one if each node can be given a worth so that no arc with room left leads
to a gain (linear-programming duality). Such worths, found with some of the pairs, price the pairs
that were left out: where none of them would be a gain, the plan is the best of all pairs.
"""

import numpy as np

from peeraudit.domain.assignment.eligibility import Ints
from peeraudit.domain.assignment.instances import Bools, Floats, Instance
from peeraudit.domain.assignment.network import Network
from peeraudit.domain.assignment.scored_network import (
    Built,
    bound_cases,
    department_keys,
    quota_keys,
)

MANY_PAIRS = 50_000
"""Instances with fewer pairs are solved whole: that takes no longer than choosing would."""

PER_REVIEW = 4
"""Best pairs of a case that are likely to be used, for each of its reviews."""


def likely_pairs(instance: Instance) -> Bools:
    """Return the pairs that a best plan is likely to use: the best of each case and reviewer.

    Args:
        instance: in its seeded order.

    Returns:
        Shape (n,), bool; all of them where they are few.
    """
    if len(instance.scores) < MANY_PAIRS:
        return np.ones(len(instance.scores), dtype=bool)
    cases, reviewers = instance.pair_cases, instance.pair_reviewers
    of_case = _ranks(cases, instance.scores) < PER_REVIEW * instance.reviews[cases]
    # A minimum may have to be met with cases that others read better.
    of_reviewer = _ranks(reviewers, instance.scores) < 2 * instance.least[reviewers]
    likely: Bools = of_case | of_reviewer
    return likely


def find_potentials(network: Network, flows: Ints) -> Ints:
    """Return a worth for each node under which no arc with room left leads to a gain.

    Args:
        network: solved.
        flows: the use of each arc in a cheapest flow.

    Returns:
        The length of the shortest way to each node through what the flow leaves open; shape
        (nodes,).

    Source:
        Bellman R. (1958). Q Appl Math 16, 87-90. doi:10.1090/qam/102435
    """
    tails, heads = np.concatenate(network.tails), np.concatenate(network.heads)
    limits, prices = np.concatenate(network.limits), np.concatenate(network.prices)
    onward, back = flows < limits, flows > 0
    sources = np.concatenate([tails[onward], heads[back]])
    goals = np.concatenate([heads[onward], tails[back]])
    lengths = np.concatenate([prices[onward], -prices[back]])
    worth = np.zeros(network.nodes, dtype=np.int64)
    # A cheapest flow leaves no circle of gain open, so that each pass but the last settles a node.
    for _ in range(network.nodes + 1):
        shorter = worth.copy()
        np.minimum.at(shorter, goals, worth[sources] + lengths)
        if np.array_equal(shorter, worth):
            return worth
        worth = shorter
    raise RuntimeError("the flow is not a cheapest one: what it leaves open holds a gain")


def pairs_that_pay(
    instance: Instance, built: Built, used: Bools, potentials: Ints, costs: Ints
) -> Bools:
    """Return the pairs that were left out and could make the plan better; shape (n,), bool.

    Args:
        instance: in its seeded order.
        built: a network without fairness doors, of some of its pairs.
        used: the pairs in the plan; shape (n,), bool.
        potentials: the worths of the network's nodes; shape (nodes,).
        costs: what each pair costs; shape (n,).
    """
    out = np.flatnonzero(~built.kept)
    heads = 1 + len(instance.cases) + instance.pair_reviewers[out]
    # A quota's door that no pair of the network passes is free: it is worth what its owner is.
    heads = _found(built.quotas.keys, built.quotas.first, quota_keys(instance)[out], heads)
    pays = np.zeros(len(built.kept), dtype=bool)
    worth = _worth_of_departments(instance, built, used, potentials, costs)
    pays[out] = costs[out] + worth[out] < potentials[heads]
    return pays


def _worth_of_departments(
    instance: Instance, built: Built, used: Bools, potentials: Ints, costs: Ints
) -> Ints:
    """Return what the place is worth from which each pair leaves; shape (n,)."""
    keys = department_keys(instance)
    doors = built.departments
    worth = potentials[_found(doors.keys, doors.first, keys, 1 + instance.pair_cases)]
    # Who alone of a department is in the network has no door there, and yet closes it to the
    # others where used: the door is worth what the reviewer's place is, less the cost.
    bound = bound_cases(instance)[instance.pair_cases]
    alone = np.zeros_like(used)
    alone[built.kept] = built.pair_tails == 1 + instance.pair_cases[built.kept]
    closing = used & alone & bound
    order = np.argsort(keys[closing])
    beyond = np.zeros_like(keys)
    beyond[built.kept] = potentials[built.pair_heads]
    left = (beyond - costs)[closing][order]
    place = _found(keys[closing][order], 0, keys, np.full_like(keys, -1))
    closed = (place >= 0) & bound
    worth[closed] = left[place[closed]]
    return worth


def _found(known: Ints, first: int, keys: Ints, otherwise: Ints) -> Ints:
    """Return ``first`` plus the place of each key among the rising known ones, or otherwise."""
    if not len(known):
        return otherwise
    place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    found: Ints = np.where(known[place] == keys, first + place, otherwise)
    return found


def _ranks(owners: Ints, scores: Floats) -> Ints:
    """Return how many pairs of the same owner are better than each pair; shape (n,)."""
    order = np.lexsort((-scores, owners))
    sorted_owners = owners[order]
    ranks = np.empty(len(owners), dtype=np.int64)
    ranks[order] = np.arange(len(owners)) - np.searchsorted(sorted_owners, sorted_owners)
    return ranks
