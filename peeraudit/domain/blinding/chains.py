"""Which capitalised words in a row are somebody's name, as the dictionaries tell?"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from peeraudit.domain.blinding.introduced import (
    fills_field,
    has_degree,
    heads_record,
    is_alone_on_line,
    is_born,
    is_introduced,
    is_numbered,
    is_presented,
    is_related,
)
from peeraudit.domain.blinding.latin import LATIN, ends_in_latin
from peeraudit.domain.blinding.lexicon import is_meant
from peeraudit.domain.blinding.phrases import is_phrase
from peeraudit.domain.blinding.reach import is_first_on_line, is_loud
from peeraudit.domain.blinding.rows import chains_of, one_word_each
from peeraudit.domain.blinding.scanning import Token
from peeraudit.domain.blinding.spans import Span
from peeraudit.domain.blinding.towns import find_towns

_PARTED: Final = re.compile(
    r"\.?[ ](?:(?:de|dos|das|da|di|du|del|van|von|der|den|la|le|el|al|ben)[ ]){0,2}"
)
_SHORT: Final = 3
_ACRONYM: Final = 6
_OF: Final = re.compile(r"[ \t](?:de|du|d['’]|des)[ \t]?")
_AND: Final = re.compile(r"[ \t](?:and|et|&)[ \t]")
_NEXT_DAY: Final = re.compile(
    r",?[ ](?:\(|n[ée]e?[ ](?:le[ ])?)?\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|,?[ ]⟦date"
)
_FREE_BEFORE: Final = re.compile(
    r"(?:^|[,;:(\n⟧/-]|\.|\b(?:par|by|de|du|dr|pr|mr|mme|and|et|with|avec|to|from|à|m|le|la))[ "
    r"\t]*$",
    re.I,
)
_GRADE: Final = re.compile(r"(?:I{1,3}|IV|VI{0,3})[A-Ca-c]?")
_NOT_BEFORE: Final = re.compile(r"[ \t]*(?::|[=/]|\d)")


def find_people(text: str, capitals: Sequence[Token], lowers: Sequence[Token]) -> list[Span]:
    """Return the names that the dictionaries of given and family names know.

    A given name is hidden alone or with its neighbours; two words of no dictionary in a row, and
    a family name with an initial, are hidden too. What the neighbours show to be a disease, a
    sign or a piece of anatomy stays, and so does an ordinary word.

    Args:
        text: the text.
        capitals: its words with a capital, in order.
        lowers: its other words that no dictionary of words holds, in order.
    """
    found = [*_in_small_letters(text, lowers), *find_towns(text, capitals)]
    for row in chains_of(text, capitals):
        chain = one_word_each(text, row)
        if len(chain) > 1:
            for part in _between_labels(chain):
                found += _names_in(text, part, "".join([token.word.mark for token in part]))
            continue
        [token] = chain
        is_signed = (
            token.word.mark == "A" and not token.word.is_upper and is_alone_on_line(text, token)
        )
        if token.word.mark in "OA" and not token.word.is_upper and is_related(text, token):
            found.append(Span(token.start, token.end, "person", "rule"))
            continue
        is_name = token.word.mark in "GF" and _stands_alone(text, token, token.word.mark)
        is_name = is_name or (token.word.mark in "GFO" and is_born(text, token))
        is_name = is_name or (token.word.mark == "G" and fills_field(text, token.start, token.end))
        if is_signed or is_name:
            found.append(Span(token.start, token.end, "person", "dictionary"))
    return found


def _in_small_letters(text: str, lowers: Sequence[Token]) -> Iterator[Span]:
    """Yield a given name and a family name, both in small letters: ``eva kleist``."""
    for one, other in pairwise(lowers):
        gap = other.start - one.end
        if gap > len(", "):
            continue
        if text[one.end : other.start] in {" ", ", "} and _is_small_record(text, one, other):
            yield Span(one.start, other.end, "person", "rule")
        elif one.word.is_given and len(one.word.folded) >= _SHORT and gap == 1:
            likely = other.word.is_family or other.word.is_given or other.word.is_common
            likely = likely or (
                text[other.end : other.end + 1] in _ENDS and not is_latin(text, other)
            )
            if text[one.end] == " " and likely and not is_meant(text, one.start, other.end):
                yield Span(one.start, other.end, "person", "dictionary")
        elif other.word.is_given and gap == 1 and text[one.end] == " ":
            # The family name first, on a line of their own.
            ends = text[other.end : other.end + 1] in {"", "\n"}
            if ends and len(one.word.folded) >= _SHORT and is_first_on_line(text, one.start):
                yield Span(one.start, other.end, "person", "dictionary")


def _is_small_record(text: str, one: Token, other: Token) -> bool:
    """Return whether a day behind two words of no dictionary makes them a patient's name."""
    if is_born(text, other):
        return True
    is_named = one.word.is_given or other.word.is_given
    return is_named and is_first_on_line(text, one.start) and is_numbered(text, other.end)


