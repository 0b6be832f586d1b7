"""Which reports does a feed or file of HL7 v2 messages hold?"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from functools import partial
from pathlib import Path
from typing import Final

from peeraudit.adapters.readers.hl7_encoding import decode
from peeraudit.adapters.readers.hl7_fields import Fields, Marks
from peeraudit.adapters.readers.hl7_framing import (
    MAX_MESSAGE,
    MAX_SEGMENT,
    MAX_SEGMENTS,
    Found,
    Frame,
    Miscount,
    split_messages,
)
from peeraudit.adapters.readers.hl7_orders import Order, raw_report
from peeraudit.adapters.readers.hl7_outside import Stretch
from peeraudit.adapters.readers.hl7_status import is_withdrawn
from peeraudit.adapters.readers.hl7_text import STATUS_OF_RESULT, TEXT_TYPES, WITHDRAWN
from peeraudit.adapters.readers.passing import Several
from peeraudit.domain.intake.completion import DateStyle, complete
from peeraudit.domain.intake.refusals import refuse
from peeraudit.domain.intake.reports import Item, Position, Refused

MAX_FIELDS: Final = 1_000
"""The most fields that a segment may have; the longest of the standard has about 50."""

_LIMITS: Final = {
    "message_too_long": MAX_MESSAGE,
    "segment_too_long": MAX_SEGMENT,
    "too_many_segments": MAX_SEGMENTS,
}
# Where to look when the report as a whole lacks something.
_PLACES: Final = {
    "missing_accession": ("OBR", "3"),
    "unknown_status": ("OBR", "25"),
    "missing_date": ("OBR", "7"),
    "unreadable_date": ("OBR", "7"),
    "no_text": ("OBX", "5"),
    "text_too_long": ("OBX", "5"),
}
_PLACES_IN_DOCUMENTS: Final = {
    **_PLACES,
    "missing_accession": ("TXA", "15"),
    "unknown_status": ("TXA", "17"),
    "missing_date": ("TXA", "4"),
    "unreadable_date": ("TXA", "4"),
}
_NO_DOCUMENT: Final = frozenset({"T01", "T03", "T05", "T07", "T09"})


@dataclass(slots=True)
class _Message:
    """The segments of one message, and its orders with their results."""

    segments: list[Fields]
    orders: list[Order] = field(default_factory=list)

    @property
    def header(self) -> Fields:
        return self.segments[0]

    @property
    def kind(self) -> str:
        """Return the type, such as ``ORU``."""
        return self.header.first(9).upper()[:3]

    @property
    def event(self) -> str:
        """Return the trigger event, such as ``R01``."""
        return self.header.first(9, 2).upper()

    def first(self, name: str) -> Fields | None:
        """Return the first segment of a name."""
        return next((segment for segment in self.segments if segment.name == name), None)


def _parse(frame: Frame) -> list[Fields]:
    """Return the message's segments; ADD segments are joined to those that they continue."""
    # The same break between segments and inside them would tear a continued line apart.
    lines = [bytes(segment).replace(b"\r", b"\n") for segment in frame.segments]
    text = decode(b"\r".join(lines))
    marks = Marks.of(text)
    seen: Counter[str] = Counter()
    joined: list[str] = []
    for line in text.split("\r"):
        if line.startswith(f"ADD{marks.field}") and joined:
            joined[-1] += line[4:]
        elif line.strip():
            joined.append(line)
    found = []
    for line in joined:
        name = line.split(marks.field, 1)[0]
        seen[name] += 1
        found.append(Fields.of(line, marks, seen[name]))
    return found


def _group(segments: list[Fields]) -> _Message:
    message = _Message(segments)
    common: Fields | None = None
    for segment in segments[1:]:
        match segment.name:
            case "ORC":
                common = segment
            case "OBR":
                message.orders.append(Order(segment, common))
                common = None
            case "OBX":
                if not message.orders:
                    message.orders.append(Order(None, common))
                message.orders[-1].results.append(segment)
            case "NTE" if message.orders:
                message.orders[-1].notes.append(segment)
            case _:
                continue
    if common is not None and not message.orders:
        message.orders.append(Order(None, common))
    return message


def _by_accession(orders: Sequence[Order]) -> list[list[Order]]:
    """Return the orders that one report answers together: those of one examination's number."""
    groups: dict[str, list[Order]] = {}
    for rank, order in enumerate(orders):
        number = order.accession or order.site_number
        groups.setdefault(number or f"#{rank}", []).append(order)
    return list(groups.values())


