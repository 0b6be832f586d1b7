"""Does what a file tells about a report suffice, and what report does it make?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from itertools import islice
from typing import Final, NamedTuple, TypeVar

from peeraudit.domain.errors import N_
from peeraudit.domain.intake.moments import parse_day, parse_moment, parse_partial_day
from peeraudit.domain.intake.refusals import refuse
from peeraudit.domain.intake.reports import (
    Accepted,
    IncomingReport,
    Item,
    Position,
    RawReport,
    Status,
    clean_text,
)
from peeraudit.domain.intake.vocabulary import (
    language_of,
    laterality_of,
    modality_of,
    region_of,
    side_of_title,
    status_of,
    urgency_of,
)

T = TypeVar("T")
MAX_TEXT: Final = 60_000
MIN_LETTERS: Final = 3
ADULT_AGE: Final = 18
# In characters; identifiers and names that are longer are texts in the wrong place.
_WIDTHS: Final = (("report_id", 128), ("accession", 64), ("exam_name", 2000))
_LONGEST_REFERENCE: Final = 128
_ANY_TEXT: Final = "x" * MIN_LETTERS
_TITLE: Final = re.compile(
    r"(?:EXAM(?:INATION|EN)?|TYPE D['’]EXAMEN|STUDY|PROCEDURE)\s*:\s*(?P<title>[^\n]{3,80})",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"\w")
_TITLE_WORDS: Final = (b"exam", b"examen", b"examination", b"study", b"procedure")
_LONGEST_TITLE_WORD: Final = max(map(len, _TITLE_WORDS))
_REACH: Final = 40
_TITLE_STARTS: Final = (b"exam", b"type d", b"study", b"procedure")
# White space of Latin-1, and what stands for a sign that is none of it: the pattern decides.
_SPACES: Final = bytes(code for code in range(256) if chr(code).isspace()) + b"?"
N_("performed")
N_("reported")


@dataclass(frozen=True, slots=True)
class DateStyle:
    """How a file writes its dates."""

    zone: tzinfo = UTC
    month_first: bool = False


class _Dates(NamedTuple):
    performed: date | None
    signed: datetime | None
    signed_on: date | None
    unreadable: tuple[str, str] | None


def _read_dates(raw: RawReport, style: DateStyle) -> _Dates:
    performed, signed, signed_on, partial = None, None, None, None
    if raw.performed:
        performed = parse_day(raw.performed, month_first=style.month_first, zone=style.zone)
        partial = parse_partial_day(raw.performed) if performed is None else None
        if performed is None and partial is None:
            return _Dates(None, None, None, ("performed", raw.performed))
    if raw.reported:
        signed = parse_moment(raw.reported, zone=style.zone, month_first=style.month_first)
        if signed is None:
            return _Dates(None, None, None, ("reported", raw.reported))
        if performed is None:
            # The day as its sender calls it, which that of the moment in UTC need not be.
            signed_on = parse_day(raw.reported, month_first=style.month_first, zone=style.zone)
    if partial and not (signed_on and signed_on.isoformat().startswith(partial[1])):
        # A month or a year alone: its first day, unless the report was signed within it.
        signed_on = partial[0]
    return _Dates(performed, signed, signed_on, None)


def _problem(
    raw: RawReport, text: str, status: Status | None, dates: _Dates
) -> tuple[str, str, dict[str, object]] | None:
    """Return the reason, the field and the reason's values when the report cannot be kept."""
    if not raw.accession or raw.accession.isspace():
        return "missing_accession", "accession", {}
    if status is None:
        return "unknown_status", "status", {"value": raw.status[:60]}
    if status != "cancelled" and _letters(text) < MIN_LETTERS:
        return "no_text", "report_text", {}
    if len(text) > MAX_TEXT:
        return "text_too_long", "report_text", {"found": len(text), "allowed": MAX_TEXT}
    return _problem_of_dates(dates) or _too_wide(raw)


def _problem_of_dates(dates: _Dates) -> tuple[str, str, dict[str, object]] | None:
    if dates.unreadable:
        name, value = dates.unreadable
        return "unreadable_date", name, {"name": name, "value": value[:60]}
    if not (dates.performed or dates.signed or dates.signed_on):
        return "missing_date", "performed", {}
    return None


def _letters(text: str) -> int:
    """Return how many letters a text has near its beginning, at most as many as it needs."""
    start = text[:MIN_LETTERS]
    if start.isalpha():
        return len(start)
    # Three letters are soon found: the search goes no further.
    return len(list(islice(filter(str.isalpha, text[:400]), MIN_LETTERS)))


def _too_wide(raw: RawReport) -> tuple[str, str, dict[str, object]] | None:
    """Return what is wrong where a field does not fit its column of bounded width."""
    for name, allowed in _WIDTHS:
        found = len(getattr(raw, name))
        if found > allowed:
            params: dict[str, object] = {"name": name, "found": found, "allowed": allowed}
            return "field_too_long", name, params
    return None


