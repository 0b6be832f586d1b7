"""How do scored pairs and their rules become a network of arcs?"""

from dataclasses import dataclass

import numpy as np

from peeraudit.domain.assignment.eligibility import Ints
from peeraudit.domain.assignment.instances import Bools, Floats, Instance, number
from peeraudit.domain.assignment.network import COST_BITS, Network
from peeraudit.domain.errors import N_, InvalidInput

MOST_DIGITS = 6
"""Decimal places of a score that are told apart."""

WIDEST = 1e9
"""Range of scores below which floats tell all these decimal places apart."""


@dataclass(frozen=True, slots=True)
class Doors:
    """Nodes through which more than one pair passes, with what they let pass; shape (d,).

    Args:
        owner: position of the case (department doors) or the reviewer (quota doors).
        arcs: the place of each door's own arc in the network.
        keys: what tells each door from the others, rising.
        first: the node of the first door; the others follow.
    """

    owner: Ints
    arcs: Ints
    keys: Ints
    first: int


@dataclass(frozen=True, slots=True)
class Built:
    """A network that lacks only its prices for being left out and its ways to the sink.

    Args:
        network: the nodes and arcs so far; node 0 is the sink, cases are 1 to m, reviewers follow.
        kept: the pairs that have an arc; shape (n,), bool.
        pair_tails: first node of each kept pair's arc.
        pair_heads: second node of each kept pair's arc.
        departments: doors of the rule on distinct departments.
        quotas: doors of the quota.
    """

    network: Network
    kept: Bools
    pair_tails: Ints
    pair_heads: Ints
    departments: Doors
    quotas: Doors


def build(instance: Instance, depth: Ints, among: Bools) -> Built:
    """Return the network of an instance.

    Args:
        instance: in its seeded order.
        depth: for each pair, behind how many nested doors of its case it lies: of the pairs at
            depth d or deeper a case takes at most its reviews less d; shape (n,), 0 for all where
            no fairness floor is asked for. Pairs as deep as the case has reviews are left out.
        among: the pairs to build with; shape (n,), bool. A quota's doors are those that all pairs
            make necessary, so that the other pairs can be priced against them.
    """
    cases, reviewers = len(instance.cases), len(instance.reviewers)
    network = Network(nodes=1 + cases + reviewers)
    allowed = depth < instance.reviews[instance.pair_cases]
    kept = allowed & among
    depth = depth[kept]
    pair_cases = instance.pair_cases[kept]
    split, door_keys, door_of = _department_doors(instance, kept)
    # A department's door hangs where its best reviewer does: never deeper than any of its pairs.
    doors = len(door_keys)
    door_depth = np.full(doors, np.iinfo(np.int64).max)
    np.minimum.at(door_depth, door_of, depth[split])
    door_cases = door_keys // max(len(set(instance.departments)), 1)
    floors = _floor_doors(
        network,
        instance,
        np.concatenate([depth[~split], door_depth]),
        np.concatenate([pair_cases[~split], door_cases]),
    )
    free = int((~split).sum())
    tails = np.empty(len(pair_cases), dtype=np.int64)
    tails[~split] = floors[:free]
    first = network.add_nodes(doors)
    ones = np.ones(doors, dtype=np.int64)
    at = _count(network)
    network.add_arcs(floors[free:], first + np.arange(doors), ones, np.zeros_like(ones))
    tails[split] = first + door_of
    heads, quotas = _quota_doors(network, instance, allowed, kept)
    heads = _author_doors(network, instance, kept, heads)
    departments = Doors(door_cases, at + np.arange(doors), door_keys, first)
    return Built(network, kept, tails, heads, departments, quotas)


def scale_of(instance: Instance) -> tuple[Ints, int]:
    """Return what each pair costs, in whole steps, and how much the dearest one costs.

    Scores with up to six decimal places are exact.

    Raises:
        InvalidInput: the scores lie too far apart to be counted in such steps.
    """
    if not len(instance.scores):
        return np.zeros(0, dtype=np.int64), 1
    # Halved: what lies between the two ends may be more than a float holds.
    if instance.scores.max() / 2 - instance.scores.min() / 2 >= WIDEST / 2:
        raise InvalidInput(
            N_("The scores lie too far apart: their range must be below %(range)s."),
            range=f"{WIDEST:.0f}",
        )
    short = instance.scores.max() - instance.scores
    digits = next((d for d in range(MOST_DIGITS) if _is_whole(short * 10.0**d)), MOST_DIGITS)
    costs: Ints = np.rint(short * 10.0**digits).astype(np.int64)
    return costs, int(costs.max()) + 1


def _is_whole(steps: Floats) -> bool:
    return bool(np.abs(steps - np.rint(steps)).max() < 1e-6)


def fits(price: int, nodes: int) -> bool:
    """Say whether the solver can count with a price in a network of so many nodes."""
    return (price * (nodes + 1)).bit_length() <= COST_BITS


