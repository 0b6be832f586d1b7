"""How is a text compared letter for letter, whatever its accents and capitals?"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_ACCENTED: Final = "".join(chr(code) for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)))
"""Accented letters, those of Vietnamese among them."""


def _plain_letter(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0].lower()
    return base if len(base) == 1 else letter


_PLAIN_LETTERS: Final = (
    {letter: _plain_letter(letter) for letter in _ACCENTED}
    | {"’": "'", "‘": "'", "–": "-", "‐": "-", "‑": "-", "\u00a0": " ", "\u202f": " "}
    | {"Œ": "œ", "Æ": "æ", "Ø": "o", "ø": "o", "Ł": "l", "ł": "l", "Đ": "d", "đ": "d"}
)


_FOREIGN: Final = re.compile(r"[^\x00-\x7f]")


def _plain_of(found: re.Match[str]) -> str:
    return _PLAIN_LETTERS.get(found[0], found[0])


def fold(text: str) -> str:
    """Return ``text`` in lower case without accents, letter for letter, so offsets stay."""
    if text.isascii():
        return text.lower()
    # A few letters are foreign to ASCII: to change these alone takes a third of the time.
    folded = _FOREIGN.sub(_plain_of, text).lower()
    if len(folded) == len(text):
        return folded
    plain = _FOREIGN.sub(_plain_of, text)
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)


@lru_cache(maxsize=8192)
def fold_word(word: str) -> str:
    """Return one word folded, with ligatures opened (Lebœuf is Leboeuf)."""
    return fold(word).replace("œ", "oe").replace("æ", "ae")
