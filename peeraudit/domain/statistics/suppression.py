"""Which cells of a published table would say too much about few people?"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from scipy import optimize

Place: TypeAlias = tuple[int, int]

# The library marks no type and no export; its documented interface is relied upon.
linprog: Callable[..., Any] = optimize.linprog  # type: ignore[attr-defined]

# A reader of the table must not be able to narrow a suppressed count further than this.
PROTECTION = 5


@dataclass(frozen=True, kw_only=True)
class Tier:
    """What one audience may see (statistics.md §10).

    Attributes:
        n_min: fewest scored reports of a cell.
        author_min: fewest authors behind it.
        x_min: fewest discrepant and fewest not discrepant, where there are any.
        dominance: largest share of a cell that one author may have, 0 to 1.
        group_disclosure: whether a cell in which every report is discrepant is hidden.
    """

    n_min: int
    author_min: int
    x_min: int
    dominance: float
    group_disclosure: bool = True


SELF_VIEW = Tier(n_min=0, author_min=0, x_min=0, dominance=1.0, group_disclosure=False)
DEPARTMENT = Tier(n_min=10, author_min=3, x_min=0, dominance=0.8)
PUBLICATION = Tier(n_min=30, author_min=5, x_min=5, dominance=0.8)


@dataclass(frozen=True)
class Cell:
    """One cell of a table.

    Attributes:
        n: scored reports.
        x: of these discrepant.
        authors: reports of each author in the cell, in any order.
    """

    n: int
    x: int
    authors: tuple[int, ...]


def primary_reasons(cell: Cell, tier: Tier) -> tuple[str, ...]:
    """Return why a cell must be hidden from an audience, S10.01; nothing if it may be shown.

    Args:
        cell: the counts.
        tier: the audience.

    Returns:
        Reason codes in fixed order. A hidden cell hides n, x, rate, interval, chart point,
        tooltip and exported fields alike; the reasons stay visible.

    Source:
        Hundepool A. et al. (2012). Statistical Disclosure Control. Wiley.
    """
    if cell.n == 0:
        return ("NO_DATA",)
    largest = max(cell.authors, default=0)
    everyone = cell.x == cell.n and tier.group_disclosure
    rules = (
        ("N_LT_MIN", cell.n < tier.n_min),
        ("X_LT_MIN", 0 < cell.x < tier.x_min),
        ("COMPLEMENT_LT_MIN", 0 < cell.n - cell.x < tier.x_min),
        ("GROUP_DISCLOSURE", everyone),
        ("AUTHORS_LT_MIN", sum(count > 0 for count in cell.authors) < tier.author_min),
        ("DOMINANCE", largest > tier.dominance * sum(cell.authors)),
    )
    return tuple(code for code, broken in rules if broken)


@dataclass(frozen=True)
class Range:
    """What a reader can infer about a suppressed cell from totals and published cells."""

    cell: Place
    low: float
    high: float


@dataclass(frozen=True)
class Suppression:
    """Which cells of a table are hidden, and how well that protects the primary ones.

    Attributes:
        hidden: row by row, True where the cell is not published.
        audit: the feasible range of every primary cell, in row-column order.
        protected: False where some primary cell can still be narrowed down too far, because
            nothing else was left to hide; such a table must not be published with totals.
    """

    hidden: tuple[tuple[bool, ...], ...]
    audit: tuple[Range, ...]

    @property
    def protected(self) -> bool:
        """Whether every primary cell is protected as far as the rule asks."""
        return all(_wide(found) for found in self.audit)


def complementary(table: Sequence[Sequence[int]], primary: Iterable[Place]) -> Suppression:
    """Return which further cells must be hidden in a table with published totals, S10.02.

    Args:
        table: the counts row by row, without totals.
        primary: (row, column) of the cells that :func:`primary_reasons` hides, from 0.

    Returns:
        The suppression: no line has exactly one hidden cell while it has another that is
        not 0, and every primary cell can take values at least 5 apart wherever possible.

    Raises:
        ValueError: the table is ragged.

    Source:
        Hundepool A. et al. (2012). Statistical Disclosure Control. Wiley.
    """
    if len({len(row) for row in table}) > 1:
        raise ValueError("every row of a table has the same number of cells")
    targets = sorted(set(primary))
    hidden = set(targets)
    _pair_up(table, hidden)
    while True:
        audit = [_feasible(table, hidden, target) for target in targets]
        more = [_smallest(table, hidden, _cross(table, r.cell)) for r in audit if not _wide(r)]
        found = next((place for place in more if place is not None), None)
        if found is None:
            break
        hidden.add(found)
        _pair_up(table, hidden)
    rows = tuple(tuple((i, j) in hidden for j in range(len(row))) for i, row in enumerate(table))
    return Suppression(rows, tuple(audit))


def _wide(found: Range) -> bool:
    # The solver returns counts as floats.
    return round(found.high - found.low, 6) >= PROTECTION


def _lines(table: Sequence[Sequence[int]]) -> list[list[Place]]:
    rows = [[(i, j) for j in range(len(row))] for i, row in enumerate(table)]
    return rows + [list(column) for column in zip(*rows, strict=True)]


def _cross(table: Sequence[Sequence[int]], cell: Place) -> list[Place]:
    return [place for line in _lines(table) if cell in line for place in line]


def _smallest(
    table: Sequence[Sequence[int]], hidden: set[Place], places: Iterable[Place]
) -> Place | None:
    """Return the smallest published cell that is not 0; ties by row, then column."""
    open_ = [p for p in places if p not in hidden and table[p[0]][p[1]] > 0]
    return min(open_, key=lambda p: (table[p[0]][p[1]], p), default=None)


def _pair_up(table: Sequence[Sequence[int]], hidden: set[Place]) -> None:
    """Hide a second cell in every line that has exactly one, until none is left."""
    changed = True
    while changed:
        changed = False
        for line in _lines(table):
            if sum(place in hidden for place in line) == 1:
                second = _smallest(table, hidden, line)
                if second is not None:
                    hidden.add(second)
                    changed = True


def _feasible(table: Sequence[Sequence[int]], hidden: set[Place], target: Place) -> Range:
    """Return the least and greatest count of a cell that totals and published cells allow."""
    places = sorted(hidden)
    lines = [line for line in _lines(table) if any(place in hidden for place in line)]
    equations = np.array([[place in line for place in places] for line in lines], dtype=float)
    totals = np.array([sum(table[i][j] for i, j in line if (i, j) in hidden) for line in lines])
    aim = np.array([place == target for place in places], dtype=float)
    low, high = (
        float(sign * linprog(sign * aim, A_eq=equations, b_eq=totals, method="highs").fun)
        for sign in (1, -1)
    )
    return Range(target, round(low, 6) + 0.0, round(high, 6) + 0.0)
