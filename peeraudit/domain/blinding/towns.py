"""Which words are towns?"""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final

from peeraudit.domain.blinding.lexicon import is_meant
from peeraudit.domain.blinding.reach import is_loud
from peeraudit.domain.blinding.rules_places import STATES
from peeraudit.domain.blinding.scanning import Token
from peeraudit.domain.blinding.spans import Span

_TO_TOWN: Final = re.compile(r"(?:^|[ \n(])(?:à|vers|in|near|de|from|at)[ \n]$")
_SHORTEST: Final = 3
_LINKS: Final = frozenset(["sur", "sous", "en", "les", "le", "la", "de", "du", "aux"])
_ON_RIVER: Final = re.compile(r"[ ](?:s/[ ]?|sur[ ]|lès[ ])[A-ZÀ-Ý][\w’'-]+")


def _is_french_town(text: str, token: Token, before: str) -> bool:
    """Return whether a word is made as the names of towns are: ``Pont-sur-Sauldre``."""
    parts = text[token.start : token.end].split("-")
    # "Roux-en-Y" is an operation.
    if len(parts) < 2 or not parts[-1][:1].isupper() or len(parts[-1]) < _SHORTEST:
        return False
    if token.word.is_eponym or token.word.is_term:
        return False
    is_saint = token.word.parts[0] in {"saint", "sainte"} and _TO_TOWN.search(before)
    return bool(is_saint) or (len(parts) > 2 and any(part in _LINKS for part in parts[1:-1]))


def _is_of_state(text: str, token: Token, following: Token | None) -> bool:
    """Return whether a state stands behind a word, as in ``Elkhorn, NE``."""
    if following is None or text[following.start : following.end] not in STATES:
        return False
    if text[token.end : following.start] != ", " or token.word.mark not in "OGFA":
        return False
    return text[following.end : following.end + 1] in {"", "\n", ".", ",", ";", ")"}


def find_towns(text: str, capitals: Sequence[Token]) -> Iterator[Span]:
    """Yield the towns that a list knows, or that their form or their state shows.

    Args:
        text: the text.
        capitals: its words with a capital, in order.
    """
    for token, following in zip_longest(capitals, capitals[1:]):
        word = token.word
        if len(word.parts) > 1 and not word.is_town:
            if _is_french_town(text, token, text[max(0, token.start - 12) : token.start]):
                yield Span(token.start, token.end, "place", "rule")
            continue
        if text[token.end : token.end + 1] == "," and _is_of_state(text, token, following):
            yield Span(token.start, following.end, "place", "rule")
            continue
        if not word.is_town or is_meant(text, token.start, token.end):
            continue
        is_ambiguous = word.is_eponym or word.is_ordinary or word.is_given
        before = text[max(0, token.start - 12) : token.start]
        is_set_apart = before[-1:] == "(" and text[token.end : token.end + 1] == ")"
        is_town = not is_ambiguous or is_set_apart or _TO_TOWN.search(before)
        if is_town and not is_loud(text, token.start):
            river = _ON_RIVER.match(text, token.end)
            yield Span(token.start, river.end() if river else token.end, "place", "dictionary")
