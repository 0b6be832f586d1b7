"""Where does a text name the people, numbers and places that its message names?"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from peeraudit.domain.blinding.lexicon import (
    COMMON_FAMILY,
    EPONYMS,
    ORDINARY,
    Stretches,
    fold,
    fold_word,
)
from peeraudit.domain.blinding.spans import Kind, Span
from peeraudit.domain.intake.reports import IncomingReport, Person

_WORD: Final = re.compile(r"[^\W\d_]+")
_TITLE_BEFORE: Final = re.compile(
    r"(?:^|[^\w])(?i:dr|docteur|pr|prof|professeur|professor|doctor|mr|mrs|ms|miss|mme|mlle|m|"
    r"monsieur|madame|mademoiselle|patiente?|enfant|l['’]enfant|interne)s?\b\.?[ \t:]{1,3}"
    r"(?:[A-ZÀ-Ý]\.?[ -]?){0,3}$"
)
_INITIALS_BEFORE: Final = re.compile(r"(?:(?<![\w.])(?:[A-ZÀ-Ý]\.[ \t-]?){1,3})$")
_INITIAL_AFTER: Final = re.compile(
    r"(?:,?[ \t]+[A-ZÀ-Ý]\.(?!D\.|O\.|\w))?(?:,?[ \t]+(?:M\.D\.|MD\b|D\.O\.))?"
)
_GAP: Final = re.compile(r"[ \t.,'’\-–]{0,3}\n?")
_SEPARATORS: Final = frozenset(" .-/\u00a0\u202f()")
_MIN_NUMBER: Final = 5
_MIN_LONE: Final = 3
_MIN_LOWER: Final = 5
_GENERIC: Final[str] = (
    "radiology radiologie imaging imagerie hospital hopital clinic clinique emergency urgences"
    " chest thorax abdomen brain hosp department service scanner echo external inpatient"
    " outpatient france usa"
)
_GENERIC_PLACES: Final = frozenset(_GENERIC.split())


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
    """

    patients: tuple[Person, ...] = ()
    clinicians: tuple[Person, ...] = ()
    identifiers: tuple[str, ...] = ()
    birth_dates: tuple[date, ...] = ()
    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()


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


@dataclass(slots=True)
class _Name:
    """One word of somebody's name."""

    kinds: set[Kind] = field(default_factory=set)
    family: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    word: str
    strong: bool
    capital: bool
    kind: Kind


def _index(known: KnownIdentities) -> dict[str, _Name]:
    names: dict[str, _Name] = {}
    people: tuple[tuple[Kind, tuple[Person, ...]], ...] = (
        ("patient", known.patients),
        ("clinician", known.clinicians),
    )
    for kind, group in people:
        for person in group:
            for part, family in (
                (person.last, True),
                (person.first, False),
                (person.middle, False),
            ):
                words = [fold_word(word) for word in _WORD.findall(part)]
                for word in words:
                    name = names.setdefault(word, _Name())
                    name.kinds.add(kind)
                    name.family = name.family or family
                    name.alone = name.alone or (family and len(words) == 1)
    return names


def _can_stand_alone(word: str, written: str, name: _Name) -> bool:
    if len(word) < _MIN_LONE or word in ORDINARY or (word in EPONYMS and word not in COMMON_FAMILY):
        return False
    if written[0].isupper():
        return True
    return name.alone and len(word) >= _MIN_LOWER


def _hits(text: str, names: dict[str, _Name], meant: Stretches) -> list[_Hit]:
    hits: list[_Hit] = []
    for found in _WORD.finditer(text):
        word = fold_word(found[0])
        name = names.get(word)
        if name is None:
            continue
        start, end = found.span()
        eponym = word in EPONYMS and any(low <= start < high for low, high in meant)
        titled = found[0][0].isupper() and bool(
            _TITLE_BEFORE.search(text[max(0, start - 24) : start])
        )
        if eponym and not titled:
            continue
        strong = titled or _can_stand_alone(word, found[0], name)
        kind: Kind = "patient" if "patient" in name.kinds else "clinician"
        hits.append(_Hit(start, end, word, strong, found[0][0].isupper(), kind))
    return hits


def _neighbours(text: str, one: _Hit, other: _Hit) -> bool:
    return one.end <= other.start and bool(_GAP.fullmatch(text[one.end : other.start]))


