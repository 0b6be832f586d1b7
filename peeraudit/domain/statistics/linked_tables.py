"""Which further cells must be hidden so that totals do not give a hidden one away?

All that is published of one period is one set of tables: the rates by modality, those by
department and the total share their sums, and hiding in one what another tells is no hiding.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from scipy import optimize

# The library marks no type and no export; its documented interface is relied upon.
linprog: Callable[..., Any] = optimize.linprog  # type: ignore[attr-defined]

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
    unknown = {name for line in lines for name in line} | set(primary := list(primary))
    if not unknown <= cells.keys():
        raise KeyError(f"there is no cell {min(unknown - cells.keys(), key=str)}")
    targets = sorted(set(primary))
    hidden = set(targets)
    _pair_up(cells, lines, hidden)
    while True:
        audit = [(target, *_feasible(cells, lines, hidden, target)) for target in targets]
        narrow = [target for target, low, high in audit if not is_wide(low, high)]
        more = (_smallest(cells, hidden, _around(lines, target)) for target in narrow)
        found = next((name for name in more if name is not None), None)
        if found is None:
            return Protection(frozenset(hidden), tuple(audit))
        hidden.add(found)
        _pair_up(cells, lines, hidden)


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


def _feasible(
    cells: Mapping[K, int], lines: Sequence[Collection[K]], hidden: set[K], target: K
) -> tuple[float, float]:
    """Return the least and greatest count of a cell that totals and published cells allow."""
    names = sorted(hidden)
    touched = [line for line in lines if any(name in hidden for name in line)]
    aim = np.array([name == target for name in names], dtype=float)
    if not any(target in line for line in touched):
        # No published total holds it, so nothing is known but that it is no less than 0.
        return 0.0, float("inf")
    equations = np.array([[name in line for name in names] for line in touched], dtype=float)
    totals = np.array([sum(cells[name] for name in line if name in hidden) for line in touched])
    low, high = (
        float(sign * linprog(sign * aim, A_eq=equations, b_eq=totals, method="highs").fun)
        for sign in (1, -1)
    )
    return round(low, 6) + 0.0, round(high, 6) + 0.0
