"""Which numbers in a text are identifiers, by their form, their key or their numbering plan?"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

import phonenumbers
from stdnum import iban, luhn
from stdnum.fr import nir
from stdnum.gb import nhs

from peeraudit.domain.blinding.rules_days import DAY_RULES, LONE_YEAR, MONTH
from peeraudit.domain.blinding.rules_days_in_words import WORDED_DAY_RULES
from peeraudit.domain.blinding.rules_days_otherwise import OTHER_DAY_RULES
from peeraudit.domain.blinding.rules_numbers import NUMBER_RULES, STREETS
from peeraudit.domain.blinding.rules_registers import REGISTER_RULES
from peeraudit.domain.blinding.shapes import MANY, Rule
from peeraudit.domain.blinding.spans import Kind, Span
from peeraudit.domain.blinding.weekdays import with_weekday
from peeraudit.domain.blinding.years import is_lone_year, is_public_year

_RULES: Final = tuple(
    rule
    for rule in (*DAY_RULES, *WORDED_DAY_RULES, *OTHER_DAY_RULES, *NUMBER_RULES, *REGISTER_RULES)
    if not rule.triggers
)


_THEN: Final = frozenset("/.-")
"""Signs behind a number that few rules ask for."""


@lru_cache(maxsize=512)
def _rules_for(language: str, digits: int, then: str) -> tuple[Rule, ...]:
    """Return the rules that may begin with so many digits in a row and this sign behind them."""
    return tuple(
        rule
        for rule in _RULES
        if (not language or rule.language in ("", language))
        and rule.digits[0] <= digits <= rule.digits[1]
        and (not rule.then or (then and then in rule.then))
    )


def _loose(rule: Rule) -> str:
    """Return a rule's expression without groups; what it refuses the rule refuses too."""
    shape = rule.shape.pattern.replace("(?P<x>", "(?:").replace(_NOT_ALIKE, "")
    shape = shape.replace(r"\2", "[-/.|]")
    return shape.replace("([-/.|])", "[-/.|]").replace("([-/])", "[-/]")


_NOT_ALIKE: Final = r"(?!(\d)(?: \2){6})"


@lru_cache(maxsize=2048)
def _any_from(language: str, digits: int, then: str, first: int) -> re.Pattern[str]:
    """Return one expression for the rules from the ``first`` on: most numbers fit none.

    Its group ``r7`` is the rule that fits. It is made when it is first needed, since few are.
    """
    rules = _rules_for(language, digits, then)
    shapes = [f"(?P<r{i}>{_loose(rules[i])})" for i in range(first, len(rules))]
    return re.compile("|".join(shapes) or "(?!)")


