"""Where does each MLLP frame begin and end in what a connection brings?

Source:
    HL7 v2 Transport Specification: MLLP, Release 1: ``<VT> message <FS> <CR>``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

START: Final = b"\x0b"
END: Final = b"\x1c"
# What is kept of a frame that breaks the limit: enough for its header, which the answer names.
_HEAD: Final = 4096


class Unframed(Exception):
    """The sender writes something that is no MLLP: there is no telling what to answer."""


@dataclass(frozen=True, slots=True)
class Received:
    """One frame.

    Attributes:
        message: what stood between its marks; only its head when it was too long.
        size: how many bytes it had.
        is_too_long: it broke the limit, and the rest was dropped.
    """

    message: bytes
    size: int
    is_too_long: bool = False


def framed(message: bytes) -> bytes:
    """Return a message in its frame."""
    return START + message + END + b"\r"


@dataclass(slots=True)
class Decoder:
    """Takes what a connection brings, piece by piece, and gives its frames.

    Args:
        limit: the most bytes that a frame may hold; memory never holds more.
    """

    limit: int
    _parts: list[bytes] = field(default_factory=list)
    _size: int = 0
    _is_open: bool = False
    _stray: int = 0

    @property
    def is_open(self) -> bool:
        """Tell whether a frame has begun and not ended."""
        return self._is_open

    def feed(self, data: bytes) -> Iterator[Received]:
        """Yield each frame that ``data`` completes.

        A frame that begins before the last has ended takes its place: the sender started
        anew, and no answer was given to the first.

        Raises:
            Unframed: more than a header's worth of bytes stand outside any frame.
        """
        while data:
            if not self._is_open:
                outside, mark, data = data.partition(START)
                self._stray += len(outside.strip(b"\r\n \x1c"))
                if self._stray > _HEAD:
                    raise Unframed
                self._is_open = bool(mark)
                continue
            restart = data.find(START)
            end = data.find(END)
            if restart >= 0 and (end < 0 or restart < end):
                self._clear()
                self._is_open = True
                data = data[restart + 1 :]
                continue
            if end < 0:
                self._keep(data)
                return
            self._keep(data[:end])
            yield self._close()
            data = data[end + 1 :]

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if self._size <= self.limit:
            self._parts.append(data)
        elif len(self._parts) != 1 or len(self._parts[0]) != _HEAD:
            self._parts = [b"".join((*self._parts, data[:_HEAD]))[:_HEAD]]

    def _close(self) -> Received:
        found = Received(b"".join(self._parts), self._size, self._size > self.limit)
        self._clear()
        return found

    def _clear(self) -> None:
        self._parts, self._size, self._is_open, self._stray = [], 0, False, 0
