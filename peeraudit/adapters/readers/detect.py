"""Which format is a file of reports, and who reads it?"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Final

from peeraudit.adapters.readers.archives import Unopenable, is_workbook
from peeraudit.adapters.readers.dicom_files import has_mark
from peeraudit.adapters.readers.dicom_sr import holds_dicom, read_dicom_sr
from peeraudit.adapters.readers.fhir import read_fhir
from peeraudit.adapters.readers.hl7v2 import read_hl7v2
from peeraudit.adapters.readers.layouts import detect_layout, settle_layout
from peeraudit.adapters.readers.tables import read_table
from peeraudit.domain.errors import N_, InvalidInput
from peeraudit.domain.intake.layouts import TableLayout
from peeraudit.domain.intake.reports import Item


@dataclass(frozen=True, slots=True)
class Opening:
    """A file to be read, and what is known of it.

    Attributes:
        path: the file.
        name: the name under which it was sent.
        zone: the time zone of times that name none.
        layout: how a table is written, when a person said so.
        frame_only: whether a table may lack a column of texts, as a frame does.
    """

    path: Path
    name: str
    zone: tzinfo = UTC
    layout: TableLayout | None = None
    frame_only: bool = False


Reader = Callable[[Opening], Iterator[Item]]

FORMATS: Final = ("csv", "xlsx", "hl7v2", "fhir", "dicom-sr")
FEEDS: Final = ("hl7v2", "fhir")
"""The formats of which any text can be read: what is no report in it is refused by its reason."""
_START: Final = 65536
_HL7: Final = re.compile(rb"(?:^|[\r\n\x0b>])\s*(?:MSH|FHS|BHS)[^\w\s]")
_HL7_WIDE: Final = re.compile(rb"(?:M\x00?S\x00?H|[FB]\x00?H\x00?S)\x00?\|\x00?\^")
_FHIR: Final = re.compile(rb'(?s)[^\w"]*[{\[].*"resourceType"\s*:')
_CONTROL: Final = bytes(c for c in range(32) if c not in b"\t\n\r\x0b\x0c\x1c\x1a\x1e")
_KNOWN_BINARIES: Final = (
    (b"%PDF", "PDF"),
    (b"\x1f\x8b", "GZIP"),
    (b"7z\xbc\xaf", "7Z"),
    (b"Rar!", "RAR"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"{\\rtf", "RTF"),
)
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
_LOCK_LIMIT: Final = 50_000_000
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")


def _by_row(opening: Opening) -> Iterator[Item]:
    layout = opening.layout or settle_layout(opening.path, opening.name)
    if layout is None:
        raise InvalidInput(
            N_(
                "No row at the beginning of “%(name)s” names the columns. One must hold at least "
                "accession and report_text, or you say which column is which; "
                "nothing was imported."
            ),
            name=opening.name,
        )
    return read_table(
        opening.path,
        opening.name,
        layout,
        zone=opening.zone,
        frame_only=opening.frame_only,
    )


def _by_segment(opening: Opening) -> Iterator[Item]:
    return read_hl7v2(opening.path, opening.name, zone=opening.zone)


def _by_resource(opening: Opening) -> Iterator[Item]:
    return read_fhir(opening.path, opening.name, zone=opening.zone)


def _by_document(opening: Opening) -> Iterator[Item]:
    return read_dicom_sr(opening.path, opening.name, zone=opening.zone)


_READERS: Final[dict[str, Reader]] = {
    "csv": _by_row,
    "xlsx": _by_row,
    "hl7v2": _by_segment,
    "fhir": _by_resource,
    "dicom-sr": _by_document,
}


def _refuse_office(path: Path, name: str) -> None:
    """Refuse what Excel wrote before 2007, and what it locks with a password today."""
    with path.open("rb") as file:
        start = file.read(_LOCK_LIMIT)
    if _LOCKED in start:
        raise Unopenable(
            N_(
                "“%(name)s” is protected by a password. Remove the password and send it again; "
                "nothing was imported."
            ),
            name=name,
        )
    raise Unopenable(
        N_(
            "“%(name)s” is a file of an old Office program (XLS, DOC). Open it, save it as XLSX "
            "or CSV and send it again; nothing was imported."
        ),
        name=name,
    )


def _refuse_binary(start: bytes, name: str) -> None:
    for mark, kind in _KNOWN_BINARIES:
        if start.startswith(mark):
            raise InvalidInput(
                N_(
                    "“%(name)s” is a %(kind)s file, which holds no list of reports. Send a table "
                    "(CSV, XLSX) or the feed itself; nothing was imported."
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
                "Send a table (CSV, XLSX) or the feed itself; nothing was imported."
            ),
            name=name,
        )


def _detect_zip(path: Path, name: str) -> str:
    if is_workbook(path, name):
        return "xlsx"
    if holds_dicom(path, name):
        return "dicom-sr"
    raise InvalidInput(
        N_(
            "“%(name)s” is an archive and no workbook. Unpack it and send the files one by one; "
            "nothing was imported."
        ),
        name=name,
    )


def detect_format(path: Path, name: str) -> str:
    """Return one of `FORMATS`.

    Args:
        path: the file.
        name: the name under which it was sent.

    Raises:
        InvalidInput: when the file is empty, binary, or of no known format.
    """
    with path.open("rb") as file:
        start = file.read(_START)
    if not start.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise InvalidInput(
            N_("“%(name)s” is empty. Check the export and send the file again."), name=name
        )
    if start.startswith(b"PK\x03\x04"):
        return _detect_zip(path, name)
    if has_mark(start):
        return "dicom-sr"
    if start.startswith(_OLD_OFFICE):
        _refuse_office(path, name)
    _refuse_binary(start, name)
    return _detect_text(path, start, name)


def _detect_text(path: Path, start: bytes, name: str) -> str:
    if _FHIR.match(start.translate(None, b"\x00")):
        return "fhir"
    # A table may quote a message: the first line decides before the rest is searched.
    if re.match(rb"\W*(?:MSH|FHS|BHS)[^\w\s]", start) or _HL7_WIDE.search(start[:200]):
        return "hl7v2"
    if detect_layout(path) is not None:
        return "csv"
    if _HL7.search(start):
        return "hl7v2"
    raise InvalidInput(
        N_(
            "The format of “%(name)s” is not known. Send a table that names its columns in one of "
            "its first lines (CSV, XLSX), HL7 v2 messages, FHIR resources or DICOM structured "
            "reports; nothing was imported."
        ),
        name=name,
    )


def _agree(name: str, declared: str, found: str, layout: TableLayout | None) -> str:
    """Return the format by which a file is read.

    Raises:
        InvalidInput: the declared format is not known, or not the file's.
    """
    if declared and declared not in FORMATS:
        raise InvalidInput(
            N_("The format “%(format)s” is not known. Choose one of: %(known)s."),
            format=declared,
            known=", ".join(FORMATS),
        )
    if declared and declared != found:
        raise InvalidInput(
            N_(
                "“%(name)s” was declared as %(declared)s but reads as %(found)s. Correct the "
                "format, or let it be recognised; nothing was imported."
            ),
            name=name,
            declared=declared,
            found=found,
        )
    if layout is not None and layout.kind != found:
        raise InvalidInput(
            N_("“%(name)s” is no table (%(found)s), so no columns can be chosen."),
            name=name,
            found=found,
        )
    return found


def open_reports(
    path: Path,
    name: str,
    declared_format: str | None = None,
    *,
    zone: tzinfo = UTC,
    layout: TableLayout | None = None,
    frame_only: bool = False,
) -> tuple[str, Iterator[Item]]:
    """Return the format of a file and the items that it holds, read as they are asked for.

    Args:
        path: the file.
        name: the name under which it was sent.
        declared_format: one of `FORMATS` when the sender says so; else it is found out.
        zone: the time zone of times that name none.
        layout: how a table is written, when a person said so; else it is guessed.
        frame_only: whether a table may lack a column of texts, as a frame does.

    Raises:
        InvalidInput: before any item, when the file as a whole cannot be read.
    """
    found = layout.kind if layout is not None and not declared_format else ""
    chosen = _agree(name, declared_format or "", found or detect_format(path, name), layout)
    return chosen, _READERS[chosen](Opening(path, name, zone, layout, frame_only))


def read_as(declared: str, path: Path, name: str, *, zone: tzinfo = UTC) -> Iterator[Item]:
    """Return the items of a piece of a feed whose format is known, whatever it looks like.

    Args:
        declared: one of `FEEDS`.
        path: the piece.
        name: the name under which the feed was sent.
        zone: the time zone of times that name none.
    """
    return _READERS[declared](Opening(path, name, zone))