def _title(text: str) -> str:
    """Return what the text itself calls the examination, when the exam's name says too little."""
    head = text[:1000]
    # A colon is found much faster than a pattern, and bytes much faster than signs, of which
    # each of them stands for one.
    lower = head.encode("latin-1", "replace").lower()
    colon = lower.find(b":")
    while colon >= 0:
        near = lower[max(0, colon - _REACH) : colon].rstrip(_SPACES)
        if near.endswith(_TITLE_WORDS) or len(near) < _LONGEST_TITLE_WORD:
            before = lower[:colon]
            for start in sorted(at for word in _TITLE_STARTS if (at := before.rfind(word)) >= 0):
                found = _TITLE.match(head, start)
                line = head.rfind("\n", 0, start) + 1
                if found and not _WORD.search(head, line, start):
                    return found["title"]
        colon = lower.find(b":", colon + 1)
    return ""


def _examination(raw: RawReport, title: str) -> tuple[str, bool, str, bool]:
    """Return modality and region, each with whether it was worked out and not given."""
    modality, modality_derived = modality_of(raw.modality, raw.exam_name, raw.exam_code)
    region, region_derived = region_of(raw.region, raw.exam_name)
    if modality == "OT" and title:
        modality, modality_derived = modality_of("", title)
    if region == "other" and title:
        region, region_derived = region_of("", title)
    return modality, modality_derived, region, region_derived


def complete(raw: RawReport, position: Position, style: DateStyle | None = None) -> Item:
    """Return the report that ``raw`` makes, or the reason why it makes none.

    Args:
        raw: what the file says, word for word.
        position: where it says it.
        style: how the file writes dates; ISO and day-first in UTC when not given.
    """
    text = clean_text(raw.text)
    status, is_derived = status_of(raw.status, text)
    dates = _read_dates(raw, style or DateStyle())
    problem = _problem(raw, text, status, dates)
    if problem is None and status is not None:
        return Accepted(position, _report(raw, text, (status, is_derived), dates))
    code, field_name, params = problem or ("unknown_status", "status", {"value": ""})
    place = position if position.field else position._replace(field=field_name)
    reference = (raw.accession or raw.report_id)[:_LONGEST_REFERENCE]
    refused = refuse(place, code, reference=reference, **params)
    if code != "no_text" or status is None or _problem(raw, _ANY_TEXT, status, dates):
        return replace(refused, raw=raw)
    return replace(refused, raw=raw, report=_report(raw, "", (status, is_derived), dates))


def _report(
    raw: RawReport, text: str, status: tuple[Status, bool], dates: _Dates
) -> IncomingReport:
    title = _title(text)
    modality, modality_derived, region, region_derived = _examination(raw, title)
    named = f"{raw.exam_name} {title}"
    side, side_derived = laterality_of(raw.laterality, named)
    if not side:
        side = side_of_title(text)
        side_derived = bool(side)
    urgency, urgency_derived = urgency_of(raw.urgency, named, text)
    language, language_derived = language_of(raw.language, text)
    marks = (
        ("status", status[1]),
        ("modality", modality_derived),
        ("region", region_derived),
        ("language", language_derived),
        ("performed_on", dates.performed is None),
        ("laterality", side_derived),
        ("urgency", urgency_derived),
    )
    derived = [name for name, is_derived in marks if is_derived or name in raw.derived]
    if raw.derived:
        derived = [*dict.fromkeys((*derived, *raw.derived))]
    accession = raw.accession.strip()
    performed = dates.performed or dates.signed_on
    return IncomingReport(
        report_id=raw.report_id.strip() or accession,
        accession=accession,
        status=status[0],
        modality=modality,
        region=region,
        exam=" ".join((raw.exam_name or raw.exam_code).split()),
        performed_on=performed,
        signed_at=dates.signed,
        urgency=urgency,
        language=language,
        text=text,
        author=raw.author if raw.author and not raw.author.is_empty else None,
        patient=raw.patient,
        clinicians=_distinct([one for one in raw.clinicians if not one.is_empty]),
        identifiers=_distinct([one for one in raw.identifiers if one]),
        places=_distinct([one for one in raw.places if one]),
        derived=tuple(derived),
        laterality=side,
        is_child=is_child(raw.patient.birth_date, performed),
    )


def is_child(birth_date: date | None, on: date | None) -> bool:
    """Return whether somebody was under 18 on a day; False where either day is not known."""
    if birth_date is None or on is None:
        return False
    had_birthday = (on.month, on.day) >= (birth_date.month, birth_date.day)
    age = on.year - birth_date.year - (not had_birthday)
    return 0 <= age < ADULT_AGE


def _distinct(things: Sequence[T]) -> tuple[T, ...]:
    """Return things in their order, each of them once."""
    return tuple(dict.fromkeys(things)) if len(things) > 1 else tuple(things)
