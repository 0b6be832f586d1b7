"""How is what identifies people sealed in its row, opened again, and found by its index?"""

import json
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, select

from peeraudit.adapters.sealing import (
    Sealer,
    blind_index,
    blind_indexes,
    seal,
    sealer,
    unseal,
)
from peeraudit.domain.intake.reports import IncomingReport, Person
from peeraudit.extensions import db
from peeraudit.models.cases import Case
from peeraudit.models.identities import Author, Identity, ReportIdentity

_ID_BYTES = 16
_IDS = 4
_NO_AUTHOR = UUID(int=0)
_QUOTED = json.encoder.encode_basestring
_LONGEST_KEY = 120

IDS_PER_QUERY = 10_000
"""A database takes some ten thousand parameters in one statement, and no more."""


@dataclass(frozen=True, slots=True)
class CaseLink:
    """Where a case comes from.

    Attributes:
        author_id: its author, None where the message named none.
        stratum: that it was drawn from; empty where strata are by modality alone.
    """

    case_id: UUID
    report_id: UUID
    department_id: UUID
    campaign_id: UUID
    author_id: UUID | None
    stratum: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What a message said of people.

    Attributes:
        author_id: the row of who signed.
        patient_id: the sender's id of the patient.
        words: the names, numbers and places that must not stand in the text, by kind.
    """

    author_id: UUID | None
    patient_id: str
    words: Mapping[str, Sequence[str]]


def seal_link(row: Identity, link: CaseLink) -> None:
    """Write a link into its row, sealed, with the indexes by which it is found."""
    row.case_id = link.case_id
    row.report_index = blind_index(_REPORT, link.report_id.hex)
    row.draw_index = blind_index(f"{_DRAW}/{link.campaign_id.hex}", link.report_id.hex)
    row.department_index = blind_index(_DEPARTMENT, link.department_id.hex)
    row.author_index = blind_index(_AUTHOR, link.author_id.hex) if link.author_id else None
    place = place_of_stratum(link.campaign_id)
    row.stratum_index = blind_index(place, link.stratum) if link.stratum else None
    ids = [link.report_id, link.department_id, link.campaign_id]
    if link.author_id or link.stratum:
        # Before a stratum there is always an author, so that the name's place is known.
        ids.append(link.author_id or _NO_AUTHOR)
    plain = b"".join(one.bytes for one in ids) + link.stratum.encode("ascii")
    row.sealed_link = seal(plain, f"identity/{link.case_id.hex}/link")


def open_link(row: Identity) -> CaseLink:
    """Return the link of a row.

    Raises:
        CannotUnseal: its key is missing, or it was changed.
    """
    return _open_link(row.case_id, row.sealed_link)


def _open_link(case_id: UUID, sealed: bytes) -> CaseLink:
    plain = unseal(sealed, f"identity/{case_id.hex}/link")
    # What is longer ends with the name of a stratum.
    end = min(len(plain), _IDS * _ID_BYTES)
    ids = [UUID(bytes=plain[i : i + _ID_BYTES]) for i in range(0, end, _ID_BYTES)]
    report_id, department_id, campaign_id, *author = ids
    author_id = author[0] if author and author[0] != _NO_AUTHOR else None
    stratum = plain[end:].decode("ascii")
    return CaseLink(case_id, report_id, department_id, campaign_id, author_id, stratum)


def portions(ids: Collection[UUID]) -> Iterator[list[UUID]]:
    """Return ids in ascending portions, each small enough for one statement."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), IDS_PER_QUERY):
        yield ordered[start : start + IDS_PER_QUERY]


def links_of(case_ids: Collection[UUID]) -> dict[UUID, CaseLink]:
    """Return the link of each case that has one, in the order of the cases' ids."""
    found = {}
    for some in portions(case_ids):
        rows = select(Identity.case_id, Identity.sealed_link).where(Identity.case_id.in_(some))
        for case_id, sealed in db.session.execute(rows.order_by(Identity.case_id)):
            found[case_id] = _open_link(case_id, sealed)
    return found


def links_of_campaign(campaign_id: UUID) -> list[CaseLink]:
    """Return the links of a campaign's cases, in the order of the cases' ids."""
    rows = (
        select(Identity.case_id, Identity.sealed_link)
        .join(Case, Case.id == Identity.case_id)
        .where(Case.campaign_id == campaign_id)
        .order_by(Identity.case_id)
    )
    # Plain columns: a large campaign has a hundred thousand of them.
    return [_open_link(case_id, sealed) for case_id, sealed in db.session.execute(rows)]


def links_of_reports(report_ids: Iterable[UUID]) -> list[CaseLink]:
    """Return the links of the cases that some reports made, in the order of the cases' ids."""
    indexes = [i for one in report_ids for i in blind_indexes(_REPORT, one.hex)]
    if not indexes:
        return []
    rows = select(Identity).where(Identity.report_index.in_(indexes)).order_by(Identity.case_id)
    return [open_link(row) for row in db.session.scalars(rows)]


