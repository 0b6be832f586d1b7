"""How is a DICOM file opened without harm, whatever its bytes are?"""

import io
import logging
import struct
import warnings
import zlib
from collections.abc import Iterator
from typing import Final

from pydicom import Dataset, config, dcmread
from pydicom.errors import BytesLengthException, InvalidDicomError
from pydicom.filereader import read_dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian

# The library logs and warns of odd values, and quotes them: they may be names.
config.settings.reading_validation_mode = config.IGNORE
logging.getLogger("pydicom").setLevel(logging.CRITICAL)

MAX_FILE: Final = 16_000_000
"""The largest DICOM file that is read, in bytes: a report without images has some thousands."""
MAX_ELEMENTS: Final = 200_000
"""The most elements of one file that are looked at."""

_DEFAULT_SETS: Final = frozenset({"", "ISO_IR 6", "ISO 2022 IR 6"})
_UTF8: Final = b"ISO_IR 192"
_LATIN1: Final = b"ISO_IR 100"
_LOST: Final = "\ufffd"
# What the library raises on damaged files, beyond its own errors.
_DAMAGE: Final = (
    InvalidDicomError, BytesLengthException, LookupError, ValueError, TypeError, AttributeError,
    ArithmeticError, OSError, EOFError, RecursionError, NotImplementedError, AssertionError,
    struct.error, zlib.error,
)  # fmt: skip


_LONG: Final = frozenset({
    b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV",
})  # fmt: skip
_SHORT: Final = frozenset({
    b"AE", b"AS", b"AT", b"CS", b"DA", b"DS", b"DT", b"FD", b"FL", b"IS", b"LO", b"LT", b"PN",
    b"SH", b"SL", b"SS", b"ST", b"TM", b"UI", b"UL", b"US",
})  # fmt: skip
_WITHOUT_END: Final = 0xFFFFFFFF
_PIXELS: Final = 0x7FE0
_ITEM: Final = 0xE000


class NotDicom(Exception):
    """The bytes are no DICOM file, or one that is damaged beyond reading."""


class TooLarge(Exception):
    """The file, or what it unpacks to, is larger than `MAX_FILE` or has endless elements."""


def has_mark(start: bytes) -> bool:
    """Tell whether the first bytes of a file are those of a DICOM file.

    Files of before 2000 lack the mark ``DICM``: they begin with an element of group 2 or 8.
    """
    if start[128:132] == b"DICM":
        return True
    group, element, size = struct.unpack("<HHI", start[:8]) if len(start) >= 8 else (0, 0, 0)
    known = group in {2, 8} and element in {0, 1, 5, 8, 0x16}
    return known and (start[4:6].isalpha() or size < 256)


def open_dicom(data: bytes) -> Dataset:
    """Return the elements of a DICOM file, every sequence read.

    A text whose bytes contradict the declared character set is read as what its bytes are.

    Args:
        data: the whole file.

    Raises:
        NotDicom: the file is none, or damaged.
        TooLarge: it breaks a limit.
    """
    if len(data) > MAX_FILE:
        raise TooLarge
    dataset = _parsed(data)
    declared = str(dataset.get("SpecificCharacterSet", ""))
    if declared == _UTF8.decode() and any(_LOST in text for text in _texts(dataset)):
        # Both names have the same length: the file stays whole.
        dataset = _parsed(data.replace(_UTF8, _LATIN1, 1))
    return dataset


def elements(dataset: Dataset) -> Iterator[tuple[int, str, object]]:
    """Yield tag, value representation and value of each element, those of sequences too.

    Raises:
        TooLarge: there are more than `MAX_ELEMENTS`.
    """
    waiting = [dataset]
    seen = 0
    while waiting:
        for element in waiting.pop():
            seen += 1
            if seen > MAX_ELEMENTS:
                raise TooLarge
            if element.VR == "SQ":
                waiting += list(element.value or ())
            else:
                yield int(element.tag), str(element.VR), element.value


def mended(text: str, declared: str) -> str:
    """Return ``text`` as its bytes mean it when the declared set is Latin or none.

    Senders often write UTF-8 without saying so; no Latin text gives valid UTF-8 by chance.

    Args:
        text: as the library read it, Latin-1 where no set was declared.
        declared: the declared character set, empty without one.
    """
    if text.isascii() or declared not in _DEFAULT_SETS | {_LATIN1.decode()}:
        return text
    try:
        data = text.encode("latin-1")
    except UnicodeEncodeError:
        return text
    for codec in ("utf-8", "cp1252"):
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    return text


def _parsed(data: bytes) -> Dataset:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dataset = _read(data)
            for _ in elements(dataset):
                pass
    except _DAMAGE as error:
        raise NotDicom from error
    return dataset


def _read(data: bytes) -> Dataset:
    meta = dcmread(io.BytesIO(data), force=True, specific_tags=[], stop_before_pixels=True)
    syntax = getattr(meta, "file_meta", Dataset()).get("TransferSyntaxUID", "")
    if syntax != DeflatedExplicitVRLittleEndian:
        dataset = dcmread(io.BytesIO(data), force=True, stop_before_pixels=True)
        implicit, little = dataset.original_encoding
        if _is_cut(data, implicit=bool(implicit), order="<" if little is not False else ">"):
            raise EOFError
        return dataset
    return _inflated(data)


def _is_cut(data: bytes, *, implicit: bool, order: str) -> bool:
    """Tell whether a file ends inside one of its elements; the library reads on without a word.

    Source:
        DICOM PS3.5, sections 7.1 and 7.5.
    """
    at, depth = (132 if data[128:132] == b"DICM" else 0), 0
    while at + 8 <= len(data):
        group, number = struct.unpack_from(order + "HH", data, at)
        if group == _PIXELS and not depth:
            return False
        is_item = group == 0xFFFE
        # The file's own description is written so whatever the rest is.
        plain = struct.unpack_from("<H", data, at)[0] == 2
        kind = b"" if is_item or (implicit and not plain) else data[at + 4 : at + 6]
        size, length = _length(data, at, kind, "<" if plain else order)
        at += size
        if is_item and number != _ITEM:
            depth -= 1
        elif length == _WITHOUT_END:
            depth += 1
        else:
            at += length
    return depth > 0 or at > len(data)


def _length(data: bytes, at: int, kind: bytes, order: str) -> tuple[int, int]:
    """Return how many bytes stand before an element's value, and how many are its value."""
    if kind in _SHORT:
        return 8, struct.unpack_from(order + "H", data, at + 6)[0]
    if kind in _LONG:
        return 12, struct.unpack_from(order + "I", data.ljust(at + 12, b"\0"), at + 8)[0]
    return 8, struct.unpack_from(order + "I", data, at + 4)[0]


def _inflated(data: bytes) -> Dataset:
    """Return a deflated data set; the library itself would unpack it without any limit."""
    size = struct.unpack_from("<I", data, 140)[0]
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    content = unpacker.decompress(data[144 + size :], MAX_FILE)
    if unpacker.unconsumed_tail:
        raise TooLarge
    if not unpacker.eof:
        raise EOFError
    return read_dataset(io.BytesIO(content), is_implicit_VR=False, is_little_endian=True)


def _texts(dataset: Dataset) -> Iterator[str]:
    for _, kind, value in elements(dataset):
        if kind in {"UT", "LT", "ST", "LO", "SH", "PN", "UC"}:
            yield str(value)
