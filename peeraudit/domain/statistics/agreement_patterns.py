"""Which count patterns do many readings boil down to?"""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

# Rows of an array are taken in blocks, so that memory stays small.
BLOCK = 1 << 16
# Up to so many codes are counted in a table; more of them are sorted.
TABLE = 1 << 20
WIDEST = 1 << 62


def count_patterns(
    items: Iterable[Sequence[int]], *, categories: int
) -> dict[tuple[int, ...], int]:
    """Return how many items have each count vector.

    Args:
        items: the readings of each item as category indices from 0, in any order.
        categories: K, the declared categories.

    Returns:
        Count vector (readings per category; length K) to number of items.

    Raises:
        ValueError: a reading is no category; the message says which.
    """
    by_readings = Counter(tuple(sorted(readings)) for readings in items)
    patterns: Counter[tuple[int, ...]] = Counter()
    for readings, frequency in by_readings.items():
        vector = [0] * categories
        for category in readings:
            if not 0 <= category < categories:
                raise ValueError(
                    f"the reading {category} is none of the {categories} categories numbered from 0"
                )
            vector[category] += 1
        patterns[tuple(vector)] += frequency
    return dict(patterns)


def compress_ratings(
    ratings: NDArray[np.floating] | NDArray[np.integer], *, categories: int
) -> dict[tuple[int, ...], int]:
    """Return how many items have each count vector, from a whole table of readings at once.

    Each item becomes one integer, the number whose digits are its readings per category.

    Args:
        ratings: category indices from 0; shape (items, readers). Missing is NaN, or negative in
            an array of integers.
        categories: K >= 1, the declared categories.

    Returns:
        Count vector (readings per category; length K) to number of items, as of
        ``count_patterns``; items without any reading count as the vector of zeros.

    Raises:
        ValueError: the array is not two-dimensional, or a reading is no category; the message
            names the row and the column from 1.
    """
    if ratings.ndim != 2:
        raise ValueError("readings come as a table of items by readers")
    base = ratings.shape[1] + 1
    if base**categories > WIDEST:
        return count_patterns(_lists(ratings, categories), categories=categories)
    powers = np.array([base**k for k in range(categories)] + [0], dtype=np.int64)
    tally: Counter[int] = Counter()
    table = np.zeros(base**categories if base**categories <= TABLE else 0, dtype=np.int64)
    for start in range(0, ratings.shape[0], BLOCK):
        block = _codes(ratings[start : start + BLOCK], categories, start)
        keys = powers[block[:, 0]] if block.shape[1] else np.zeros(len(block), dtype=np.int64)
        for reader in range(1, block.shape[1]):
            keys += powers[block[:, reader]]
        if len(table):
            table += np.bincount(keys, minlength=len(table))
        else:
            found, items = np.unique(keys, return_counts=True)
            tally.update(dict(zip(found.tolist(), items.tolist(), strict=True)))
    present = np.flatnonzero(table)
    tally.update(dict(zip(present.tolist(), table[present].tolist(), strict=True)))
    return {_digits(key, base, categories): items for key, items in sorted(tally.items())}


def _codes(
    block: NDArray[np.floating] | NDArray[np.integer], categories: int, start: int
) -> NDArray[np.int64]:
    """Return a block of readings as indices, ``categories`` standing for a missing one."""
    if np.issubdtype(block.dtype, np.floating):
        missing = np.isnan(block)
        codes = np.where(missing, 0, block).astype(np.int64)
        wrong = ~missing & (codes != block)
    else:
        codes = block.astype(np.int64)
        missing = codes < 0
        wrong = np.zeros(0, dtype=bool)
    outside = codes >= categories
    if np.issubdtype(block.dtype, np.floating):
        outside |= wrong | (~missing & (codes < 0))
    if outside.any():
        row, column = np.argwhere(outside)[0].tolist()
        raise ValueError(
            f"row {start + row + 1}, column {column + 1}: "
            f"{block[row, column]} is none of the {categories} categories numbered from 0"
        )
    codes[missing] = categories
    return codes


def _lists(
    ratings: NDArray[np.floating] | NDArray[np.integer], categories: int
) -> Iterable[list[int]]:
    for start in range(0, ratings.shape[0], BLOCK):
        for row in _codes(ratings[start : start + BLOCK], categories, start).tolist():
            yield [code for code in row if code < categories]


def _digits(key: int, base: int, categories: int) -> tuple[int, ...]:
    digits = []
    for _ in range(categories):
        key, digit = divmod(key, base)
        digits.append(digit)
    return tuple(digits)
