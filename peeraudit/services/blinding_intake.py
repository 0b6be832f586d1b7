"""Use cases: keeping what arriving reports say of people, and their texts, sealed and apart."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import Table, insert

from peeraudit.domain.intake.reports import IncomingReport, Person
from peeraudit.extensions import db
from peeraudit.models.identities import Author, Identity, ReportIdentity
from peeraudit.services import blinding_records as records
from peeraudit.services.blinding_records import Known

_LONGEST_NAME = 160
_KEPT = cast("Table", ReportIdentity.__table__)
_AUTHORS = cast("Table", Author.__table__)


def remember_identities(reports: Mapping[UUID, IncomingReport], *, department_id: UUID) -> None:
    """Keep what messages said of people, and the texts, apart from the reports.

    Args:
        reports: report id → what arrived; of none of them anything is kept yet.
        department_id: the department that sent them.
    """
    if not reports:
        return
    authors = _author_ids([r.author for r in reports.values() if r.author], department_id)
    rows = [_row(i, report, authors, department_id) for i, report in reports.items()]
    db.session.execute(insert(_KEPT), rows)


def extend_identity(report_id: UUID, report: IncomingReport, *, department_id: UUID) -> None:
    """Add a report's text, and what it names, to what its announcement named; nothing is lost."""
    row = db.session.get(ReportIdentity, report_id, with_for_update=True)
    if row is None:
        remember_identities({report_id: report}, department_id=department_id)
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


def _name_author(report_id: UUID, author_id: UUID) -> None:
    for link in records.links_of_reports([report_id]):
        row = db.session.get_one(Identity, link.case_id, with_for_update=True)
        records.seal_link(row, replace(link, author_id=author_id))


def _row(
    report_id: UUID, report: IncomingReport, authors: Mapping[str, UUID], department_id: UUID
) -> dict[str, Any]:
    row = ReportIdentity(report_id=report_id)
    known = records.known_of(report, authors.get(_key_of(report.author)))
    records.seal_known(row, known, department_id)
    records.seal_text(row, report.text)
    return {
        "report_id": report_id,
        "patient_index": row.patient_index,
        "sealed_known": row.sealed_known,
        "sealed_text": row.sealed_text,
    }


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
    if new:
        db.session.execute(insert(_AUTHORS), [row for _, row in new])
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
