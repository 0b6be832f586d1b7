"""Where does a text name the people, numbers and places that its message names?"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from peeraudit.domain.blinding.chains import is_inside
from peeraudit.domain.blinding.folding import fold_word
from peeraudit.domain.blinding.introduced import is_presented
from peeraudit.domain.blinding.lexicon import is_beside_thing, is_ordinary
from peeraudit.domain.blinding.phrases import is_phrase, may_be_of_phrase
from peeraudit.domain.blinding.reach import is_loud, line_around
from peeraudit.domain.blinding.scanning import Token
from peeraudit.domain.blinding.spans import Kind, Span
from peeraudit.domain.intake.reports import IncomingReport, Person

_WORD: Final = re.compile(r"[^\W\d_]+")
_TITLE_BEFORE: Final = re.compile(
    r"(?:^|[^\w])(?i:dr|docteur|pr|prof|professeur|professor|doctor|mr|mrs|ms|miss|mme|mlle|m|"
    r"monsieur|madame|mademoiselle|patiente?|enfant|l['’]enfant|interne)s?\b\.?[ \t:]{1,3}"
    r"(?:[A-ZÀ-Ý]\.?[ -]?){0,3}$"
)
_INITIALS_BEFORE: Final = re.compile(
    r"(?:(?<![\w.])(?:[A-ZÀ-Ý]\.[ \t-]?){1,3}|(?:(?<=[.,;:(\n] )|(?<=[,;(\n])|(?<=\A))[A-ZÀ-Ý][ ])$"
)
_INITIAL_AFTER: Final = re.compile(
    r"(?:,?[ \t]+[A-ZÀ-Ý]\.(?!D\.|O\.|\w))?(?:,?[ \t]+(?:M\.D\.|MD\b|D\.O\.))?"
)
_PARTICLES: Final = (
    r"(?:(?:de|da|do|dos|das|du|des|del|della|di|la|le|van|von|der|den|ten|ter|el|al|ben|bin|y|e)"
    r"[ -]|[dl]['’]){0,3}"
)
_GAP: Final = re.compile(rf"[ \t.,'’\-–]{{0,3}}\n?[ \t]{{0,3}}{_PARTICLES}")
_NEAR: Final = re.compile(rf"[ \t.,'’\-–]{{0,3}}{_PARTICLES}")
_WORD_BEFORE: Final = re.compile(r"(?<![^\W\d_])(?P<x>[^\W\d_]{1,30})(?:[ ]{1,2}|,[ ]|[-'’])\Z")
_WORD_AFTER: Final = re.compile(r"(?:[ ]{1,2}|,[ ]|[-'’])(?P<x>[^\W\d_]{1,30})(?![^\W\d_])")
_MOST_WORDS: Final = 4
_MIN_LONE: Final = 3
_MIN_LOWER: Final = 5


@dataclass(frozen=True, slots=True)
class KnownIdentities:
    """What is known about the people and places behind one report.

    Attributes:
        patients: the patient, under every name, and relatives.
        clinicians: author, requester and every other professional.
        identifiers: numbers of patient, examination, message and account.
        birth_dates: days of birth.
        phones: telephone numbers.
        addresses: streets, postal codes and towns, one by one.
        places: names of facilities, wards and towns.
        departments: names of the departments of the network.
        taught: words that the department's coordinator taught, and what they are.
        lines: lines of the department's letterhead and foot, as `letterheads` writes them.
    """

    patients: tuple[Person, ...] = ()
    clinicians: tuple[Person, ...] = ()
    identifiers: tuple[str, ...] = ()
    birth_dates: tuple[date, ...] = ()
    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    taught: tuple[tuple[str, Kind], ...] = ()
    lines: frozenset[str] = frozenset()

    def joined(self, other: "KnownIdentities") -> "KnownIdentities":
        """Return what is known of two reports of one patient."""
        both = {
            one.name: (getattr(self, one.name), getattr(other, one.name)) for one in fields(self)
        }
        lines = self.lines | other.lines
        lists = {
            name: (*dict.fromkeys((*a, *b)),) for name, (a, b) in both.items() if name != "lines"
        }
        return KnownIdentities(**lists, lines=lines)


def known_identities(
    report: IncomingReport,
    *,
    colleagues: Iterable[Person] = (),
    places: Iterable[str] = (),
    departments: Iterable[str] = (),
) -> KnownIdentities:
    """Return all that ``report`` itself, and the network, know about who stands behind it.

    Args:
        report: the report as received.
        colleagues: further professionals, such as the radiologists of its department.
        places: further names of towns and facilities.
        departments: the names of the departments.
    """
    author = (report.author,) if report.author else ()
    patient = report.patient
    clinicians = (*author, *report.clinicians, *colleagues)
    numbers = (
        report.accession,
        report.report_id,
        *report.identifiers,
        *patient.identifiers,
        *(person.identifier for person in clinicians),
    )
    return KnownIdentities(
        patients=(*patient.names, *patient.relatives),
        clinicians=tuple(dict.fromkeys(clinicians)),
        identifiers=tuple(dict.fromkeys(number for number in numbers if number)),
        birth_dates=(patient.birth_date,) if patient.birth_date else (),
        phones=patient.phones,
        addresses=patient.addresses,
        places=(*report.places, *places),
        departments=tuple(departments),
    )


@dataclass(frozen=True, slots=True)
class KnownName:
    """What is known of one word of somebody's name.

    Attributes:
        kind: whose name it is; a patient's, where it is a clinician's too.
        is_alone: it is the whole of a family name, so it is hidden in small letters too.
    """

    kind: Kind
    is_alone: bool


class _Hit(NamedTuple):
    token: Token
    part: str
    is_strong: bool
    kind: Kind


def index_names(known: KnownIdentities) -> dict[str, KnownName]:
    """Return the words of all known names, folded."""
    names: dict[str, KnownName] = {}
    for person in known.clinicians:
        for word, is_alone in _words_of(person):
            if is_alone or word not in names:
                names[word] = _CLINICIAN_ALONE if is_alone else _CLINICIAN
    for person in known.patients:
        for word, is_alone in _words_of(person):
            names[word] = KnownName("patient", is_alone or _is_alone(names, word))
    return names


_CLINICIAN: Final = KnownName("clinician", is_alone=False)
_CLINICIAN_ALONE: Final = KnownName("clinician", is_alone=True)


def _is_alone(names: dict[str, KnownName], word: str) -> bool:
    return word in names and names[word].is_alone


@lru_cache(maxsize=16384)
def _words_of(person: Person) -> tuple[tuple[str, bool], ...]:
    found: list[tuple[str, bool]] = []
    for part, is_family in ((person.last, True), (person.first, False), (person.middle, False)):
        words = [fold_word(word) for word in _WORD.findall(part)]
        found += [(word, is_family and len(words) == 1) for word in words]
    return tuple(found)


def _hits(text: str, tokens: Iterable[Token], names: dict[str, KnownName]) -> list[_Hit]:
    hits: list[_Hit] = []
    for token in tokens:
        for part in token.word.parts:
            name = names.get(part)
            if name is None:
                continue
            is_strong = _is_strong(text, token, part, name)
            if is_strong is not None:
                hits.append(_Hit(token, part, is_strong, name.kind))
            break
    hits.sort(key=_place)
    return hits


def _place(hit: _Hit) -> int:
    return hit.token.start


def _is_strong(text: str, token: Token, part: str, name: KnownName) -> bool | None:
    """Return whether a known word is a name where it stands; None where it means something else."""
    word, start = token.word, token.start
    if word.is_capital and _TITLE_BEFORE.search(text[max(0, start - 24) : start]):
        return True
    is_part = may_be_of_phrase(word.parts) and is_phrase(text, start, token.end)
    if is_part or (word.is_eponym and is_beside_thing(text, start, token.end)):
        return None
    is_patient = word.is_eponym and _is_patient_not_thing(text, token, name)
    is_strict = word.is_eponym and not word.is_common and not word.is_given
    if len(part) < _MIN_LONE or is_strict or (is_patient and word.is_capital):
        is_meant_here = word.is_capital and (is_patient or is_presented(text, token))
        return len(part) >= _MIN_LONE and is_meant_here
    if word.is_capital:
        return not is_ordinary(part) or _is_written_as_name(text, token)
    return name.is_alone and len(part) >= _MIN_LOWER and not is_ordinary(part)


_OF_THING: Final = re.compile(r"(?:\b(?:de|du|of|von|selon|et|and)[ ]|d['’]|-)\Z", re.IGNORECASE)
_GRADED: Final = re.compile(r"['’-]|[ ]?(?:et|and|type|stade|grade|[IVX]{1,4}|\d)(?:[a-fA-F]\b|\b)")


def _is_patient_not_thing(text: str, token: Token, name: KnownName) -> bool:
    """Return whether the patient bears the name of a disease or sign, and is meant here.

    ``PERCHERON revient`` is the patient; ``territoire de Percheron`` and ``Bosniak 2F`` are not.
    """
    if name.kind != "patient" or _GRADED.match(text, token.end):
        return False
    is_of = _OF_THING.search(text[max(0, token.start - 8) : token.start]) is not None
    return not is_of or (token.word.is_upper and not is_loud(text, token.start))


_DOES: Final = re.compile(
    r"[ ](?:to[ ](?:return|attend|come|call|see|review|discuss)\b|"
    r"(?:will|may|can|should|did)[ ](?:return|attend|come|call|review|see)\b|"
    r"(?:is|was|were|has[ ]been)[ ](?:aware|informed|notified|told|phoned|contacted|consulted|"
    r"reassured)\b|(?:attended|tolerated|agree[sd]|concur(?:s|red)|declined|consented|came|said)\b|"
    r"a[ ](?:bien[ ])?[ée]t[ée][ ](?:pr[ée]ven|inform|contact|avis|rassur|convoqu)(?:[ée]|u)e?\b|"
    r"est[ ](?:pr[ée]venue?|inform[ée]e?|venue?|d['’]accord)\b|"
    r"(?:revient|reviendra|souhaite|accepte|refuse|a[ ](?:vu|relu|valid[ée]|refus[ée]|"
    r"accept[ée]))\b)"
)
"""What only people do or are, behind a name that begins its sentence: ``Wood to return``."""


def _is_written_as_name(text: str, token: Token) -> bool:
    """Return whether an ordinary word bears a capital that its place does not explain."""
    line = line_around(text, token.start, token.end)
    is_bracketed = text[token.start - 1 : token.start] + text[token.end : token.end + 1] == "()"
    if is_bracketed or len(line.strip(" \t.,;:-*")) == token.end - token.start:
        return True
    if token.word.is_upper:
        return any(map(str.islower, line))
    if _INITIALS_BEFORE.search(text[max(0, token.start - 10) : token.start]):
        return True
    if not is_inside(text, token.start):
        return _DOES.match(text, token.end) is not None
    words: list[str] = _WORD.findall(line)
    small = sum(1 for word in words if word[0].islower())
    return small * 4 >= len(words)


def _spread(text: str, hits: Sequence[_Hit]) -> list[bool]:
    """Return which hits are hidden: the strong ones, and capitalised neighbours of any hit."""
    chosen = [hit.is_strong for hit in hits]
    for i in range(len(hits) - 1):
        one, other = hits[i], hits[i + 1]
        gap = text[one.token.end : other.token.start]
        capitals = one.token.word.is_capital and other.token.word.is_capital
        if not capitals or one.part == other.part or not _GAP.fullmatch(gap):
            continue
        # "Vu par le Dr Le Roy.\nLe scanner": a small word begins the next sentence.
        if "\n" in gap and min(len(one.part), len(other.part)) < _MIN_LONE:
            continue
        initials_only = max(len(one.part), len(other.part)) < _MIN_LONE
        if not initials_only or one.is_strong or other.is_strong:
            chosen[i] = chosen[i + 1] = True
    return chosen


def find_names(
    text: str, tokens: Iterable[Token], names: dict[str, KnownName]
) -> tuple[list[Span], list[Span]]:
    """Return the known names that are hidden, and those left because they look like plain words.

    A name is found in any order of its parts, with or without accents, in capitals, hyphenated,
    possessive, and with initials beside it. A name that is also an ordinary word or an eponym
    is hidden after a title, beside another part of a name, or where its capital gives it away.

    Args:
        text: the input text.
        tokens: its words, in any order.
        names: the words of the known names.
    """
    hits = _hits(text, tokens, names)
    chosen = _spread(text, hits)
    hidden = [
        Span(*_with_initials(text, hit.token), hit.kind, "known")
        for hit, take in zip(hits, chosen, strict=True)
        if take
    ]
    left = [
        Span(hit.token.start, hit.token.end, hit.kind, "known")
        for hit, take in zip(hits, chosen, strict=True)
        if not take and hit.token.word.is_capital and len(hit.part) >= _MIN_LONE
    ]
    return _joined(text, [_grown(text, span, names) for span in hidden]), left


def _grown(text: str, span: Span, names: dict[str, KnownName]) -> Span:
    """Return a known name with the other words of a known name beside it, however written.

    They are hidden in small letters too, and so are particles: ``ana de souza``.
    """
    start, end = span.start, span.end
    for _ in range(_MOST_WORDS):
        # Asked first: the expression is slow, and few words before a name are another.
        space = text.rfind(" ", max(0, start - 36), max(0, start - 1))
        near = text[space + 1 : start].strip(" ,-'’(")
        if not near or not ("-" in near or "'" in near or fold_word(near) in names):
            break
        before = _WORD_BEFORE.search(text, max(0, start - 36), start)
        if not before or fold_word(before["x"]) not in names:
            break
        start = before.start()
    for _ in range(_MOST_WORDS):
        after = _WORD_AFTER.match(text, end)
        if not after or len(after["x"]) < _MIN_LONE or fold_word(after["x"]) not in names:
            break
        end = after.end()
    return span._replace(start=start, end=end)


def _with_initials(text: str, token: Token) -> tuple[int, int]:
    near = text[max(0, token.start - 10) : token.start]
    # Asked first: the expression is slow, and few names have an initial before.
    before = None
    if "." in near[-2:] or near[-2:-1].isupper():
        before = _INITIALS_BEFORE.search(near)
    after = _INITIAL_AFTER.match(text, token.end)
    start = token.start - (len(before[0]) if before else 0)
    return start, after.end() if after else token.end


def _joined(text: str, spans: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        near = last is not None and _NEAR.fullmatch(text[last.end : span.start])
        if last is not None and near and (last.kind == span.kind or last.end >= span.start):
            joined[-1] = Span(last.start, max(last.end, span.end), last.kind, "known")
        else:
            joined.append(span)
    return joined