def _spread(text: str, hits: Sequence[_Hit]) -> list[bool]:
    """Return which hits are hidden: the strong ones, and capitalised neighbours of any hit."""
    chosen = [hit.strong for hit in hits]
    for i in range(len(hits) - 1):
        one, other = hits[i], hits[i + 1]
        if (
            one.capital
            and other.capital
            and one.word != other.word
            and _neighbours(text, one, other)
        ):
            initials_only = max(len(one.word), len(other.word)) < _MIN_LONE
            if not initials_only or one.strong or other.strong:
                chosen[i] = chosen[i + 1] = True
    return chosen


def find_names(
    text: str, known: KnownIdentities, meant: Stretches
) -> tuple[list[Span], list[Span]]:
    """Return the names that are hidden, and those left because they look like plain words.

    A name is found in any order of its parts, with or without accents, in capitals, hyphenated,
    possessive, and with initials beside it. A name that is also an ordinary word or an eponym
    is hidden after a title or beside another part of a name.

    Args:
        text: the input text.
        known: the identities.
        meant: where the text speaks of a sign or disease named after somebody.
    """
    hits = _hits(text, _index(known), meant)
    chosen = _spread(text, hits)
    hidden = [
        Span(*_with_initials(text, hit), hit.kind, "known")
        for hit, take in zip(hits, chosen, strict=True)
        if take
    ]
    left = [
        Span(hit.start, hit.end, hit.kind, "known")
        for hit, take in zip(hits, chosen, strict=True)
        if not take and hit.capital and len(hit.word) >= _MIN_LONE
    ]
    return _joined(text, hidden), left


def _with_initials(text: str, hit: _Hit) -> tuple[int, int]:
    before = _INITIALS_BEFORE.search(text[max(0, hit.start - 12) : hit.start])
    start = hit.start - len(before[0]) if before else hit.start
    after = _INITIAL_AFTER.match(text, hit.end)
    return start, after.end() if after else hit.end


def _joined(text: str, spans: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(spans):
        last = joined[-1] if joined else None
        near = last is not None and re.fullmatch(r"[ \t.,'’\-–]{0,3}", text[last.end : span.start])
        if last is not None and near and (last.kind == span.kind or last.end >= span.start):
            joined[-1] = Span(last.start, max(last.end, span.end), last.kind, "known")
        else:
            joined.append(span)
    return joined


def find_numbers(text: str, known: KnownIdentities) -> Iterator[Span]:
    """Yield where known numbers and telephone numbers stand, however they are grouped.

    Args:
        text: the input text.
        known: the identities.
    """
    folded = fold(text)
    places = [i for i, c in enumerate(folded) if c not in _SEPARATORS]
    dense = "".join(folded[i] for i in places)
    wanted: tuple[tuple[Kind, tuple[str, ...]], ...] = (
        ("id", known.identifiers),
        ("phone", known.phones),
    )
    for kind, values in wanted:
        for value in values:
            needle = "".join(c for c in fold(value) if c not in _SEPARATORS)
            if len(needle) < _MIN_NUMBER or not any(map(str.isdigit, needle)):
                continue
            yield from _find_dense(dense, places, folded, needle, kind)


def _find_dense(
    dense: str, places: Sequence[int], folded: str, needle: str, kind: Kind
) -> Iterator[Span]:
    at = dense.find(needle)
    while at >= 0:
        start, end = places[at], places[at + len(needle) - 1] + 1
        if not (folded[max(start - 1, 0) : start].isalnum() or folded[end : end + 1].isalnum()):
            yield Span(start, end, kind, "known")
        at = dense.find(needle, at + 1)


def find_places(text: str, known: KnownIdentities) -> Iterator[Span]:
    """Yield where known addresses, facilities, wards and departments stand.

    Args:
        text: the input text.
        known: the identities.
    """
    folded = fold(text)
    wanted: tuple[tuple[Kind, tuple[str, ...]], ...] = (
        ("address", known.addresses),
        ("place", known.places),
        ("department", known.departments),
    )
    for kind, values in wanted:
        for value in values:
            needle = fold(" ".join(value.split()))
            if len(needle) < 4 or needle in _GENERIC_PLACES or fold_word(value) in ORDINARY:
                continue
            at = folded.find(needle)
            while at >= 0:
                end = at + len(needle)
                inside = folded[max(at - 1, 0) : at].isalnum() or folded[end : end + 1].isalnum()
                if not inside and (text[at].isupper() or text[at].isdigit() or " " in needle):
                    yield Span(at, end, kind, "known")
                at = folded.find(needle, at + 1)
