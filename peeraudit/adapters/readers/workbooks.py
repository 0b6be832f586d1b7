"""Which sheets and rows does an XLSX workbook hold?"""

import re
import warnings
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final, Literal, cast
from xml.etree.ElementTree import Element, ParseError
from zipfile import BadZipFile, ZipInfo

from defusedxml.ElementTree import iterparse
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.datetime import MAC_EPOCH
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS

from peeraudit.adapters.readers.archives import (
    OwnedArchive,
    Unopenable,
    UnsafeMarkup,
    WatchedMarkup,
    open_archive,
)
from peeraudit.adapters.readers.rows import Row
from peeraudit.domain.errors import N_, InvalidInput
from peeraudit.domain.intake.headings import heading_key
from peeraudit.domain.intake.layouts import MAX_COLUMNS

HEADING_ROWS: Final = 40
"""In so many rows at the beginning of a table its headings are looked for."""

UNCOMPUTED: Final = "\x00formula"
"""What a cell gives whose formula was never computed by the program that wrote it."""

BROKEN: Final = "\x00broken"
"""What a cell gives whose content cannot be read."""

_NAMESPACE: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PER_BLOCK: Final = 64
# Spreadsheets keep fifteen digits of a number; longer ones have lost their end.
_EXACT: Final = 10**15
_FAULTS: Final = (
    ValueError, IndexError, KeyError, TypeError, OverflowError, AttributeError, ParseError,
    UnsafeMarkup, BadZipFile, zlib.error, EOFError, NotImplementedError, OSError,
)  # fmt: skip


class _PackedStrings:
    """The strings that cells share, kept compressed: a workbook of texts is mostly these."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._open: list[str] = []
        self._unpack = lru_cache(maxsize=8)(self._unpacked)

    def append(self, text: str) -> None:
        self._open.append(text.replace("\x00", ""))
        if len(self._open) == _PER_BLOCK:
            self._blocks.append(
                zlib.compress("\x00".join(self._open).encode("utf-8", "surrogatepass"), 1)
            )
            self._open = []

    def _unpacked(self, number: int) -> list[str]:
        text = zlib.decompress(self._blocks[number]).decode("utf-8", "surrogatepass")
        return text.split("\x00")

    def __len__(self) -> int:
        return len(self._blocks) * _PER_BLOCK + len(self._open)

    def __getitem__(self, index: int) -> str:
        block, place = divmod(index, _PER_BLOCK)
        if block < 0 or block > len(self._blocks):
            raise IndexError(index)
        return self._open[place] if block == len(self._blocks) else self._unpack(block)[place]


class _Archive(OwnedArchive):
    """A workbook's archive whose parts are watched while they are read."""

    def open(
        self,
        name: str | ZipInfo,
        mode: Literal["r", "w"] = "r",
        pwd: bytes | None = None,
        *,
        force_zip64: bool = False,
    ) -> IO[bytes]:
        part = super().open(name, mode, pwd, force_zip64=force_zip64)
        return cast("IO[bytes]", WatchedMarkup(part))


class _Reader(ExcelReader):
    """openpyxl's reader, with shared strings in bounded memory."""

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        strings = _PackedStrings()
        self.shared_strings = cast("list[str]", strings)
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as source:
            events = iterparse(source, events=("start", "end"))
            root = next(events)[1]
            for event, element in events:
                if event == "end" and element.tag == _NAMESPACE + "si":
                    strings.append(_shared_text(element))
                    root.clear()

    def read_properties(self) -> None:
        """Leave out: nothing of it is needed."""

    read_custom = read_properties
    read_theme = read_properties


def _shared_text(element: Element) -> str:
    runs = (child.find(_NAMESPACE + "t") for child in element if child.tag == _NAMESPACE + "r")
    plain = element.find(_NAMESPACE + "t")
    parts = [plain, *runs]
    return "".join(part.text or "" for part in parts if part is not None)


