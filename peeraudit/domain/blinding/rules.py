"""Which stretches of a report identify somebody by their form alone?"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import phonenumbers

from peeraudit.domain.blinding.lexicon import fold_word
from peeraudit.domain.blinding.rules_days import DAY_RULES
from peeraudit.domain.blinding.rules_numbers import NUMBER_RULES
from peeraudit.domain.blinding.rules_people import PEOPLE_RULES
from peeraudit.domain.blinding.rules_places import PLACE_RULES
from peeraudit.domain.blinding.shapes import Rule
from peeraudit.domain.blinding.spans import Span

RULES: Final[tuple[Rule, ...]] = (*PEOPLE_RULES, *DAY_RULES, *NUMBER_RULES, *PLACE_RULES)
_DIGIT: Final = re.compile(r"\d[\d\s./:-]*")
_BEFORE, _AFTER = 45, 110
_PHONE: Final = re.compile(r"(?<![\w.])(?:\+|00)?\(?\d[\d .()\-/]{7,20}\d(?!\w)")
_PHONE_DIGITS: Final = range(9, 15)
_LONGEST_ABBREVIATION: Final = 3
_REGIONS: Final = ("FR", "GB", "US")
_TITLES: Final = frozenset({"dr", "drs", "pr", "prof", "professeur", "docteur", "doctor", "mme"})
_STOP_WORDS: Final[str] = (
    "findings technique indication conclusion impression resultat resultats examen examination"
    " exam comparison clinical history dob mrn accession date born ne nee ipp irm tdm mri ct md"
    " the and et pour avec no not normal there chest thorax abdomen pelvis spine knee hand foot"
    " skull wrist ankle shoulder hip"
)
_STOPS: Final = frozenset(_STOP_WORDS.split())


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a stretch without titles before a name and without words that cannot end one."""
    kept: list[re.Match[str]] = []
    for word in re.finditer(r"[^\s,]+", text[start:end]):
        plain = fold_word(word[0]).strip(".'’:")
        if plain in _TITLES and not kept:
            continue
        if plain in _STOPS:
            break
        kept.append(word)
        if word[0].endswith(".") and len(word[0]) > _LONGEST_ABBREVIATION:
            break
    if not kept:
        return start, start
    return start + kept[0].start(), start + kept[-1].end()


def _near_digits(text: str) -> list[tuple[int, int]]:
    """Return the stretches of a text in which a rule about digits can match."""
    stretches: list[tuple[int, int]] = []
    for found in _DIGIT.finditer(text):
        start, end = max(found.start() - _BEFORE, 0), min(found.end() + _AFTER, len(text))
        if stretches and start <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], end)
        else:
            stretches.append((start, end))
    return stretches


def find_by_rule(text: str, language: str = "") -> Iterator[Span]:
    """Yield what identifies by its form: titles, signatures, days, numbers, addresses.

    Args:
        text: the input text.
        language: ``fr`` or ``en``; empty applies the rules of both.
    """
    even = text.replace("\u00a0", " ").replace("\u202f", " ")
    numeric = _near_digits(even)
    everything = [(0, len(even))]
    for rule in RULES:
        if rule.language and language and rule.language != language:
            continue
        yield from _matches(even, rule, numeric if rule.digits else everything)
    for start, end in numeric:
        yield from _phones(even, start, end)


def _matches(text: str, rule: Rule, stretches: Sequence[tuple[int, int]]) -> Iterator[Span]:
    for low, high in stretches:
        for found in rule.shape.finditer(text, low, high):
            start, end = found.span("x")
            if rule.kind in {"clinician", "patient"}:
                start, end = _trim(text, start, end)
            while end > start and text[end - 1] in " \t\n,;:":
                end -= 1
            if end > start:
                yield Span(start, end, rule.kind, "rule")


def _phones(text: str, low: int, high: int) -> Iterator[Span]:
    for found in _PHONE.finditer(text, low, high):
        if sum(map(str.isdigit, found[0])) in _PHONE_DIGITS and _is_phone(found[0]):
            yield Span(found.start(), found.end(), "phone", "rule")


def _is_phone(written: str) -> bool:
    for region in _REGIONS:
        try:
            number = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            return False
        if phonenumbers.is_valid_number(number):
            return True
    return False
