"""How are the loads of a plan drawn?"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from peeraudit.services.assignment_preview import LoadView

MOST_BARS = 60
"""With more reviewers than this, a line a department says more than one a person."""

TICKS = 5
STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Tick:
    """A number of readings on the axis; ``at`` is its place, as a fraction of the axis."""

    at: float
    label: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One reviewer: places are fractions of the axis.

    Attributes:
        held: where the readings given before end.
        all: where those of the plan end.
        most: where what the person takes at most lies.
        is_full: the person gets all that he or she takes.
    """

    name: str
    held: float
    all: float
    most: float
    readings: int
    is_full: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The reviewers of a department, or its range where there are too many reviewers.

    Attributes:
        places: fewest, median and most readings of its reviewers, as fractions of the axis.
    """

    department: str
    bars: Sequence[Bar]
    places: tuple[float, float, float]
    numbers: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class LoadPicture:
    """The loads of all reviewers, by department."""

    groups: Sequence[Group]
    ticks: Sequence[Tick]
    by_person: bool


def load_picture(loads: Sequence[LoadView]) -> LoadPicture:
    """Return the picture of what a plan gives to whom."""
    greatest = max((max(one.planned + one.held, one.capacity) for one in loads), default=0)
    by_person = len(loads) <= MOST_BARS
    if not by_person:
        # The range of what people get fills the axis; what they could take would shrink it.
        greatest = max(one.planned + one.held for one in loads)
    ticks = _ticks(greatest)
    end = max(ticks[-1], 1)
    groups = [
        _group(name, list(part), end) for name, part in groupby(loads, lambda one: one.department)
    ]
    return LoadPicture(groups, [Tick(one / end, one) for one in ticks], by_person)


def _group(name: str, loads: Sequence[LoadView], end: int) -> Group:
    counts = sorted(one.planned + one.held for one in loads)
    numbers = counts[0], counts[(len(counts) - 1) // 2], counts[-1]
    bars = [
        Bar(
            name=one.name,
            held=one.held / end,
            all=(one.planned + one.held) / end,
            most=min(one.capacity / end, 1.0),
            readings=one.planned + one.held,
            is_full=one.planned + one.held >= one.capacity,
        )
        for one in loads
    ]
    places = (numbers[0] / end, numbers[1] / end, numbers[2] / end)
    return Group(name, bars, places, numbers)


def _ticks(greatest: int) -> list[int]:
    """Return round numbers from 0 that reach the greatest one, about five of them."""
    step = 1
    while ceil(greatest / step) > TICKS:
        digits, lead = 10 ** (len(str(step)) - 1), int(str(step)[0])
        step = digits * next((one for one in STEPS if one > lead), 10)
    return [step * number for number in range(max(ceil(greatest / step), 1) + 1)]
