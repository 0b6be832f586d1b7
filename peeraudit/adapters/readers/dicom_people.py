"""Which people, numbers and places does a DICOM structured report name?"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

from pydicom import Dataset
from pydicom.datadict import tag_for_keyword
from pydicom.valuerep import PersonName

from peeraudit.adapters.readers.dicom_content import Node, below, meaning
from peeraudit.adapters.readers.dicom_files import elements
from peeraudit.domain.intake.moments import parse_day
from peeraudit.domain.intake.reports import Patient, Person

T = TypeVar("T")
Mend = Callable[[str], str]

_PATIENT_NAMES: Final = ("PatientName", "OtherPatientNames", "PatientBirthName")
_RELATIVES: Final = ("PatientMotherBirthName", "ResponsiblePerson")
_PATIENT_NUMBERS: Final = (
    "PatientID", "OtherPatientIDs", "MedicalRecordLocator", "AdmissionID", "ServiceEpisodeID",
)  # fmt: skip
_NUMBERS: Final = (
    "AccessionNumber", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "StudyID",
    "RequestedProcedureID", "ScheduledProcedureStepID", "PerformedProcedureStepID",
    "PlacerOrderNumberImagingServiceRequest", "FillerOrderNumberImagingServiceRequest",
    "PatientID", "OtherPatientIDs", "AdmissionID",
)  # fmt: skip
_PHONES: Final = ("PatientTelephoneNumbers", "PatientTelecomInformation")
_PLACES: Final = (
    "InstitutionName", "InstitutionalDepartmentName", "StationName", "VerifyingOrganization",
    "RequestingService", "CurrentPatientLocation", "PerformedLocation", "CustodialOrganization",
)  # fmt: skip
_OF_PATIENT: Final = frozenset(
    tag for keyword in (*_PATIENT_NAMES, *_RELATIVES) if (tag := tag_for_keyword(keyword))
)
_OBSERVER: Final = "observer name"
_SHORTEST_NUMBER: Final = 4


def patient_of(dataset: Dataset, mend: Mend) -> Patient:
    """Return all that a document tells about its patient."""
    return Patient(
        identifiers=_unique(_values(dataset, _PATIENT_NUMBERS, mend)),
        names=_unique(p for value in _names(dataset, _PATIENT_NAMES) for p in people(value, mend)),
        birth_date=parse_day(str(dataset.get("PatientBirthDate", "") or "")),
        sex=str(dataset.get("PatientSex", "") or "")[:1],
        phones=_unique(_values(dataset, _PHONES, mend)),
        addresses=_unique(_values(dataset, ("PatientAddress", "RegionOfResidence"), mend)),
        relatives=_unique(p for value in _names(dataset, _RELATIVES) for p in people(value, mend)),
    )


def clinicians_of(dataset: Dataset, mend: Mend) -> tuple[Person, ...]:
    """Return every person whom a document names anywhere, the patient's own names left out."""
    return _unique(
        person
        for tag, kind, value in elements(dataset)
        if kind == "PN" and tag not in _OF_PATIENT
        for one in _several(value)
        for person in people(one, mend)
    )


def author_of(dataset: Dataset, root: Node, mend: Mend) -> Person | None:
    """Return who verified the document, else who observed, wrote or read."""
    for observer in dataset.get("VerifyingObserverSequence") or ():
        codes = observer.get("VerifyingObserverIdentificationCodeSequence") or ()
        number = next((str(code.get("CodeValue", "")) for code in codes), "")
        for person in people(observer.get("VerifyingObserverName", ""), mend):
            return Person(number, person.last, person.first, person.middle)
    for value in _authors(dataset, root):
        for person in people(value, mend):
            return person
    return None


def identifiers_of(dataset: Dataset, mend: Mend) -> tuple[str, ...]:
    """Return the numbers of the patient, the examination and the document."""
    wanted = {tag_for_keyword(keyword) for keyword in _NUMBERS}
    found = (
        mend(str(one)).strip()
        for tag, _, value in elements(dataset)
        if tag in wanted
        for one in _several(value)
    )
    return _unique(number for number in found if len(number) >= _SHORTEST_NUMBER)


def places_of(dataset: Dataset, root: Node, mend: Mend) -> tuple[str, ...]:
    """Return the names of institutions, departments, stations and wards."""
    named = [
        node.value
        for node in below(root)
        if node.relation == "HAS OBS CONTEXT" and "organi" in node.name.casefold()
    ]
    coded = [mend(meaning(dataset, "InstitutionCodeSequence"))]
    own = [*_values(dataset, _PLACES, mend), *_verifying(dataset, mend)]
    return _unique(place for place in (*own, *named, *coded) if place)


def people(value: object, mend: Mend) -> list[Person]:
    """Return whom a person's name names: its letters, its characters and its sounds."""
    groups = mend(str(value)).split("=")
    found = []
    for group in groups:
        last, first, middle = (*(part.strip() for part in group.split("^")), "", "", "")[:3]
        if last or first:
            found.append(Person("", last, first, middle))
    return found


def _authors(dataset: Dataset, root: Node) -> Iterator[object]:
    for sequence in ("AuthorObserverSequence", "ParticipantSequence"):
        for item in dataset.get(sequence) or ():
            yield item.get("PersonName", "")
    for node in root.children:
        is_observer = _OBSERVER in node.name.casefold() or node.relation == "HAS OBS CONTEXT"
        if node.kind == "PNAME" and is_observer:
            yield node.value
    yield from _names(dataset, ("NameOfPhysiciansReadingStudy", "PerformingPhysicianName"))


def _verifying(dataset: Dataset, mend: Mend) -> Iterator[str]:
    for observer in dataset.get("VerifyingObserverSequence") or ():
        yield mend(str(observer.get("VerifyingOrganization", "") or "")).strip()


def _names(dataset: Dataset, keywords: tuple[str, ...]) -> Iterator[object]:
    for keyword in keywords:
        yield from _several(dataset.get(keyword))


def _values(dataset: Dataset, keywords: tuple[str, ...], mend: Mend) -> list[str]:
    found = [mend(str(value)).strip() for value in _names(dataset, keywords)]
    return [value for value in found if value]


def _several(value: object) -> list[object]:
    if value is None or value == "":
        return []
    single = isinstance(value, str | bytes | PersonName) or not hasattr(value, "__iter__")
    return [value] if single else list(value)  # type: ignore[call-overload]


def _unique(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))
