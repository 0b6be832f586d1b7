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
        return dcmread(io.BytesIO(data), force=True, stop_before_pixels=True)
    return _inflated(data)


def _inflated(data: bytes) -> Dataset:
    """Return a deflated data set; the library itself would unpack it without any limit."""
    size = struct.unpack_from("<I", data, 140)[0]
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    content = unpacker.decompress(data[144 + size :], MAX_FILE)
    if unpacker.unconsumed_tail:
        raise TooLarge
    return read_dataset(io.BytesIO(content), is_implicit_VR=False, is_little_endian=True)


def _texts(dataset: Dataset) -> Iterator[str]:
    for _, kind, value in elements(dataset):
        if kind in {"UT", "LT", "ST", "LO", "SH", "PN", "UC"}:
            yield str(value)
