"""How often did each reviewer call a discrepancy in each stratum?"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peeraudit.domain.statistics.refusals import CountFault

Floats = NDArray[np.float64]


@dataclass(frozen=True, order=True, slots=True)
class ReviewerCell:
    """What one reviewer scored in one stratum.

    Attributes:
        reviewer: who.
        stratum: of which cases, such as a modality in a period.
        n: first-hand readings.
        x: of these discrepant.
    """

    reviewer: str
    stratum: str
    n: int
    x: int


@dataclass(frozen=True, eq=False)
class ReviewerCounts:
    """Many cells as arrays, sorted by reviewer and stratum, one cell for each pair.

    Attributes:
        reviewers: keys, ascending.
        strata: keys, ascending.
        reviewer: place of each cell's reviewer; shape (cells,).
        stratum: place of each cell's stratum; shape (cells,).
        n: readings; shape (cells,), each at least 1.
        x: discrepant ones; shape (cells,).
    """

    reviewers: tuple[str, ...]
    strata: tuple[str, ...]
    reviewer: NDArray[np.int64]
    stratum: NDArray[np.int64]
    n: NDArray[np.float64]
    x: NDArray[np.float64]

    def over_strata(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return sums of a number per cell for each stratum; shape (strata,)."""
        total: Floats = np.bincount(self.stratum, values, minlength=len(self.strata)).astype(float)
        return total

    def over_reviewers(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return sums of a number per cell for each reviewer; shape (reviewers,)."""
        size = len(self.reviewers)
        total: Floats = np.bincount(self.reviewer, values, minlength=size).astype(float)
        return total

    def rows(self) -> list[list[int | str]]:
        """Return the cells as JSON values."""
        return [
            [self.reviewers[r], self.strata[h], int(n), int(x)]
            for r, h, n, x in zip(self.reviewer, self.stratum, self.n, self.x, strict=True)
        ]


def collect_cells(cells: Iterable[ReviewerCell]) -> ReviewerCounts:
    """Return cells as arrays; cells of one reviewer and stratum are added up, empty ones left out.

    Raises:
        ValueError: no cell has a reading, or a cell counts fewer than 0 or more discrepant
            readings than readings; the message names it.
    """
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for cell in cells:
        if not 0 <= cell.x <= cell.n:
            raise CountFault(f"reviewer {cell.reviewer}, stratum {cell.stratum}", cell.x, cell.n)
        if cell.n:
            found = sums[cell.reviewer, cell.stratum]
            found[0] += cell.n
            found[1] += cell.x
    if not sums:
        raise ValueError("there is no reading")
    keys = sorted(sums)
    reviewers = sorted({key[0] for key in keys})
    strata = sorted({key[1] for key in keys})
    row = {name: place for place, name in enumerate(reviewers)}
    column = {name: place for place, name in enumerate(strata)}
    return ReviewerCounts(
        tuple(reviewers),
        tuple(strata),
        np.array([row[key[0]] for key in keys], dtype=np.int64),
        np.array([column[key[1]] for key in keys], dtype=np.int64),
        np.array([sums[key][0] for key in keys], dtype=float),
        np.array([sums[key][1] for key in keys], dtype=float),
    )