def _names_in(text: str, chain: Sequence[Token], classes: str) -> Iterator[Span]:
    is_record = heads_record(text, chain) and not is_phrase(text, chain[0].start, chain[-1].end)
    taken = [is_record] * len(chain)
    if is_born(text, chain[-1]):
        _take_born(classes, taken)
    for i in range(len(chain) - 1):
        if _is_pair(text, chain[i], chain[i + 1]):
            taken[i] = taken[i + 1] = True
        if i + 2 < len(chain) and _is_triple(text, chain[i : i + 3], classes[i : i + 3]):
            taken[i : i + 3] = [True] * 3
    for i, mark in enumerate(classes):
        follows = i > 0 and taken[i - 1] and mark in "FOGI"
        taken[i] = taken[i] or follows or (mark in "GF" and _stands_alone(text, chain[i], mark))
    _take_initials(text, chain, classes, taken)
    if True in taken:
        _take_first_of_two(text, chain, classes, taken)
        _take_between(text, chain, classes, taken)
        yield from _runs(text, chain, taken)


def _take_born(classes: str, taken: list[bool]) -> None:
    """Take the words before a day of birth, of which the last alone may be a plain one."""
    first = len(classes)
    while first and (classes[first - 1] in _OF_SOMEBODY or first == len(classes)):
        first -= 1
    first = max(first, len(classes) - _NAMES_OF_ONE)
    if classes[first] != "W" and classes[-1] not in "TE":
        taken[first:] = [True] * (len(classes) - first)


_NAMES_OF_ONE: Final = 4
_OF_SOMEBODY: Final = frozenset("GFOAUI")
_ENDS: Final = frozenset([",", ".", ";", ")", "'", "’"])
_RECORD_LABELS: Final = frozenset(["dob", "ddn", "mrn", "ipp", "nhs", "hosp"])


def _between_labels(chain: list[Token]) -> Iterator[list[Token]]:
    """Yield the words of a row that stand before and behind the labels of days and numbers."""
    part: list[Token] = []
    for token in chain:
        if token.word.folded not in _RECORD_LABELS:
            part.append(token)
        elif part:
            yield part
            part = []
    if part:
        yield part


def _take_initials(text: str, chain: Sequence[Token], classes: str, taken: list[bool]) -> None:
    """Take the initials before what was taken: ``J.-H. MacDonald``, ``D'Hauteville Anne``."""
    for i in reversed(range(len(chain) - 1)):
        gap = text[chain[i].end : chain[i + 1].start]
        is_before = classes[i] == "I" and taken[i + 1] and gap in {".", ".-", ". ", "'", "’"}
        taken[i] = taken[i] or is_before


def _take_first_of_two(text: str, chain: Sequence[Token], classes: str, taken: list[bool]) -> None:
    """Take the given name before "and" and a whole name: ``Ervad et Octave Ruiz``."""
    for i in range(len(chain) - 2):
        is_two = classes[i] in "GOAW" and not taken[i] and taken[i + 1] and taken[i + 2]
        if is_two and not chain[i].word.is_upper:
            is_name = classes[i] in "GO" or is_presented(text, chain[i])
            taken[i] = is_name and bool(_AND.fullmatch(text[chain[i].end : chain[i + 1].start]))


def _take_between(text: str, chain: Sequence[Token], classes: str, taken: list[bool]) -> None:
    """Take what stands between names in a list of names: ``A. Petit, Norodom PIMA, E. Prat``."""
    commas = [i for i in range(1, len(chain)) if "," in text[chain[i - 1].end : chain[i].start]]
    parts = [range(low, high) for low, high in pairwise([0, *commas, len(chain)])]
    for before, part, after in zip(parts, parts[1:], parts[2:], strict=False):
        is_listed = any(taken[i] for i in before) and any(taken[i] for i in after)
        if is_listed and len(part) > 1 and all(classes[i] in "GAFOUI" for i in part):
            for i in part:
                taken[i] = True


def _is_triple(text: str, three: Sequence[Token], classes: str) -> bool:
    """Return whether three words are a name with an initial in the middle, ``Faina D. Hopp``."""
    if classes[1] != "I" or classes[0] not in "GAFO":
        return False
    # "Ella H. Snider": behind a given name and an initial any word is a family name.
    gap = text[three[1].end : three[2].start]
    is_parted = len(gap) > len(". ") and _PARTED.fullmatch(gap) is not None
    likely = "GFOAEW" if classes[0] == "G" or is_parted else "GFO"
    if classes[2] not in likely or (classes[2] == "W" and three[2].word.is_upper):
        return False
    gaps = text[three[0].end : three[1].start] + gap
    is_row = gaps in {"  ", " . "} or (is_parted and gaps[0] == " ")
    return is_row and not is_meant(text, three[0].start, three[2].end)


