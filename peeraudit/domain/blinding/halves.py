"""What of a name or of a number was left beside its hidden half?

A given name that is a word too, an initial, a particle, the letters before a number: none of them
tells anything by itself, and each does beside what was found.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from peeraudit.domain.blinding.lexicon import is_meant, look_up
from peeraudit.domain.blinding.shapes import CAPITAL
from peeraudit.domain.blinding.spans import PEOPLE, Span

_WORD: Final = rf"{CAPITAL}[\w’'-]+"
_SMALL_WORDS: Final = (
    r"(?:(?:[Dd]e[ ][Ll](?:a|os|as)|[Vv]an[ ][Dd]e[nr]|[Ll]e|[Ll]a|[Dd]e|[Dd]u|[Dd]es|[Dd]a|[Dd]i|"
    r"[Dd]os|[Dd]el|[Vv][ao]n|[Ee]l|[Aa]l|[Bb]en|Mac|LE|LA|DE[ ]LA|DE|DU|DES|DA|DOS|EL|AL|BEN|VAN)"
    r"[ ])?"
)
_TITLED: Final = re.compile(
    r"(?i:drs?|docteure?s?|doctor|prs?|prof\w*|mm?|mr|mrs|ms|miss|mmes?|mlle|melle|monsieur|madame|"
    r"mademoiselle|me|ma[îi]tre|s(?:œ|oe)ur|nurse|sister|by|par)\b"
)
_INITIALS: Final = re.compile(
    rf"(?<![\w.’'-])(?P<x>(?:[A-Z]\.[ -]?){{1,3}}{_SMALL_WORDS})\Z|"
    rf"(?:\A|(?<=\n)|(?<=\bpp ))(?:[A-Z][ ]{_SMALL_WORDS})\Z|"
    r"(?<![\w’'-])(?:Mohd|Md|Smt|Shri)\.?[ ]\Z|"
    r"(?<![\w’'-])(?:Le|Nguy[eễ]n|Tr[aầ]n|Ph[aạ]m|Bui|Vo|Do|Ho|Dang)[ ](?:Van|Văn|Thi|Thị|Minh|Duc)"
    r"[ ]\Z"
)
_CLASSES: Final = re.compile(
    r"(?i:h[ée]patite|hepatitis|types?|grade|stade|stage|vitamine?|group|groupe|classe?|segment|"
    r"child|part|partie|site|level|niveau|zone|wave|onde)[ ]\Z"
)
"""Words behind which a letter is a class, and no initial."""
_GIVEN: Final = re.compile(rf"(?<![\w.’'^-])(?P<x>(?P<word>{_WORD})[ ]{_SMALL_WORDS})\Z")
_AFTER_TITLE: Final = re.compile(r"(?<!\w)(?:dr|docteur|doctor)\.?[ ](?P<x>[a-zà-ÿ’'-]{3,20}[ ])\Z")
_FRESH: Final = re.compile(r"(?:\A|\n|[:;|(•–—-][ ]?|[ ]{2})\Z")
"""Where an item begins: on a line, in a cell, behind a label."""
_INVERTED: Final = re.compile(
    rf"(?:\A|(?<=\n)|(?<=[|\t])|(?<=[|:] )|(?<=[ ]{{2}})|(?<=\bName )|(?<=\bNAME )|(?<=\bNom )|"
    rf"(?<=\bNOM )|(?<=atient ))(?P<x>{_SMALL_WORDS}{_WORD}(?:[ ]{_WORD})?,[ ]?)\Z"
)
_CELL_END: Final = re.compile(r"(?:[ ][A-Z]\.?)?(?:[ ]{2}|[ ]?[|\n(\t]|,[ ]\d|[ ]?\Z|[ ]\d{2})")
_FAMILY: Final = re.compile(rf"[ ](?P<x>{_SMALL_WORDS}(?P<word>{_WORD}))(?![\w’'^-])")
_SUFFIX: Final = re.compile(r",?[ ](?:Jr|Sr|JR|SR|III?|IV)\b\.?(?=[ ]?(?:[,;.\n(|]|\Z)|[ ]{2})")
_OTHER_NAME: Final = re.compile(
    r",?[ ]\(?(?:[Nn][ée]e|NEE|NÉE|[ÉEée]pouse|[ÉE]POUSE|[ée]p\.|[Vv]euve|VEUVE)[ ]"
    rf"(?P<x>(?!LE[ ]\d|Le[ ]\d|LE[ ]⟦){_SMALL_WORDS}{_WORD}(?:[ ](?=[A-Z]{{3}}){_WORD})?)"
    r"(?![\w’'-])"
)
_NAME_BEFORE: Final = re.compile(
    r"(?P<x>[A-ZÀ-Þ][A-ZÀ-Þ’'-]{2,}[ ])(?:[ée]pouse|[ée]p\.?|n[ée]e|veuve)[ ]\Z"
)
_CARETS: Final = re.compile(
    r"(?<![\w^])(?P<x>[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ’' -]{1,30}\^[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ.’' -]{0,30}"
    r"(?:\^[A-Za-zÀ-ÿ.’' -]{0,12}){0,3})(?![\w^])"
)
"""A name as HL7 and DICOM write it: ``LE MOAL^ERWAN``."""
_CODE_BEFORE: Final = re.compile(r"(?<![\w/.-])(?P<x>(?:[A-Z0-9]{1,8}[-_/#]){1,4})\Z")
_CODE_BEHIND: Final = re.compile(r"(?P<x>(?:[-_/][A-Z0-9]{1,12}){1,4})(?![\w/-]|[.,]\d)")
_NAMES: Final = frozenset("GFOA")
_REACH: Final = 64
_SIGNS_BEFORE: Final = frozenset(" ,")
_JOINTS: Final = frozenset("-_/#")
_LETTERS: Final = re.compile(r"[^\W\d_][\w’'-]*")
_ABBREVIATION: Final = 4


def find_halves(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the other half of names and numbers of which one half is hidden, with that half.

    Args:
        text: the text, its no-break spaces made spaces.
        spans: what is hidden, in order.
    """
    if "^" in text:
        yield from _with_carets(text)
    for span in spans:
        start, end, kind, layer, _ = span
        low, high = start, end
        if kind in PEOPLE:
            if text[start - 1 : start] in _SIGNS_BEFORE and not _TITLED.match(text, start, end):
                low = _before_name(text, start, end)
            if text[end : end + 1] in _SIGNS_BEFORE:
                high = _behind_name(text, start, end)
                yield from _other_names(text, start, end)
        elif kind == "id":
            low, high = _around_number(text, start, end)
        if (low, high) != (start, end):
            yield Span(low, high, kind, layer)


