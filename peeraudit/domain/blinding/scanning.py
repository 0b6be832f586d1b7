"""Which stretches of a report identify somebody by their form, in one pass over its words?"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import accumulate, compress, repeat
from typing import Final, NamedTuple

from peeraudit.domain.blinding.facilities import DOMAINS, names_before
from peeraudit.domain.blinding.keys import addresses_of_the_net, is_account, is_of_law, number_at
from peeraudit.domain.blinding.lexicon import Word, look_up
from peeraudit.domain.blinding.naming import trim_name
from peeraudit.domain.blinding.reach import is_first_on_line
from peeraudit.domain.blinding.rules_days import DAY_HEADS, DAY_RULES
from peeraudit.domain.blinding.rules_days_in_words import WORDED_DAY_RULES
from peeraudit.domain.blinding.rules_days_otherwise import OTHER_DAY_RULES
from peeraudit.domain.blinding.rules_kin import KIN_RULES
from peeraudit.domain.blinding.rules_numbers import NUMBER_RULES
from peeraudit.domain.blinding.rules_people import MARK_HEADS, MARKS, PEOPLE_RULES
from peeraudit.domain.blinding.rules_places import (
    FACILITIES,
    PLACE_RULES,
    TOWN_LINE,
)
from peeraudit.domain.blinding.rules_registers import REGISTER_RULES
from peeraudit.domain.blinding.rules_talk import TALK_RULES
from peeraudit.domain.blinding.shapes import Rule
from peeraudit.domain.blinding.spans import Kind, Span
from peeraudit.domain.blinding.weekdays import with_weekday

_SIGNS: Final = "\x00-/:-@\\[-^`{-\x7f"
_PIECE: Final = re.compile(
    # A word and what follows it, in letters of our languages, which are told apart fastest.
    rf"[A-Za-zÀ-ÖØ-öø-ÿ]++(?![^\W\d_])(?:-[^\W\d_]+)*[{_SIGNS}]{{0,3}}"
    rf"|[{_SIGNS}]+|\d+|[^\W\d_]+(?:-[^\W\d_]+)*|⟦[^⟧\n]{{0,100}}⟧|[^\w⟦]+|_+|⟦"
)
"""Words, numbers, placeholders and what stands between them: joined, the whole text."""
_BETWEEN: Final = "".join(chr(code) for code in range(128) if not chr(code).isalnum())
_LONGEST_GAP: Final = 4
_LINE: Final = 160
_LAST_REACH: Final = 24
_LAST_LINE: Final = re.compile(
    r"(?:[.!\n⟧][ \t]*\n[ \t]*|[.!][ ]{1,2})(?:[-–—][ ]?)?(?P<x>(?!(?:RAS|OK|FIN|END|NAD|NAF|NB|PS|"
    r"EOF|IRM|TDM|TEP|MRI|CT|PET|US|"
    r"MD|NR)\b)"
    r"[A-Z]{2,4}|[A-Z]{1,2}Mc[A-Z]|(?!U\.S|M\.D|I\.V|D\.O|R\.N)(?:[A-Z]\.){2,3})\s*\Z"
)
"""Initials that close a report, alone on its last line."""
_NEXT_LINE: Final = re.compile(
    r"\n[ \t]*(?:(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w{0,6}|\d{1,2}[/.-]|⟦date)"
    r"[^\n]{0,60}(?=\n|$)"
)


class Token(NamedTuple):
    """A word that begins with a capital, or that a rule looked at.

    Attributes:
        start: its first character.
        end: one past its last.
        word: what is known of it.
    """

    start: int
    end: int
    word: Word


@dataclass(frozen=True, slots=True)
class Scan:
    """What one pass over a text found.

    Attributes:
        spans: what the rules hide.
        capitals: the words with a capital, in order.
        lowers: the other words that are not in the dictionary, in order.
        numbers: where numbers begin that no rule hides, and how many digits they have.
    """

    spans: list[Span]
    capitals: list[Token]
    lowers: list[Token]
    numbers: list[tuple[int, int]]


class _Entry(NamedTuple):
    """What a pass over a text has to know of a word.

    Attributes:
        length: in characters.
        is_unknown: it is in small letters and in no dictionary.
        rules: what may begin with it.
        is_closing: it may close the name of a facility or of a host.
        is_facility: it may close the name of a facility.
    """

    word: Word
    length: int
    is_unknown: bool
    rules: tuple[Rule, ...]
    is_closing: bool
    is_facility: bool


def _index(language: str) -> dict[str, tuple[Rule, ...]]:
    found: dict[str, list[Rule]] = defaultdict(list)
    days = (*DAY_RULES, *WORDED_DAY_RULES, *OTHER_DAY_RULES)
    people = (*PEOPLE_RULES, *KIN_RULES, *TALK_RULES)
    for rule in (*people, *days, *NUMBER_RULES, *REGISTER_RULES, *PLACE_RULES):
        if not language or rule.language in ("", language):
            for trigger in rule.triggers:
                found[trigger].append(rule)
    return {word: tuple(found[word]) for word in (*found, *FACILITIES, *DOMAINS)}


_LONGEST_WORD: Final = 100
"""Nobody's name is longer; what is longer is neither looked up nor remembered."""
_MANY_PIECES: Final = 65536
_ENTRIES: Final[dict[str, dict[str, _Entry | None]]] = {"": {}, "fr": {}, "en": {}}
"""What is known of pieces of text that were seen, for each language; None of most of them."""
_UNSEEN: Final = _Entry(look_up("x"), 0, False, (), False, False)  # noqa: FBT003 - a mark
_RULES: Final = {language: _index(language) for language in ("", "fr", "en")}


