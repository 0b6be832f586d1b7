"""Which words are an eponym together, though each of them could be somebody's name?

``Ann Arbor`` is a staging, ``Hunt and Hess`` a grading, ``Salter Harris`` a fracture.
"""

import re
from collections import defaultdict
from collections.abc import Collection
from itertools import pairwise
from typing import Final

from peeraudit.domain.blinding.folding import fold_word
from peeraudit.domain.blinding.lists import read_lines

_PHRASES: Final[dict[str, list[tuple[str, ...]]]] = defaultdict(list)
for _line in read_lines("eponym_phrases"):
    _words = tuple(re.findall(r"[^\W\d_]+", _line))
    _PHRASES[_words[0]].append(_words)
PHRASE_WORDS: Final = frozenset(
    word for phrases in _PHRASES.values() for phrase in phrases for word in phrase
)
"""Folded words of which such an eponym is made."""
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_GAP: Final = re.compile(r"[ ]?[-–/][ ]?|\s|\s(?:and|et|&)\s|['’](?:s\s)?")
_AND: Final = frozenset({"and", "et"})
REACH: Final = 24
"""How many characters around a name are looked at."""


def may_be_of_phrase(parts: Collection[str]) -> bool:
    """Return whether a word, in its folded parts, stands in an eponym of several words."""
    return not PHRASE_WORDS.isdisjoint(parts)


def is_phrase(text: str, start: int, end: int) -> bool:
    """Return whether a name in a text is an eponym of several words, or a part of one.

    Args:
        text: the text.
        start: the first character of the name.
        end: one past its last.
    """
    if not any(fold_word(word) in PHRASE_WORDS for word in _LETTERS.findall(text, start, end)):
        return False
    low = max(0, start - REACH)
    letters = _LETTERS.finditer(text, low, end + REACH)
    found = [one for one in letters if one[0] not in _AND]
    words = [fold_word(one[0]) for one in found]
    for at, word in enumerate(words):
        for phrase in _PHRASES.get(word, ()):
            last = at + len(phrase) - 1
            if tuple(words[at : last + 1]) != phrase:
                continue
            if found[at].start() < end and start < found[last].end():
                gaps = (text[a.end() : b.start()] for a, b in pairwise(found[at : last + 1]))
                if all(_GAP.fullmatch(gap) for gap in gaps):
                    return True
    return False
