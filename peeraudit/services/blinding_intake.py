"""Use cases: keeping what arriving reports say of people, and their texts, sealed and apart."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, cast
from uuid import UUID, uuid4

from sqlalchemy import Table, select

from peeraudit.adapters.bulk import insert_rows
from peeraudit.domain.intake.classification import core_hash
from peeraudit.domain.intake.reports import IncomingReport, Person
from peeraudit.extensions import db
from peeraudit.models.identities import Author, Identity, ReportIdentity
from peeraudit.models.intake import Report
from peeraudit.services import blinding_records as records
from peeraudit.services.blinding_records import Known, Sealing

_LONGEST_NAME = 160
_KEPT = cast("Table", ReportIdentity.__table__)
_AUTHORS = cast("Table", Author.__table__)


class Prepared(NamedTuple):
    """What is kept of a new report apart from its row, sealed before its transaction begins.

    Attributes:
        report_id: the id that the report is to have.
        author_key: by what its author is known; empty where it names none.
        author_id: the author's row as it was known then; None where it was not.
        row: the values of its own row.
    """

    report_id: UUID
    report: IncomingReport
    author_key: str
    author_id: UUID | None
    row: Mapping[str, Any]


def prepare(
    report: IncomingReport,
    *,
    department_id: UUID,
    authors: Mapping[str, UUID],
    report_id: UUID | None = None,
) -> Prepared:
    """Return what will be kept of a report, sealed; nothing is read or written.

    Args:
        report: what arrived.
        department_id: the department that sent it.
        authors: the ids of authors that are known already, by key.
        report_id: the id that the report has; None for a new one.
    """
    return prepare_one(report, Sealing(department_id), authors, report_id or uuid4())


def sealing_for(department_id: UUID) -> Sealing:
    """Return what seals the reports of a department; to be asked for anew at each bite."""
    return Sealing(department_id)


def prepare_one(
    report: IncomingReport, sealing: Sealing, authors: Mapping[str, UUID], report_id: UUID
) -> Prepared:
    """Return the same for one of many reports, which share what seals them."""
    key = _key_of(report.author)
    author_id = authors.get(key)
    known = records.known_of(report, author_id)
    index, sealed, text = sealing.report(report_id, known, report.text)
    row = {
        "report_id": report_id,
        "patient_index": index,
        "sealed_known": sealed,
        "sealed_text": text,
    }
    return Prepared(report_id, report, key, author_id, row)


def remember_identities(prepared: Sequence[Prepared], *, department_id: UUID) -> dict[str, UUID]:
    """Keep what messages said of people, and the texts, apart from the reports.

    Args:
        prepared: of each new report; of none of them anything is kept yet.
        department_id: the department that sent them.

    Returns:
        The ids of their authors by key, with which the next reports may be prepared.
    """
    people = [one.report.author for one in prepared if one.report.author]
    authors = _author_ids(people, department_id)
    rows = [_row(one, authors.get(one.author_key), department_id) for one in prepared]
    insert_rows(db.session.connection(), _KEPT, rows)
    return authors


def _row(one: Prepared, author_id: UUID | None, department_id: UUID) -> Mapping[str, Any]:
    if one.author_id == author_id:
        return one.row
    known = records.known_of(one.report, author_id)
    index, sealed = records.sealed_known(one.report_id, known, department_id)
    return {**one.row, "patient_index": index, "sealed_known": sealed}


def extend_identity(report_id: UUID, report: IncomingReport, *, department_id: UUID) -> None:
    """Add a report's text, and what it names, to what its announcement named; nothing is lost."""
    row = db.session.get(ReportIdentity, report_id, with_for_update=True)
    if row is None:
        one = prepare(report, department_id=department_id, authors={}, report_id=report_id)
        remember_identities([one], department_id=department_id)
        return
    old = records.open_known(row)
    authors = _author_ids([report.author] if report.author else [], department_id)
    found = old.author_id or authors.get(_key_of(report.author))
    new = records.known_of(report, found)
    words = {kind: sorted({*old.words.get(kind, ()), *new.words[kind]}) for kind in new.words}
    records.seal_known(row, Known(found, old.patient_id, words), department_id)
    records.seal_text(row, report.text)
    if old.author_id is None and found is not None:
        _name_author(report_id, found)


def cores_of(report_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the hash of what each kept report found and concluded; no word of it is told."""
    languages = dict(
        db.session.execute(
            select(Report.id, Report.language).where(Report.id.in_(report_ids))
        ).all()
    )
    return {
        report_id: core_hash(records.open_text(row), languages[report_id])
        for report_id, row in records.reports_of(report_ids).items()
    }


def _name_author(report_id: UUID, author_id: UUID) -> None:
    for link in records.links_of_reports([report_id]):
        row = db.session.get_one(Identity, link.case_id, with_for_update=True)
        records.seal_link(row, replace(link, author_id=author_id))


def _author_ids(people: Sequence[Person], department_id: UUID) -> dict[str, UUID]:
    """Return the id of each author by key; those not yet known are added."""
    names: dict[str, str] = {}
    for person in people:
        key, name = _key_of(person), f"{person.first} {person.last}".strip()[:_LONGEST_NAME]
        names[key] = names.get(key, "") or name
    names.pop("", None)
    if not names:
        return {}
    found = records.find_authors(department_id, names)
    for key, row in found.items():
        if names[key] and not records.open_author(row)[1]:
            records.seal_author(row, key, names[key])
    # In the order of their keys, so that two workers never wait for one another.
    new = [_new_author(department_id, key, names[key]) for key in sorted(names.keys() - found)]
    insert_rows(db.session.connection(), _AUTHORS, [row for _, row in new])
    return {key: row.id for key, row in found.items()} | {key: row["id"] for key, row in new}


def _new_author(department_id: UUID, key: str, name: str) -> tuple[str, dict[str, Any]]:
    row = Author(id=uuid4(), department_id=department_id)
    records.seal_author(row, key, name)
    values = {
        "id": row.id,
        "department_id": department_id,
        "author_index": row.author_index,
        "sealed_name": row.sealed_name,
    }
    return key, values


def _key_of(author: Person | None) -> str:
    return "" if author is None or author.is_empty else records.author_key(author)