def scan(text: str, low: int, high: int, language: str) -> Scan:
    """Return what the words and numbers between two places of a text give away.

    The time grows with the length of the stretch: each word is looked up once, and an
    expression is only ever tried where its trigger stands.

    Args:
        text: the text, its no-break spaces made spaces.
        low: where to begin.
        high: where to end.
        language: ``fr`` or ``en``; empty applies the rules of both.
    """
    spans: list[Span] = [*addresses_of_the_net(text, low, high), *_lines(text, low, high)]
    result = Scan(spans, [], [], [])
    capitals, lowers, free = result.capitals, result.lowers, low
    entries = _ENTRIES[language]
    for start, piece, found in _telling(text, low, high, entries):
        if piece[0].isdecimal():
            if start >= free:
                free = _number(text, start, len(piece), language, result)
            continue
        entry = _learn(piece, language) if found is _UNSEEN else found
        if entry is None:
            continue
        end, word = start + entry.length, entry.word
        if word.is_capital:
            capitals.append(_token((start, end, word)))
        elif entry.is_unknown:
            lowers.append(_token((start, end, word)))
        # "de" is the end of a host's name too, but hardly ever.
        is_closing = entry.is_closing and (entry.is_facility or text[start - 1 : start] == ".")
        if entry.rules or is_closing:
            _by_word(text, start, end, entry, spans)
    return result


# There are hundreds in a report; to name their parts each time takes three times as long.
_token: Final[Callable[[tuple[int, int, Word]], Token]] = partial(tuple.__new__, Token)


def _learn(piece: str, language: str) -> _Entry | None:
    """Return what there is to know of a piece of text, and remember it."""
    word = piece.rstrip(_BETWEEN)
    if len(word) > _LONGEST_WORD:
        return None
    entry = _entry(word, language) if word[:1].isalnum() else None
    entries = _ENTRIES[language]
    if len(entries) < _MANY_PIECES and (word or len(piece) <= _LONGEST_GAP):
        entries[piece] = entry
    return entry


def _telling(
    text: str, low: int, high: int, entries: Mapping[str, _Entry | None]
) -> Iterator[tuple[int, str, _Entry | None]]:
    """Return the words and numbers that may tell something, and where each begins.

    Most tell nothing: all pieces are asked together for what is known of them.
    """
    pieces: list[str] = _PIECE.findall(text, low, high)
    starts = accumulate(map(len, pieces), initial=low)
    known = [*map(entries.get, pieces, repeat(_UNSEEN))]
    return compress(zip(starts, pieces, known, strict=False), known)


def _by_word(text: str, start: int, end: int, entry: _Entry, spans: list[Span]) -> None:
    for rule in entry.rules:
        if rule.hint is None or rule.hint.match(text, end):
            _try(text, start, rule, spans)
    if entry.is_closing and (entry.is_facility or text[start - 1 : start] == "."):
        spans += names_before(text, start, end, entry.word)


def _rules_of(word: Word, language: str) -> tuple[Rule, ...]:
    """Return the rules that may begin with a word, or with the month in ``March-June``."""
    rules, first = _RULES[language], word.folded.partition("-")[0]
    return rules.get(word.folded) or (rules.get(first, ()) if first in DAY_HEADS else ())


@lru_cache(maxsize=65536)
def _entry(written: str, language: str) -> _Entry | None:
    """Return what there is to know of a word; nothing of one that tells nothing, as most do."""
    word = look_up(written)
    is_unknown = not word.is_capital and not word.is_ordinary
    # The number of an account begins with capitals, and so does a state; "de" and "la" would be
    # looked at too often.
    rules = tuple(
        rule for rule in _rules_of(word, language) if word.is_upper or not rule.in_capitals
    )
    is_facility = word.folded in FACILITIES
    is_closing = is_facility or word.folded in DOMAINS
    if not (word.is_capital or is_unknown or rules or is_closing):
        return None
    return _Entry(word, len(written), is_unknown, rules, is_closing, is_facility)


