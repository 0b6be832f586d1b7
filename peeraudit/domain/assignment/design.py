"""What will the readings of a plan be able to tell apart: reviewers, departments, or neither?"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Any

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from peeraudit.domain.assignment.eligibility import Ints
from peeraudit.domain.assignment.instances import Floats, number

LEVEL = 0.95
# Of an eigenvalue beside the largest one: below it, a direction is not estimated at all.
NEGLIGIBLE = 1e-9


@dataclass(frozen=True, slots=True)
class Given:
    """One reading of the plan: whose, of which case, sent by which department."""

    reviewer: str
    case: str
    department: str


@dataclass(frozen=True, slots=True)
class Precision:
    """How exactly one effect will be known: half-widths of 95 % intervals, as proportions.

    Args:
        typical: the median over all, as a proportion in [0, ...).
        worst: the largest, in the same unit.
    """

    typical: float
    worst: float


@dataclass(frozen=True, slots=True)
class Design:
    """What a plan's readings can tell apart.

    Args:
        readings: how many there are.
        reviewers: how many have one at least.
        departments: how many sent a case that is read.
        parts: departments of each part within which all can be compared, the largest first; one
            part is what one wants. Between parts, a severe reviewer and a department with many
            discrepancies cannot be told apart.
        shared_cases: cases with two readers.
        sharing: reviewers who share a case with somebody.
        shared_parts: groups of reviewers joined by shared cases; 0 without any. In one group,
            severities can be compared whatever the cases were.
        balance: how much of the precision of a perfectly balanced plan is left, in (0, 1]; None
            where the parts cannot be compared.
        severity: of a reviewer's rate beside the mean reviewer's; None as for ``balance``.
        department: of a department's rate beside the mean department's; None likewise.
    """

    readings: int
    reviewers: int
    departments: int
    parts: tuple[tuple[str, ...], ...]
    shared_cases: int
    sharing: int
    shared_parts: int
    balance: float | None
    severity: Precision | None
    department: Precision | None

    @property
    def is_connected(self) -> bool:
        """Whether severity and departments can be told apart all over the plan."""
        return len(self.parts) <= 1


def describe_design(readings: Sequence[Given], *, rate: float) -> Design | None:
    """Return what a plan's readings can tell apart.

    A reading adds what its reviewer and its department contribute to the log-odds of a
    discrepancy. Near one rate p a reading bears p (1 - p) of information, so that the
    information on reviewers, after departments have taken their share, is
    p (1 - p) (diag(n) - N diag(1 / m) N'), with N the readings of each reviewer (line) of each
    department (column), n and m its sums. Half-widths are those of a contrast with the mean, on
    the scale of the rate.

    Args:
        readings: of the plan and of those before it; shape (n,).
        rate: the rate of discrepancies to expect, a proportion in (0, 1).

    Returns:
        The design; None without a reading.

    Source:
        John J.A., Williams E.R. (1995). Cyclic and Computer Generated Designs, chapter 2
        (information matrix, canonical efficiency factors). Chapman & Hall.
    """
    if not readings:
        return None
    reviewer, people = number([one.reviewer for one in readings])
    place, places = number([one.department for one in readings])
    case, _ = number([one.case for one in readings])
    counts = np.zeros((len(people), len(places)))
    np.add.at(counts, (reviewer, place), 1)
    parts = _parts(counts, places)
    shared, sharing, groups = _overlap(reviewer, case)
    whole = len(parts) == 1
    return Design(
        readings=len(readings),
        reviewers=len(people),
        departments=len(places),
        parts=parts,
        shared_cases=shared,
        sharing=sharing,
        shared_parts=groups,
        balance=_balance(counts) if whole else None,
        severity=_precision(counts, rate) if whole else None,
        department=_precision(counts.T, rate) if whole else None,
    )


def _parts(counts: Floats, places: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return the departments of each connected part of the graph of reviewers and departments."""
    people = counts.shape[0]
    lines, columns = np.nonzero(counts)
    size = people + counts.shape[1]
    labels = _labels(lines, columns + people, size)[people:]
    found = [
        tuple(name for name, label in zip(places, labels.tolist(), strict=True) if label == one)
        for one in sorted(set(labels.tolist()))
    ]
    return tuple(sorted(found, key=lambda part: (-len(part), part)))


def _overlap(reviewer: Ints, case: Ints) -> tuple[int, int, int]:
    """Return the cases with two readers, the readers who share one, and their groups."""
    order = np.argsort(case, kind="stable")
    ordered, who = case[order], reviewer[order]
    same = ordered[1:] == ordered[:-1]
    first, second = who[:-1][same], who[1:][same]
    if not len(first):
        return 0, 0, 0
    labels = _labels(first, second, int(reviewer.max()) + 1)
    sharing = np.union1d(first, second)
    return len(np.unique(ordered[1:][same])), len(sharing), len(np.unique(labels[sharing]))


def _labels(tails: Ints, heads: Ints, size: int) -> Ints:
    array: Any = coo_array  # an untyped library
    graph = array((np.ones(len(tails)), (tails, heads)), shape=(size, size)).tocsr()
    labels: Ints = connected_components(graph, directed=False)[1]
    return labels


def _information(counts: Floats) -> Floats:
    """Return the information on the lines after the columns took their share, at one a reading."""
    by_line, by_column = counts.sum(axis=1), counts.sum(axis=0)
    information: Floats = np.diag(by_line) - (counts / by_column) @ counts.T
    return information


def _balance(counts: Floats) -> float | None:
    """Return the share of the precision of a plan in which all read alike of every department."""
    if counts.shape[0] == 1:
        return 1.0
    by_line, by_column = counts.sum(axis=1), counts.sum(axis=0)
    ideal = np.outer(by_line, by_column) / counts.sum()
    kept = np.trace(_inverse(_information(ideal))) / np.trace(_inverse(_information(counts)))
    return float(min(kept, 1.0))


def _precision(counts: Floats, rate: float) -> Precision:
    errors = np.sqrt(np.maximum(np.diag(_inverse(_information(counts))), 0.0))
    # One log-odds is p (1 - p) of the rate, and a reading bears p (1 - p) of information.
    widths = NormalDist().inv_cdf((1 + LEVEL) / 2) * errors * sqrt(rate * (1 - rate))
    return Precision(float(np.median(widths)), float(widths.max()))


def _inverse(information: Floats) -> Floats:
    """Return the inverse on contrasts: the mean of all effects is not one of them."""
    values, vectors = np.linalg.eigh(information)
    kept = values > NEGLIGIBLE * max(float(values.max(initial=0.0)), 1.0)
    inverse: Floats = (vectors[:, kept] / values[kept]) @ vectors[:, kept].T
    return inverse
