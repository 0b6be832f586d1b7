"""What does one FHIR DiagnosticReport say, with the resources that it refers to?"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from peeraudit.adapters.readers.documents import Document, read_document, text_of_html
from peeraudit.adapters.readers.fhir_people import (
    Find,
    Named,
    first_person,
    follow,
    identifiers,
    named,
    patient_of,
    shown_patient,
)
from peeraudit.adapters.readers.fhir_values import (
    Resource,
    codings,
    dicts,
    label,
    moment,
    partial_day,
    word,
    words,
)
from peeraudit.domain.intake.reports import Patient, RawReport
from peeraudit.domain.intake.sections import split_sections
from peeraudit.domain.intake.vocabulary import modality_of

# HL7 table 0074, and what LOINC and SNOMED CT call the same.
_IMAGING: Final = frozenset(
    {"RAD", "IMG", "RUS", "CT", "NMR", "MRI", "NMS", "CUS", "OUS", "VUS", "RX", "XRC"}
    | {"LP29684-5", "18748-4", "394914008", "363679005", "168537006", "77477000", "113091000"}
)
_OTHER: Final = frozenset(
    {"LAB", "HM", "CH", "MB", "MCB", "MYC", "PAT", "SP", "GE", "CG", "IMM", "CP", "BLB", "VR"}
    | {"TX", "URN", "OSL", "PF", "EC", "EN", "ICU", "PHR", "PHY", "RC", "SR", "CTH", "AU", "NRS"}
    | {"LP29708-2", "LP7839-6", "15220000", "252275004", "108252007", "26436-6"}
)
_IMAGING_WORDS: Final = re.compile(
    r"radiolog|imag(?:ing|erie)|\bdxa\b|densitom|ost[eé]odensito", re.IGNORECASE
)
_STATUS: Final = {"registered": "preliminary", "unknown": ""}
_GENERATED: Final = re.compile(r"Generated Narrative", re.IGNORECASE)
_KINDS: Final = ("text", "html", "cda", "rtf", "pdf")
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_DATA_URL: Final = re.compile(r"data:(?P<type>[^,]*?)(?P<packed>;base64)?,(?P<data>.*)", re.DOTALL)
_TYPED: Final = {"ACSN": "accession", "FILL": "filler", "PLAC": "placer"}


@dataclass(frozen=True, slots=True)
class Words:
    """The text of a report, or why there is none.

    Attributes:
        text: the words.
        code: a key of the refusals' reasons when there are none.
        types: the kinds of the attachments that were looked at.
        document: what an attached document tells beyond its words.
    """

    text: str
    code: str = ""
    types: str = ""
    document: Document | None = None


def is_imaging(report: Resource, find: Find) -> bool:
    """Tell whether a report is one of medical imaging and not of a laboratory or another art.

    The category decides; where it says nothing that is known, an imaging study, or a name
    that belongs to an imaging examination, does.
    """
    found = list(codings(report.get("category")))
    codes = {code.upper() for _, code, _ in found}
    if codes & _IMAGING:
        return True
    if codes & _OTHER:
        return False
    told = " ".join((label(report.get("category")), *(display for _, _, display in found)))
    if _IMAGING_WORDS.search(told) or dicts(report.get("imagingStudy")):
        return True
    exam = " ".join((label(report.get("code")), *(d for _, _, d in codings(report.get("code")))))
    if _IMAGING_WORDS.search(exam) or modality_of("", exam)[0] != "OT":
        return True
    orders = follow(report.get("basedOn"), find, "ServiceRequest")
    return any(_IMAGING_WORDS.search(label(order.get("category"))) for order in orders)


def kind_of(report: Resource) -> str:
    """Return what a report calls its kind, for telling why it was not taken."""
    return (label(report.get("category")) or label(report.get("code")) or "?")[:60]


def words_of(report: Resource, find: Find) -> Words:
    """Return the text of a report: its documents, else its narrative, else its conclusion."""
    forms = dicts(report.get("presentedForm"))
    documents = [document for document in (_document(form, find) for form in forms) if document]
    for kind in _KINDS:
        texts = [one for one in documents if one.kind == kind and one.text.strip()]
        if texts:
            return Words("\n\n".join(one.text for one in texts), document=texts[0])
    told = _narrative(report) or _results(report, find)
    if told:
        return Words(told)
    types = ", ".join(dict.fromkeys(word(form.get("contentType")) or "?" for form in forms))[:80]
    if documents:
        return Words("", "unreadable_attachment", types)
    away = any(word(form.get("url")) for form in forms)
    return Words("", "text_elsewhere" if away else "no_text", types)


def _document(form: Resource, find: Find) -> Document | None:
    """Return what an attachment holds; nothing when it did not come along."""
    kind = str(form.get("contentType") or "")
    data = _bytes(form.get("data"))
    address = word(form.get("url"))
    if data is None and address:
        inside = _DATA_URL.match(str(form.get("url")))
        target = None if inside else find({"reference": address}, "Binary")
        if inside:
            data, kind = _bytes(inside["data"]) if inside["packed"] else None, inside["type"]
        elif target is not None:
            data, kind = _bytes(target.get("data")), word(target.get("contentType")) or kind
    if data is None:
        return None
    charset = _CHARSET.search(kind)
    return read_document(data, charset=charset[1] if charset else "")


def _bytes(value: object) -> bytes | None:
    if not isinstance(value, str) or not value.strip():
        return None
    packed = re.sub(r"\s+", "", value).replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _narrative(report: Resource) -> str:
    """Return the narrative that a person wrote, and the conclusion where it lacks one."""
    text = report.get("text")
    div = text.get("div") if isinstance(text, dict) else text
    told = text_of_html(div) if isinstance(div, str) and not _GENERATED.search(div) else ""
    ends = [str(report.get("conclusion") or "").strip()]
    ends += [label(concept) for concept in dicts(report.get("conclusionCode")) if not ends[0]]
    end = "\n".join(one for one in ends if one)
    if not told or not end:
        return told or end
    has_one = any(section.kind == "conclusion" for section in split_sections(told))
    return told if has_one or _bare(end) in _bare(told) else f"{told}\n\nCONCLUSION:\n{end}"


def _bare(text: str) -> str:
    return re.sub(r"\W+", " ", text).lower().strip()


def _results(report: Resource, find: Find) -> str:
    """Return the words of the observations of which the report is made."""
    lines: list[str] = []
    for result in follow(report.get("result"), find, "Observation"):
        told = [word(result.get("valueString"))]
        told += [word(note.get("text")) for note in dicts(result.get("note"))]
        body = "\n".join(one for one in told if one)
        if body:
            lines.append(f"{label(result.get('code')).upper()}:\n{body}".lstrip(":\n"))
    return "\n\n".join(lines)


def _typed(resource: Resource) -> Iterator[tuple[str, str]]:
    """Yield the kind and the value of each identifier: accession, filler, placer, or empty."""
    for one in dicts(resource.get("identifier")):
        codes = [code.upper() for _, code, _ in codings(one.get("type"))]
        kind = next((_TYPED[code] for code in codes if code in _TYPED), "")
        if not kind and "accession" in (word(one.get("system")) + label(one.get("type"))).lower():
            kind = "accession"
        value = word(one.get("value"))
        if value:
            yield kind, value.removeprefix("urn:oid:")


@dataclass(frozen=True, slots=True)
class _Numbers:
    """How a report is told from others; derived where its sender gave no accession number."""

    accession: str
    report_id: str
    is_derived: bool


def _numbers(report: Resource, orders: list[Resource], studies: list[Resource]) -> _Numbers:
    own = list(_typed(report))
    others = [pair for resource in (*studies, *orders) for pair in _typed(resource)]
    others += [pair for order in dicts(report.get("basedOn")) for pair in _logical(order)]
    control = [
        word(one.get("value"))
        for one in dicts(report.get("identifier"))
        if "msh10" in word(one.get("system")).lower().replace("-", "")
    ]
    named_so = [value for kind, value in (*own, *others) if kind == "accession"]
    filled = [value for kind, value in (*own, *others) if kind == "filler"]
    plain = [value for kind, value in own if not kind]
    number = word(report.get("id"))
    report_id = next(iter([*control, *plain, *filled]), number)
    given = next(iter([*named_so, *filled]), "")
    fallback = next(iter([*(v for k, v in (*own, *others) if k == "placer"), *plain]), number)
    return _Numbers(given or fallback, report_id, is_derived=not given)


def _logical(reference: Resource) -> Iterator[tuple[str, str]]:
    """Yield what a reference without target tells of it by identifier."""
    if isinstance(reference.get("identifier"), dict):
        yield from _typed({"identifier": reference["identifier"]})


def _modality(report: Resource, studies: list[Resource]) -> str:
    """Return the code of the first series that are pictures, else of the category."""
    codes = [code for study in studies for _, code, _ in codings(study.get("modality"))]
    series = [one for study in studies for one in dicts(study.get("series"))]
    codes += [code for one in series for _, code, _ in codings(one.get("modality"))]
    pictures = [code for code in codes if code not in {"SR", "PR", "KO", "DOC", "OT"}]
    told = {"NMR": "MR", "RUS": "US", "OUS": "US", "VUS": "US", "CUS": "US", "CT": "CT", "RX": "CR"}
    kinds = [told[code] for _, code, _ in codings(report.get("category")) if code in told]
    return next(iter([*pictures, *kinds]), "")


def _people(
    report: Resource, orders: list[Resource], studies: list[Resource], find: Find
) -> tuple[Named, Named]:
    """Return who read the examination, and everybody and everything else that is named."""
    readers = named(report.get("resultsInterpreter"), find)
    others = named(report.get("performer"), find)
    for order in orders:
        others.add(named([order.get("requester"), *dicts(order.get("performer"))], find))
    for study in studies:
        others.add(named([study.get("referrer"), *dicts(study.get("interpreter"))], find))
        others.add(named(study.get("location"), find, "Location"))
        for series in dicts(study.get("series")):
            actors = [one.get("actor") for one in dicts(series.get("performer"))]
            others.add(named(actors, find))
    for visit in follow(report.get("encounter"), find, "Encounter"):
        others.add(named([one.get("individual") for one in dicts(visit.get("participant"))], find))
        others.add(named(visit.get("serviceProvider"), find, "Organization"))
        places = [one.get("location") for one in dicts(visit.get("location"))]
        others.add(named(places, find, "Location"))
    return readers, others


def _patient(report: Resource, find: Find) -> tuple[Patient, Named]:
    found = follow(report.get("subject"), find, "Patient")
    if not found or word(found[0].get("resourceType")) != "Patient":
        return shown_patient(report.get("subject")), Named()
    around = named(found[0].get("generalPractitioner"), find)
    around.add(named(found[0].get("managingOrganization"), find, "Organization"))
    return patient_of(found[0]), around


def raw_of(report: Resource, told: Words, find: Find) -> RawReport:
    """Return what a DiagnosticReport says, word for word.

    Args:
        report: the resource.
        told: its text.
        find: gives the target of a reference, when it came along.

    Source:
        FHIR R4 (v4.0.1), DiagnosticReport.
    """
    orders = follow(report.get("basedOn"), find, "ServiceRequest")
    studies = follow(report.get("imagingStudy"), find, "ImagingStudy")
    patient, around = _patient(report, find)
    readers, others = _people(report, orders, studies, find)
    numbers = _numbers(report, orders, studies)
    period = next(iter(dicts(report.get("effectivePeriod"))), {})
    days = [report.get("effectiveDateTime"), report.get("effectiveInstant"), period.get("start")]
    performed = moment(*days, *(study.get("started") for study in studies))
    issued = moment(report.get("issued"))
    partial = "" if performed or issued else partial_day(*days, report.get("issued"))
    status = word(report.get("status")).lower()
    visits = follow(report.get("encounter"), find, "Encounter")
    known = [n for one in (report, *orders, *studies, *visits) for n in identifiers(one)]
    marks = {"accession": numbers.is_derived, "performed_on": bool(partial)}
    sites = [site for one in (*orders, *studies) for site in dicts(one.get("bodySite"))]
    sites += [
        dict(s["bodySite"])
        for one in studies
        for s in dicts(one.get("series"))
        if isinstance(s.get("bodySite"), dict)
    ]
    document = told.document
    return RawReport(
        report_id=numbers.report_id,
        accession=numbers.accession,
        status=_STATUS.get(status, status),
        modality=_modality(report, studies),
        region=next((label(site) or word(site.get("display")) for site in sites), ""),
        exam_code=next((code for _, code, _ in codings(report.get("code"))), ""),
        exam_name=label(report.get("code")),
        performed=performed or partial,
        reported=issued,
        urgency=next((word(order.get("priority")) for order in orders), ""),
        language=word(report.get("language")) or _language(report),
        text=told.text,
        author=first_person(readers.people, others.people)
        or (document.author if document else None),
        patient=patient,
        clinicians=(
            *readers.people, *others.people, *around.people,
            *(document.clinicians if document else ()),
        ),
        identifiers=(*known, *patient.identifiers, *(document.identifiers if document else ())),
        places=(
            *readers.places, *others.places, *around.places, *(document.places if document else ()),
        ),
        derived=tuple(name for name, is_so in marks.items() if is_so),
    )  # fmt: skip


def _language(report: Resource) -> str:
    tongues = [word(form.get("language")) for form in dicts(report.get("presentedForm"))]
    return next(iter(words(tongues)), "")