def _is_cut(frame: Frame, segments: Sequence[Fields]) -> str:
    """Return the name of the segment inside which a message stops, if it does."""
    last = segments[-1]
    if not frame.cut:
        return ""
    if len(last.name) < 3 or (last.name == "MSH" and len(last) < 12):
        return last.name
    if last.name in {"PID", "PV1", "ORC", "OBR"} and last.raw(25) not in WITHDRAWN:
        return last.name
    needed = STATUS_OF_RESULT if last.name == "OBX" else 0
    return last.name if len(last) <= needed else ""


def _whole(frame: Frame, position: Position) -> list[Fields] | Refused:
    """Return a message's segments, or why it cannot be read as a message."""
    name = bytes(frame.segments[-1][:3]).decode("latin-1")
    if frame.orphan:
        first = bytes(frame.segments[0][:3]).decode("latin-1")
        return refuse(position._replace(segment=first), "orphan_segments")
    if frame.problem:
        place = position._replace(segment=name)
        return refuse(place, frame.problem, allowed=_LIMITS[frame.problem])
    segments = _parse(frame)
    for segment in segments:
        if len(segment) > MAX_FIELDS:
            place = position._replace(segment=segment.place, field=str(MAX_FIELDS + 1))
            return refuse(place, "too_many_fields", allowed=MAX_FIELDS)
    return segments


def _unfit(frame: Frame, segments: list[Fields], position: Position) -> Refused | None:
    """Return why a message gives no report whatever its results say, if it does not."""
    header = segments[0]
    control, kind = header.first(10), header.raw(9).strip()
    if kind and kind[:3].upper() not in {"ORU", "MDM"}:
        place = position._replace(segment="MSH", field="9")
        return refuse(place, "not_a_report", reference=control, type=kind[:20])
    stopped = _is_cut(frame, segments)
    if stopped:
        place = position._replace(segment=stopped)
        return refuse(place, "truncated_message", reference=control, segment=stopped)
    if not kind:
        place = position._replace(segment="MSH", field="9")
        return refuse(place, "unreadable_message", reference=control)
    pointers = [s for s in segments if s.name == "DSC" and s.first(1)]
    if pointers or header.first(14):
        place = position._replace(
            segment="DSC" if pointers else "MSH", field="1" if pointers else "14"
        )
        return refuse(place, "divided_message", reference=control)
    return None


def _items(frame: Frame, position: Position, style: DateStyle) -> Iterator[Item]:
    segments = _whole(frame, position)
    if isinstance(segments, Refused):
        yield segments
        return
    unfit = _unfit(frame, segments, position)
    if unfit is not None:
        yield unfit
        return
    message = _group(segments)
    if message.kind == "MDM":
        yield from _document(message, position, style)
    else:
        yield from _reports(message, position, style)


def _answered(message: _Message) -> list[list[Order]]:
    """Return the orders of each report of a message."""
    told = [order for order in message.orders if order.narrative.text.strip()]
    withdrawn = [order for order in message.orders if is_withdrawn(order.status)]
    # A text may answer several orders: it then stands under one, and the others have none.
    return _by_accession(told or withdrawn)


def _reports(message: _Message, position: Position, style: DateStyle) -> Iterator[Item]:
    groups = _answered(message)
    for rank, orders in enumerate(groups):
        raw = raw_report(message.segments, orders, rank)
        yield _placed(complete(raw, position, style), orders[0], _PLACES)
    if not groups:
        yield _nothing(message, position)


def _document(message: _Message, position: Position, style: DateStyle) -> Iterator[Item]:
    first = message.orders[0] if message.orders else Order(None, None)
    document = Order(first.obr, first.common, txa=message.first("TXA"), event=message.event)
    for order in message.orders:
        document.results += order.results
    if document.narrative.text.strip() or is_withdrawn(document.status):
        raw = raw_report(message.segments, [document], 0)
        yield _placed(complete(raw, position, style), document, _PLACES_IN_DOCUMENTS)
    elif message.event in _NO_DOCUMENT and not document.results:
        place = position._replace(segment="MSH", field="9")
        reference = document.accession or message.header.first(10)
        yield refuse(place, "notice_only", reference=reference, type=f"MDM^{message.event}")
    else:
        message.orders = [document]
        yield _nothing(message, position)


