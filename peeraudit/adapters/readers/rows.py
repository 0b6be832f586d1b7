"""Which rows does a file of separated values hold, however its quotation marks were broken?"""

import csv
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TextIO

from peeraudit.domain.intake.completion import MAX_TEXT

MAX_FIELD: Final = MAX_TEXT * 8
MAX_LINE: Final = 2_000_000
"""The longest physical line that is read, in characters."""

_ATTEMPTS: Final = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, or the reason why it cannot be read.

    Attributes:
        line: its first physical line in a text, its row in a workbook; from 1.
        cells: its cells; empty where it cannot be read.
        code: a key of the refusals' reasons; empty where it can be read.
        params: the values of that reason's placeholders.
        text: the lines as they stand where the row cannot be read.
    """

    line: int
    cells: Sequence[str]
    code: str = ""
    params: dict[str, object] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What separates and what encloses cells."""

    delimiter: str
    quote: str = '"'


class _Lines:
    """The physical lines of a text, those of the row at hand remembered, and able to go back."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._back: deque[str] = deque()
        self.number = 0
        self.block: list[str] = []
        self.too_long = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._file.readline(MAX_LINE)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) == MAX_LINE and not line.endswith(("\n", "\r")):
            self._drop_rest()
            raise csv.Error("line too long")
        self.block.append(line)
        return line

    def _drop_rest(self) -> None:
        self.too_long = True
        while (rest := self._file.readline(MAX_LINE)) and not rest.endswith(("\n", "\r")):
            continue

    def begin(self) -> int:
        """Forget the last row's lines; return the number of the line that comes next."""
        self.block = []
        self.too_long = False
        return self.number + 1

    def back_to(self, lines: Sequence[str]) -> None:
        """Read ``lines``, the last that were read, once more."""
        self._back.extendleft(reversed(lines))
        self.number -= len(lines)


def _parse(lines: Iterator[str], dialect: Dialect, *, strict: bool) -> Iterator[list[str]]:
    csv.field_size_limit(MAX_FIELD)
    return csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        strict=strict,
    )


def read_rows(
    file: TextIO, dialect: Dialect, is_sound: Callable[[Sequence[str]], bool] | None = None
) -> Iterator[Row]:
    """Yield the rows of a text; memory does not grow with it.

    A quotation mark that is never closed would swallow the rows behind it. Where quotation
    marks are not in order, the first later line that reads as a sound row by itself begins a
    row again, and only what stands before it is refused.

    Args:
        file: the text, opened without translation of line ends.
        dialect: how cells are separated and enclosed.
        is_sound: whether cells can be a row; without it rows are never looked for inside others.
    """
    lines = _Lines(file)
    strict = _parse(lines, dialect, strict=True)
    while True:
        start = lines.begin()
        try:
            yield Row(start, next(strict))
        except StopIteration:
            return
        except csv.Error:
            yield _mended(lines, start, dialect, is_sound)


def _mended(
    lines: _Lines,
    start: int,
    dialect: Dialect,
    is_sound: Callable[[Sequence[str]], bool] | None,
) -> Row:
    """Return the row at ``start``, whose quotation marks are not in order; go on behind it."""
    if lines.too_long:
        return Row(start, (), "line_too_long", {"allowed": MAX_LINE})
    lines.back_to(lines.block)
    lines.begin()
    try:
        cells = next(_parse(lines, dialect, strict=False), None)
    except csv.Error:
        cells = None
    block = lines.block
    resumed = _find_row(block, dialect, is_sound) if is_sound else 0
    if resumed:
        lines.back_to(block[resumed:])
        return Row(start, (), "unclosed_quote", {"line": start}, "".join(block[:resumed]))
    if cells is None or (len(block) > 1 and is_sound and not is_sound(cells)):
        return Row(start, (), "unreadable_line", {}, "".join(block))
    return Row(start, cells)


def _find_row(
    block: Sequence[str], dialect: Dialect, is_sound: Callable[[Sequence[str]], bool]
) -> int:
    """Return the first line of ``block``, after the first, at which a sound row begins, or 0."""
    attempts = 0
    for number in range(1, len(block)):
        if dialect.delimiter not in block[number]:
            continue
        attempts += 1
        if attempts > _ATTEMPTS:
            break
        try:
            cells = next(_parse(iter(block[number:]), dialect, strict=False), [])
        except csv.Error:
            continue
        if is_sound(cells):
            return number
    return 0