class _Parser(WorkSheetParser):
    """openpyxl's parser of a sheet, in which one bad cell costs that cell only."""

    def parse_cell(self, element: Element) -> dict[str, Any]:
        before = self.col_counter
        try:
            cell = cast("dict[str, Any]", super().parse_cell(element))
        except _FAULTS:
            # The column is counted before the content is read, unless its name is the fault.
            self.col_counter = max(self.col_counter, before + 1)
            return {"column": self.col_counter, "value": BROKEN, "data_type": "e"}
        if cell["value"] is None and element.find(FORMULA_TAG) is not None:
            cell["value"] = UNCOMPUTED
        elif cell["data_type"] == "e":
            cell["value"] = None
        return cell


class Workbook:
    """An open workbook; formulas give the values that were stored with them, never run.

    Args:
        path: the file.
        name: the name under which it was sent.

    Raises:
        Unopenable: it is damaged, encrypted, unsafe, or no workbook.
    """

    def __init__(self, path: Path, name: str) -> None:
        open_archive(path, name).close()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                # A stored file has no name that tells what it is: the library gets its bytes.
                with path.open("rb") as file:
                    reader = _Reader(file, read_only=True, data_only=True, keep_links=False)
                    reader.archive.close()
                reader.archive = _Archive(path)
                reader.read()
        except _FAULTS:
            raise Unopenable(
                N_(
                    "“%(name)s” cannot be read as a workbook. Open it in a spreadsheet program, "
                    "save it as XLSX or CSV and send it again; nothing was imported."
                ),
                name=name,
            ) from None
        self._name = name
        self._book = reader.wb
        self._strings = reader.shared_strings
        self.counts_from_1904 = self._book.epoch == MAC_EPOCH
        self.sheets: tuple[str, ...] = tuple(
            sheet.title for sheet in self._book.worksheets if hasattr(sheet, "_get_source")
        )
        self.shown: tuple[str, ...] = tuple(
            title for title in self.sheets if self._book[title].sheet_state == "visible"
        )

    def require(self, sheet: str) -> None:
        """Make sure that there is a sheet of this name.

        Raises:
            InvalidInput: there is none; those that there are are told.
        """
        if sheet not in self.sheets:
            raise InvalidInput(
                N_("“%(name)s” has no sheet “%(sheet)s”. Choose one of: %(known)s."),
                name=self._name,
                sheet=sheet,
                known=", ".join(self.sheets),
            )

    def heading_line(self, sheet: str, headings: Sequence[str]) -> int:
        """Return the row of a sheet that says just these headings; 0 where none does."""
        wanted = _keys(headings)
        for row in islice(self.rows(sheet), HEADING_ROWS if wanted else 0):
            if _keys(row.cells) == wanted:
                return row.line
        return 0

    def rows(self, sheet: str) -> Iterator[Row]:
        """Yield the rows of a sheet that hold anything, each with its number in the sheet."""
        found = self._book[sheet]
        # Not iter_rows, which pads each row to the size that a file claims to have.
        source = found._get_source()
        parser = _Parser(
            source,
            self._strings,
            data_only=True,
            epoch=self._book.epoch,
            date_formats=self._book._date_formats,
            timedelta_formats=self._book._timedelta_formats,
        )
        number = 0
        try:
            with source, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                for number, cells in parser.parse():
                    texts = _texts(cells)
                    if any(texts):
                        yield Row(number, texts)
        except _FAULTS:
            yield Row(number + 1, (), "broken_workbook")


def _keys(cells: Sequence[str]) -> list[str]:
    """Return what the headings of a row mean, without the empty cells behind the last one."""
    keys = [heading_key(cell) or cell.strip() for cell in cells]
    while keys and not keys[-1]:
        keys.pop()
    return keys


def _texts(cells: Sequence[dict[str, Any]]) -> list[str]:
    width = min(max((cell["column"] for cell in cells), default=0), MAX_COLUMNS)
    texts = [""] * width
    for cell in cells:
        if 1 <= cell["column"] <= width:
            texts[cell["column"] - 1] = _text(cell["value"])
    return texts


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    if isinstance(value, date | time):
        return _text_of_time(value)
    if isinstance(value, float):
        is_whole = value.is_integer() and abs(value) < _EXACT
        return str(int(value)) if is_whole else repr(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _text_of_time(value: date | time) -> str:
    if isinstance(value, datetime) and value.time() == time(0):
        return value.date().isoformat()
    return value.isoformat()
