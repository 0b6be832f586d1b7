"""Where does a text name the addresses, facilities and wards that its message names?"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from peeraudit.domain.blinding.chains import is_inside
from peeraudit.domain.blinding.folding import fold
from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.lexicon import is_ordinary, look_up
from peeraudit.domain.blinding.spans import Kind, Span

_MIN_PLACE: Final = 4
_MIN_TELLING: Final = 5
_TO_SPACES: Final = str.maketrans("-',\u2011", "    ")
_GENERIC: Final[str] = (
    "radiology radiologie imaging imagerie hospital hopital clinic clinique emergency urgences"
    " chest thorax abdomen brain hosp department service scanner echo external inpatient"
    " outpatient france usa"
)
_GENERIC_PLACES: Final = frozenset(_GENERIC.split())


def find_places(text: str, folded: str, known: KnownIdentities) -> Iterator[Span]:
    """Yield where known addresses, facilities, wards and departments stand.

    Args:
        text: the input text.
        folded: the same, folded.
        known: the identities.
    """
    wanted: tuple[tuple[Kind, tuple[str, ...]], ...] = (
        ("address", known.addresses),
        ("place", known.places),
        ("department", known.departments),
    )
    needles = [
        (needle, kind) for kind, values in wanted for needle in map(_place_needle, values) if needle
    ]
    if not needles:
        return
    even = " ".join(folded.translate(_TO_SPACES).split())
    for needle, kind in needles:
        if needle in even:
            yield from _find_place(text, folded, needle, kind)
        elif " " in needle:
            for word in _telling_words(needle):
                if word in even:
                    yield from _find_place(text, folded, word, kind, only_capital=True)


@lru_cache(maxsize=16384)
def _telling_words(needle: str) -> tuple[str, ...]:
    """Return the words of a place that name it by themselves: ``brest`` of ``CHU Brest``."""
    words = (word for word in needle.split() if len(word) >= _MIN_TELLING)
    return tuple(
        word for word in words if look_up(word).mark in "OF" and not look_up(word).is_eponym
    )


@lru_cache(maxsize=16384)
def _place_needle(value: str) -> str:
    needle = " ".join(fold(value).translate(_TO_SPACES).split())
    plain = len(needle) < _MIN_PLACE or needle in _GENERIC_PLACES
    return "" if plain else needle


def _find_place(
    text: str, folded: str, needle: str, kind: Kind, *, only_capital: bool = False
) -> Iterator[Span]:
    is_plain = " " not in needle and is_ordinary(needle)
    for found in _place_shape(needle).finditer(folded):
        start, end = found.span()
        if only_capital and not text[start].isupper():
            continue
        if not is_plain or (text[start].isupper() and is_inside(text, start)):
            yield Span(start, end, kind, "known")


def find_taught(text: str, folded: str, known: KnownIdentities) -> Iterator[Span]:
    """Yield where the words stand that the department's coordinator taught.

    Args:
        text: the input text.
        folded: the same, folded.
        known: the identities.
    """
    for words, kind in known.taught:
        for found in _place_shape(" ".join(fold(words).translate(_TO_SPACES).split())).finditer(
            folded
        ):
            if text[found.start() : found.end()].strip():
                yield Span(*found.span(), kind, "dictionary")


@lru_cache(maxsize=4096)
def _place_shape(needle: str) -> re.Pattern[str]:
    inner = r"[\s,'-]{1,4}".join(map(re.escape, needle.split()))
    return re.compile(rf"(?<!\w){inner}(?!\w)")
