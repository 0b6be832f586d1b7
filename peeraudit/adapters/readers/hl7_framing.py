"""Where does each HL7 v2 message begin and end in a file or a feed?"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from peeraudit.adapters.readers.hl7_outside import Outside, Stretch

MAX_MESSAGE: Final = 16_000_000
"""The largest message that is read, in bytes: a report of many pages as a PDF fits in."""
MAX_SEGMENT: Final = 12_000_000
"""The largest segment that is read, in bytes."""
MAX_SEGMENTS: Final = 20_000
"""The most segments that a message may have."""

_CHUNK: Final = 1 << 16
_MAX_LINE: Final = MAX_MESSAGE + _CHUNK
# The longest mark, less one: what may be cut by the edge of a chunk.
_MARK: Final = 8
# Segment ends, MLLP frames (vertical tab, file separator) and the log framing <SB> <R> <EB>.
_ENDS: Final = re.compile(
    rb"\r\n|[\r\n\x0b\x1c]|<R>(?=[\r\n]|$)|<SB>|<EB>|(?<=[^\r\n\x0b>])(?=MSH\|\^~)"
)
_LOGGED: Final = b"<SB>"
_OPENERS: Final = frozenset({b"\x0b", _LOGGED})
_CLOSERS: Final = frozenset({b"\x1c", b"<EB>"})
_BREAKS: Final = frozenset({b"\n", b"\r\n"})
_LINE_ENDS: Final = _BREAKS | {b"\r"}
_MOST_BLANKS: Final = 20
_ENVELOPES: Final = frozenset({b"FHS", b"BHS", b"BTS", b"FTS"})
_SEGMENT: Final = re.compile(rb"[A-Z][A-Z0-9]{2}(?=[^A-Za-z0-9 ]|$)")
# A result's status: a text that began in OBX-5 has ended before it.
_STATUS: Final = 11
_HEADER: Final = re.compile(rb"(?:MSH|FHS|BHS)[^\w\s]")


@dataclass(slots=True)
class Frame:
    """One message, or a run of segments that stand outside any message.

    Attributes:
        segments: its lines; a line that is no segment is joined to the one before.
        orphan: there is no MSH segment.
        cut: the message ends at the end of the file, inside a line or before its frame closes.
        problem: the reason code of a limit that it breaks, else empty; the rest was dropped.
        size: bytes so far.
        blanks: how many empty lines came last.
        doubled: empty lines stand between its segments, so they mean nothing inside a text.
        fields: how many fields of the last segment are begun, beside its name.
    """

    segments: list[bytearray] = field(default_factory=list)
    orphan: bool = False
    cut: bool = False
    problem: str = ""
    size: int = 0
    blanks: int = 0
    doubled: bool = False
    fields: int = 0

    @property
    def is_told(self) -> bool:
        """Tell whether the last segment is a result whose text has ended."""
        return self.fields >= _STATUS and self.segments[-1].startswith(b"OBX")

    def skip(self) -> None:
        """Note an empty line: one inside a text belongs to it, one between segments to nothing."""
        self.blanks += 1

    def add(self, line: bytes, separator: bytes) -> None:
        """Add a line, unless the message already breaks a limit."""
        self.size += len(line)
        if self.problem:
            return
        if self.segments and not _is_segment(line, separator):
            empty = 0 if self.doubled else min(self.blanks, _MOST_BLANKS)
            self.segments[-1] += b"\n" * (1 + empty) + line
            self.fields += line.count(separator)
        else:
            # Empty lines behind a whole segment: the sender ends every line twice.
            self.doubled |= bool(self.blanks) and b"\n" not in self.segments[-1]
            self.segments.append(bytearray(line))
            self.fields = line.count(separator)
        self.blanks = 0
        self._look()

    def _look(self) -> None:
        if self.size > MAX_MESSAGE:
            self.problem = "message_too_long"
        elif len(self.segments[-1]) > MAX_SEGMENT:
            self.problem = "segment_too_long"
        elif len(self.segments) > MAX_SEGMENTS:
            self.problem = "too_many_segments"
        if self.problem:
            del self.segments[1:-1]
            del self.segments[-1][200:]


@dataclass(frozen=True, slots=True)
class Miscount:
    """A trailer whose count is not what was found.

    Attributes:
        segment: ``BTS`` (messages of a batch) or ``FTS`` (batches of a file).
        announced: what the trailer says.
        found: what was there.
    """

    segment: str
    announced: int
    found: int


def _is_segment(line: bytes, separator: bytes) -> bool:
    found = _SEGMENT.match(line)
    return bool(found and (len(line) == 3 or line[3:4] == separator))


def _wide(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start[1:2] == b"\x00" and start[0:1] != b"\x00":
        return "utf-16-le"
    return "utf-16-be" if start[0:1] == b"\x00" and start[1:2] != b"\x00" else ""


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(len(codecs.BOM_UTF8) if start.startswith(codecs.BOM_UTF8) else 0)
        wide = _wide(start)
        decoder = codecs.getincrementaldecoder(wide or "utf-8")("replace")
        while chunk := file.read(_CHUNK):
            yield decoder.decode(chunk).encode("utf-8", "replace") if wide else chunk


def _lines(path: Path) -> Iterator[tuple[bytes, bytes]]:
    """Yield each line with what ended it; the end of the file ends the last with nothing."""
    rest = b""
    for chunk in _chunks(path):
        data = rest + chunk
        start, safe = 0, len(data) - _MARK
        # What was searched before is not searched again: a line may be megabytes long.
        for end in _ENDS.finditer(data, max(0, len(rest) - 2 * _MARK)):
            if end.end() > safe:
                break
            yield data[start : end.start()], end.group() or b"MSH"
            start = end.end()
        rest = data[start:]
        if len(rest) > _MAX_LINE:
            yield rest[:_MAX_LINE], b""
            rest = b""
    start = 0
    for end in _ENDS.finditer(rest):
        yield rest[start : end.start()], end.group() or b"MSH"
        start = end.end()
    yield rest[start:], b""


Found = Frame | Miscount | Stretch


@dataclass(slots=True)
class _Splitter:
    frame: Frame | None = None
    framed: bool = False
    separator: bytes = b"|"
    # An envelope may declare other separators than the messages inside it.
    outer: bytes = b"|"
    batches: int = 0
    in_batch: int = 0
    in_file: int = 0
    line: int = 1
    outside: Outside = field(default_factory=Outside)

    def close(self, *, cut: bool = False) -> Iterator[Frame]:
        """Yield the message in hand, if there is one."""
        if self.frame is not None:
            self.frame.cut = cut
            yield self.frame
        self.frame = None

    def take(self, line: bytes, end: bytes) -> Iterator[Found]:
        """Yield the message that ``line`` completes, if it does, and what is wrong outside it."""
        self.outside.is_last &= not line
        if self._is_envelope(line):
            yield from self.close()
            yield from self.outside.close()
            yield from self._envelope(line)
        elif _HEADER.match(line):
            yield from self.close(cut=self.framed and self.frame is not None)
            yield from self.outside.close()
            self.separator = line[3:4]
            self._open(line, orphan=False)
        elif self.frame is not None:
            self._go_on(self.frame, line, end)
        elif _is_segment(line, self.separator) and len(line) > 4:
            yield from self.outside.close()
            self._open(line, orphan=True)
        else:
            self.outside.add(line, self.line)
        yield from self._end(end)

    def _go_on(self, frame: Frame, line: bytes, end: bytes) -> None:
        """Take a line while a message is open."""
        if not line:
            if end in _BREAKS:
                frame.skip()
        elif frame.is_told and not _is_segment(line, self.separator):
            # Joined to the result, it would be lost in a field that nobody reads.
            self.outside.add(line, self.line)
        else:
            frame.add(line, self.separator)

    def _end(self, end: bytes) -> Iterator[Frame]:
        self.line += end in _LINE_ENDS
        if end in _OPENERS:
            if end == _LOGGED:
                self.outside.lead_in()
            yield from self.close(cut=self.framed)
            self.framed = True
        elif end in _CLOSERS:
            yield from self.close()
            self.framed = False
        elif end == b"MSH":
            yield from self.close(cut=True)

    def _is_envelope(self, line: bytes) -> bool:
        name = line[:3]
        if name not in _ENVELOPES:
            return False
        own = line[3:4] in {self.separator, self.outer}
        return bool(_HEADER.match(line)) or len(line) == 3 or own

    def _open(self, line: bytes, *, orphan: bool) -> None:
        self.frame = Frame(orphan=orphan)
        self.frame.add(line, self.separator)
        self.in_batch += 1
        self.in_file += 1

    def _envelope(self, line: bytes) -> Iterator[Miscount]:
        counted = line[4:].split(line[3:4] or b"|")[0].strip()
        announced = int(counted) if counted.isdigit() and len(counted) < 10 else None
        match line[:3]:
            case b"FHS":
                self.separator = self.outer = line[3:4]
                self.batches = self.in_batch = self.in_file = 0
            case b"BHS":
                self.separator = self.outer = line[3:4]
                self.batches += 1
                self.in_batch = 0
            case b"BTS":
                if announced is not None and announced != self.in_batch:
                    yield Miscount("BTS", announced, self.in_batch)
                self.in_batch = 0
            case _:
                # A file without BHS is one batch, and many senders count messages here.
                batches = self.batches or 1
                if announced is not None and announced not in {batches, self.in_file}:
                    yield Miscount("FTS", announced, batches)


def split_messages(path: Path) -> Iterator[Found]:
    """Yield each message of the file at ``path`` in turn, holding one in memory at a time.

    Segments may end with CR, LF or CRLF; messages may stand alone, in MLLP frames, in FHS/BHS
    batches, or in logs that frame them with ``<SB>`` and ``<EB>``. What is neither a segment nor
    inside a message, such as the banner of an export, is yielded by the stretch, to be told.

    Args:
        path: the file.
    """
    splitter = _Splitter()
    end = b""
    line = b""
    for line, end in _lines(path):
        yield from splitter.take(line, end)
    open_end = bool(line) and not end and not splitter.outside.is_last
    yield from splitter.close(cut=splitter.framed or open_end)
    yield from splitter.outside.close()
