"""What does an HL7 clinical document (CDA) say, and whom does it name?"""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from peeraudit.adapters.readers.line_breaks import GAP, LINE, Lines
from peeraudit.domain.intake.moments import parse_day
from peeraudit.domain.intake.reports import Patient, Person

_NS: Final = "{urn:hl7-org:v3}"
_EDGES: Final = {
    **dict.fromkeys(("caption", "item", "table", "title", "tr"), LINE),
    **dict.fromkeys(("list", "paragraph"), GAP),
}
_CELLS: Final = frozenset({"td", "th"})
_MAX_DEPTH: Final = 200
_CLINICIANS: Final = ("assignedPerson", "associatedPerson", "informationRecipient", "relatedPerson")


class NotCda(Exception):
    """The bytes are no clinical document, or one whose XML must not be read."""


@dataclass(frozen=True, slots=True)
class ClinicalDocument:
    """What a clinical document says; see `peeraudit.adapters.readers.documents.Document`."""

    text: str
    title: str
    accession: str
    author: Person | None
    patient: Patient
    clinicians: tuple[Person, ...]
    identifiers: tuple[str, ...]
    places: tuple[str, ...]


def read_cda(data: bytes | str, inner: Callable[[bytes], str]) -> ClinicalDocument:
    """Return the narrative and the people of a clinical document.

    Document types, entities and anything outside the document are refused: they have no use
    in a report and can be made to exhaust memory or read files.

    Args:
        data: the document.
        inner: returns the words of a document inside it (``nonXMLBody``).

    Raises:
        NotCda: the XML is ill-formed or forbidden, or its root is not ClinicalDocument.

    Source:
        HL7 Clinical Document Architecture, Release 2.0.
    """
    try:
        root = ElementTree.fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise NotCda from error
    if root.tag != f"{_NS}ClinicalDocument":
        raise NotCda
    return ClinicalDocument(
        text=_body(root, inner),
        title=_text_of(root.find(f"{_NS}title")),
        accession=_accession(root),
        author=_author(root),
        patient=_patient(root),
        clinicians=tuple(p for tag in _CLINICIANS for p in _people(root, tag)),
        identifiers=tuple(_identifiers(root)),
        places=tuple(_places(root)),
    )


def _body(root: Element, inner: Callable[[bytes], str]) -> str:
    body = root.find(f"{_NS}component/{_NS}nonXMLBody/{_NS}text")
    if body is not None:
        return _embedded(body, inner)
    parts: list[str] = []
    for section in root.iterfind(f"{_NS}component/{_NS}structuredBody/{_NS}component/{_NS}section"):
        parts += _section(section, 0)
    return "\n\n".join(part for part in parts if part)


def _embedded(body: Element, inner: Callable[[bytes], str]) -> str:
    text = "".join(body.itertext())
    if body.get("representation") != "B64":
        return text
    try:
        return inner(base64.b64decode("".join(text.split())))
    except (binascii.Error, ValueError):
        return ""


def _section(section: Element, depth: int) -> Iterator[str]:
    if depth > _MAX_DEPTH:
        return
    title = _text_of(section.find(f"{_NS}title"))
    block = section.find(f"{_NS}text")
    words = "" if block is None else _narrative(block).strip()
    head = f"{title.rstrip(':').strip()}:" if title else ""
    if words or head:
        yield "\n".join(part for part in (head, words) if part)
    for child in section.iterfind(f"{_NS}component/{_NS}section"):
        yield from _section(child, depth + 1)


def _narrative(block: Element) -> str:
    found = Lines()
    _gather(block, found, 0)
    lines = (" ".join(line.split()) for line in found.text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def _gather(element: Element, found: Lines, depth: int) -> None:
    # Comments and instructions are not in the tree: the parser leaves them out.
    name = element.tag.removeprefix(_NS)
    if depth > _MAX_DEPTH:
        return
    edge = _EDGES.get(name)
    if edge:
        found.edge(edge)
    elif name == "br":
        found.line_break()
    elif name in _CELLS:
        found.add(" ")
    # The source's own line breaks mean nothing: elements make the lines.
    found.add(re.sub(r"\s+", " ", element.text or ""))
    for child in element:
        _gather(child, found, depth + 1)
        found.add(re.sub(r"\s+", " ", child.tail or ""))
    if edge:
        found.edge(edge)


def _text_of(element: Element | None) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())


def _accession(root: Element) -> str:
    for order in root.iterfind(f"{_NS}inFulfillmentOf/{_NS}order"):
        # DICOM PS3.20 adds the accession number beside the order's own identifier.
        own = [child for child in order if child.tag.endswith("}accessionNumber")]
        for element in (*own, *order.iterfind(f"{_NS}id")):
            if element.get("extension"):
                return str(element.get("extension"))
    return ""


def _author(root: Element) -> Person | None:
    for signer in ("legalAuthenticator", "authenticator", "author"):
        for element in root.iterfind(f"{_NS}{signer}"):
            numbers = [i.get("extension") or "" for i in element.iter(f"{_NS}id")]
            for person in _people(element, "assignedPerson"):
                number = next((n for n in numbers if n), "")
                return Person(number, person.last, person.first, person.middle)
    return None


def _people(root: Element, tag: str) -> list[Person]:
    found = []
    for element in root.iter(f"{_NS}{tag}"):
        for name in element.iter(f"{_NS}name"):
            person = _person(name)
            if not person.is_empty:
                found.append(person)
    return found


def _person(name: Element) -> Person:
    last = " ".join(_text_of(e) for e in name.iterfind(f"{_NS}family")).strip()
    given = [_text_of(e) for e in name.iterfind(f"{_NS}given")]
    if last or given:
        return Person("", last, given[0] if given else "", " ".join(given[1:]))
    first, _, last = _text_of(name).rpartition(" ")
    return Person("", last, first)


def _patient(root: Element) -> Patient:
    roles = root.findall(f"{_NS}recordTarget/{_NS}patientRole")
    numbers = [i.get("extension") or "" for r in roles for i in r.iterfind(f"{_NS}id")]
    phones = [t.get("value") or "" for r in roles for t in r.iter(f"{_NS}telecom")]
    lines = [_text_of(e) for r in roles for address in r.iter(f"{_NS}addr") for e in address]
    born = next((b for r in roles for b in r.iter(f"{_NS}birthTime")), None)
    return Patient(
        identifiers=tuple(n for n in numbers if n),
        names=tuple(p for r in roles for p in _people(r, "patient")),
        birth_date=parse_day((born.get("value") or "")[:8]) if born is not None else None,
        phones=tuple(re.sub(r"^(?:tel|mailto):", "", phone) for phone in phones if phone),
        addresses=tuple(line for line in lines if line),
        relatives=tuple(p for r in roles for p in _people(r, "guardianPerson")),
    )


def _identifiers(root: Element) -> Iterator[str]:
    yield from (e.get("extension") or "" for e in root.iter(f"{_NS}id"))
    yield _accession(root)


def _places(root: Element) -> Iterator[str]:
    for element in root.iter():
        if element.tag.endswith(("Organization", "location")):
            yield from (_text_of(name) for name in element.iterfind(f"{_NS}name"))
