"""How is a refused report put right: what is kept of it, and what may a person change?"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from peeraudit.domain.errors import N_, InvalidInput
from peeraudit.domain.intake.reports import Patient, Person, RawReport

FIELDS: Final[Mapping[str, str]] = {
    "accession": N_("Accession number"),
    "report_id": N_("Report number"),
    "status": N_("Status"),
    "performed": N_("Day of the examination"),
    "reported": N_("Time of signing"),
    "modality": N_("Modality"),
    "region": N_("Body region"),
    "exam_name": N_("Examination"),
    "urgency": N_("Urgency"),
    "language": N_("Language"),
    "text": N_("Report text"),
}
"""What a person may fill in or correct; what was said of people stays as it was."""

KEPT_DAYS: Final = 30
"""How long a refused item or file waits to be put right, in days."""


def to_json(raw: RawReport) -> str:
    """Return all that a file said of a report, as JSON."""
    return json.dumps(_by_name(raw), ensure_ascii=False, default=date.isoformat)


def _by_name(thing: object) -> object:
    """Return a report, and the people in it, as dictionaries of their fields."""
    if isinstance(thing, RawReport | Patient | Person):
        return {name: _by_name(part) for name, part in thing._asdict().items()}
    return [*map(_by_name, thing)] if isinstance(thing, tuple) else thing


def from_json(text: str) -> RawReport:
    """Return what ``to_json`` wrote."""
    said: dict[str, Any] = json.loads(text)
    patient = said["patient"]
    born = patient["birth_date"]
    return RawReport(
        **{name: said[name] for name in (*FIELDS, "exam_code")},
        author=Person(**said["author"]) if said["author"] else None,
        patient=Patient(
            identifiers=tuple(patient["identifiers"]),
            names=_people(patient["names"]),
            birth_date=date.fromisoformat(born) if born else None,
            sex=patient["sex"],
            phones=tuple(patient["phones"]),
            addresses=tuple(patient["addresses"]),
            relatives=_people(patient["relatives"]),
        ),
        clinicians=_people(said["clinicians"]),
        identifiers=tuple(said["identifiers"]),
        places=tuple(said["places"]),
    )


def mend(raw: RawReport, changes: Mapping[str, str]) -> RawReport:
    """Return a report with some of its fields filled in or corrected.

    An accession number or report number that is given now is an identifier like any other.

    Args:
        raw: what the file said.
        changes: field of ``FIELDS`` → what it should say.

    Raises:
        InvalidInput: a field is none of those that may be changed.
    """
    for name in changes:
        if name not in FIELDS:
            raise InvalidInput(N_("“%(name)s” is no field of a report."), name=name[:60])
    numbers = [changes[name].strip() for name in ("accession", "report_id") if name in changes]
    known = (*raw.identifiers, *(n for n in numbers if n and n not in raw.identifiers))
    return raw._replace(**dict(changes), identifiers=known)  # type: ignore[arg-type]


def _people(said: list[dict[str, str]]) -> tuple[Person, ...]:
    return tuple(Person(**person) for person in said)
