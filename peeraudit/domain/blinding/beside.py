"""What stands beside a hidden stretch, and tells as much as it does?

The initials of who read an examination behind its day, the second of two doctors behind a slash,
the town before its postal code: the neighbour is plain once the stretch itself is known.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from peeraudit.domain.blinding.lexicon import look_up
from peeraudit.domain.blinding.rules_kin import NICKNAME, NICKNAME_REACH, NICKNAMED, PARENT
from peeraudit.domain.blinding.shapes import CAPITAL
from peeraudit.domain.blinding.spans import PEOPLE, Span

_MAY_BE: Final = frozenset("GFOA")
_INITIALS: Final = re.compile(
    r"[ ]{1,3}(?:[-–][ ]?)?(?P<x>(?!(?:AM|PM|GMT|UTC|BST|CES?T|[ECMP][SD]T|RAS|OK|NAD|NAF|"
    r"TAP|IV|PO|AP|PA)\b)"
    r"[A-Z]{2,3}(?:/[A-Za-z]{2,3})?)(?=[ \t]*\.?[ \t]*(?:\n|\Z))"
)
_SECOND: Final = re.compile(rf"[ ]?/[ ]?(?P<x>{CAPITAL}[\w’'-]{{2,30}})(?![\w’'/])")
_TYPIST: Final = re.compile(r"[ ]?/[ ]?(?P<x>[a-z]{2,3})(?=[ ]?(?:/|\n|\Z)|[ ]{2})")
_TYPED: Final = re.compile(r"[ ](?P<x>[a-z]{2,3})(?=[ \t]*(?:\n|\Z))")
_DICTATED: Final = re.compile(r"\b(?:[DT]{1,2}(?:/T)?[ ]?:|(?i:dict|typed|trans|frapp|saisi))")
_DICTATED_REACH: Final = 60
_SITE: Final = re.compile(
    rf"[ ][-–][ ](?P<x>(?:{CAPITAL}[\w’'.-]*[ ]){{0,4}}(?:Hospital|Site|Campus|Health|Infirmary|"
    r"Cent(?:re|er)|Clinic|Hôpital)\b)"
)
"""The house of a trust or a clinic: ``Clinic - Harrow Campus``."""
_SITE_FR: Final = re.compile(
    r"[ ][-–][ ](?P<x>(?:(?:[Ss]ite|SITE|[Hh]ôpital|HOPITAL)[ ]"
    r"(?:de[ ](?:la[ ]|l['’])?|du[ ]|DE[ ](?:LA[ ])?|DU[ ])?)?"
    rf"{CAPITAL}[\w’'-]+(?:[ ]{CAPITAL}[\w’'-]+){{0,2}})(?=[ ]?(?:[,;.)\n]|\Z))"
)
"""The house of a French hospital: ``CHU de Tours - Clocheville``."""
_OF_HOSPITAL: Final = re.compile(r"(?:CHR?U|CHI?C?|GHU|GHT|AP-H[PM]|Centre|CENTRE|Hospices)\b")
_TOWN_BEHIND: Final = re.compile(
    rf"(?:,[ ]|[ ][-–][ ]|[ ]\(|[ ]{{2,20}})(?P<x>(?:(?:La|Le|Les|L['’])[ ]?)?{CAPITAL}[\w’'-]+"
    rf"(?:(?:[ -](?:en|de|la|le|les|sur|sous|du|des|d['’]|l['’]|EN|DE|LA|SUR)){{0,2}}[ -]"
    rf"{CAPITAL}[\w’'-]+){{0,3}})(?=[ ]?(?:[,;.)\n(–]|\Z)|[ ]-[ ])"
)
"""The town behind a hospital: ``Clinique Lisfort, Rennes``."""
_FIRST: Final = re.compile(rf"(?<![\w’'/-])(?P<x>{CAPITAL}[\w’'-]{{2,30}})[ ]?/[ ]?\Z")
_CODED: Final = re.compile(
    r"(?:[A-Z]{2,3}|[A-Z][a-z]+(?:[ ][A-Z][a-z]+)?),?[ ]{1,2}(?:\d{4,5}(?:-\d{4})?|"
    r"[A-Z]\d[A-Z][ ]\d[A-Z]\d)\Z|"
    r"[A-Z]{1,2}\d[A-Z\d]?[ ]\d[A-Z]{2}\Z|[A-Z]\d[A-Z][ ]\d[A-Z]\d\Z"
)
"""The state and the code of a town, or a British or Canadian code alone."""
_TOWN: Final = re.compile(
    rf"(?:(?<=[,;:(][ ])|(?<=\n)|(?<=\bin )|(?<=\bof )|(?<=from )|(?<=\bat )|(?<=\bto )|\A)"
    rf"(?P<x>{CAPITAL}[\w’'.-]*(?:[ ]{CAPITAL}[\w’'.-]*){{0,2}}"
    rf"(?:,[ ]{CAPITAL}[\w’'-]+(?:[ ]{CAPITAL}[\w’'-]+)?)?),?[ \n]{{1,2}}\Z"
)
_SITES: Final = frozenset({"site", "hopital"})
_TOWN_MARKS: Final = frozenset("OF")
_SAINT: Final = re.compile(r"(?:S[Aa][Ii][Nn][Tt][Ee]?|St)[ -]")
_NAME_REACH: Final = 36
_TOWN_REACH: Final = 60


def find_beside(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield what stands right before or behind hidden stretches and belongs to them.

    Args:
        text: the text, its no-break spaces made spaces.
        spans: what is hidden, in order.
    """
    for start, end, kind, layer, *_ in spans:
        if kind == "date":
            if text[end : end + 1] == " ":
                yield from _behind_day(text, start, end)
        elif kind in PEOPLE:
            yield from _with_nickname(text, start, end)
            near = text[max(0, start - 2) : start] + text[end : end + 2]
            if "/" in near:
                yield from _with_slash(text, start, end)
        elif kind in {"place", "address"}:
            yield from _beside_place(text, Span(start, end, kind, layer))