_UNIT: Final = (
    r"(?!(?:st|nd|rd|th|er|au|et|ou|puis|to|and|or|of|"
    rf"de|bis|ter|quater|ans?|years?|yrs?|yo|ext|poste|courant|du|{MONTH}|{STREETS})(?![a-zà-ÿ]))[a-zà-ÿ]{{2,}}"
)
_PLAIN: Final = re.compile(
    rf"\d{{1,3}}(?:[ ]?%|[;:)](?![ .-]{{0,2}}\d)|\.(?![ ]?\d|[IVX])|[ ]?{_UNIT})"
)
"""A number of few digits with what no rule asks for behind it: most numbers of a report."""
_MEASURE: Final = re.compile(r"\d{1,3}[ ]?([a-zà-ÿ]{2,})(?!\w)")
"""The same with a whole word behind it, of which the expression above tells if it is asked for."""
_UNIT_ALONE: Final = re.compile(_UNIT)
_APOSTROPHES: Final = frozenset(["'", "’"])
_DIGITS: Final = re.compile(r"\d+")
_GROUPS: Final = re.compile(
    r"(?<![\d.,/bB])(?<!\d )\d{1,6}(?:([ .-]?)\(?\d{2,6}\)?(?:\1\d{2,6}){1,5}|\d{8,18})"
    r"(?!\w|[.,]\d|[ ]\d)"
)
_CARD_DIGITS: Final = range(13, 20)
_NIR_DIGITS: Final = 15
_PHONE_DIGITS: Final = range(9, 15)
_NHS_DIGITS: Final = 10
_REGIONS: Final = ("FR", "GB", "US", "DE", "BE", "CH", "ES", "IT")
_LETTERS_BEFORE: Final = re.compile(
    r"(?<![A-Za-z\d])(?:(?:[A-Z]{2}[-_/]){0,2}[A-Za-z]{1,8}[-_/#]?|[A-Z]{1,8}[-_/]\d{2,4}[-_/])\Z"
)
_SIGNS_BEFORE: Final = re.compile(r"(?:\+|\(\+?|\+\()\Z")
_POSTCODE_BEFORE: Final = re.compile(
    # The letters of a British or Canadian code, the country of another, or a part of a house.
    r"(?<![A-Za-z])(?:[A-Z]{1,2}|(?:F|B|L|CH|LU)-|"
    r"(?:[Ff]lat|[Aa]pt|[Aa]partment|[Uu]nit|[Ss]uite|[Bb]lock|[Aa]ppt)\.?[ ](?:\w{1,4},[ ])?)\Z"
)
_BEFORE: Final = {"id": _LETTERS_BEFORE, "phone": _SIGNS_BEFORE, "address": _POSTCODE_BEFORE}
_LAW_REACH: Final = 48
# Not "ordonnance" or "arrêté": a prescription, and what was stopped.
_LAWS: Final = re.compile(r"\b(?i:loi|d[ée]cret)\b[^.\n]{0,30}\bdu (?:\d{1,2}(?:er)? )?$")


@lru_cache(maxsize=4096)
def _is_unit(word: str) -> bool:
    """Return whether a word in small letters behind a number makes it one that no rule wants."""
    return _UNIT_ALONE.match(word) is not None


def has_key(written: str) -> bool:
    """Return whether a number carries a valid key: a NIR, a bank card or an NHS number.

    Args:
        written: digits, however they are grouped.
    """
    digits = "".join(c for c in written if c.isdigit())
    checks: tuple[tuple[bool, Callable[[str], bool]], ...] = (
        (len(digits) == _NIR_DIGITS, nir.is_valid),
        (len(digits) in _CARD_DIGITS, luhn.is_valid),
        (len(digits) == _NHS_DIGITS, nhs.is_valid),
    )
    return any(fits and bool(check(digits)) for fits, check in checks)


def is_account(written: str) -> bool:
    """Return whether a word is the number of a bank account with a valid key."""
    return bool(iban.is_valid(written))


@lru_cache(maxsize=4096)
def is_phone(written: str) -> bool:
    """Return whether the numbering plan of a country nearby knows a number as a telephone's."""
    for region in _REGIONS:
        try:
            number = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            return False
        if phonenumbers.is_valid_number(number):
            return True
    return False


def number_at(text: str, start: int, language: str, length: int = 0) -> Span | None:
    """Return the identifier or day that begins with the number at ``start``, the longest there is.

    Args:
        text: the text, its no-break spaces made spaces.
        start: where a run of digits begins.
        language: ``fr`` or ``en``; empty applies the rules of both.
        length: how many digits the run has; 0 lets them be counted.
    """
    measure = _MEASURE.match(text, start)
    is_plain = _is_unit(measure[1]) if measure else _PLAIN.match(text, start)
    # Behind an apostrophe the year ends the sentence: "CABG in '09."
    if is_plain and text[start - 1 : start] not in _APOSTROPHES:
        return None
    best: tuple[int, int, Kind] | None = None
    run = length or _count_digits(text, start)
    digits = min(run, MANY)
    then = text[start + run : start + run + 1]
    then = then if then in _THEN else ""
    found = _any_from(language, digits, then, 0).match(text, start)
    if found and found.lastgroup:
        first = int(found.lastgroup.removeprefix("r"))
        best = _longest(text, start, (language, digits, then), first)
    if best is None:
        best = _by_key(text, start)
    if best is None:
        return None
    low, high, kind = best
    shape = _BEFORE.get(kind)
    before = shape.search(text[max(0, low - 16) : low]) if shape else None
    low -= len(before[0]) if before else 0
    if kind == "date":
        low, high = with_weekday(text, low, high)
    return Span(low, high, kind, "rule")