def _is_pair(text: str, one: Token, other: Token) -> bool:
    """Return whether two words in a row are a name."""
    # "3D SPACE" is how an image was made.
    if text[one.start - 1 : one.start].isdigit():
        return False
    gap = text[one.end : other.start]
    if gap == ", " and one.word.is_upper and other.word.is_upper and has_degree(text, other):
        return True
    return _is_name(text, one, other, gap) or (
        _PARTED.fullmatch(gap) is not None and is_introduced(text, one, other)
    )


def _is_name(text: str, one: Token, other: Token, gap: str) -> bool:
    pair = one.word.mark + other.word.mark
    judge = _JUDGES.get(pair)
    # "Forrest Ib": how far a disease has come.
    is_grade = one.word.is_eponym and _GRADE.fullmatch(text, other.start, other.end)
    if judge is None or is_grade or is_meant(text, one.start, other.end):
        return False
    # "Gaucher, Wilson, Fabry": a list of diseases; "ABGRALL/YUNA": a name as machines write it.
    if ("," in gap or "/" in gap) and (
        pair not in _INVERTED or (one.word.is_eponym and other.word.is_eponym)
    ):
        return False
    # "Signe de Murphy", where the sign begins its sentence.
    if other.word.is_eponym and pair[0] != "G" and _OF.fullmatch(gap):
        return False
    if _AND.fullmatch(gap):
        return _are_two(text, one, other)
    return judge(text, one, other)


def _are_two(text: str, one: Token, other: Token) -> bool:
    """Return whether two words with "and" between are two family names: ``Marrero and Murphy``."""
    is_acronym = one.word.is_upper or other.word.is_upper
    return not is_acronym and is_inside(text, one.start) and _unlisted(text, one, other)


def _always(text: str, one: Token, other: Token) -> bool:
    return True


def _with_initial_after(text: str, one: Token, other: Token) -> bool:
    """Return whether a name and an initial, ``Anna S.``, are somebody."""
    if text[other.end : other.end + 1] not in {".", ",", "", " "}:
        return False
    if _HEADS_NOTE.match(text, other.end) and is_first_on_line(text, one.start):
        return not (one.word.mark == "O" and is_latin(text, one))
    if one.word.mark == "A":
        return is_inside(text, one.start)
    return one.word.mark == "G" or one.word.is_upper or _is_abbreviated(text, one, other)


_GOES_ON: Final = re.compile(r"\.(?:,[ ]|\)|[ ][a-z(])")
_SIDES: Final = frozenset("dg")


def _is_abbreviated(text: str, one: Token, other: Token) -> bool:
    """Return whether a letter behind a word of no list shortens a name: ``like Ervad N., who``."""
    if text[one.start - 2 : one.start] == ", " and text.startswith(".,", other.end):
        return True
    if other.word.folded in _SIDES or not is_inside(text, one.start):
        return False
    return bool(_GOES_ON.match(text, other.end)) and not is_latin(text, one)


_HEADS_NOTE: Final = re.compile(
    r"\.?,?[ ]{1,2}(?:\d{1,2}(?:[:h/.]\d{1,2}|(?:st|nd|rd|th)\b|[ ][A-Za-zéû]{3,9}\b)|⟦date)"
)
"""The day or hour of a note behind who wrote it: ``Oksana P., 16:40``."""


def _with_initial_before(text: str, one: Token, other: Token) -> bool:
    gap = text[one.end : other.start]
    if gap == " ":
        # "Cons: L Tarns", "checked F Tarnsby": a letter without its point, behind what tells.
        is_likely = other.word.mark in "FO" and not is_latin(text, other)
        if not is_likely:
            return False
        before = text[max(0, one.start - 16) : one.start]
        heads_day = is_first_on_line(text, one.start) and _DAY_BEHIND.match(text, other.end)
        return _TELLS.search(before) is not None or bool(heads_day)
    return "." in gap and _is_initial(text, one) and _may_be_signed(text, one, other)


