"""Which field may a column hold when its heading says nothing, judged by its cells?"""

import re
from collections.abc import Callable, Sequence
from typing import Final

from peeraudit.domain.intake.moments import parse_day
from peeraudit.domain.intake.vocabulary import is_modality, is_status

_NUMBER: Final = re.compile(r"[A-Za-z]{0,6}[-./]?\d[\w./-]{2,40}$")
_LONG: Final = 60.0
_MOST: Final = 0.8


def _share(cells: Sequence[str], test: Callable[[str], object]) -> float:
    return sum(bool(test(cell)) for cell in cells) / len(cells) if cells else 0.0


def _mean_length(cells: Sequence[str]) -> float:
    return sum(map(len, cells)) / len(cells) if cells else 0.0


def _is_unique(cells: Sequence[str]) -> bool:
    return len(cells) > 1 and len(set(cells)) >= 0.9 * len(cells)


def columns_of_contents(rows: Sequence[Sequence[str]], *, width: int) -> tuple[str, ...]:
    """Return the likely field of each column, empty where the cells do not tell; a proposal.

    The longest column of words is the text; the first one of dates is the examination's day;
    the first one of numbers that do not repeat is the accession number.

    Args:
        rows: the first rows of the table; shape (n, at most ``width``).
        width: how many columns there are.
    """
    columns = [""] * width
    bodies = [
        [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
        for place in range(width)
    ]
    texts = [_mean_length(cells) if _share(cells, _has_words) > 0.5 else 0.0 for cells in bodies]
    if texts and max(texts) >= _LONG:
        columns[texts.index(max(texts))] = "report_text"
    tests: tuple[tuple[str, Callable[[Sequence[str]], bool]], ...] = (
        ("observed", lambda cells: _share(cells, parse_day) >= _MOST),
        ("modality", lambda cells: _share(cells, is_modality) >= _MOST),
        ("status", lambda cells: _share(cells, is_status) >= _MOST),
        ("accession", lambda cells: _share(cells, _NUMBER.match) >= _MOST and _is_unique(cells)),
    )
    for name, test in tests:
        for place, cells in enumerate(bodies):
            if not columns[place] and cells and test(cells):
                columns[place] = name
                break
    return tuple(columns)


def _has_words(cell: str) -> bool:
    return cell.count(" ") >= 3
