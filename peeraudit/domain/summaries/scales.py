"""Where does an axis of proportions end, and where are its light grid lines?"""

from dataclasses import dataclass

STEPS = (0.01, 0.02, 0.05, 0.1, 0.2)
MOST_STEPS = 8
"""Light grid lines between zero and the end of the scale."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The axis of a chart, as proportions; it starts at zero.

    Attributes:
        end: where it ends.
        ticks: where the grid lines are, zero and the end included; shape (k,), k <= 10.
    """

    end: float
    ticks: tuple[float, ...]


def scale_to(highest: float) -> Scale:
    """Return the axis on which ``highest``, a proportion, still has room."""
    for step in STEPS:
        # Rounded, because 0.06 / 0.02 is not quite 3.
        count = max(-int(-round(highest / step, 9) // 1), 2)
        if count <= MOST_STEPS:
            break
    else:
        step, count = STEPS[-1], round(1 / STEPS[-1])
    ticks = tuple(round(step * place, 4) for place in range(count + 1) if step * place <= 1)
    return Scale(ticks[-1], ticks)