def _number(text: str, start: int, length: int, language: str, result: Scan) -> int:
    """Note the number; return up to where it reaches."""
    span = number_at(text, start, language, length)
    if span is None:
        result.numbers.append((start, length))
        return start + length
    result.spans.append(span)
    return span.end


def _try(text: str, start: int, rule: Rule, spans: list[Span]) -> None:
    """Add what a rule hides that may begin at ``start``."""
    found = rule.shape.match(text, start)
    if not found:
        return
    low, high = found.span("x")
    kind: Kind = rule.kind
    if kind == "date":
        spans += _day(text, low, high)
        return
    if rule.is_name:
        low, high = trim_name(text, start, low, high)
        if low >= high:
            return
        if rule.with_title:
            low = start
        if rule.whole_line:
            low, high, kind = _signature(text, start, low, high)
    high = low + len(text[low:high].rstrip(" \t\n,;:"))
    if high > low and (rule.triggers[0] != "fr" or is_account(text[low:high])):
        spans.append(Span(low, high, kind, "rule"))


def _day(text: str, low: int, high: int) -> Iterator[Span]:
    """Yield a day with its weekday, unless it is that of a law."""
    if not is_of_law(text, low):
        high = low + len(text[low:high].rstrip(" \t\n,;:"))
        yield Span(*with_weekday(text, low, high), "date", "rule")


def _signature(text: str, start: int, low: int, high: int) -> tuple[int, int, Kind]:
    """Return the signature's whole line where it has one, with the day on the next."""
    last = text.find("\n", high, high + _LINE)
    last = min(len(text), high + _LINE) if last < 0 else last
    is_whole = is_first_on_line(text, start, " \t*_-=.")
    if not is_whole or last - start > _LINE or text[last : last + 1] not in {"", "\n"}:
        return low, high, "clinician"
    following = _NEXT_LINE.match(text, last)
    return start, following.end() if following else last, "signature"


_MARK_AT_END: Final = re.compile(
    r"(?<=[ \t])(?P<x>(?:[A-Z]{2,3}/(?!ml\b|dl\b|kg\b|mm|cm|min\b|sem\b|an\b)[a-z]{2,3}|"
    r"(?!UI|IU|UH|HU)[A-Z]{2}/[A-Z]{3}))(?=[ \t]*(?:\n|\Z))"
)
_MARK_OF_LAST_LINE: Final = re.compile(
    r"(?:[–—-][ ]?|[.!\n]\s*\n[ \t]*)(?P<x>[a-z]{2,3}[/:][a-z]{2,3})\s*\Z"
)
"""Who dictated and who typed, at the end of a line: ``Relu. HB/klm``."""


_PAIR: Final = 2


def _marks_at_ends(text: str, low: int, high: int) -> Iterator[Span]:
    at = text.find("/", low, high)
    while at >= 0:
        if text[at - 1 : at].isupper() and text[at + 1 : at + 2].isalpha():
            for start in (at - 3, at - 2):
                if start >= low and (found := _MARK_AT_END.match(text, start)):
                    yield Span(*found.span("x"), "signature", "rule")
        at = text.find("/", at + 1, high)


def _is_finding(line: str) -> bool:
    """Return whether words stand where initials may: ``FOIE : RAS``."""
    sides = [side.strip() for side in line.split(":")]
    return len(sides) == _PAIR and any(
        len(side) > len(sides) and side.isalpha() and look_up(side).is_ordinary for side in sides
    )


def _lines(text: str, low: int, high: int) -> Iterator[Span]:
    # Tried where a line begins that looks so: to search for the marks themselves takes long.
    starts = [low] if low == 0 or text[low - 1] == "\n" else []
    starts += [found.start() + 1 for found in MARK_HEADS.finditer(text, low, high)]
    for start in starts:
        marked = MARKS.match(text, start, high)
        if marked and not _is_finding(marked["x"]):
            yield Span(*marked.span("x"), "signature", "rule")
    if high == len(text) and (last := _LAST_LINE.search(text, max(low, high - _LAST_REACH), high)):
        yield Span(*last.span("x"), "signature", "rule")
    if high == len(text) and (
        last := _MARK_OF_LAST_LINE.search(text, max(low, high - _LAST_REACH), high)
    ):
        yield Span(*last.span("x"), "signature", "rule")
    yield from _marks_at_ends(text, low, high)
    if text.find(", le ", low, high) >= 0 or text.find("  le ", low, high) >= 0:
        for found in TOWN_LINE.finditer(text, low, high):
            yield Span(*found.span("x"), "place", "rule")