def _beside_place(text: str, span: Span) -> Iterator[Span]:
    """Yield the house of a trust behind it, and the town before a postal code."""
    start, end, kind, layer, _ = span
    tail = _SITE.match(text, end) if kind == "place" else None
    if kind == "place" and not tail and _OF_HOSPITAL.match(text, start):
        tail = _SITE_FR.match(text, end)
        own = look_up(_letters(tail["x"])) if tail else None
        tail = tail if own and (own.mark in _TOWN_MARKS or own.folded in _SITES) else None
    if tail:
        yield Span(*tail.span("x"), "place", "rule")
    elif kind == "place" and (behind := _TOWN_BEHIND.match(text, end)):
        word = look_up(_letters(behind["x"].replace("’", " ").replace("-", " ")))
        if word.is_town or word.mark in _TOWN_MARKS or _SAINT.match(behind["x"]):
            yield Span(*behind.span("x"), "place", "rule")
    if kind == "address" and layer == "rule" and _CODED.match(text[start:end]):
        town = _TOWN.search(text, max(0, start - _TOWN_REACH), start)
        if town and not look_up(_letters(town["x"])).is_term:
            yield Span(*town.span("x"), "place", "rule")


def _behind_day(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the initials of who read an examination, or typed it, behind the day."""
    if found := _INITIALS.match(text, end):
        yield from _initials(found)
    elif typed := _TYPED.match(text, end):
        line = text[max(0, start - _DICTATED_REACH) : start].rpartition("\n")[2]
        if _DICTATED.search(line):
            yield Span(*typed.span("x"), "signature", "rule")


def _letters(words: str) -> str:
    return words.partition(" ")[0].strip(".,'’-")


def _initials(found: re.Match[str]) -> Iterator[Span]:
    word = look_up(found["x"].partition("/")[0])
    if not word.is_term and (not word.is_ordinary or "/" in found["x"]):
        yield Span(*found.span("x"), "signature", "rule")


def _with_nickname(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the name of the house beside somebody's own, and what is behind or before it."""
    if parent := PARENT.match(text, end):
        yield Span(*parent.span("x"), "person", "rule")
    if found := NICKNAME.match(text, end):
        yield Span(end, found.end(), "person", "rule")
    before = NICKNAMED.search(text, max(0, start - NICKNAME_REACH), start)
    if before and look_up(_letters(before["x"])).mark in _MAY_BE:
        yield Span(*before.span("x"), "person", "rule")


def _with_slash(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the other of two people with a slash between: ``DOWNIE / OKORO``."""
    before = _FIRST.search(text, max(0, start - _NAME_REACH), start)
    typist = _TYPIST.match(text, end)
    if typist and not look_up(typist["x"]).is_term:
        yield Span(*typist.span("x"), "signature", "rule")
    for found in (_SECOND.match(text, end), before):
        if found and look_up(found["x"].strip("’'-")).mark in _MAY_BE:
            yield Span(*found.span("x"), "person", "rule")
