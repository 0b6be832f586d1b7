"""Into which strata does a frame fall, and how is each of them named?"""

import hashlib
import hmac
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from peeraudit.domain.errors import N_, InvalidInput, Msgid

PART = ":"
UNKNOWN = "-"
"""Stands in a stratum's name for a value that is not known."""

LONGEST_NAME = 128
AUTHOR_DIGITS = 12
PLAIN = re.compile(r"[A-Za-z0-9._-]+", re.ASCII)
SPELT = ".."
"""Begins a value that could not be written as it is; no plain value is let begin so."""

_LETTER = re.compile(r"[A-Za-z0-9_-]", re.ASCII)
_SPELT_PART = re.compile(r"\.([0-9a-f]+)\.", re.ASCII)


class StratumField(StrEnum):
    """What may divide a department's reports into strata, in the order of a stratum's name."""

    MODALITY = "modality"
    REGION = "region"
    URGENCY = "urgency"
    AUTHOR = "author"
    WEEK = "week"


DEFAULT_FIELDS = (StratumField.MODALITY,)

STRATUM_LABELS: Mapping[StratumField, Msgid] = {
    StratumField.MODALITY: Msgid(N_("Modality")),
    StratumField.REGION: Msgid(N_("Body region")),
    StratumField.URGENCY: Msgid(N_("Urgency")),
    StratumField.AUTHOR: Msgid(N_("Author")),
    StratumField.WEEK: Msgid(N_("Week")),
}

STRATUM_EFFECTS: Mapping[StratumField, Msgid] = {
    StratumField.MODALITY: Msgid(
        N_(
            "Each modality gets its share of the sample and a rate of its own; it costs next to"
            " nothing."
        )
    ),
    StratumField.REGION: Msgid(
        N_(
            "No body region is missed by chance; with a minimum, rare regions are drawn more often"
            " than they occur, and the overall rate gets a wider interval."
        )
    ),
    StratumField.URGENCY: Msgid(
        N_(
            "Urgent and planned examinations each get their share; of little use where requests"
            " seldom say how urgent they are."
        )
    ),
    StratumField.AUTHOR: Msgid(
        N_(
            "Each author can be given a minimum; authors with few reports are then drawn more often"
            " than they report, the interval widens, and departments cannot download the list."
        )
    ),
    StratumField.WEEK: Msgid(
        N_(
            "The sample spreads evenly over the period; there are many weeks, so a minimum for"
            " each asks for many reports."
        )
    ),
}
"""What each choice buys and what it costs, for whoever writes the rules."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """What a stratum's name says.

    Attributes:
        department: its code.
        values: of each field; empty where the report's value is not known.
    """

    department: str
    values: Mapping[StratumField, str]

    @property
    def modality(self) -> str:
        """Return its modality; empty where modality divides nothing."""
        return self.values.get(StratumField.MODALITY, "")


def in_order(fields: Collection[StratumField]) -> tuple[StratumField, ...]:
    """Return fields, each once, in the one order in which they stand in a name."""
    return tuple(one for one in StratumField if one in fields)


def is_fine(fields: Collection[StratumField]) -> bool:
    """Return whether more than modality divides the reports of a department."""
    return not set(fields) <= {StratumField.MODALITY}


def name_stratum(department: str, values: Sequence[str]) -> str:
    """Return the name of a stratum, such as ``CHU-NORD:CT:chest:2026-W12``.

    Two strata never have one name: a value that is not plain is spelt out sign by sign.

    Args:
        department: its code, which has no colon.
        values: of the chosen fields, in the order of ``StratumField``; empty where not known.

    Raises:
        InvalidInput: the name would be too long for a list, or the code is none.
    """
    if not PLAIN.fullmatch(department):
        raise InvalidInput(N_("“%(code)s” is no code of a department."), code=department)
    name = PART.join([department, *(_written(value) for value in values)])
    if len(name) > LONGEST_NAME:
        raise InvalidInput(
            N_("The stratum “%(name)s” has a name of more than %(longest)d characters."),
            name=name,
            longest=LONGEST_NAME,
        )
    return name


def split_stratum(name: str, fields: Collection[StratumField]) -> Stratum:
    """Return what the name of a stratum says.

    Args:
        name: as ``name_stratum`` wrote it.
        fields: by which the frame is stratified within departments.

    Raises:
        InvalidInput: the name does not have a value for each field.
    """
    department, *written = name.split(PART)
    known = in_order(fields)
    if len(written) != len(known):
        raise InvalidInput(
            N_("The stratum “%(name)s” is not divided as the protocol says: %(fields)s."),
            name=name,
            fields=", ".join(["department", *known]),
        )
    return Stratum(department, dict(zip(known, map(_read, written), strict=True)))


def week_of(day: date) -> str:
    """Return the ISO week of a day, such as ``2026-W12``."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def count_weeks(first: date, last: date) -> int:
    """Return how many ISO weeks a period touches, last day included."""
    monday = first - timedelta(days=first.weekday())
    return (last - monday).days // 7 + 1


def author_mark(key: bytes, author: str) -> str:
    """Return what stands for an author in a stratum's name.

    Args:
        key: secret of this frame alone, so that two campaigns' lists cannot be joined.
        author: opaque id; empty where the message named none.

    Returns:
        The first 12 hexadecimal digits of an HMAC-SHA256; empty for no author.
    """
    if not author:
        return ""
    # No key of a report is made from such a text: those end with a line feed.
    text = f"author/{author}".encode()
    return hmac.new(key, text, hashlib.sha256).hexdigest()[:AUTHOR_DIGITS]


def _written(value: str) -> str:
    if not value:
        return UNKNOWN
    if PLAIN.fullmatch(value) and value != UNKNOWN and not value.startswith(SPELT):
        return value
    signs = (one if _LETTER.fullmatch(one) else f".{ord(one):x}." for one in value)
    return SPELT + "".join(signs)


def _read(written: str) -> str:
    if written == UNKNOWN:
        return ""
    if not written.startswith(SPELT):
        return written
    return _SPELT_PART.sub(lambda found: chr(int(found[1], 16)), written[len(SPELT) :])