def quota_keys(instance: Instance) -> Ints:
    """Return a number for the reviewer and the department of the case of each pair; (n,)."""
    code, names = number(instance.homes)
    return instance.pair_reviewers * max(len(names), 1) + code[instance.pair_cases]


def department_keys(instance: Instance) -> Ints:
    """Return a number for the case and the reviewer's department of each pair; (n,)."""
    code, names = number(instance.departments)
    return instance.pair_cases * max(len(names), 1) + code[instance.pair_reviewers]


def _count(network: Network) -> int:
    return sum(len(block) for block in network.tails)


def bound_cases(instance: Instance) -> Bools:
    """Return which cases the rule on distinct departments concerns; shape (m,)."""
    bound: Bools = np.full(len(instance.cases), instance.distinct_departments)
    bound &= instance.reviews > 1
    bound[sorted(instance.exempt)] = False
    return bound


def _department_doors(instance: Instance, kept: Bools) -> tuple[Bools, Ints, Ints]:
    """Return which pairs pass a department's door, the doors' keys, and the door of each."""
    keys = department_keys(instance)[kept]
    _, door_of, members = np.unique(keys, return_inverse=True, return_counts=True)
    # Who is alone of a department needs no door; most are, which keeps the network small.
    split = bound_cases(instance)[instance.pair_cases[kept]]
    split &= members[door_of] > 1
    doors, door_of = np.unique(keys[split], return_inverse=True)
    return split, doors, door_of


def _floor_doors(network: Network, instance: Instance, depth: Ints, owners: Ints) -> Ints:
    """Add each case's nested doors; return the node from which each arc of a case leaves."""
    tails: Ints = owners + 1
    for level in range(1, int(depth.max(initial=0)) + 1):
        deep = depth >= level
        cases, door_of = np.unique(owners[deep], return_inverse=True)
        parents = np.empty(len(cases), dtype=np.int64)
        parents[door_of] = tails[deep]
        first = network.add_nodes(len(cases))
        nodes = first + np.arange(len(cases))
        limits = instance.reviews[cases] - level
        network.add_arcs(parents, nodes, limits, np.zeros_like(limits))
        tails[deep] = nodes[door_of]
    return tails


def _quota_doors(
    network: Network, instance: Instance, allowed: Bools, kept: Bools
) -> tuple[Ints, Doors]:
    """Add a node for each reviewer and department of cases; return where each kept pair leads."""
    first_reviewer = 1 + len(instance.cases)
    heads: Ints = first_reviewer + instance.pair_reviewers[kept]
    none = np.zeros(0, dtype=np.int64)
    if instance.department_quota is None:
        return heads, Doors(none, none, none, network.nodes)
    keys = quota_keys(instance)
    kinds, members = np.unique(keys[allowed], return_counts=True)
    # A quota that no choice could exceed needs no door.
    tight = kinds[members > _room(instance, kinds)]
    keys = keys[kept]
    bound = np.isin(keys, tight)
    doors, door_of = np.unique(keys[bound], return_inverse=True)
    first = network.add_nodes(len(doors))
    limits = _room(instance, doors)
    at = _count(network)
    owners = doors // max(len(set(instance.homes)), 1)
    network.add_arcs(
        first + np.arange(len(doors)), first_reviewer + owners, limits, np.zeros_like(limits)
    )
    heads[bound] = first + door_of
    return heads, Doors(owners, at + np.arange(len(doors)), doors, first)


def _room(instance: Instance, keys: Ints) -> Ints:
    """Return how many cases more a quota lets through each of some doors; shape (d,)."""
    names = number(instance.homes)[1]
    quota = instance.department_quota or 0
    room: Ints = np.full(len(keys), quota, dtype=np.int64)
    if instance.given:
        for place, key in enumerate(keys.tolist()):
            who, home = divmod(key, len(names))
            had = instance.given.get((instance.reviewers[who], names[home]), 0)
            room[place] = max(quota - had, 0)
    return room


def _author_doors(network: Network, instance: Instance, kept: Bools, heads: Ints) -> Ints:
    """Add a node for each author and whatever a pair leads to; return where it leads then."""
    if instance.author_limit is None:
        return heads
    author, names = number(instance.authors)
    of_pair = author[instance.pair_cases[kept]]
    doors, first_of, door_of = np.unique(
        heads * len(names) + of_pair, return_index=True, return_inverse=True
    )
    owners = instance.pair_reviewers[kept][first_of].tolist()
    whose = [names[i] for i in of_pair[first_of].tolist()]
    left = np.array(
        [
            max(instance.author_limit - instance.read.get((instance.reviewers[who], name), 0), 0)
            if name
            else len(instance.cases)
            for who, name in zip(owners, whose, strict=True)
        ],
        dtype=np.int64,
    )
    nodes = network.add_nodes(len(doors)) + np.arange(len(doors))
    network.add_arcs(nodes, heads[first_of], left, np.zeros_like(left))
    passing: Ints = nodes[door_of]
    return passing
