"""Which rows does a file of separated values hold, however its quotation marks were broken?"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple, TextIO

from peeraudit.domain.intake.completion import MAX_TEXT

if TYPE_CHECKING:
    from _csv import Reader

MAX_FIELD: Final = MAX_TEXT * 8
MAX_LINE: Final = 2_000_000
"""The longest physical line that is read, in characters."""

_ATTEMPTS: Final = 50
# Characters that are read at once: some eighty reports, so that few rows are cut by an edge.
_PIECE: Final = 1 << 17


class Row(NamedTuple):
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
    params: Mapping[str, object] = MappingProxyType({})
    text: str = ""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What separates and what encloses cells."""

    delimiter: str
    quote: str = '"'


class _Lines:
    """A window on the physical lines of a text, which moves on and grows as rows need it.

    Attributes:
        window: whole lines with their ends; the next row begins at ``window[at]``.
        at: how many lines of the window are done with.
        number: how many lines stood before the window.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._tail = ""
        # Places in the window of lines that were cut off at the greatest length.
        self._cut: list[int] = []
        self.window: list[str] = []
        self.at = 0
        self.number = 0

    @property
    def line(self) -> int:
        """The number of the line at which the next row begins, from 1."""
        return self.number + self.at + 1

    def cut_before(self, end: int) -> int | None:
        """Return the place of the first line before ``end`` that is too long, if there is one."""
        return next((place for place in self._cut if self.at <= place < end), None)

    def take(self) -> str:
        """Return what follows the window, or a piece of it; the window is done with."""
        text = self._tail + self._file.read(_PIECE)
        self._tail = ""
        return text

    def give_back(self, text: str, passed: int) -> None:
        """Put back what was taken and not used, behind so many lines that were."""
        self._tail, self.window, self.at, self._cut = text, [], 0, []
        self.number += passed

    def fill(self) -> bool:
        """Read on where all lines are done with; tell whether there is a next one."""
        return self.at < len(self.window) or self.grow()

    def grow(self) -> bool:
        """Drop what is done with and read on, as much as is left or a piece; tell if any came."""
        self._cut = [place - self.at for place in self._cut if place >= self.at]
        del self.window[: self.at]
        self.number, self.at = self.number + self.at, 0
        # Twice as much each time: a row that is never closed is not read over and over.
        wanted = max(_PIECE, sum(map(len, self.window)))
        before = len(self.window)
        while len(self.window) == before and self._read(wanted):
            continue
        return len(self.window) > before

    def _read(self, wanted: int) -> bool:
        """Add the lines that the next characters complete; tell whether there were any."""
        piece = self._file.read(wanted)
        if not piece and not self._tail:
            return False
        text = self._tail + piece
        lines = StringIO(text, newline="").readlines()
        # What follows a carriage return may be the line feed that belongs to it.
        self._tail = lines.pop() if piece and not lines[-1].endswith("\n") else ""
        if len(text) > MAX_LINE:
            self._cut_off(lines)
        self.window += lines
        return True

    def _cut_off(self, lines: list[str]) -> None:
        """Keep no more than the beginning of lines that are too long."""
        if len(self._tail) > MAX_LINE:
            lines.append(self._tail)
            self._tail = ""
            while (rest := self._file.readline(MAX_LINE)) and not rest.endswith(("\n", "\r")):
                continue
        for place, line in enumerate(lines):
            if len(line) > MAX_LINE:
                self._cut.append(len(self.window) + place)
                lines[place] = line[:MAX_LINE]


def _parse(lines: Iterable[str], dialect: Dialect, *, strict: bool) -> "Reader":
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
    while True:
        yield from _plain_rows(lines, dialect)
        if not lines.fill():
            return
        reader, begin = _parse(lines.window[lines.at :], dialect, strict=True), lines.at
        try:
            for cells in reader:
                row = _cut_row(lines, begin + reader.line_num) or Row(lines.line, cells)
                if not row.code:
                    lines.at = begin + reader.line_num
                yield row
                if row.code:
                    break
        except csv.Error:
            # What seems never to be closed may be closed by lines that are not in the window.
            if begin + reader.line_num < len(lines.window) or not lines.grow():
                yield _mended(lines, dialect, is_sound)


def _plain_rows(lines: _Lines, dialect: Dialect) -> Iterator[Row]:
    """Yield the next rows as long as their quotation marks are in order.

    Nearly all rows are so, and a search for marks finds their ends in a third of the time that
    parting lines and reading them sign by sign takes. What is odd is given back as it was.
    """
    if lines.at < len(lines.window):
        return
    lines.number, lines.at = lines.number + lines.at, 0
    at = passed = 0
    text = lines.take()
    # Where a piece ends inside a row, that row is looked at once more, with what follows it.
    while text and len(text) <= MAX_FIELD:
        row = _plain_row(text, at, dialect)
        if row is not None:
            cells, end = row
            yield Row(lines.number + passed + 1, cells)
            passed += text.count("\n", at, end)
            at = end
        elif at:
            lines.give_back(text[at:], passed)
            at = passed = 0
            text = lines.take()
        else:
            break
    lines.give_back(text[at:], passed)


def _plain_row(text: str, at: int, dialect: Dialect) -> tuple[list[str], int] | None:
    """Return the cells of the row that begins at ``at``, and where the next one begins.

    Returns:
        None where the row is odd, or goes on behind the text.
    """
    cells: list[str] = []
    while (end := text.find("\n", at)) >= 0:
        mark = text.find(dialect.quote, at, end) if dialect.quote else -1
        if mark < 0:
            rest = text[at:end].removesuffix("\r")
            # An empty line has no cell, not an empty one.
            cells += rest.split(dialect.delimiter) if rest or cells else ()
            return None if "\r" in rest else (cells, end + 1)
        if not _opens(text, at, mark, dialect.delimiter):
            break
        if mark > at:
            cells += text[at : mark - 1].split(dialect.delimiter)
        close = _closing(text, mark + 1, dialect.quote)
        cell = text[mark + 1 : close]
        if dialect.quote in cell:
            cell = cell.replace(dialect.quote * 2, dialect.quote)
        cells.append(cell)
        width = _end_of_cell(text, close + 1, dialect.delimiter)
        if not width or cell.count("\r") != cell.count("\r\n"):
            break
        at = close + 1 + width
        if text[at - 1] == "\n":
            return cells, at
    return None


def _opens(text: str, at: int, mark: int, delimiter: str) -> bool:
    """Return whether a quotation mark opens a cell, and what stands before it holds no odd end."""
    return mark == at or (text[mark - 1] == delimiter and "\r" not in text[at:mark])


def _end_of_cell(text: str, at: int, delimiter: str) -> int:
    """Return how long what ends a quoted cell is: 0 where none, or only a part of it, is there."""
    if text.startswith((delimiter, "\n"), at):
        return 1
    return 2 if text.startswith("\r\n", at) else 0


def _closing(text: str, at: int, quote: str) -> int:
    """Return where the cell closes that was opened before ``at``; the text's end if nowhere."""
    close = text.find(quote, at)
    while close >= 0 and text.startswith(quote, close + 1):
        close = text.find(quote, close + 2)
    return close if close >= 0 else len(text)


