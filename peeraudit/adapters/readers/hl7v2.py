"""Which reports does a feed or file of HL7 v2 messages hold?"""

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Final

import hl7

from peeraudit.adapters.readers.hl7_fields import Fields, Marks
from peeraudit.adapters.readers.hl7_framing import MAX_MESSAGE, Frame, split_messages
from peeraudit.domain.intake.completion import DateStyle, RawReport, complete
from peeraudit.domain.intake.moments import parse_day
from peeraudit.domain.intake.refusals import refuse
from peeraudit.domain.intake.reports import Item, Patient, Person, Position

_TEXT_TYPES: Final = frozenset({"TX", "FT", "ST"})
_WITHDRAWN: Final = frozenset({"D", "W", "X"})
_UID: Final = re.compile(r"[0-9.]{16,}")
_STATUS_OF_RESULT: Final = 11
_ENCODINGS: Final = (
    ("8859", "latin-1"),
    ("UTF-8", "utf-8"),
    ("UNICODE", "utf-8"),
)


@dataclass(slots=True)
class _Order:
    """One OBR with the results that follow it."""

    obr: Fields
    common: Fields | None
    results: list[Fields] = field(default_factory=list)


@dataclass(slots=True)
class _Message:
    """The segments of one message, by what they are for."""

    header: Fields
    patient: Fields | None = None
    visit: Fields | None = None
    relatives: list[Fields] = field(default_factory=list)
    orders: list[_Order] = field(default_factory=list)


def decode(segments: Sequence[bytes]) -> str:
    """Return a message's text, one carriage return between segments.

    MSH-18 decides the encoding; without it, what is valid UTF-8 is UTF-8, else Windows-1252
    (which reads what ISO 8859-1 writes).

    Args:
        segments: the lines of one message.
    """
    data = b"\r".join(segment.replace(b"\r", b"\n") for segment in segments)
    fields = segments[0].split(segments[0][3:4])
    declared = fields[17].decode("ascii", "replace").upper() if len(fields) > 17 else ""
    for word, encoding in _ENCODINGS:
        if word in declared:
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                break
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _group(segments: Sequence[Fields]) -> _Message:
    message = _Message(segments[0])
    common: Fields | None = None
    for segment in segments[1:]:
        match segment.name:
            case "PID":
                message.patient = segment
            case "PV1":
                message.visit = segment
            case "NK1":
                message.relatives.append(segment)
            case "ORC":
                common = segment
            case "OBR":
                message.orders.append(_Order(segment, common))
                common = None
            case "OBX" if message.orders:
                message.orders[-1].results.append(segment)
            case _:
                continue
    return message