def _count_digits(text: str, start: int) -> int:
    run = _DIGITS.match(text, start)
    return run.end() - start if run else 1


def _longest(
    text: str, start: int, which: tuple[str, int, str], first: int
) -> tuple[int, int, Kind] | None:
    """Return the longest that the rules from the ``first`` on find at ``start``.

    Args:
        text: the text.
        start: where a run of digits begins.
        which: the language, how long the run is, and the sign behind it.
        first: the first rule that may fit.
    """
    rules = _rules_for(*which)
    best: tuple[int, int, Kind] | None = None
    at = first
    while at < len(rules):
        found = rules[at].shape.match(text, start)
        if (
            found
            and (best is None or found.end("x") > best[1])
            and not _is_public(text, found, rules[at])
        ):
            best = (*found.span("x"), rules[at].kind)
        later = _any_from(*which, at + 1).match(text, start)
        if not later or not later.lastgroup:
            break
        at = int(later.lastgroup.removeprefix("r"))
    return best


def is_of_law(text: str, start: int) -> bool:
    """Return whether the day at ``start`` is that of a law: ``décret du 3 juin 2013``."""
    before = text[max(0, start - _LAW_REACH) : start]
    return before[-1:] == " " and bool(_LAWS.search(before))


def _is_public(text: str, found: re.Match[str], rule: Rule) -> bool:
    """Return whether a day is that of a law, or a lone year that of a guideline or no year."""
    start, end = found.span("x")
    if text[max(0, start - 3) : start] == "du " and is_of_law(text, start):
        return True
    if rule is LONE_YEAR:
        return not is_lone_year(text, start) or is_public_year(text, start, end)
    is_year = end - start == len("2017") and text[start:end].isdigit()
    return is_year and rule.kind == "date" and is_public_year(text, start, end)


def _by_key(text: str, start: int) -> tuple[int, int, Kind] | None:
    found = _GROUPS.match(text, start)
    if not found:
        return None
    count = sum(map(str.isdigit, found[0]))
    if count in _PHONE_DIGITS and is_phone(found[0]):
        return (*found.span(), "phone")
    if count >= _PHONE_DIGITS.start and has_key(found[0]):
        return (*found.span(), "id")
    return None


def addresses_of_the_net(text: str, low: int, high: int) -> Iterator[Span]:
    """Yield the e-mail addresses and links between two places of a text."""
    if text.find("@", low, high) >= 0:
        for found in _EMAIL.finditer(text, low, high):
            yield Span(*found.span(), "email", "rule")
    if any(text.find(sign, low, high) >= 0 for sign in _SAYS_AT):
        for found in _SAID_EMAIL.finditer(text, low, high):
            yield Span(*found.span(), "email", "rule")
    if text.find("://", low, high) >= 0 or text.find("www.", low, high) >= 0:
        for found in _LINK.finditer(text, low, high):
            yield Span(*found.span(), "url", "rule")


_SAID_EMAIL: Final = re.compile(
    r"(?<![\w.+-])[\w.+'-]{1,64}(?:[ ]?[\[(](?i:at|arobase|à)[\])][ ]?[\w-]{1,63}"
    r"(?:[ ]?\.[ ]?[\w-]{2,20}){1,4}|"
    r"[ ](?i:at|arobase)[ ][\w-]{1,63}(?:[ ](?i:dot|point)[ ][\w-]{2,20}){1,4})"
)
"""An address that is written so that machines do not read it: ``r.adu (at) chu.fr``."""
_SAYS_AT: Final = ("(at)", "[at]", " dot ")
_EMAIL: Final = re.compile(
    r"(?<![\w.+-])[\w.+'-]{1,64}(?:@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}|"
    r"[ ]@[ ]?[\w-]{1,63}(?:[ ]?\.[ ]?[\w-]{2,20}){1,3})"
)
_LINK: Final = re.compile(r"(?:\b[a-z]{2,10}://|\bwww\.)[^\s<>⟦⟧]{1,300}", re.IGNORECASE)