def _cut_row(lines: _Lines, end: int) -> Row | None:
    """Return the refusal of a row with a line that is too long; go on behind that line."""
    place = lines.cut_before(end)
    if place is None:
        return None
    start, lines.at = lines.line, place + 1
    return Row(start, (), "line_too_long", {"allowed": MAX_LINE})


def _mended(
    lines: _Lines, dialect: Dialect, is_sound: Callable[[Sequence[str]], bool] | None
) -> Row:
    """Return the row that begins next, whose quotation marks are not in order; go on behind it."""
    cells, count = _leniently(lines, dialect)
    cut = _cut_row(lines, lines.at + count)
    if cut is not None:
        return cut
    start, block = lines.line, lines.window[lines.at : lines.at + count]
    # A row that begins inside may go on behind: what follows is looked at as well.
    rest = lines.window[lines.at :]
    resumed = _find_row(rest, count, dialect, is_sound) if is_sound else 0
    lines.at += resumed or count
    if resumed:
        return Row(start, (), "unclosed_quote", {"line": start}, "".join(block[:resumed]))
    if cells is None or (len(block) > 1 and is_sound and not is_sound(cells)):
        return Row(start, (), "unreadable_line", {}, "".join(block))
    return Row(start, cells)


def _leniently(lines: _Lines, dialect: Dialect) -> tuple[list[str] | None, int]:
    """Return the next row's cells, if it has any, and on how many lines it stands."""
    while True:
        reader = _parse(lines.window[lines.at :], dialect, strict=False)
        try:
            cells = next(reader, None)
        except csv.Error:
            cells = None
        if lines.at + reader.line_num < len(lines.window) or not lines.grow():
            return cells, reader.line_num


def _find_row(
    block: Sequence[str], count: int, dialect: Dialect, is_sound: Callable[[Sequence[str]], bool]
) -> int:
    """Return the first of ``count`` lines, after the first, at which a sound row begins, or 0."""
    attempts = 0
    for number in range(1, count):
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
