"""Can two published windows of time be subtracted to show what neither may show?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from peeraudit.domain.statistics.suppression import Cell, Tier, primary_reasons


@dataclass(frozen=True, order=True)
class Window:
    """A run of periods that is published as one number.

    Attributes:
        first: index of its first period.
        last: index of its last one, included.
    """

    first: int
    last: int

    @property
    def periods(self) -> frozenset[int]:
        """The periods of the window."""
        return frozenset(range(self.first, self.last + 1))


@dataclass(frozen=True)
class Differencing:
    """A pair of windows whose difference shows too little to be shown.

    Attributes:
        larger: the one that the other is taken from.
        smaller: the other one.
        periods: what is left, in order.
        reasons: why that must not be shown (S10.01).
    """

    larger: Window
    smaller: Window
    periods: tuple[int, ...]
    reasons: tuple[str, ...]


def find_differencing(
    periods: Sequence[Mapping[str, tuple[int, int]]], windows: Sequence[Window], tier: Tier
) -> list[Differencing]:
    """Return the pairs of overlapping windows that must not be published together (§10).

    A rolling quarter published every month gives the sum of a month away as soon as the next
    one is published: the difference of two windows is a number like any other.

    Args:
        periods: for each period the reports and discrepancies of each author, by a name that
            tells nothing: (n, x).
        windows: what is to be published.
        tier: the audience.

    Returns:
        Every pair of overlapping windows of which one side of the difference breaks a rule
        though it is not empty; none if all may be published.

    Raises:
        IndexError: a window reaches beyond the periods.
    """
    found = []
    for one, other in combinations(sorted(set(windows)), 2):
        if not one.periods & other.periods:
            continue
        for larger, smaller in ((one, other), (other, one)):
            left = tuple(sorted(larger.periods - smaller.periods))
            reasons = _reasons([periods[place] for place in left], tier)
            if reasons:
                found.append(Differencing(larger, smaller, left, reasons))
    return found


def _reasons(periods: Sequence[Mapping[str, tuple[int, int]]], tier: Tier) -> tuple[str, ...]:
    names = sorted({name for period in periods for name in period})
    counts = [
        tuple(sum(period.get(name, (0, 0))[part] for period in periods) for part in (0, 1))
        for name in names
    ]
    n, x = (sum(count[part] for count in counts) for part in (0, 1))
    # What holds nothing shows nothing.
    return primary_reasons(Cell(n, x, tuple(n for n, _ in counts)), tier) if n else ()
