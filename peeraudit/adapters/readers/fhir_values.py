"""What stands in a FHIR element, whatever shape its sender gave it?"""

import re
from collections.abc import Iterator
from typing import Any, Final

Resource = dict[str, Any]
_LONGEST: Final = 2_000
_PARTIAL: Final = re.compile(r"(\d{4})(?:-(\d{2}))?$")


def dicts(value: object) -> list[Resource]:
    """Return the objects of an element: of an array, or of one that should have been an array."""
    found = value if isinstance(value, list) else [value]
    return [one for one in found if isinstance(one, dict)]


def words(value: object) -> list[str]:
    """Return the texts of an element, cleaned of outer white space; long ones are cut."""
    found = value if isinstance(value, list) else [value]
    texts = (word(one) for one in found)
    return [text for text in texts if text]


def word(value: object) -> str:
    """Return a text or number as text, empty for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()[:_LONGEST]


def codings(concept: object) -> Iterator[tuple[str, str, str]]:
    """Yield system, code and display of each coding of one or several concepts."""
    for one in dicts(concept):
        for coding in dicts(one.get("coding")) or ([one] if "code" in one else []):
            system = word(coding.get("system"))
            yield system, word(coding.get("code")), word(coding.get("display"))


def label(concept: object) -> str:
    """Return what a concept is called: its text, else its first display, else its first code."""
    for one in dicts(concept):
        text = word(one.get("text"))
        if text:
            return text
    known = list(codings(concept))
    displays = [display for _, _, display in known if display]
    return next(iter(displays or [code for _, code, _ in known if code]), "")


def moment(*values: object) -> str:
    """Return the first of some dates or times that is given to the day or finer, else empty."""
    for value in values:
        text = word(value)
        if text and not _PARTIAL.match(text):
            return text
    return ""


def partial_day(*values: object) -> str:
    """Return the first day of the first date that names a month or a year only, else empty.

    Source:
        FHIR R4 (v4.0.1), datatypes: a dateTime may be given as YYYY or YYYY-MM.
    """
    for value in values:
        found = _PARTIAL.match(word(value))
        if found:
            return f"{found[1]}-{found[2] or '01'}-01"
    return ""
