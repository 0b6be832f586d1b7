"""Which further cells must be hidden so that totals do not give a hidden one away?

All that is published of one period is one set of tables: the rates by modality, those by
department and the total share their sums, and hiding in one what another tells is no hiding.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from scipy import optimize, sparse

# The library marks no type and no export; its documented interface is relied upon.
linprog: Callable[..., Any] = optimize.linprog  # type: ignore[attr-defined]
by_rows: Callable[..., Any] = sparse.csr_array

# A reader of the tables must not be able to narrow a suppressed count further than this.
PROTECTION = 5


class Key(Hashable, Protocol):
    """The name of a cell; the order of the names breaks ties."""

    def __lt__(self, other: Any, /) -> bool:  # noqa: ANN401 - as of every sortable type
        """Return whether this cell comes before another."""


K = TypeVar("K", bound=Key)


@dataclass(frozen=True)
class Protection(Generic[K]):
    """Which cells of a set of tables are hidden, and how well that protects the primary ones.

    Attributes:
        hidden: every cell that is not published.
        audit: (cell, least, greatest feasible count) of every primary cell, in order.
    """

    hidden: frozenset[K]
    audit: tuple[tuple[K, float, float], ...]

    @property
    def protected(self) -> bool:
        """Whether every primary cell is protected as far as the rule asks."""
        return all(is_wide(low, high) for _, low, high in self.audit)


def is_wide(low: float, high: float) -> bool:
    """Return whether a range of counts is wide enough to protect a cell."""
    # The solver returns counts as floats.
    return round(high - low, 6) >= PROTECTION


def protect(
    cells: Mapping[K, int], lines: Sequence[Collection[K]], primary: Iterable[K]
) -> Protection[K]:
    """Return which cells of linked tables must be hidden, S10.02.

    First every line with exactly one hidden cell gets a second one: its smallest published
    cell that is not 0 (ties by name), line after line until none is left. Then a linear
    programme finds the least and greatest count of every primary cell that totals and
    published cells allow; where they are less than 5 apart, the smallest published cell of its
    lines is hidden too, and all is done again.

    Args:
        cells: the count of every cell, by name.
        lines: groups of cells whose total is published, in the order in which they are gone
            through; for a table its rows, then its columns. Tables are linked by the cells
            and totals that they share.
        primary: the cells that the minimum counts hide.

    Returns:
        The hidden cells and the audit.

    Raises:
        KeyError: a line or ``primary`` names no cell.

    Source:
        Hundepool A. et al. (2012). Statistical Disclosure Control. Wiley.
    """
    hidden = hide(cells, lines, primary := list(primary))
    audit = []
    for target in sorted(set(primary)):
        low, high = _extremes(cells, lines, hidden, {target: 1.0})
        audit.append((target, low[target], high[target]))
    return Protection(hidden, tuple(audit))


def hide(
    cells: Mapping[K, int], lines: Sequence[Collection[K]], primary: Iterable[K]
) -> frozenset[K]:
    """Return which cells :func:`protect` hides, without the audit of each.

    Whatever is hidden later only adds to the tables that a reader must think possible. So one
    table in which a cell is high and one in which it is low prove it wide for good, and each
    table that a linear programme finds may prove many cells at once: few programmes are solved.

    Args:
        cells: the count of every cell, by name.
        lines: groups of cells whose total is published, in order.
        primary: the cells that the minimum counts hide.

    Raises:
        KeyError: a line or ``primary`` names no cell.
    """
    targets = _targets(cells, lines, primary)
    hidden = set(targets)
    _pair_up(cells, lines, hidden)
    seen = {name: (float(count), float(count)) for name, count in cells.items()}
    # Half of the cells against the other half, divided each time in another way.
    for bit in range(len(targets).bit_length()):
        narrow = [name for name in targets if not is_wide(*seen[name])]
        halves = {name: 1.0 if i >> bit & 1 else -1.0 for i, name in enumerate(narrow)}
        _look(seen, _extremes(cells, lines, hidden, halves))
    for target in targets:
        while not is_wide(*seen[target]):
            _look(seen, _extremes(cells, lines, hidden, {target: 1.0}))
            more = _smallest(cells, hidden, _around(lines, target))
            if is_wide(*seen[target]) or more is None:
                break
            hidden.add(more)
            _pair_up(cells, lines, hidden)
    return frozenset(hidden)


def _targets(
    cells: Mapping[K, int], lines: Sequence[Collection[K]], primary: Iterable[K]
) -> list[K]:
    targets = sorted(set(primary))
    unknown = {name for line in lines for name in line} | set(targets)
    if not unknown <= cells.keys():
        raise KeyError(f"there is no cell {min(unknown - cells.keys(), key=str)}")
    return targets


def _look(seen: dict[K, tuple[float, float]], tables: Iterable[Mapping[K, float]]) -> None:
    """Widen what was seen of each cell by further tables."""
    for table in tables:
        for name, count in table.items():
            low, high = seen[name]
            seen[name] = min(low, count), max(high, count)


def _around(lines: Sequence[Collection[K]], target: K) -> list[K]:
    return [name for line in lines if target in line for name in line]


def _smallest(cells: Mapping[K, int], hidden: set[K], names: Iterable[K]) -> K | None:
    """Return the smallest published cell that is not 0; ties by name."""
    open_ = [name for name in names if name not in hidden and cells[name] > 0]
    return min(open_, key=lambda name: (cells[name], name), default=None)


def _pair_up(cells: Mapping[K, int], lines: Sequence[Collection[K]], hidden: set[K]) -> None:
    """Hide a second cell in every line that has exactly one, until none is left."""
    changed = True
    while changed:
        changed = False
        for line in lines:
            if sum(name in hidden for name in line) == 1:
                second = _smallest(cells, hidden, line)
                if second is not None:
                    hidden.add(second)
                    changed = True


def _extremes(
    cells: Mapping[K, int],
    lines: Sequence[Collection[K]],
    hidden: Collection[K],
    aims: Mapping[K, float],
) -> tuple[dict[K, float], dict[K, float]]:
    """Return the hidden counts of a table with the least weighted sum, and with the greatest.

    Both are tables that totals and published cells allow.

    Args:
        cells: the count of every cell.
        lines: groups of cells whose total is published.
        hidden: the cells that are not.
        aims: hidden cells with the weight of each in the sum.
    """
    held = {name for line in lines for name in line}
    # Of what no published total holds nothing is known but that it is no less than 0.
    free = {name for name in aims if name not in held}
    names = sorted(name for name in hidden if name in held)
    place = {name: i for i, name in enumerate(names)}
    aim = np.zeros(len(names))
    for name in aims.keys() - free:
        aim[place[name]] = aims[name]
    touched = [kept for line in lines if (kept := [name for name in line if name in place])]
    columns = [place[name] for line in touched for name in line]
    starts = np.cumsum([0, *map(len, touched)])
    ones = np.ones(len(columns))
    equations = by_rows((ones, columns, starts), shape=(len(touched), len(names)))
    totals = np.array([sum(cells[name] for name in line) for line in touched])
    ends = []
    for sign, end in ((1.0, 0.0), (-1.0, float("inf"))):
        counts = dict.fromkeys(free, end)
        if aim.any():
            solved = linprog(sign * aim, A_eq=equations, b_eq=totals, method="highs").x.tolist()
            counts |= {n: round(count, 6) + 0.0 for n, count in zip(names, solved, strict=True)}
        ends.append(counts)
    return ends[0], ends[1]