def _with_carets(text: str) -> Iterator[Span]:
    for found in _CARETS.finditer(text):
        marks = {look_up(word).mark for word in _LETTERS.findall(found["x"])}
        if marks & {"G", "F", "A"} or (marks <= {"O", "I", "U"} and "O" in marks):
            yield Span(*found.span("x"), "person", "rule")


def _other_names(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the name of birth or of marriage behind a hidden name, and the name before one."""
    if found := _OTHER_NAME.match(text, end):
        yield Span(*found.span("x"), "person", "rule")
    if found := _NAME_BEFORE.search(text, max(0, start - _REACH), start):
        yield Span(*found.span("x"), "person", "rule")


def _before_name(text: str, start: int, end: int) -> int:
    """Return where a hidden name begins: with its initials, given name or name and comma."""
    low = max(0, start - _REACH)
    if text[start - 1] == "," or text[start - 2 : start] == ", ":
        found = _INVERTED.search(text, low, start)
        return found.start("x") if found and _is_inverted(text, found, start, end) else start
    if found := _INITIALS.search(text, low, start):
        return start if _CLASSES.search(text, low, found.start()) else found.start()
    if found := _AFTER_TITLE.search(text, low, start):
        return start if look_up(found["x"].strip()).is_term else found.start("x")
    found = _GIVEN.search(text, low, start)
    return found.start("x") if found and _is_given(text, found, low, end) else start


def _is_given(text: str, found: re.Match[str], low: int, end: int) -> bool:
    """Return whether the word before a hidden name is a given name, or a family name before it."""
    word = look_up(found["word"].strip("’'-"))
    if (word.is_upper and len(word.folded) <= _ABBREVIATION) or not text[found.end()].isupper():
        return False
    if word.is_eponym or is_meant(text, found.start(), end):
        return False
    is_fresh = bool(_FRESH.search(text, low, found.start()))
    return word.mark == "G" or (word.mark in "FAO" and is_fresh and not word.is_town)


def _is_inverted(text: str, found: re.Match[str], start: int, end: int) -> bool:
    """Return whether a family name and its comma stand before: ``Brown, Charity | 2011556``."""
    given = look_up(text[start:end].partition(" ")[0].strip(".,’'-"))
    words = [look_up(word) for word in _LETTERS.findall(found["x"])]
    is_cell = bool(_CELL_END.match(text, end))
    if not (given.is_given or given.may_be_given or is_cell) or any(w.is_term for w in words):
        return False
    return words[-1].mark in _NAMES or (is_cell and words[-1].mark == "W")


def _behind_name(text: str, start: int, end: int) -> int:
    """Return where a hidden name ends: with the family name behind it, or a ``III``."""
    if " " in text[start:end] and (suffix := _SUFFIX.match(text, end)):
        return suffix.end()
    found = _FAMILY.match(text, end) if " " not in text[start:end] else None
    if found is None:
        return end
    given, word = look_up(text[start:end].strip("’'-.")), look_up(found["word"].strip("’'-"))
    is_name = given.is_given and word.mark == "F" and not word.is_eponym
    return found.end() if is_name and not is_meant(text, start, found.end()) else end


def _around_number(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where a number begins and ends with what is joined to it: ``RCP-SE-2024-06-Z``."""
    before = behind = None
    if text[start - 1 : start] in _JOINTS:
        before = _CODE_BEFORE.search(text, max(0, start - _REACH), start)
    if text[end : end + 1] in _JOINTS:
        behind = _CODE_BEHIND.match(text, end)
    return before.start() if before else start, behind.end() if behind else end
