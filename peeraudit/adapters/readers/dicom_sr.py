"""Which reports does a DICOM structured report, an archive or a folder of them hold?"""

import lzma
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from functools import partial
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from pydicom import Dataset
from pydicom.uid import UID

from peeraudit.adapters.readers.archives import open_archive
from peeraudit.adapters.readers.dicom_content import Node, meaning, narrative, tree_of
from peeraudit.adapters.readers.dicom_files import (
    MAX_FILE,
    NotDicom,
    TooLarge,
    has_mark,
    mended,
    open_dicom,
)
from peeraudit.adapters.readers.dicom_people import (
    Mend,
    author_of,
    clinicians_of,
    identifiers_of,
    patient_of,
    places_of,
)
from peeraudit.adapters.readers.passing import Items
from peeraudit.domain.intake.completion import DateStyle, complete
from peeraudit.domain.intake.refusals import refuse
from peeraudit.domain.intake.reports import Accepted, Item, Position, RawReport, Refused

# PS3.4 table B.5-1: the documents whose content is a report that a person wrote.
_REPORTS: Final = frozenset({
    "1.2.840.10008.5.1.4.1.1.88.11",  # Basic Text SR
    "1.2.840.10008.5.1.4.1.1.88.22",  # Enhanced SR
    "1.2.840.10008.5.1.4.1.1.88.33",  # Comprehensive SR
    "1.2.840.10008.5.1.4.1.1.88.34",  # Comprehensive 3D SR
    "1.2.840.10008.5.1.4.1.1.88.35",  # Extensible SR
})  # fmt: skip
_KEY_OBJECTS: Final = "1.2.840.10008.5.1.4.1.1.88.59"
# Where to look when the report as a whole lacks something.
_PLACES: Final = {
    "missing_accession": "(0008,0050)",
    "missing_date": "(0008,0020)",
    "no_text": "(0040,A730)",
    "text_too_long": "(0040,A730)",
}
_SEVERAL_IMAGES: Final = 1
_LONGEST_MEMBER: Final = 120
_LOOKED_AT: Final = 200
_START: Final = 256
_PACKING_FAULTS: Final = (
    BadZipFile, NotImplementedError, OSError, EOFError, RuntimeError, zlib.error, lzma.LZMAError,
)  # fmt: skip
_SKIPPED: Final = ("__MACOSX/",)


@dataclass(frozen=True, slots=True)
class _File:
    """One file, which is read only if an item is made of it.

    Attributes:
        read: returns its bytes; None when it is damaged.
        position: where it stands.
    """

    read: Callable[[], bytes | None]
    position: Position


@dataclass(frozen=True, slots=True)
class _Document:
    """A document that was opened, its content, and how its texts are read."""

    dataset: Dataset
    root: Node
    mend: Mend

    def text(self, keyword: str) -> str:
        """Return an element as text, empty when it is absent."""
        value = self.dataset.get(keyword)
        return "" if value is None else self.mend(str(value)).strip()


def read_dicom_sr(path: Path, source: str, *, zone: tzinfo = UTC) -> Iterator[Item]:
    """Return an item for each file: one alone, those of a ZIP archive, or those of a folder.

    Files are opened one by one; none is unpacked to disk, and one that is passed over is not read.

    Args:
        path: the file, archive or folder.
        source: the name under which it was sent.
        zone: the time zone of times that name none.

    Raises:
        InvalidInput: before any item, when an archive as a whole must not be opened.
    """
    style = DateStyle(zone)

    def made(file: _File) -> Item:
        return _item(file.read(), file.position, style)

    return Items(_files(path, source), made)


def holds_dicom(path: Path, name: str) -> bool:
    """Tell whether one of the first files of an archive is a DICOM file.

    Raises:
        InvalidInput: the archive must not be opened.
    """
    with open_archive(path, name) as archive:
        return any(_is_dicom(archive, member) for member in archive.infolist()[:_LOOKED_AT])


def holds_only_dicom(path: Path, name: str) -> bool:
    """Tell whether the first files of an archive are DICOM files, all of them.

    Raises:
        InvalidInput: the archive must not be opened.
    """
    with open_archive(path, name) as archive:
        found = [_is_dicom(archive, member) for member in _wanted(archive)[:_LOOKED_AT]]
    return bool(found) and all(found)


