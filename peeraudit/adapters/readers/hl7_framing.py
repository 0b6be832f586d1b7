"""Where does each HL7 v2 message begin and end in a file or a feed?"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

MAX_MESSAGE: Final = 4_000_000
"""The largest message that is read, in bytes."""

_CHUNK: Final = 1 << 16
_MAX_LINE: Final = MAX_MESSAGE + _CHUNK
# Segment ends, MLLP frames (vertical tab, file separator) and the log framing <SB> <R> <EB>.
_ENDS: Final = re.compile(
    rb"\r\n|[\r\n\x0b\x1c]|<R>(?=[\r\n]|$)|<SB>|<EB>|(?<=[^\r\n\x0b>])(?=MSH\|\^~)"
)
_OPENERS: Final = frozenset({b"\x0b", b"<SB>"})
_CLOSERS: Final = frozenset({b"\x1c", b"<EB>"})
_ENVELOPES: Final = frozenset({b"FHS", b"BHS", b"BTS", b"FTS"})
_SEGMENT: Final = re.compile(rb"[A-Z][A-Z0-9]{2}(?=[^A-Za-z0-9 ]|$)")


@dataclass(slots=True)
class Frame:
    """One message, or a run of segments that stand outside any message.

    Attributes:
        segments: its lines; a line that is no segment is joined to the one before.
        orphan: there is no MSH segment.
        cut: the message ends at the end of the file, inside a line or before its frame closes.
        too_long: it was larger than `MAX_MESSAGE`; the rest was dropped.
        size: bytes so far.
    """

    segments: list[bytes] = field(default_factory=list)
    orphan: bool = False
    cut: bool = False
    too_long: bool = False
    size: int = 0

    def add(self, line: bytes, separator: bytes) -> None:
        """Add a line, unless the message is already too long."""
        self.size += len(line)
        if self.size > MAX_MESSAGE:
            self.too_long = True
        elif self.segments and not _is_segment(line, separator):
            self.segments[-1] += b"\n" + line
        else:
            self.segments.append(line)


def _is_segment(line: bytes, separator: bytes) -> bool:
    found = _SEGMENT.match(line)
    return bool(found and (len(line) == 3 or line[3:4] == separator))


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(0)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            decoder = codecs.getincrementaldecoder("utf-16")("replace")
            while chunk := file.read(_CHUNK):
                yield decoder.decode(chunk).encode("utf-8", "replace")
            return
        if start.startswith(codecs.BOM_UTF8):
            file.seek(3)
        while chunk := file.read(_CHUNK):
            yield chunk


def _lines(path: Path) -> Iterator[tuple[bytes, bytes]]:
    """Yield each line with what ended it; the end of the file ends the last with nothing."""
    rest = b""
    for chunk in _chunks(path):
        data = rest + chunk
        start = 0
        # A mark may be cut by the edge of a chunk: the last few bytes wait for the next one.
        safe = len(data) - 8
        for end in _ENDS.finditer(data):
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


@dataclass(slots=True)
class _Splitter:
    frame: Frame | None = None
    framed: bool = False
    separator: bytes = b"|"

    def close(self, *, cut: bool = False) -> Iterator[Frame]:
        """Yield the message in hand, if there is one."""
        if self.frame is not None:
            self.frame.cut = cut
            yield self.frame
        self.frame = None

    def take(self, line: bytes, end: bytes) -> Iterator[Frame]:
        """Yield the message that ``line`` completes, if it does."""
        if line[:3] == b"MSH" and len(line) > 3 and not line[3:4].isalnum():
            yield from self.close(cut=self.framed and self.frame is not None)
            self.separator = line[3:4]
            self.frame = Frame()
            self.frame.add(line, self.separator)
        elif line[:3] in _ENVELOPES:
            yield from self.close()
        elif self.frame is not None and line:
            self.frame.add(line, self.separator)
        elif _is_segment(line, self.separator) and len(line) > 4:
            self.frame = Frame(orphan=True)
            self.frame.add(line, self.separator)
        if end in _OPENERS:
            yield from self.close(cut=self.framed)
            self.framed = True
        elif end in _CLOSERS:
            yield from self.close()
            self.framed = False
        elif end == b"MSH":
            yield from self.close(cut=True)


def split_messages(path: Path) -> Iterator[Frame]:
    """Yield each message of the file at ``path`` in turn, holding one in memory at a time.

    Segments may end with CR, LF or CRLF; messages may stand alone, in MLLP frames, in FHS/BHS
    batches, or in logs that frame them with ``<SB>`` and ``<EB>``. What is neither a segment nor
    inside a message, such as the lines of a log, is passed over.

    Args:
        path: the file.
    """
    splitter = _Splitter()
    end = b""
    line = b""
    for line, end in _lines(path):
        yield from splitter.take(line, end)
    open_end = bool(line) and not end
    yield from splitter.close(cut=splitter.framed or open_end)
