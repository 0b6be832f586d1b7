"""Where does a text hold the numbers that its message names, however they are grouped?"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final

from peeraudit.domain.blinding.folding import fold
from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.spans import Kind, Span

_SEPARATORS: Final = " .-/\u00a0\u202f()"
_RUN: Final = re.compile(f"[^{re.escape(_SEPARATORS)}]+")
_NO_SEPARATORS: Final = str.maketrans("", "", _SEPARATORS)
_MIN_NUMBER: Final = 5


def find_numbers(text: str, folded: str, known: KnownIdentities) -> Iterator[Span]:
    """Yield where known numbers and telephone numbers stand, however they are grouped.

    Args:
        text: the input text.
        folded: the same, folded.
        known: the identities.
    """
    # Bytes are searched many times faster; only what is found there is looked at closely.
    rough = folded.encode("ascii", "ignore").translate(None, _SEPARATORS.encode("ascii", "ignore"))
    dense: _Dense | None = None
    wanted: tuple[tuple[Kind, tuple[str, ...]], ...] = (
        ("id", known.identifiers),
        ("phone", known.phones),
    )
    for kind, values in wanted:
        for value in values:
            needle, hint = _needle(value)
            if not hint or hint not in rough:
                continue
            if rough.count(hint) == folded.count(needle):
                # Nowhere is it grouped: so it stands in most reports.
                yield from _find_dense(_whole(folded), text, needle, kind)
                continue
            dense = dense or _dense(folded)
            if needle in dense.text:
                yield from _find_dense(dense, text, needle, kind)


@dataclass(frozen=True, slots=True)
class _Dense:
    """A text without what groups numbers, and where its runs stood.

    Attributes:
        text: the runs, joined.
        starts: where each run begins in it.
        origins: where each run begins in the whole text.
    """

    text: str
    starts: Sequence[int]
    origins: Sequence[int]

    def place(self, at: int) -> int:
        """Return where a character of the dense text stands in the whole one."""
        run = bisect_right(self.starts, at) - 1
        return self.origins[run] + at - self.starts[run]


def _whole(folded: str) -> _Dense:
    return _Dense(folded, (0,), (0,))


def _dense(folded: str) -> _Dense:
    runs = list(_RUN.finditer(folded))
    words = [run[0] for run in runs]
    starts = list(accumulate(map(len, words), initial=0))
    return _Dense("".join(words), starts[:-1], [run.start() for run in runs])


@lru_cache(maxsize=16384)
def _needle(value: str) -> tuple[str, bytes]:
    """Return a number as it is searched for; empty where it is too short to tell anything."""
    dense = fold(value).translate(_NO_SEPARATORS)
    if len(dense) < _MIN_NUMBER or not any(map(str.isdigit, dense)):
        return "", b""
    return dense, dense.encode("ascii", "ignore")


def _find_dense(dense: _Dense, text: str, needle: str, kind: Kind) -> Iterator[Span]:
    at = dense.text.find(needle)
    while at >= 0:
        start, end = dense.place(at), dense.place(at + len(needle) - 1) + 1
        # Known to be an identifier: hidden inside a longer number too, with all of it.
        if not (text[max(start - 1, 0) : start].isalpha() or text[end : end + 1].isalpha()):
            while text[max(start - 1, 0) : start].isdigit():
                start -= 1
            while text[end : end + 1].isdigit():
                end += 1
            yield Span(start, end, kind, "known")
        at = dense.text.find(needle, at + 1)