def links_of_authors(author_ids: Iterable[UUID]) -> list[CaseLink]:
    """Return the links of the cases of some authors, in the order of the cases' ids."""
    indexes = [i for one in author_ids for i in indexes_of_author(one)]
    rows = select(Identity).where(Identity.author_index.in_(indexes)).order_by(Identity.case_id)
    return [open_link(row) for row in db.session.scalars(rows)]


def is_sent_by(department_id: UUID) -> ColumnElement[bool]:
    """Return the condition that an identity is of a department."""
    return Identity.department_index.in_(indexes_of_department(department_id))


def indexes_of_department(department_id: UUID) -> tuple[str, ...]:
    """Return what may stand for a department in the row of a case."""
    return blind_indexes(_DEPARTMENT, department_id.hex)


def indexes_of_author(author_id: UUID) -> tuple[str, ...]:
    """Return what may stand for an author in the row of a case."""
    return blind_indexes(_AUTHOR, author_id.hex)


def seal_author(row: Author, key: str, name: str) -> None:
    """Write an author's key and name into its row, sealed; its id and department are set."""
    row.author_index = blind_index(_place_of_author(row.department_id), key)
    plain = json.dumps([key, name], ensure_ascii=False).encode()
    row.sealed_name = seal(plain, f"author/{row.id.hex}/name")


def open_author(row: Author) -> tuple[str, str]:
    """Return the key and the name of an author.

    Raises:
        CannotUnseal: its key is missing, or it was changed.
    """
    key, name = json.loads(unseal(row.sealed_name, f"author/{row.id.hex}/name"))
    return key, name


def find_author(department_id: UUID, key: str) -> Author | None:
    """Return the row of an author of a department by the sender's key."""
    indexes = blind_indexes(_place_of_author(department_id), key)
    wanted = select(Author).where(
        Author.department_id == department_id, Author.author_index.in_(indexes)
    )
    return db.session.scalar(wanted)


def find_authors(department_id: UUID, keys: Iterable[str]) -> dict[str, Author]:
    """Return the rows of a department's authors by the sender's key, those that are known."""
    place = _place_of_author(department_id)
    indexes = [i for key in keys for i in blind_indexes(place, key)]
    wanted = select(Author).where(
        Author.department_id == department_id, Author.author_index.in_(indexes)
    )
    return {open_author(row)[0]: row for row in db.session.scalars(wanted)}


def add_author(department_id: UUID, key: str, name: str) -> Author:
    """Make the row of an author who is not known yet."""
    row = Author(id=uuid4(), department_id=department_id)
    seal_author(row, key, name)
    db.session.add(row)
    db.session.flush()  # the next report of the same author must find this row
    return row


