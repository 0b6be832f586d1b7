"""What is left in a masked text that looks like an identifier, and how doubtful does it make it?"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from peeraudit.domain.blinding.chains import is_inside
from peeraudit.domain.blinding.lexicon import is_meant
from peeraudit.domain.blinding.scanning import Scan, Token
from peeraudit.domain.blinding.spans import Span

QUARANTINE_DOUBT: Final = 0.5
"""A case whose doubt reaches this goes to the coordinator before anyone else sees it."""

_LEFT: Final = frozenset("GFO")
"""Marks of words that are names, or of no list; see `lexicon.Word`."""
_NAME_LEFT: Final = 0.25
_FAMILY_LEFT: Final = 0.3
_UNKNOWN_LEFT: Final = 0.08
_BESIDE_LEFT: Final = 0.3
_LONG_NUMBER: Final = 6
_NUMBER_LEFT: Final = 0.4
_SHORTEST: Final = 3
_SHAPES: Final = tuple(
    (weight, hints, re.compile(shape))
    for weight, hints, shape in (
        (0.6, ("@",), r"(?P<x>\S{0,40}@\S{0,40})"),
        (
            0.5,
            ("named", "appelle", "surnomm"),
            r"\b(?:named|s['’]appelle|surnomm\w{1,3})[ \t]{1,3}(?P<x>[^\W\d_]{2,30})",
        ),
    )
)
"""What is looked for where one of its hints stands in the text at all."""
_TITLED: Final = re.compile(
    r"\b(?:Dr|Docteur|Doctor|Pr|Mme|Mrs|Mr|Madame)\b\.?[ ]{1,3}(?P<x>[^\W\d_]{2,30})"
)
_TITLES: Final = frozenset({"dr", "docteur", "doctor", "pr", "mme", "mrs", "mr", "madame"})
_TITLE_LEFT: Final = 0.5


def suspects(
    text: str, spans: Sequence[Span], scan: Scan, left: Sequence[Span]
) -> Iterator[tuple[float, Span]]:
    """Yield what looks like an identifier and is not hidden, each with its weight from 0 to 1.

    Args:
        text: the text, its no-break spaces made spaces.
        spans: what is hidden in it, in order.
        scan: what a pass over it found.
        left: known names in it that look like plain words.
    """
    starts = [span.start for span in spans]
    for weight, suspect in _all(text, frozenset(span.end for span in spans), scan, left):
        at = bisect_left(starts, suspect.end) - 1
        if at < 0 or spans[at].end <= suspect.start:
            yield weight, suspect


def _all(
    text: str, ends: frozenset[int], scan: Scan, left: Sequence[Span]
) -> Iterator[tuple[float, Span]]:
    for span in left:
        yield _NAME_LEFT, span
    for weight, hints, shape in _SHAPES:
        if any(hint in text for hint in hints):
            for found in shape.finditer(text):
                yield weight, Span(*found.span("x"), "other", "rule")
    yield from _numbers(text, scan.numbers)
    yield from _words(text, ends, scan.capitals)


def _words(
    text: str, ends: frozenset[int], capitals: Sequence[Token]
) -> Iterator[tuple[float, Span]]:
    for token in capitals:
        word = token.word
        if word.folded in _TITLES and (titled := _TITLED.match(text, token.start)):
            yield _TITLE_LEFT, Span(*titled.span("x"), "other", "rule")
        weight = _weight_of(text, token, ends) if word.mark in _LEFT else 0
        if weight:
            yield weight, Span(token.start, token.end, "person", "dictionary")


def _numbers(text: str, numbers: Sequence[tuple[int, int]]) -> Iterator[tuple[float, Span]]:
    for start, length in numbers:
        if length >= _LONG_NUMBER and text[max(0, start - 1) : start] not in {".", ","}:
            yield _NUMBER_LEFT, Span(start, start + length, "id", "rule")


def _weight_of(text: str, token: Token, ends: frozenset[int]) -> float:
    """Return how likely a word with a capital is a name that was left."""
    mark = token.word.mark
    if len(token.word.folded) < _SHORTEST:
        return 0.0
    if token.start - 1 in ends or token.start - 2 in ends:
        return _BESIDE_LEFT
    if not is_inside(text, token.start) or is_meant(text, token.start, token.end):
        return 0.0
    return _UNKNOWN_LEFT if mark == "O" else _FAMILY_LEFT


def weigh(found: Sequence[tuple[float, Span]]) -> tuple[float, tuple[Span, ...]]:
    """Return the doubt that suspicious stretches raise together, and the stretches in order.

    The doubt is the chance that at least one of them is an identifier, were each weight its own
    chance and one not to depend on another.
    """
    certainty = 1.0
    seen: dict[tuple[int, int], Span] = {}
    for weight, span in found:
        if (span.start, span.end) not in seen:
            seen[span.start, span.end] = span
            certainty *= 1 - weight
    return round(1 - certainty, 4), tuple(sorted(seen.values()))
