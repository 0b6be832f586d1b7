"""How do others hand in texts to be masked, one JSON object a line, and get them back?"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from peeraudit.domain.blinding.day_shift import DayShift
from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.masking import mask
from peeraudit.domain.blinding.spans import Span
from peeraudit.domain.errors import N_, DomainError, InvalidInput
from peeraudit.domain.intake.reports import Person

LANGUAGES: Final = ("auto", "fr", "en")
_LISTS: Final = ("patient", "clinicians", "identifiers", "places", "birth_dates")
_YEAR: Final = re.compile(r"(?<![\d.,])(?:19|20)\d{2}(?![\d.,]\d)")
_SOME_YEAR: Final = 2025
_LONGEST: Final = 2_000_000
_TITLE: Final = re.compile(
    r"^(?:dr|docteure?|pr|prof|professeure?|professor|doctor|m|mr|mrs|ms|miss|mme|mlle|monsieur|"
    r"madame|mademoiselle)\b\.?\s+",
    re.IGNORECASE,
)
_FRENCH: Final = re.compile(
    r"\b(?:le|la|les|des|du|une|est|et|pas|avec|sans|sur|dans|au|aux|de|en|par|pour)\b", re.I
)
_ENGLISH: Final = re.compile(
    r"\b(?:the|of|and|is|are|with|without|no|there|was|were|has|in|to|for|at|which|seen)\b", re.I
)


def mask_line(
    line: str, language: str = "auto", days_of: Callable[[str], int] | None = None
) -> dict[str, Any]:
    """Return what is to be written for one line that was handed in.

    Args:
        line: a JSON object with ``text`` and, where wanted, ``known``: lists of words under
            ``patient``, ``clinicians``, ``identifiers``, ``places`` and ``birth_dates`` (written
            2026-01-31); and ``patient_key``, any string that stands for the patient.
        language: ``fr``, ``en``, or ``auto`` to judge each text by its words.
        days_of: by how many days the days of a patient move, by what stands for the patient:
            ``patient_key``, else the known names and identifiers, else the text; None masks them.

    Returns:
        ``text`` masked, ``spans`` with ``start``, ``end`` (offsets in the text handed in),
        ``kind`` and ``layer``, and ``shown`` for a day that is moved and not masked; and ``doubt``
        from 0 to 1; or ``error`` alone, where the line cannot be read: a sentence that says why.
    """
    try:
        given = read_line(line)
    except DomainError as error:
        return {"error": str(error)}
    text, known = given.text, given.known
    shift = None
    if days_of is not None:
        shift = DayShift(days_of(given.patient), _latest_year(text), known.birth_dates)
    spoken = language_of(text) if language == "auto" else language
    masked = mask(text, known, spoken, shift)
    return {
        "text": masked.text,
        "spans": [_as_written(span) for span in masked.spans],
        "doubt": masked.doubt,
    }


@dataclass(frozen=True, slots=True)
class Given:
    """A line that was handed in.

    Attributes:
        text: what is to be masked.
        known: whom and what the sender names.
        patient: what stands for the patient, whose days all move alike.
    """

    text: str
    known: KnownIdentities
    patient: str


def read_line(line: str) -> Given:
    """Return a line that was handed in.

    Raises:
        InvalidInput: the line is no JSON object, or a part of it is of the wrong type.
    """
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        raise InvalidInput(N_("This line is not valid JSON: write one object per line.")) from None
    if not isinstance(given, dict):
        raise InvalidInput(N_("This line is not a JSON object: write one object per line."))
    text, known = given.get("text"), given.get("known")
    if not isinstance(text, str):
        raise InvalidInput(N_("“text” is missing, or is not a string."))
    if len(text) > _LONGEST:
        raise InvalidInput(N_("“text” is longer than two million characters."))
    if known is not None and not isinstance(known, dict):
        raise InvalidInput(N_("“known” is not an object with lists of words."))
    key = given.get("patient_key") or ""
    if not isinstance(key, str):
        raise InvalidInput(N_("“patient_key” is not a string."))
    people = _known(known or {})
    told = [*map(str, people.patients), *people.identifiers]
    return Given(text, people, key or "\0".join(told) or text)


def language_of(text: str) -> str:
    """Return ``fr`` or ``en``, by the small words of a text; empty where neither leads."""
    french, english = len(_FRENCH.findall(text[:4000])), len(_ENGLISH.findall(text[:4000]))
    if french == english:
        return ""
    return "fr" if french > english else "en"


def person_of(name: str) -> Person:
    """Return a name written ``Jean DUPONT``, ``Dupont, Jean`` or ``DUPONT^Jean^Marie`` in parts."""
    plain = _TITLE.sub("", " ".join(name.split()))
    if "^" in plain:
        last, first, middle = (*plain.split("^"), "", "")[:3]
        return Person(last=last, first=first, middle=middle)
    if "," in plain:
        last, _, first = plain.partition(",")
        return Person(last=last.strip(), first=first.strip())
    words = plain.split(" ")
    upper = [word for word in words if len(word) > 1 and word.isupper()]
    if upper and len(upper) < len(words):
        return Person(last=" ".join(upper), first=" ".join(w for w in words if w not in upper))
    return Person(last=words[-1], first=" ".join(words[:-1]))


def _known(given: Mapping[str, object]) -> KnownIdentities:
    lists = {name: _words(given, name) for name in _LISTS}
    unnamed = [
        word for name in ("patient", "clinicians") for word in lists[name] if _has_digit(word)
    ]
    return KnownIdentities(
        patients=tuple(person_of(name) for name in lists["patient"] if not _has_digit(name)),
        clinicians=tuple(person_of(name) for name in lists["clinicians"] if not _has_digit(name)),
        identifiers=(*lists["identifiers"], *unnamed),
        birth_dates=tuple(map(_day, lists["birth_dates"])),
        places=tuple(lists["places"]),
    )


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise InvalidInput(
            N_("“known.birth_dates” holds a day that is not written like 1950-01-31.")
        ) from None


def _latest_year(text: str) -> int:
    """Return the year in which a text was most likely written."""
    return max(map(int, _YEAR.findall(text)), default=_SOME_YEAR)


def _as_written(span: Span) -> dict[str, Any]:
    written = {"start": span.start, "end": span.end, "kind": span.kind, "layer": span.layer}
    return written | ({"shown": span.shown} if span.shown else {})


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _words(given: Mapping[str, object], name: str) -> list[str]:
    words = given.get(name) or []
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise InvalidInput(N_("“known.%(name)s” is not a list of strings."), name=name)
    return [word for word in words if word.strip()]
