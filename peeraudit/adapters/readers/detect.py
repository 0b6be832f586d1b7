"""Which format is a file of reports, and who reads it?"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Final

from peeraudit.adapters.readers.csv_reports import detect_layout, read_csv
from peeraudit.adapters.readers.hl7v2 import read_hl7v2
from peeraudit.domain.errors import N_, InvalidInput
from peeraudit.domain.intake.reports import Item

Reader = Callable[[Path, str, tzinfo], Iterator[Item]]

FORMATS: Final = ("csv", "hl7v2")
_START: Final = 65536
_HL7: Final = re.compile(rb"(?:^|[\r\n\x0b>])\s*(?:MSH|FHS|BHS)[^\w\s]")
_HL7_WIDE: Final = re.compile(rb"(?:M\x00?S\x00?H|[FB]\x00?H\x00?S)\x00?\|\x00?\^")
_CONTROL: Final = bytes(c for c in range(32) if c not in b"\t\n\r\x0b\x0c\x1c\x1a\x1e")
_KNOWN_BINARIES: Final = (
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "XLSX, DOCX, ZIP"),
    (b"\xd0\xcf\x11\xe0", "XLS, DOC"),
    (b"\x1f\x8b", "GZIP"),
)


def _by_comma(path: Path, source: str, zone: tzinfo) -> Iterator[Item]:
    return read_csv(path, source, zone=zone)


def _by_segment(path: Path, source: str, zone: tzinfo) -> Iterator[Item]:
    return read_hl7v2(path, source, zone=zone)


_READERS: Final[dict[str, Reader]] = {"csv": _by_comma, "hl7v2": _by_segment}


def _refuse_binary(start: bytes, name: str) -> None:
    for mark, kind in _KNOWN_BINARIES:
        if start.startswith(mark):
            raise InvalidInput(
                N_(
                    "“%(name)s” is a binary file (%(kind)s). Save it as CSV, or send the HL7 v2 "
                    "feed itself; nothing was imported."
                ),
                name=name,
                kind=kind,
            )
    wide = start.startswith((b"\xff\xfe", b"\xfe\xff")) or start[1::2].count(0) > len(start) // 4
    wide = wide or start[0::2].count(0) > len(start) // 4
    controls = len(start) - len(start.translate(None, _CONTROL))
    if controls > len(start) // 50 and not wide:
        raise InvalidInput(
            N_(
                "“%(name)s” holds no text: it seems to be a picture, a program or a damaged file. "
                "Send a CSV table or HL7 v2 messages; nothing was imported."
            ),
            name=name,
        )


def detect_format(path: Path, name: str) -> str:
    """Return ``csv`` or ``hl7v2``.

    Args:
        path: the file.
        name: the name under which it was sent.

    Raises:
        InvalidInput: when the file is empty, binary, or neither.
    """
    with path.open("rb") as file:
        start = file.read(_START)
    if not start.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise InvalidInput(
            N_("“%(name)s” is empty. Check the export and send the file again."), name=name
        )
    _refuse_binary(start, name)
    # A table may quote a message: the first line decides before the rest is searched.
    if re.match(rb"\W*(?:MSH|FHS|BHS)[^\w\s]", start) or _HL7_WIDE.search(start[:200]):
        return "hl7v2"
    if detect_layout(path) is not None:
        return "csv"
    if _HL7.search(start):
        return "hl7v2"
    raise InvalidInput(
        N_(
            "The format of “%(name)s” is not known. A CSV table must name its columns in the first "
            "line (accession, report_text and others); HL7 v2 messages begin with MSH. "
            "Nothing was imported."
        ),
        name=name,
    )


def open_reports(
    path: Path, name: str, declared_format: str | None = None, *, zone: tzinfo = UTC
) -> tuple[str, Iterator[Item]]:
    """Return the format of a file and the items that it holds, read as they are asked for.

    Args:
        path: the file.
        name: the name under which it was sent.
        declared_format: ``csv`` or ``hl7v2`` when the sender says so; else it is found out.
        zone: the time zone of times that name none.

    Raises:
        InvalidInput: before any item, when the file as a whole cannot be read.
    """
    found = detect_format(path, name)
    chosen = declared_format or found
    if chosen not in _READERS:
        raise InvalidInput(
            N_("The format “%(format)s” is not known. Choose one of: %(known)s."),
            format=chosen,
            known=", ".join(FORMATS),
        )
    if chosen != found:
        raise InvalidInput(
            N_(
                "“%(name)s” was declared as %(declared)s but reads as %(found)s. Correct the "
                "format, or let it be recognised; nothing was imported."
            ),
            name=name,
            declared=chosen,
            found=found,
        )
    return chosen, _READERS[chosen](path, name, zone)