def names_of_authors(author_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of authors, as their department's reports write them."""
    rows = db.session.scalars(select(Author).where(Author.id.in_(author_ids)))
    return {row.id: name or key for row in rows for key, name in [open_author(row)]}


def seal_known(row: ReportIdentity, known: Known, department_id: UUID) -> None:
    """Write what a message said of people into its row, sealed; its report's id is set."""
    row.patient_index, row.sealed_known = sealed_known(row.report_id, known, department_id)


def sealed_known(report_id: UUID, known: Known, department_id: UUID) -> tuple[str, bytes]:
    """Return the patient's index, and what a message said of people, sealed for its row."""
    return _sealed_known(sealer(), report_id, known, department_id)


class Sealing:
    """Seals the reports of one department under the key that is the newest now.

    For many reports at once: what they share is asked for once.

    Args:
        department_id: the department that sent them.
    """

    def __init__(self, department_id: UUID) -> None:
        self._seals = sealer()
        self._place = _place_of_patient(department_id)

    def report(self, report_id: UUID, known: Known, text: str) -> tuple[str, bytes, bytes | None]:
        """Return the patient's index, what a message said of people and its text, sealed."""
        place = f"report_identity/{report_id.hex}/"
        sealed = self._seals.seal(_json_of(known).encode(), f"{place}known")
        sealed_text = self._seals.seal(text.encode(), f"{place}text") if text else None
        return self._seals.index(self._place, known.patient_id), sealed, sealed_text


def _sealed_known(
    seals: Sealer, report_id: UUID, known: Known, department_id: UUID
) -> tuple[str, bytes]:
    sealed = seals.seal(_json_of(known).encode(), f"report_identity/{report_id.hex}/known")
    return seals.index(_place_of_patient(department_id), known.patient_id), sealed


def _sealed_text(seals: Sealer, report_id: UUID, text: str) -> bytes | None:
    """Return a report's text, sealed for its row; None where there is none."""
    return seals.seal(text.encode(), f"report_identity/{report_id.hex}/text") if text else None


def _json_of(known: Known) -> str:
    # Written for every report that arrives: an encoder for all there is takes three times as long.
    words = ", ".join(
        f"{_QUOTED(kind)}: [{', '.join(map(_QUOTED, words))}]"
        for kind, words in known.words.items()
    )
    author = known.author_id.hex if known.author_id else ""
    patient = _QUOTED(known.patient_id)
    return f'{{"author": "{author}", "patient": {patient}, "words": {{{words}}}}}'


def open_known(row: ReportIdentity) -> Known:
    """Return what a message said of people.

    Raises:
        CannotUnseal: its key is missing, or it was changed.
    """
    content = _open_known(row.report_id, row.sealed_known)
    return Known(_author_in(content), content["patient"], content["words"])


def open_author_of(report_id: UUID, sealed: bytes) -> UUID | None:
    """Return the row of who signed a report, from what is sealed of its message.

    Raises:
        CannotUnseal: its key is missing, or it was changed.
    """
    return _author_in(_open_known(report_id, sealed))


def _open_known(report_id: UUID, sealed: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(unseal(sealed, f"report_identity/{report_id.hex}/known"))
    return found


def _author_in(content: dict[str, Any]) -> UUID | None:
    return UUID(content["author"]) if content["author"] else None


def seal_text(row: ReportIdentity, text: str) -> None:
    """Write a report's text into its row, sealed; none where there is none."""
    row.sealed_text = _sealed_text(sealer(), row.report_id, text)


def open_text(row: ReportIdentity) -> str:
    """Return a report as it was received; empty where no text came.

    Raises:
        CannotUnseal: its key is missing, or it was changed.
    """
    if row.sealed_text is None:
        return ""
    return unseal(row.sealed_text, f"report_identity/{row.report_id.hex}/text").decode()


def patient_indexes(known: Known, department_id: UUID) -> tuple[str, ...]:
    """Return the indexes by which the other reports of a patient are found."""
    return blind_indexes(_place_of_patient(department_id), known.patient_id)


def known_of(report: IncomingReport, author_id: UUID | None) -> Known:
    """Return what a report's message says of people."""
    patient, author = report.patient, report.author
    clinicians = report.clinicians if author is None else (author, *report.clinicians)
    identifiers = [
        report.accession,
        report.report_id,
        *report.identifiers,
        *patient.identifiers,
        *[one.identifier for one in clinicians],
    ]
    words = {
        "patient": _names((*patient.names, *patient.relatives)),
        "clinicians": _names(clinicians),
        "identifiers": _sorted(identifiers),
        "phones": _sorted(patient.phones),
        "addresses": _sorted(patient.addresses),
        "places": _sorted(report.places),
        "birth_date": [patient.birth_date.isoformat()] if patient.birth_date else [],
    }
    first_id = patient.identifiers[0] if patient.identifiers else report.accession
    return Known(author_id, first_id, words)


def _names(people: Sequence[Person]) -> list[str]:
    return _sorted([full_name(one) for one in people if not one.is_empty])


def full_name(person: Person) -> str:
    """Return a name as family, given and further names, separated by ``^``."""
    return f"{person.last}^{person.first}^{person.middle}".rstrip("^")


def author_key(author: Person) -> str:
    """Return by what an author is known: the sender's id, or the folded name without one."""
    if author.identifier:
        return author.identifier[:_LONGEST_KEY]
    plain = unicodedata.normalize("NFKD", f"{author.last} {author.first}".casefold())
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(bare.split())[:_LONGEST_KEY]


def reports_of(report_ids: Collection[UUID]) -> dict[UUID, ReportIdentity]:
    """Return the sealed row of each report that has one."""
    rows = db.session.scalars(
        select(ReportIdentity).where(ReportIdentity.report_id.in_(report_ids))
    )
    return {row.report_id: row for row in rows}


def colleagues_of(department_ids: Collection[UUID]) -> dict[UUID, list[Person]]:
    """Return the authors of each department: they name one another in their reports."""
    found: dict[UUID, list[Person]] = defaultdict(list)
    rows = db.session.scalars(select(Author).where(Author.department_id.in_(department_ids)))
    for department_id, name in sorted((row.department_id, open_author(row)[1]) for row in rows):
        if name:
            first, _, last = name.rpartition(" ")
            found[department_id].append(Person(last=last, first=first))
    return found


_DEPARTMENT, _AUTHOR = "identity/department", "identity/author"
_REPORT, _DRAW = "identity/report", "identity/draw"


def place_of_stratum(campaign_id: UUID) -> str:
    """Return what parts the columns of strata of one campaign from those of another."""
    return f"identity/stratum/{campaign_id.hex}"


def _place_of_author(department_id: UUID) -> str:
    return f"author/key/{department_id.hex}"


def _place_of_patient(department_id: UUID) -> str:
    return f"report_identity/patient/{department_id.hex}"


def _sorted(words: Sequence[str]) -> list[str]:
    """Return words in order, each of them once and none of them empty."""
    return sorted({*filter(None, words)}) if words else []