def _nothing(message: _Message, position: Position) -> Refused:
    """Return why a message without any text gives no report."""
    reference = next((o.accession for o in message.orders if o.accession), "")
    reference = reference or message.header.first(10)
    place = position._replace(segment="OBX", field="5")
    kinds = {r.raw(2).upper() for order in message.orders for r in order.results}
    unread = sorted({kind for order in message.orders for kind in order.narrative.unread})
    if unread and not kinds & TEXT_TYPES:
        code = "only_attachments" if unread == ["RP"] else "unreadable_attachment"
        return refuse(place, code, reference=reference, types=", ".join(unread)[:60])
    return refuse(place, "no_text", reference=reference)


def _placed(item: Item, order: Order, places: dict[str, tuple[str, str]]) -> Item:
    """Return a refusal with the segment and field that it is about."""
    if not isinstance(item, Refused) or item.code not in places:
        return item
    segment, number = places[item.code]
    if item.code == "unreadable_date" and item.params.get("name") == "reported":
        segment, number = ("OBR", "22")
    if segment == "OBR" and order.obr is not None:
        segment = order.obr.place
    return replace(item, position=item.position._replace(segment=segment, field=number))


def _with_content(item: Item, frame: Frame) -> Item:
    """Return a refusal with its message, where its fields could not be told apart.

    A message that was too long was not read to its end: what is left of it is not the message.
    """
    if not isinstance(item, Refused) or item.raw is not None or frame.problem:
        return item
    lines = decode(b"\n".join(bytes(segment) for segment in frame.segments))
    return replace(item, content=lines.replace("\r", "\n"))


def read_hl7v2(path: Path, source: str, *, zone: tzinfo = UTC) -> Iterator[Item]:
    """Yield an item for each report, and one for each message or trailer that gives none.

    Text outside messages gives one item for each stretch of lines.

    Args:
        path: the file.
        source: the name under which it was sent.
        zone: the time zone of times that name none.
    """
    made = partial(_made, source=source, style=DateStyle(zone))
    return Several(_numbered(split_messages(path)), made, _counted)


def _numbered(frames: Iterator[Found]) -> Iterator[tuple[int, Found]]:
    """Yield what a file holds, each with the number of its message, or of the last one."""
    number = 0
    for frame in frames:
        number += isinstance(frame, Frame)
        yield number, frame


def _made(piece: tuple[int, Found], source: str, style: DateStyle) -> Iterator[Item]:
    number, frame = piece
    if isinstance(frame, Miscount):
        place = Position(source, message=number, segment=frame.segment, field="1")
        code = "batch_count" if frame.segment == "BTS" else "file_count"
        yield refuse(place, code, announced=frame.announced, found=frame.found)
        return
    if isinstance(frame, Stretch):
        yield _outside(frame, source)
        return
    for item in _items(frame, Position(source, message=number), style):
        yield _with_content(item, frame)


def _outside(found: Stretch, source: str) -> Refused:
    """Return the refusal of text that stands in no message."""
    lines = f"{found.first}" if found.first == found.last else f"{found.first}–{found.last}"
    refused = refuse(Position(source, line=found.first), "outside_messages", lines=lines)
    return replace(refused, content=decode(bytes(found.text)).replace("\r", "\n"))


def _counted(piece: tuple[int, Found]) -> int:
    """Return how many items `_made` makes of a piece; most messages need not be read for it."""
    frame = piece[1]
    if not isinstance(frame, Frame) or _has_one_order(frame):
        return 1
    position = Position("")
    segments = _whole(frame, position)
    if isinstance(segments, Refused) or _unfit(frame, segments, position) is not None:
        return 1
    message = _group(segments)
    return 1 if message.kind == "MDM" else len(_answered(message)) or 1


def _has_one_order(frame: Frame) -> bool:
    """Tell whether a message certainly has one order or none, and so gives one item."""
    begun = False
    for segment in frame.segments:
        # A character set may hide a segment's name, and lines that were joined one of their own.
        if b"\x1b" in segment or segment.find(b"OBR", 3) >= 0:
            return False
        if segment.startswith((b"OBR", b"OBX")):
            if begun and segment.startswith(b"OBR"):
                return False
            begun = True
    return True
