"""What is answered to an HL7 v2 message?

Source:
    HL7 v2.5.1, chapters 2.9 (acknowledgement), 2.15.5 (ERR), 2.15.8 (MSA); tables 0008, 0155
    and 0357.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

Code = Literal["A", "E", "R"]

# HL7 table 0357.
_MEANINGS: Final = {
    "100": "Segment sequence error",
    "101": "Required field missing",
    "200": "Unsupported message type",
    "203": "Unsupported version id",
    "207": "Application internal error",
}
_KINDS: Final = frozenset({"ORU", "MDM"})
_HEADER: Final = re.compile(rb"MSH[^\w\s]")
_OTHERS: Final = re.compile(rb"[\r\n]MSH[^\w\s]")
_LAST_FIELD: Final = 18
_LONGEST: Final = 199


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a message.

    Attributes:
        code: ``A`` accepted, ``E`` an error of ours or of its content, ``R`` rejected.
        error: its number in HL7 table 0357; empty when it was accepted.
        reason: a sentence for the sender's log.
        place: the segment and field that matter, such as ``MSH`` and ``9``.
    """

    code: Code
    error: str = ""
    reason: str = ""
    place: tuple[str, str] = ("", "")


ACCEPTED: Final = Verdict("A")
TOO_LONG: Final = Verdict("R", "207", "The message is larger than this server takes.", ("MSH", ""))
NOT_STORED: Final = Verdict("E", "207", "The message could not be stored. Send it again later.")


@dataclass(frozen=True, slots=True)
class Header:
    """What a message says of itself, as sent: the answer must echo it byte for byte.

    Attributes:
        marks: its field separator and its encoding characters.
        fields: MSH-1, MSH-2 and so on, by their numbers minus one; empty where absent.
    """

    marks: bytes
    fields: tuple[bytes, ...]

    def field(self, number: int) -> bytes:
        """Return one field by its number."""
        return self.fields[number - 1] if number <= len(self.fields) else b""

    def parts(self, number: int) -> list[bytes]:
        """Return the components of one field."""
        return self.field(number).split(self.marks[1:2] or b"^")

    @property
    def is_enhanced(self) -> bool:
        """Tell whether the sender asks for accept and application acknowledgements apart."""
        return bool(self.field(15).strip() or self.field(16).strip())

    @property
    def version(self) -> tuple[int, ...]:
        """Return the version, such as (2, 5, 1); (2,) when it is not given."""
        numbers = re.findall(rb"\d{1,3}", self.parts(12)[0][:20])
        return tuple(map(int, numbers)) or (2,)


def header_of(message: bytes) -> Header | None:
    """Return the header of a message, nothing when it does not begin with one."""
    if not _HEADER.match(message):
        return None
    line = re.split(rb"[\r\n]", message[:4096], maxsplit=1)[0]
    separator = line[3:4]
    values = line.split(separator)[1 : _LAST_FIELD + 1]
    return Header(separator + (values[0] if values else b""), (separator, *values))


def look_at(message: bytes) -> Verdict:
    """Return why a message cannot be taken whatever its content is, or that it can."""
    header = header_of(message)
    if header is None:
        return Verdict("R", "100", "The frame does not begin with an MSH segment.", ("MSH", ""))
    kind = header.parts(9)[0].strip().upper()[:3].decode("ascii", "replace")
    checks = (
        (_OTHERS.search(message), "100", "A frame must hold one message alone.", ""),
        (not header.field(10).strip(), "101", "MSH-10 is empty: a control id is needed.", "10"),
        (not kind, "101", "MSH-9 is empty: a message type is needed.", "9"),
        (kind not in _KINDS, "200", "Only ORU and MDM messages are taken.", "9"),
        (header.version[0] != 2, "203", "Only versions 2.x of HL7 are read.", "12"),
    )
    for broken, error, reason, number in checks:
        if broken:
            return Verdict("R", error, reason, ("MSH", number))
    return ACCEPTED


def answers(
    header: Header | None, verdict: Verdict, *, at: datetime, number: str
) -> Iterator[bytes]:
    """Yield the acknowledgements that a message asks for, without their frames.

    In original mode there is one, of the application (AA, AE, AR). In enhanced mode MSH-15 asks
    for one of receipt (CA, CE, CR) and MSH-16 for one of the application; either may be none.

    Args:
        header: the message's own; without one a minimal answer is given.
        verdict: what became of the message.
        at: the time of the answer.
        number: makes the answer's own control id, with its rank.
    """
    asked = [("A", b"AL")]
    if header is not None and header.is_enhanced:
        asked = [("C", header.field(15)), ("A", header.field(16))]
    for rank, (mode, condition) in enumerate(asked, start=1):
        if _is_wanted(condition.strip().upper(), verdict):
            yield _answer(header, f"{mode}{verdict.code}", verdict, at, f"{number}{rank}")


def _is_wanted(condition: bytes, verdict: Verdict) -> bool:
    return condition in {b"AL", b"SU" if verdict.code == "A" else b"ER"}


def _answer(header: Header | None, code: str, verdict: Verdict, at: datetime, number: str) -> bytes:
    own = header or Header(b"|^~\\&", (b"|", b"^~\\&"))
    segments = [_msh(own, at, number), _msa(own, code, verdict)]
    if verdict.code != "A":
        segments.append(_err(own, verdict))
    return b"".join(segment + b"\r" for segment in segments)


def _msh(header: Header, at: datetime, number: str) -> bytes:
    component = header.marks[1:2] or b"^"
    event = [part for part in header.parts(9)[1:2] if part.strip()]
    kind = component.join([b"ACK", *event])
    if event and header.version >= (2, 3, 1):
        kind += component + b"ACK"
    fields = [
        b"MSH", header.field(2) or b"^~\\&", header.field(5), header.field(6), header.field(3),
        header.field(4), at.strftime("%Y%m%d%H%M%S%z").encode(), b"", kind, number.encode(),
        header.field(11) or b"P", header.field(12) or b"2.5.1",
    ]  # fmt: skip
    if header.field(18):
        fields += [b""] * 5 + [header.field(18)]
    return header.field(1).join(fields)


def _msa(header: Header, code: str, verdict: Verdict) -> bytes:
    fields = [b"MSA", code.encode(), header.field(10)]
    if verdict.reason:
        fields.append(_plain(header, verdict.reason))
    return header.field(1).join(fields)


def _err(header: Header, verdict: Verdict) -> bytes:
    component = header.marks[1:2] or b"^"
    sub = header.marks[4:5] or b"&"
    segment, number = (part.encode() for part in verdict.place)
    meaning = _MEANINGS[verdict.error].encode()
    error = verdict.error.encode()
    if header.version < (2, 5):
        coded = sub.join((error, meaning, b"HL70357"))
        return header.field(1).join((b"ERR", component.join((segment, b"1", number, coded))))
    place = component.join((segment, b"1", number)).rstrip(component) if segment else b""
    coded = component.join((error, meaning, b"HL70357"))
    return header.field(1).join(
        (b"ERR", b"", place, coded, b"E", b"", b"", b"", _plain(header, verdict.reason))
    )


def _plain(header: Header, sentence: str) -> bytes:
    """Return a sentence without the sender's own marks: it must not need escapes."""
    marks = set((header.marks or b"|").decode("latin-1"))
    return "".join(" " if c in marks else c for c in sentence)[:_LONGEST].encode("ascii", "replace")
