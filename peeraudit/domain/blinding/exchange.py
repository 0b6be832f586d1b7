"""How do others hand in texts to be masked, one JSON object a line, and get them back?"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.blinding.masking import mask
from peeraudit.domain.errors import N_, DomainError, InvalidInput
from peeraudit.domain.intake.reports import Person

LANGUAGES: Final = ("auto", "fr", "en")
_LISTS: Final = ("patient", "clinicians", "identifiers", "places")
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


def mask_line(line: str, language: str = "auto") -> dict[str, Any]:
    """Return what is to be written for one line that was handed in.

    Args:
        line: a JSON object with ``text`` and, where wanted, ``known``: lists of words under
            ``patient``, ``clinicians``, ``identifiers`` and ``places``.
        language: ``fr``, ``en``, or ``auto`` to judge each text by its words.

    Returns:
        ``text`` masked, ``spans`` with ``start``, ``end`` (offsets in the text handed in),
        ``kind`` and ``layer``, and ``doubt`` from 0 to 1; or ``error`` alone, where the line
        cannot be read: a sentence that says why.
    """
    try:
        text, known = read_line(line)
    except DomainError as error:
        return {"error": str(error)}
    masked = mask(text, known, language_of(text) if language == "auto" else language)
    spans = [
        {"start": s.start, "end": s.end, "kind": s.kind, "layer": s.layer} for s in masked.spans
    ]
    return {"text": masked.text, "spans": spans, "doubt": masked.doubt}


def read_line(line: str) -> tuple[str, KnownIdentities]:
    """Return the text of a line that was handed in, and what is known of its people.

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
    return text, _known(known or {})


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
        places=tuple(lists["places"]),
    )


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _words(given: Mapping[str, object], name: str) -> list[str]:
    words = given.get(name) or []
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise InvalidInput(N_("“known.%(name)s” is not a list of strings."), name=name)
    return [word for word in words if word.strip()]
