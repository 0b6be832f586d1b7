"""Which flow through a network of arcs costs least?"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from peeraudit.domain.assignment.eligibility import Ints

COST_BITS = 61
"""The solver multiplies costs by the number of nodes, in 64-bit integers."""


@dataclass(slots=True)
class Network:
    """A network under construction: nodes are numbers, arcs come in blocks.

    Node 0 is the sink; cases follow, then reviewers, then whatever the rules need.
    """

    nodes: int
    tails: list[Ints] = field(default_factory=list)
    heads: list[Ints] = field(default_factory=list)
    limits: list[Ints] = field(default_factory=list)
    prices: list[Ints] = field(default_factory=list)

    def add_nodes(self, count: int) -> int:
        """Add nodes; return the number of the first."""
        first = self.nodes
        self.nodes += count
        return first

    def add_arcs(self, tails: Ints, heads: Ints, limits: Ints, prices: Ints) -> None:
        """Add arcs; four arrays of shape (n,)."""
        self.tails.append(tails)
        self.heads.append(heads)
        self.limits.append(limits)
        self.prices.append(prices)


def run(network: Network, wanted: Ints) -> Ints:
    """Return the flow of each arc of the cheapest flow, in the order of the blocks.

    Args:
        network: node 0 is the sink, nodes 1 to m send.
        wanted: what each of them sends; shape (m,).

    Raises:
        RuntimeError: the solver failed: the network cannot carry what is sent, or its prices
            are too large.
    """
    # The library's own annotations name arrays that do not exist.
    solver: Any = SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate(network.tails).astype(np.int32),
        np.concatenate(network.heads).astype(np.int32),
        np.concatenate(network.limits),
        np.concatenate(network.prices),
    )
    supplies = np.zeros(network.nodes, dtype=np.int64)
    supplies[1 : 1 + len(wanted)] = wanted
    supplies[0] = -wanted.sum()
    solver.set_nodes_supplies(np.arange(network.nodes, dtype=np.int32), supplies)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise RuntimeError(f"the flow solver answered {status}")
    flows: Ints = np.asarray(solver.flows(arcs), dtype=np.int64)
    return flows