def _is_dicom(archive: ZipFile, member: ZipInfo) -> bool:
    try:
        with archive.open(member) as file:
            return has_mark(file.read(_START))
    except _PACKING_FAULTS:
        return False


def _wanted(archive: ZipFile) -> list[ZipInfo]:
    files = [member for member in archive.infolist() if not member.is_dir()]
    return [member for member in files if not member.filename.startswith(_SKIPPED)]


def _files(path: Path, source: str) -> Iterator[_File]:
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file())
        for number, file in enumerate(files, start=1):
            name = file.relative_to(path).as_posix()
            place = Position(source, message=number, segment=name[-_LONGEST_MEMBER:])
            yield _File(partial(_whole, file), place)
    elif _is_archive(path):
        yield from _members(path, source)
    else:
        yield _File(partial(_whole, path), Position(source))


def _members(path: Path, source: str) -> Iterator[_File]:
    with open_archive(path, source) as archive:
        for number, member in enumerate(_wanted(archive), start=1):
            name = member.filename[-_LONGEST_MEMBER:]
            place = Position(source, message=number, segment=name)
            yield _File(partial(_unpacked, archive, member), place)


def _unpacked(archive: ZipFile, member: ZipInfo) -> bytes | None:
    """Return the bytes of a member, one more than the limit at most; None when it is damaged."""
    try:
        with archive.open(member) as file:
            return file.read(MAX_FILE + 1)
    except _PACKING_FAULTS:
        return None


