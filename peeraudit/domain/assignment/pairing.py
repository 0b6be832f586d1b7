"""How many cases does each pair of reviewers share, and what do these cases tell of severity?"""

from math import sqrt
from typing import Any

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from peeraudit.domain.assignment.eligibility import Bools, Ints
from peeraudit.domain.assignment.plan import Pairing

RATE = 0.06
"""The rate of discrepancies that forecasts assume where nothing is known yet."""

SPREAD = 1.0
"""Standard deviation that reviewers' severities are taken to have, in log-odds: S4.02."""


def worth_of_a_case() -> float:
    """Return the information that a shared case bears on a difference, at the assumed rate.

    Two readings differ in 2 p (1 - p) of the cases if these are alike, and each such case bears
    a quarter, as one toss of a coin does: it is the most that can be hoped for.
    """
    return 2 * RATE * (1 - RATE) / 4


def describe_pairing(counts: Ints, reads: Bools, possible: Bools) -> Pairing:
    """Return how shared cases join those who read.

    Args:
        counts: cases that each pair of people shares, in cases; symmetric, shape (p, p).
        reads: who reads anything; shape (p,).
        possible: which pairs may share a case; symmetric, shape (p, p).
    """
    upper = np.triu(np.ones_like(possible), 1)
    may = possible & upper & reads[:, None] & reads
    shared = counts[may]
    return Pairing(
        reviewers=int(reads.sum()),
        shared=int(counts.sum()) // 2,
        parts=len(np.unique(parts_of(counts)[reads])),
        fewest_parts=len(np.unique(parts_of(np.outer(reads, reads) & possible)[reads])),
        possible=len(shared),
        apart=int((shared == 0).sum()),
        fewest=int(shared.min(initial=counts.max(initial=0))),
        most=int(counts.max(initial=0)),
        error=round(sqrt(contrast_variance(counts, reads)), 9),
    )


def parts_of(counts: Ints | Bools) -> Ints:
    """Return the number of the part to which each person belongs; shape (p,)."""
    tails, heads = np.nonzero(counts)
    array: Any = coo_array  # an untyped library
    graph = array((np.ones(len(tails)), (tails, heads)), shape=counts.shape).tocsr()
    labels: Ints = connected_components(graph, directed=False)[1]
    return labels


def contrast_variance(counts: Ints, reads: Bools) -> float:
    """Return the mean variance of the difference between two of those who read, in log-odds².

    It is the A-criterion of the graph of pairs, for the estimate of S4.02: the inverse of the
    Laplacian of shared cases, each worth what it bears, plus what is known of severities
    beforehand. So it says something where the graph is in parts, too.

    Source:
        S4.02 of the statistical specification; Kiefer J. (1959). J R Stat Soc B 21, 272-319.
        doi:10.1111/j.2517-6161.1959.tb00338.x
    """
    size = int(reads.sum())
    if size < 2:
        return 0.0
    among = counts[np.ix_(reads, reads)].astype(np.float64) * worth_of_a_case()
    information = np.diag(among.sum(axis=1) + SPREAD**-2) - among
    trace = float(np.trace(np.linalg.inv(information)))
    # All severities moved together are no difference: their share is that of the prior alone.
    return 2 * (trace - SPREAD**2) / (size - 1)
