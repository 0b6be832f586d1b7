"""Which text of a feed stands in no HL7 v2 message, and on which lines?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

MAX_KEPT: Final = 200_000
"""So much of one stretch of text is kept, in bytes; of a longer one only the lines are told."""

# What some senders fill up with, and the end of a file as DOS marked it: no text.
_EMPTY: Final = b" \t\x00\x0c\x1a\xef\xbb\xbf"
# A line of a log in good order; one that warns may tell of a message that was lost.
_LOGGED: Final = re.compile(rb"\s*\d{4}-\d\d-\d\d[^|]*\|\s*(?:TRACE|DEBUG|INFO)\s*\|")


@dataclass(slots=True)
class Stretch:
    """Lines of text, one after the other, that stand in no message.

    Attributes:
        first: its first line in the file, from 1.
        last: its last line.
        text: what it says, its lines with line feeds; empty where it is too long to be kept.
        is_whole: whether it was short enough.
    """

    first: int
    last: int
    text: bytearray = field(default_factory=bytearray)
    is_whole: bool = True

    def add(self, line: bytes, number: int) -> None:
        """Add a line."""
        self.last = number
        self._append(line + b"\n", is_whole=True)

    def join(self, other: "Stretch") -> None:
        """Add the lines of a stretch that follows."""
        self.last = other.last
        self._append(other.text, is_whole=other.is_whole)

    def _append(self, text: bytes | bytearray, *, is_whole: bool) -> None:
        self.is_whole &= is_whole and len(self.text) + len(text) <= MAX_KEPT
        if self.is_whole:
            self.text += text
        else:
            self.text.clear()


class Outside:
    """Collects what stands outside messages; blank lines count for nothing.

    Attributes:
        is_last: whether the last line that was seen stands outside.
    """

    def __init__(self) -> None:
        self._stretch: Stretch | None = None
        self._logged: Stretch | None = None
        self.is_last = False

    def add(self, line: bytes, number: int) -> None:
        """Add a line of the file."""
        if not line.strip(_EMPTY):
            return
        self.is_last = True
        if _LOGGED.match(line):
            # Whether it leads to the frame of a message is told by what comes next.
            self._logged = self._logged or Stretch(number, number)
            self._logged.add(line, number)
            return
        self._join()
        self._stretch = self._stretch or Stretch(number, number)
        self._stretch.add(line, number)

    def lead_in(self) -> None:
        """Note that a log frames a message from here on: its lines just before belong to that."""
        self._logged = None

    def close(self) -> Iterator[Stretch]:
        """Yield the stretch in hand, if there is one."""
        self._join()
        if self._stretch is not None:
            yield self._stretch
        self._stretch = None

    def _join(self) -> None:
        """Take the lines of a log that led to no message for text like any other."""
        if self._stretch is not None and self._logged is not None:
            self._stretch.join(self._logged)
        self._stretch, self._logged = self._stretch or self._logged, None
