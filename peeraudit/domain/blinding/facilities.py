"""Where does the name of a facility, a street or a host stand before the word that closes it?"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from peeraudit.domain.blinding.lexicon import Word, look_up
from peeraudit.domain.blinding.reach import is_first_on_line
from peeraudit.domain.blinding.rules_places import (
    CLOSERS,
    DOUBTFUL,
    FACILITY_BEFORE,
    FACILITY_REACH,
    IMAGING,
    ROAD_BEFORE,
    ROAD_BEHIND,
    ROADS,
    TRUST,
)
from peeraudit.domain.blinding.spans import Span

_DOMAINS_WORDS: Final[str] = "com fr org net eu edu gov info uk ca be ch de io"
DOMAINS: Final = frozenset(_DOMAINS_WORDS.split())
"""Words that close the name of a host of the net."""
_HOST: Final = re.compile(r"(?<![\w@.-])(?:[\w-]{1,40}\.){1,4}$")
_GENERIC_WORDS: Final[str] = (
    "the a an at in of and from to our this any local imaging radiology medical health cancer"
    " heart care emergency surgery surgical trauma center center s centre outpatient inpatient"
    " tertiary community university teaching academic referral other another same outside"
    " breast women spine orthopedic general clinic hospital please for exam ct mri xr us"
    " ultrasound infusion birth call data cell day nursing home daycare wellness fitness"
    " shopping"
)
_GENERIC: Final = frozenset(_GENERIC_WORDS.split())
_KINDS: Final = frozenset({"Medical", "Family", "Group", "Primary", "High", "Grammar"})
"""Kinds of practices and schools: their name stands before."""
_SHORTEST_HEAD: Final = 2
_AT: Final = re.compile(r"\b(?:at|from)[ ]\Z")
_AT_REACH: Final = 8
_OF_IMAGING_WORDS: Final[str] = (
    "breast nuclear medical medicine diagnostic interventional vascular cardiac pediatric"
    " paediatric emergency chest body musculoskeletal msk neuro women digital screening"
    " bilateral mobile magnetic resonance diffusion tensor weighted delayed prior comparison"
    " hepatobiliary doppler sagittal axial coronal molecular functional cross sectional abdominal"
    " thoracic neurological dental oral general clinical department college society"
    " american european royal national"
    " board faculty institute molecular hybrid multimodality dynamic contrast enhanced perfusion"
    " conventional plain left right urgent primary technique findings impression conclusion"
    " procedure examination exam indication report history reason recommend recommended additional"
    " further correlative relevant available outside no none see dual energy spectral"
)
_OF_IMAGING: Final = frozenset(_OF_IMAGING_WORDS.split())
"""What imaging is of, or for: no name of a practice begins so."""


def names_before(text: str, start: int, end: int, word: Word) -> Iterator[Span]:
    """Yield the facility or the host whose name this word ends."""
    if word.folded in DOMAINS:
        host = _HOST.search(text[max(0, start - FACILITY_REACH) : start])
        if host and any(map(str.isalpha, host[0])):
            yield Span(start - len(host[0]), end, "url", "rule")
        return
    if word.folded in ROADS:
        yield from _road(text, start)
        return
    if closer := CLOSERS.match(text, start):
        yield from _facility(text, start, closer.end(), word)


def _facility(text: str, start: int, end: int, word: Word) -> Iterator[Span]:
    """Yield the facility that the word at ``start`` closes, if a name stands before."""
    before = FACILITY_BEFORE.search(text[max(0, start - FACILITY_REACH) : start])
    if not before:
        return
    low = start - len(before[0])
    words = [(low + w.start(), w[0]) for w in re.finditer(r"[\w.’'&-]+", before[0])]
    while words and look_up(words[0][1]).folded.strip(".") in _GENERIC:
        words.pop(0)
    named = [w for _, w in words]
    is_sure = word.folded not in DOUBTFUL or _is_named(text[low:start], named)
    # "MDXREVNT Radiology": the code of an examination.
    is_sure = is_sure and not (word.folded in IMAGING and len(named) == 1 and named[0].isupper())
    is_placed = _AT.search(text, max(0, low - _AT_REACH), low) is not None
    if word.folded in IMAGING and not is_sure and (is_placed or is_first_on_line(text, low)):
        is_sure = _heads_page(named)
    if words and is_sure:
        trust = TRUST.match(text, end)
        yield Span(words[0][0], trust.end() if trust else end, "place", "rule")


def _road(text: str, start: int) -> Iterator[Span]:
    """Yield a street that stands alone in an address: ``Quarry Lane, Ripley``."""
    if closer := ROAD_BEHIND.match(text, start):
        # As many characters as a name may have: the place before may not be the text's first.
        low = max(0, start - FACILITY_REACH)
        if before := ROAD_BEFORE.search(text, low, start):
            yield Span(before.start(), closer.end(), "address", "rule")


def _is_named(before: str, words: Sequence[str]) -> bool:
    """Return whether words before one like "surgery" are a name, and no trade or operation."""
    own = [look_up(w.strip(".’'&-") or "x") for w in words if w not in _KINDS]
    own = [w for w in own if w.folded not in _OF_IMAGING]
    if not own or any(w.is_term or w.is_eponym for w in own):
        return False
    # "The Laurels Medical Practice": words of the language are a name by their article.
    is_named = any(w.mark in "OFG" for w in own)
    return is_named or (before.startswith("The ") and any(w in _KINDS for w in words))


def _heads_page(words: Sequence[str]) -> bool:
    """Return whether plain words that begin a line are a practice: ``Cedar Ridge Mammography``."""
    own = [look_up(w.strip(".’'&-") or "x") for w in words]
    is_long = len([w for w in own if w.folded not in _OF_IMAGING]) >= _SHORTEST_HEAD
    return is_long and not any(w.is_term or w.is_eponym or w.folded in _OF_IMAGING for w in own[:2])