_DAY_BEHIND: Final = re.compile(r"[ ,]{1,3}(?:\d{1,2}[/.-]\d{1,2}[/.-]|⟦date)")
_TELLS: Final = re.compile(
    r"(?:\b(?i:cons(?:ultant)?|gp|reg(?:istrar)?|ref|reader|md|dr|phys(?:ician)?|lecteur|interne|senior|"
    r"s[ée]nior|resp|surg(?:eon)?|referrer|requester|demandeur|op[ée]rateur|operator)[ ]?:[ ]{1,3}|"
    r"\b(?i:by|checked|verified|signed|with|par|avec|relu|valid[ée])[ ])\Z"
)


def _by_capitals(text: str, one: Token, other: Token) -> bool:
    """Return whether two words look like a name: ``PODA Lily``, ``Perle Defoe, 21/07/1985``."""
    if one.word.is_upper != other.word.is_upper:
        return True
    is_named = one.word.mark == "A" and other.word.mark in "OF"
    return is_named and bool(_NEXT_DAY.match(text, other.end))


def _unlisted(text: str, one: Token, other: Token) -> bool:
    """Return whether two words, of which one is in no list, look like a name and not like Latin."""
    if any(is_latin(text, token) for token in (one, other) if token.word.mark == "O"):
        return False
    return not (one.word.is_upper and other.word.is_upper and is_loud(text, one.start))


def is_latin(text: str, token: Token) -> bool:
    """Return whether a word ends as Latin words and drugs do, in the letters of our languages."""
    return ends_in_latin(text[token.start : token.end])


_ANATOMY: Final = frozenset("avnmlrdg")
"""Initials that stand for an artery, a vein, a nerve, a muscle, a ligament, or a side."""


def _is_initial(text: str, token: Token) -> bool:
    """Return whether a lone letter begins a name: it ends no word (``vitamin C.``), no unit."""
    before = text[max(0, token.start - 12) : token.start]
    return bool(_FREE_BEFORE.search(before))


def _may_be_signed(text: str, one: Token, other: Token) -> bool:
    """Return whether an initial and a word, ``T. Gredin``, may be somebody."""
    word = other.word
    if has_degree(text, other):
        return True
    if word.mark in "OW" and LATIN.search(word.folded):
        return False
    # "M.-A. Colombier": no artery has two initials.
    if text[one.start - 2 : one.start] == ".-":
        return True
    return word.mark != "W" or (one.word.folded not in _ANATOMY and len(word.folded) > _SHORT)


def _beside_word(text: str, one: Token, other: Token) -> bool:
    """Return whether an ordinary word beside a given name is written as a family name is."""
    is_first = one.word.mark == "G"
    plain = other if is_first else one
    if plain.word.is_upper:
        return not is_loud(text, plain.start)
    return is_first and not _NOT_BEFORE.match(text, other.end)


_INVERTED: Final = frozenset({"GG", "FG", "OG", "GF"})
"""Pairs that are a name with a comma between, too: ``Smith, Clara``."""
_JUDGES: Final[Mapping[str, Callable[[str, Token, Token], bool]]] = {
    **dict.fromkeys(("GG", "GF", "GO", "GA", "FG", "OG", "AG", "AF", "FF", "GE"), _always),
    **dict.fromkeys(("GI", "AI", "FI", "OI"), _with_initial_after),
    **dict.fromkeys(("IF", "IO", "IG", "IW"), _with_initial_before),
    **dict.fromkeys(("GU", "UG", "OA", "FA", "EG", "AO"), _by_capitals),
    **dict.fromkeys(("GW", "WG"), _beside_word),
    **dict.fromkeys(("FO", "OF", "OO"), _unlisted),
}


def _stands_alone(text: str, token: Token, mark: str) -> bool:
    word = token.word
    if mark == "F" and (word.is_upper or not is_inside(text, token.start)):
        return False
    if is_meant(text, token.start, token.end):
        return False
    if len(word.folded) <= _SHORT:
        return mark == "G" and not word.is_upper and is_presented(text, token)
    is_acronym = word.is_upper and len(word.folded) <= _ACRONYM
    return not (word.is_eponym or is_acronym or (word.is_upper and is_loud(text, token.start)))


def is_inside(text: str, at: int) -> bool:
    """Return whether a word stands inside a sentence, so that its capital is its own."""
    before = text[max(0, at - 3) : at].rstrip(" \t")
    return bool(before) and (before[-1].isalnum() or before[-1] in ",;'’⟧")


def _runs(text: str, chain: Sequence[Token], taken: Sequence[bool]) -> Iterator[Span]:
    start = -1
    for i, token in enumerate(chain):
        if taken[i] and start < 0:
            start = token.start
        if start >= 0 and (i + 1 == len(chain) or not taken[i + 1]):
            end = token.end
            if taken[i]:
                end += len(token.word.folded) == 1 and text[end : end + 1] == "."
                yield Span(start, end, "person", "dictionary")
            start = -1