def _attached_text(result: Fields) -> str:
    """Return the text of an ED result that carries plain text, else nothing."""
    parts = result.components(5)
    kinds = " ".join(parts[1:3]).upper()
    if len(parts) < 5 or "TEXT" not in kinds or parts[3].upper() != "BASE64":
        return ""
    try:
        text = base64.b64decode(parts[4], validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""
    return text if "<" not in text[:5] else ""


def _lines_of(result: Fields) -> str | None:
    kind = result.raw(2).upper()
    if result.raw(_STATUS_OF_RESULT) in _WITHDRAWN:
        return None
    if kind == "ED":
        return _attached_text(result) or None
    value = result.raw(5)
    if kind not in _TEXT_TYPES and not (kind == "" and any(map(str.isalpha, value))):
        return None
    if kind == "ST" and _UID.fullmatch(value.strip()):
        return None
    return result.marks.plain(value.replace(result.marks.repetition, "\n"))


def _text(order: _Order) -> str:
    lines = (_lines_of(result) for result in order.results)
    return "\n".join(line for line in lines if line is not None)


def _status(order: _Order) -> str:
    given = order.obr.first(25)
    if given:
        return given
    of_results = {r.raw(_STATUS_OF_RESULT).strip() for r in order.results} - {""}
    known = of_results & {"F", "P", "C", "X", "R", "S", "I", "D", "W"}
    return next(iter(known)) if len(known) == 1 else "P" if "P" in known else ""


def _patient(message: _Message) -> Patient:
    pid = message.patient
    if pid is None:
        return Patient()
    numbers = [value for number in (3, 2, 4, 18, 19, 20, 21) for value in pid.identifiers(number)]
    phones = []
    for number in (13, 14):
        for repetition in pid.repetitions(number):
            parts = pid.parts(repetition)
            phones += [parts[0], "".join(parts[4:8])]
    addresses = []
    for repetition in pid.repetitions(11):
        parts = pid.parts(repetition)
        addresses += [value.replace("&", " ") for value in (parts[0], *parts[1:3], *parts[4:5])]
    relatives = [name for nk1 in message.relatives for name in nk1.names(2)]
    return Patient(
        identifiers=tuple(dict.fromkeys(numbers)),
        names=tuple(dict.fromkeys(pid.names(5) + pid.names(9))),
        birth_date=parse_day(pid.first(7)),
        sex=pid.first(8)[:1],
        phones=tuple(dict.fromkeys(phone for phone in phones if phone)),
        addresses=tuple(dict.fromkeys(part for part in addresses if part)),
        relatives=tuple(dict.fromkeys(relatives + pid.names(6))),
    )


def _from(segment: Fields | None, *numbers: int) -> list[Person]:
    return [] if segment is None else [p for n in numbers for p in segment.people(n)]


def _raw(message: _Message, order: _Order, rank: int) -> RawReport:
    header, obr, orc = message.header, order.obr, order.common
    readers = _from(obr, 32) or _from(obr, 33)
    clinicians = _from(obr, 10, 16, 28, 32, 33, 34, 35)
    clinicians += _from(message.visit, 7, 8, 9, 17, 52) + _from(orc, 10, 11, 12, 19)
    clinicians += [p for result in order.results for p in _from(result, 16)]
    patient = _patient(message)
    accession = obr.first(3) or (orc.first(3) if orc else "") or obr.first(2)
    control = header.first(10)
    visit = [] if message.visit is None else message.visit.identifiers(19)
    numbers = [accession, obr.first(2), obr.first(3), obr.first(18), control, *visit]
    numbers += [value for r in order.results for value in _uids(r)] + list(patient.identifiers)
    ward = [] if message.visit is None else message.visit.components(3)
    exam = obr.first(4, 2) or obr.first(4, 5) or obr.first(44, 2)
    performed = _readable(obr.first(7), obr.first(36), obr.first(6))
    return RawReport(
        report_id=control if rank == 0 else f"{control}#{rank + 1}",
        accession=accession,
        status=_status(order),
        modality=obr.first(24),
        exam_code=obr.first(4),
        exam_name=exam,
        performed=performed,
        reported=_readable(obr.first(22), header.first(7)),
        urgency=obr.first(27, 6) or obr.first(5),
        text=_text(order),
        author=readers[0] if readers else None,
        patient=patient,
        clinicians=tuple(clinicians),
        identifiers=tuple(numbers),
        places=(header.first(4), header.first(6), *ward),
    )


def _readable(*moments: str) -> str:
    """Return the first time that can be read; systems put other things into these fields."""
    given = [moment for moment in moments if moment]
    return next((moment for moment in given if parse_day(moment)), given[0] if given else "")


def _uids(result: Fields) -> list[str]:
    value = result.raw(5).strip()
    return [value] if _UID.fullmatch(value) else []


def _is_cut(frame: Frame, segments: Sequence[Fields]) -> str:
    """Return the name of the segment inside which a message stops, if it does."""
    last = segments[-1]
    if not frame.cut:
        return ""
    if len(last.name) < 3 or (last.name == "MSH" and len(last) < 12):
        return last.name
    if last.name in {"PID", "PV1", "ORC", "OBR"} and last.raw(25) not in _WITHDRAWN:
        return last.name
    needed = _STATUS_OF_RESULT if last.name == "OBX" else 0
    return last.name if len(last) <= needed else ""


def _items(frame: Frame, position: Position, style: DateStyle) -> Iterator[Item]:
    if frame.orphan:
        yield refuse(position, "orphan_segments")
        return
    if frame.too_long:
        yield refuse(position, "message_too_long", allowed=MAX_MESSAGE)
        return
    try:
        text = decode(frame.segments)
        marks = Marks.of(text)
        segments = [Fields(segment, marks) for segment in hl7.parse(text)]
    except (hl7.HL7Exception, ValueError, IndexError, KeyError):
        yield refuse(position, "unreadable_message")
        return
    kind = segments[0].raw(9)
    stopped = _is_cut(frame, segments)
    control = segments[0].first(10)
    if kind and not kind.startswith("ORU"):
        yield refuse(position, "not_a_report", reference=control, type=kind[:20])
    elif stopped:
        place = Position(position.source, message=position.message, segment=stopped)
        yield refuse(place, "truncated_message", reference=control, segment=stopped)
    elif not kind:
        yield refuse(position, "unreadable_message", reference=control)
    else:
        yield from _reports(_group(segments), position, style)


def _reports(message: _Message, position: Position, style: DateStyle) -> Iterator[Item]:
    control = message.header.first(10)
    wanted = [order for order in message.orders if _text(order).strip()]
    withdrawn = [order for order in message.orders if _status(order) in _WITHDRAWN]
    # A text may answer several orders: it then stands under one, and the others have none.
    for rank, order in enumerate(wanted or withdrawn):
        yield complete(_raw(message, order, rank), position, style)
    if not wanted and not withdrawn:
        kinds = {r.raw(2) for order in message.orders for r in order.results}
        attached = sorted(kinds & {"ED", "RP"})
        reference = message.orders[0].obr.first(3) if message.orders else control
        code = "only_attachments" if attached and not kinds & _TEXT_TYPES else "no_text"
        place = Position(position.source, message=position.message, segment="OBX")
        params = {"types": ", ".join(attached)} if code == "only_attachments" else {}
        yield refuse(place, code, reference=reference or control, **params)


def read_hl7v2(path: Path, source: str, *, zone: tzinfo = UTC) -> Iterator[Item]:
    """Yield an item for each report, and one for each message that gives none.

    Args:
        path: the file.
        source: the name under which it was sent.
        zone: the time zone of times that name none.
    """
    style = DateStyle(zone)
    for number, frame in enumerate(split_messages(path), start=1):
        yield from _items(frame, Position(source, message=number), style)
