"""Are the words behind the description of a person who it is: ``a woman, Ervada N., seen``?"""

from collections.abc import Sequence
from typing import Final

from peeraudit.domain.blinding.latin import ends_in_latin
from peeraudit.domain.blinding.lexicon import Word

_ACRONYM: Final = 5
_NAMES: Final = "GFOA"


def is_described(words: Sequence[Word]) -> bool:
    """Return whether words behind ``female,`` or ``homme,`` are a name, and no disease or drug.

    Args:
        words: the words, without particles.
    """
    if not words:
        return False
    if not words[0].is_capital:
        return len(words) > 1 and not any(map(_is_thing, words))
    is_short = words[0].is_upper and len(words[0].folded) <= _ACRONYM
    if words[0].mark not in _NAMES or is_short:
        return False
    # "Homme, Horton, Addison": what he has.
    if words[0].is_eponym and (
        len(words) == 1 or words[1].is_eponym or words[1].mark not in _NAMES
    ):
        return False
    return _are_names(words)


def _is_thing(word: Word) -> bool:
    is_plain = word.is_ordinary or word.is_term or word.is_eponym
    return is_plain or ends_in_latin(word.folded)


def _are_names(words: Sequence[Word]) -> bool:
    if len(words) == 1:
        return words[0].mark in "GF"
    # A letter behind an unknown word shortens a family name.
    if len(words[1].folded) == 1:
        return words[0].mark != "A"
    pair = words[:2]
    if any(word.mark in "GF" for word in words[:3]):
        return not any(word.mark in "TE" for word in pair)
    are_unknown = all(word.mark == "O" for word in pair)
    return are_unknown and not all(ends_in_latin(word.folded) for word in pair)
