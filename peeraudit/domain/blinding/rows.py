"""Which words with a capital stand in a row, so that they may be one name?"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from peeraudit.domain.blinding.naming import PARTICLES
from peeraudit.domain.blinding.scanning import Token

_LINK: Final = re.compile(
    r"(?:[ \t]{1,2}|,[ \t]?|['’/]|[ \t]?[-–][ \t]?|\.-|\.[ \t]?\n?|[ \t](?:and|et|&)[ \t]|"
    r"\.?[ \t](?:(?:de|dos|das|du|des|d['’]|da|di|della|del|la|le|van|von|der|"
    r"den|ten|ter|el|al|ben|bin)[ \t]?){1,2})"
)
_NAMING: Final = frozenset("GFOAI")
"""Marks of words that may be a part of a name by themselves; see `lexicon.Word`."""
_LONGEST_GAP: Final = 11
_SAINTS: Final = frozenset({"st", "ste"})
_JOINED: Final = PARTICLES | _SAINTS


def chains_of(text: str, capitals: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield words that stand in a row, with nothing but gaps and particles between.

    Args:
        text: the text.
        capitals: its words with a capital, in order.

    Yields:
        the rows in which a word may be a name; most words are in none, and are not looked at.
    """
    last, count = 0, len(capitals)
    for i, token in enumerate(capitals):
        if i < last or token.word.mark not in _NAMING:
            continue
        low, high = i, i + 1
        while low > last and _is_linked(text, capitals[low - 1], capitals[low]):
            low -= 1
        while high < count and _is_linked(text, capitals[high - 1], capitals[high]):
            high += 1
        yield capitals[low:high]
        last = high


def _may_be_joined(token: Token) -> bool:
    return len(token.word.folded) == 1 or token.word.folded in _JOINED


def one_word_each(text: str, chain: Sequence[Token]) -> list[Token]:
    """Return a row in which a particle with a capital is a part of the word behind: ``De Luca``."""
    if len(chain) == 1 or not any(_may_be_joined(token) for token in chain):
        return list(chain)
    joined: list[Token] = []
    low, after_saint = -1, False
    for token, following in zip(chain, [*chain[1:], None], strict=True):
        is_particle = token.word.folded in PARTICLES and token.word.mark in "WTU"
        is_saint = token.word.folded in _SAINTS
        gap = text[token.end : following.start] if following is not None else ""
        # "D'Angelo" and, behind a name, "St. Clair" are one name, too.
        is_letter = len(token.word.folded) == 1 and gap in {"'", "’"}
        if (is_particle and gap == " ") or is_letter or (is_saint and gap in {" ", ". "}):
            low = token.start if low < 0 else low
            after_saint = is_saint and bool(joined)
            continue
        word = replace(token.word, mark="F") if after_saint and low >= 0 else token.word
        joined.append(token if low < 0 else Token(low, token.end, word))
        low = -1
    return joined


def _is_linked(text: str, one: Token, other: Token) -> bool:
    gap = text[one.end : other.start]
    if gap == " ":
        return True
    if len(gap) > _LONGEST_GAP or not _LINK.fullmatch(gap):
        return False
    return "." not in gap or len(one.word.folded) == 1 or one.word.folded in _SAINTS
