"""Which cells of a published table would say too much about few people?"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from peeraudit.domain.statistics.linked_tables import hide, is_wide, protect

Place: TypeAlias = tuple[int, int]


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
        return all(is_wide(found.low, found.high) for found in self.audit)


def complementary(table: Sequence[Sequence[int]], primary: Iterable[Place]) -> Suppression:
    """Return which further cells must be hidden in a table with published totals, S10.02.

    Args:
        table: the counts row by row, without totals.
        primary: (row, column) of the cells that :func:`primary_reasons` hides, from 0.

    Returns:
        The suppression: no line has exactly one hidden cell while it has another that is
        not 0, and every primary cell can take values at least 5 apart wherever possible.

    Raises:
        ValueError: the table is ragged, or has no such primary cell.

    Source:
        Hundepool A. et al. (2012). Statistical Disclosure Control. Wiley.
    """
    cells, lines = _linked(table)
    found = protect(cells, lines, _among(cells, primary))
    audit = tuple(Range(cell, low, high) for cell, low, high in found.audit)
    return Suppression(_pattern(table, found.hidden), audit)


def hidden_cells(
    table: Sequence[Sequence[int]], primary: Iterable[Place]
) -> tuple[tuple[bool, ...], ...]:
    """Return what :func:`complementary` hides, without the audit of each primary cell.

    Args:
        table: the counts row by row, without totals.
        primary: (row, column) of the cells that :func:`primary_reasons` hides, from 0.

    Raises:
        ValueError: the table is ragged, or has no such primary cell.
    """
    cells, lines = _linked(table)
    return _pattern(table, hide(cells, lines, _among(cells, primary)))


def _linked(table: Sequence[Sequence[int]]) -> tuple[dict[Place, int], list[list[Place]]]:
    """Return the cells of a table by place, and its rows and columns."""
    if len({len(row) for row in table}) > 1:
        raise ValueError("every row of a table has the same number of cells")
    rows = [[(i, j) for j in range(len(row))] for i, row in enumerate(table)]
    columns = [list(column) for column in zip(*rows, strict=True)]
    return {(i, j): table[i][j] for row in rows for i, j in row}, rows + columns


def _among(cells: Collection[Place], primary: Iterable[Place]) -> list[Place]:
    targets = list(primary)
    if absent := [place for place in targets if place not in cells]:
        raise ValueError(f"the table has no cell {absent[0]}")
    return targets


def _pattern(
    table: Sequence[Sequence[int]], hidden: Collection[Place]
) -> tuple[tuple[bool, ...], ...]:
    return tuple(tuple((i, j) in hidden for j in range(len(row))) for i, row in enumerate(table))
