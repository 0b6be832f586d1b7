"""Which words are towns?"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from peeraudit.domain.blinding.lexicon import is_meant
from peeraudit.domain.blinding.reach import is_loud
from peeraudit.domain.blinding.rules_places import STATES
from peeraudit.domain.blinding.scanning import Token
from peeraudit.domain.blinding.spans import Span

_TO_TOWN: Final = re.compile(r"(?:^|[ \n(])(?:à|vers|in|near|de|from|at)[ \n]$")
_SHORTEST: Final = 3
_TO_REACH: Final = 12
_LINKS: Final = frozenset(["sur", "sous", "en", "les", "le", "la", "de", "du", "aux"])
_ON_RIVER: Final = re.compile(r"[ ](?:s/[ ]?|sur[ ]|lès[ ])[A-ZÀ-Ý][\w’'-]+")


def _is_french_town(text: str, token: Token) -> bool:
    """Return whether a word is made as the names of towns are: ``Pont-sur-Sauldre``."""
    parts = text[token.start : token.end].split("-")
    # "Roux-en-Y" is an operation.
    if len(parts) < 2 or not parts[-1][:1].isupper() or len(parts[-1]) < _SHORTEST:
        return False
    if token.word.is_eponym or token.word.is_term:
        return False
    before = text[max(0, token.start - _TO_REACH) : token.start]
    is_saint = token.word.parts[0] in {"saint", "sainte"} and _TO_TOWN.search(before)
    return bool(is_saint) or (len(parts) > 2 and any(part in _LINKS for part in parts[1:-1]))


def _is_of_state(text: str, town: Token | None, state: Token) -> bool:
    """Return whether a word is the state of the town before, as in ``Elkhorn, NE``."""
    if (
        town is None
        or text[town.end : state.start] != ", "
        or not (town.word.mark in "OGFA" or town.word.is_town)
    ):
        return False
    is_last = text[state.end : state.end + 1] in {"", "\n", ".", ",", ";", ")", "?"}
    return is_last and text[state.start : state.end] in STATES


def find_towns(text: str, capitals: Sequence[Token]) -> Iterator[Span]:
    """Yield the towns that a list knows, or that their form or their state shows.

    Args:
        text: the text.
        capitals: its words with a capital, in order.
    """
    last: Token | None = None
    for token in capitals:
        before_it, last, word = last, token, token.word
        if word.is_upper and before_it and _is_of_state(text, before_it, token):
            yield Span(before_it.start, token.end, "place", "rule")
        elif not word.is_town:
            if "-" in word.folded and _is_french_town(text, token):
                yield Span(token.start, token.end, "place", "rule")
        elif _is_listed(text, token):
            river = _ON_RIVER.match(text, token.end)
            yield Span(token.start, river.end() if river else token.end, "place", "dictionary")


def _is_listed(text: str, token: Token) -> bool:
    """Return whether the name of a town that a list knows means the town where it stands."""
    word = token.word
    if is_meant(text, token.start, token.end):
        return False
    is_ambiguous = word.is_eponym or word.is_ordinary or word.is_given
    before = text[max(0, token.start - _TO_REACH) : token.start]
    is_set_apart = before[-1:] == "(" and text[token.end : token.end + 1] == ")"
    is_town = not is_ambiguous or is_set_apart or _TO_TOWN.search(before)
    return bool(is_town) and not is_loud(text, token.start)
