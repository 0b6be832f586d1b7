"""Which lines does a department print on all its reports, and where do they stand in one?"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from peeraudit.domain.blinding.folding import fold
from peeraudit.domain.blinding.lexicon import look_up
from peeraudit.domain.blinding.spans import Span

_NUMBER: Final = re.compile(r"\d+")
_LETTERS: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_EDGE: Final = 8
"""How many lines at the head and at the foot of a report a letterhead may take."""
_MIN_REPORTS: Final = 8
_MIN_SHARE: Final = 0.25
_LONGEST: Final = 160
_SHORTEST: Final = 6


def line_key(line: str) -> str:
    """Return a line as it is compared: folded, gaps closed, every number alike."""
    return _NUMBER.sub("#", " ".join(fold(line).split()))


def learn_lines(texts: Sequence[str], elsewhere: Iterable[str] = ()) -> frozenset[str]:
    """Return the lines that head or close a department's reports and tell whose they are.

    A line counts when it stands among the first or last lines of at least a quarter of the
    reports, in no report of another department, and holds a word that no dictionary knows:
    headings and ready-made sentences, which all departments share, stay.

    Args:
        texts: reports of one department, at least eight; fewer teach nothing.
        elsewhere: reports of other departments.

    Returns:
        the lines, as `line_key` writes them.
    """
    if len(texts) < _MIN_REPORTS:
        return frozenset()
    counts = Counter(key for text in texts for key in set(_edge_keys(text)))
    often = {key for key, count in counts.items() if count >= _MIN_SHARE * len(texts)}
    for text in elsewhere:
        often -= {line_key(line) for line in text.splitlines()}
    return frozenset(often)


def find_lines(text: str, lines: Collection[str]) -> Iterator[Span]:
    """Yield where the lines of a letterhead stand in a text.

    Args:
        text: the input text.
        lines: as `learn_lines` returns them.
    """
    if not lines:
        return
    at = 0
    for line in text.splitlines(keepends=True):
        written = line.strip()
        if _SHORTEST <= len(written) <= _LONGEST and line_key(written) in lines:
            start = at + line.index(written)
            yield Span(start, start + len(written), "department", "dictionary")
        at += len(line)


def _edge_keys(text: str) -> Iterator[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line in (*lines[:_EDGE], *lines[_EDGE:][-_EDGE:]):
        if _SHORTEST <= len(line) <= _LONGEST and _tells(line):
            yield line_key(line)


def _tells(line: str) -> bool:
    """Return whether a line holds a name, or another word that no dictionary knows."""
    words = [look_up(found[0]) for found in _LETTERS.finditer(line)]
    return any(
        word.is_capital and not word.is_ordinary and not word.is_term and len(word.folded) > 2
        for word in words
    )
