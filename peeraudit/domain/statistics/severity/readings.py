"""Which reviewers gave which scores together, and on how many items?"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Ints = NDArray[np.int64]

# The stubs of the library leave its sparse arrays untyped.
sparse_array: Callable[..., Any] = sparse.csr_matrix

# Up to so many codes are numbered through a table; more of them are sorted.
TABLE = 1 << 22
WIDEST = 1 << 62


@dataclass(frozen=True, eq=False)
class ReadingPatterns:
    """Items boiled down to the distinct multisets of (reviewer, score).

    Attributes:
        cells: how often each reviewer gave each score; sparse, shape (patterns, reviewers * K),
            the column of reviewer r and score k being r * K + k.
        items: items with each pattern; shape (patterns,).
        of_item: the pattern of each item, items in the order of their ids; shape (items,).
        reviewers: R.
        categories: K.
    """

    cells: Any
    items: NDArray[np.float64]
    of_item: Ints
    reviewers: int
    categories: int

    @property
    def readings_of(self) -> NDArray[np.float64]:
        """Readings per pattern and item of it; shape (patterns,)."""
        total: NDArray[np.float64] = np.asarray(self.cells.sum(axis=1)).reshape(-1)
        return total

    def labels(self) -> NDArray[np.float64]:
        """Return readings per score of one item of each pattern; shape (patterns, K)."""
        counts = self.cells @ np.tile(np.eye(self.categories), (self.reviewers, 1))
        return np.asarray(counts, dtype=float)

    def by_reviewer(self, members: Collection[int]) -> Any:  # noqa: ANN401 - a sparse array
        """Return readings in a set of scores; sparse, shape (patterns, reviewers)."""
        column = np.repeat(np.arange(self.reviewers), len(members))
        row = column * self.categories + np.tile(sorted(members), self.reviewers)
        shape = self.reviewers * self.categories, self.reviewers
        return self.cells @ sparse_array((np.ones(len(row)), (row, column)), shape=shape)


def compress_readings(
    items: Sequence[int] | Ints,
    reviewers: Sequence[int] | Ints,
    scores: Sequence[int] | Ints,
    *,
    categories: int,
) -> ReadingPatterns:
    """Return the patterns of many readings; their order has no influence.

    Args:
        items: which item each reading is of; any integers.
        reviewers: who read, from 0.
        scores: the categories given, from 0.
        categories: K.

    Returns:
        The patterns; a reviewer may occur more than once on an item.

    Raises:
        ValueError: the lists differ in length, are empty, or a score is no category; the
            message names the reading from 1.
    """
    item, who, score = (np.asarray(part, dtype=np.int64) for part in (items, reviewers, scores))
    if not len(item) == len(who) == len(score):
        raise ValueError("each reading has an item, a reviewer and a score")
    if len(item) == 0:
        raise ValueError("there is no reading")
    outside = (score < 0) | (score >= categories) | (who < 0)
    if outside.any():
        place = int(np.flatnonzero(outside)[0])
        raise ValueError(
            f"reading {place + 1}: score {score[place]} of reviewer {who[place]} is none of the "
            f"{categories} categories, or the reviewer is not numbered from 0"
        )
    panel = int(who.max()) + 1
    width = panel * categories
    number, total = numbered(item)
    keys = np.sort(number * width + who * categories + score)
    return _patterns(keys // width, keys % width, total, panel, categories)


def numbered(ids: Ints) -> tuple[Ints, int]:
    """Return each id's place among the distinct ones in ascending order, and how many there are."""
    low, high = int(ids.min()), int(ids.max())
    if high - low < max(TABLE, 4 * len(ids)):
        present = np.bincount(ids - low, minlength=high - low + 1) > 0
        places = np.cumsum(present) - 1
        return places[ids - low], int(places[-1]) + 1
    distinct, inverse = np.unique(ids, return_inverse=True)
    return inverse.astype(np.int64), len(distinct)


def _patterns(
    item: Ints, cell: Ints, total: int, reviewers: int, categories: int
) -> ReadingPatterns:
    widths = np.bincount(item, minlength=total)
    starts = np.concatenate([[0], np.cumsum(widths)[:-1]])
    of_item = np.empty(total, dtype=np.int64)
    blocks, frequencies, found = [], [], 0
    for width in np.unique(widths).tolist():
        these = np.flatnonzero(widths == width)
        block = cell[starts[these][:, None] + np.arange(width)]
        distinct, inverse, items = _distinct_rows(block, reviewers * categories)
        of_item[these] = inverse + found
        blocks.append((distinct, found))
        frequencies.append(items)
        found += len(distinct)
    rows = np.concatenate([np.repeat(np.arange(len(b)) + f, b.shape[1]) for b, f in blocks])
    columns = np.concatenate([b.reshape(-1) for b, _ in blocks])
    # Entries of one place are added up: a reviewer who gave the same score twice.
    cells = sparse_array(
        (np.ones(len(rows)), (rows, columns)), shape=(found, reviewers * categories)
    )
    return ReadingPatterns(
        cells, np.concatenate(frequencies).astype(float), of_item, reviewers, categories
    )


def _distinct_rows(block: Ints, base: int) -> tuple[Ints, Ints, Ints]:
    """Return the distinct rows in ascending order, each row's place there, and frequencies."""
    width = block.shape[1]
    if base**width > WIDEST:
        distinct, inverse, items = np.unique(block, axis=0, return_inverse=True, return_counts=True)
        return distinct, inverse.reshape(-1), items
    powers = np.array([base ** (width - 1 - k) for k in range(width)], dtype=np.int64)
    codes = (block * powers).sum(axis=1)
    inverse, _ = numbered(codes)
    items = np.bincount(inverse)
    found = np.empty(len(items), dtype=np.int64)
    found[inverse] = codes
    return found[:, None] // powers % base, inverse, items