def _is_archive(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def _whole(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_FILE + 1)


def _item(data: bytes | None, position: Position, style: DateStyle) -> Item:
    if data is None:
        return refuse(position, "damaged_member")
    try:
        dataset = open_dicom(data)
        unfit = _unfit(dataset, position)
        return unfit or _completed(dataset, position, style)
    except NotDicom:
        return refuse(position, "not_dicom")
    except TooLarge:
        return refuse(position, "dicom_too_large", allowed=MAX_FILE)


def _unfit(dataset: Dataset, position: Position) -> Refused | None:
    """Return why a DICOM file is no report, if it is none."""
    kind = str(dataset.get("SOPClassUID", "") or "")
    place = position._replace(field="(0008,0016)")
    reference = str(dataset.get("AccessionNumber", "") or dataset.get("SOPInstanceUID", "") or "")
    if not kind:
        return refuse(position, "not_dicom")
    if kind == _KEY_OBJECTS:
        return refuse(place, "key_objects", reference=reference[:64])
    if kind not in _REPORTS:
        name = UID(kind).name[:60]
        return refuse(place, "not_a_structured_report", reference=reference[:64], type=name)
    return None


def _completed(dataset: Dataset, position: Position, style: DateStyle) -> Item:
    declared = str(dataset.get("SpecificCharacterSet", "") or "")

    def mend(text: str) -> str:
        return mended(text, declared)

    document = _Document(dataset, tree_of(dataset, mend), mend)
    raw = _raw(document)
    study = document.text("StudyInstanceUID")
    item = complete(raw._replace(accession=raw.accession or study), position, style)
    if isinstance(item, Refused):
        return replace(item, position=position._replace(field=_PLACES.get(item.code, "")))
    if raw.accession:
        return item
    # Without an accession number the study's own identifier tells examinations apart.
    derived = (*item.report.derived, "accession")
    return Accepted(item.position, item.report._replace(derived=derived))


def _raw(document: _Document) -> RawReport:
    dataset, mend = document.dataset, document.mend
    requests = dataset.get("ReferencedRequestSequence") or ()
    asked = [mend(str(r.get("AccessionNumber", "") or "")).strip() for r in requests]
    accession = document.text("AccessionNumber") or next((a for a in asked if a), "")
    return RawReport(
        report_id=document.text("SOPInstanceUID"),
        accession=accession,
        status=_status(document),
        modality=_modality(dataset),
        region=document.text("BodyPartExamined")
        or mend(meaning(dataset, "AnatomicRegionSequence")),
        exam_name=_exam(document),
        performed=_moment(document, "StudyDate") or _moment(document, "ContentDate"),
        reported=_reported(document),
        language=_language(document.root),
        text=narrative(document.root),
        author=author_of(dataset, document.root, mend),
        patient=patient_of(dataset, mend),
        clinicians=clinicians_of(dataset, mend),
        identifiers=(accession, *identifiers_of(dataset, mend)),
        places=places_of(dataset, document.root, mend),
    )


def _status(document: _Document) -> str:
    """Return the canonical status after PS3.3 C.17.2: final only when a person verified it."""
    verified = document.text("VerificationFlag").upper() == "VERIFIED"
    partial = document.text("CompletionFlag").upper() == "PARTIAL"
    preliminary = document.text("PreliminaryFlag").upper() == "PRELIMINARY"
    if not verified or partial or preliminary:
        return "preliminary"
    former = document.dataset.get("PredecessorDocumentsSequence") or ()
    if "addendum" in document.root.name.casefold():
        return "addendum"
    return "corrected" if former else "final"


def _exam(document: _Document) -> str:
    dataset, mend = document.dataset, document.mend
    procedures = (n.value for n in document.root.children if n.name == "Procedure reported")
    found = (
        document.text("StudyDescription"),
        mend(meaning(dataset, "ProcedureCodeSequence")),
        next(procedures, ""),
        mend(meaning(dataset, "PerformedProcedureCodeSequence")),
        document.text("SeriesDescription"),
        document.root.name,
    )
    return next((name for name in found if name), "")


def _modality(dataset: Dataset) -> str:
    """Return the modality of the study, or of the one kind of images that the report is about."""
    given = dataset.get("ModalitiesInStudy")
    codes = [given] if isinstance(given, str) else list(given or ())
    codes = [str(code) for code in codes if str(code) not in {"SR", "KO", "PR", "OT", ""}]
    if not codes:
        codes = sorted(_image_kinds(dataset))
    return codes[0] if len(codes) == _SEVERAL_IMAGES else ""


def _image_kinds(dataset: Dataset) -> set[str]:
    """Return the first words of the names of the images' classes: ``CT Image Storage`` → CT."""
    found = set()
    for study in dataset.get("CurrentRequestedProcedureEvidenceSequence") or ():
        for series in study.get("ReferencedSeriesSequence") or ():
            for instance in series.get("ReferencedSOPSequence") or ():
                name = UID(str(instance.get("ReferencedSOPClassUID", "") or "")).name
                found |= {code for word, code in _IMAGES.items() if name.startswith(word)}
    return found


_IMAGES: Final = {
    "CT Image": "CT",
    "Enhanced CT Image": "CT",
    "MR Image": "MR",
    "Enhanced MR Image": "MR",
    "Ultrasound": "US",
    "Computed Radiography": "CR",
    "Digital X-Ray": "CR",
    "Digital Mammography": "MG",
    "Breast Tomosynthesis": "MG",
    "Nuclear Medicine": "NM",
    "Positron Emission": "PT",
    "X-Ray Angiographic": "XA",
    "X-Ray Radiofluoroscopic": "RF",
}


def _language(root: Node) -> str:
    """Return the language of the document, a context of TID 1204."""
    names = [n.value for n in root.children if n.name.casefold().startswith("language of content")]
    name = names[0].casefold() if names else ""
    return "fr" if name.startswith("fr") else "en" if name.startswith("en") else ""


def _reported(document: _Document) -> str:
    observers = document.dataset.get("VerifyingObserverSequence") or ()
    signed = [str(o.get("VerificationDateTime", "") or "") for o in observers]
    return max(signed, default="") or _moment(document, "ContentDate")


def _moment(document: _Document, day: str) -> str:
    """Return a day with its time and offset, in the notation of HL7."""
    date = document.text(day)
    if not date:
        return ""
    clock = document.text(day.replace("Date", "Time")).replace(":", "").split(".")[0]
    offset = document.text("TimezoneOffsetFromUTC")
    return date + (clock.ljust(6, "0")[:6] + offset if clock.isdigit() else "")
