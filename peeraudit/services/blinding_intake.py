"""Use cases: keeping what arriving reports say of people, apart from the reports."""

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import Table, insert, select, update

from peeraudit.adapters.passwords import installation_key
from peeraudit.domain.intake.reports import IncomingReport, Person
from peeraudit.extensions import db
from peeraudit.models.identities import Author, Identity, ReportIdentity

_LONGEST_KEY = 120
_KEPT = cast("Table", ReportIdentity.__table__)


def remember_identities(reports: Mapping[UUID, IncomingReport], *, department_id: UUID) -> None:
    """Keep what messages said of people, apart from the reports.

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
    """Add what a report's text names to what its announcement named; nothing known is lost."""
    row = db.session.get(ReportIdentity, report_id, with_for_update=True)
    if row is None:
        remember_identities({report_id: report}, department_id=department_id)
        return
    new = _known(report)
    old: dict[str, list[str]] = json.loads(row.known)
    both = {kind: sorted({*old.get(kind, ()), *values}) for kind, values in new.items()}
    row.known = json.dumps(both, ensure_ascii=False, sort_keys=True)
    row.birth_date = row.birth_date or report.patient.birth_date
    authors = _author_ids([report.author] if report.author else [], department_id)
    author_id = authors.get(_author_key(report.author))
    if row.author_id is None and author_id is not None:
        row.author_id = author_id
        case = update(Identity).where(Identity.report_id == report_id)
        db.session.execute(case.values(author_id=author_id))


def _row(
    report_id: UUID, report: IncomingReport, authors: Mapping[str, UUID], department_id: UUID
) -> dict[str, Any]:
    patient = report.patient
    first_id = patient.identifiers[0] if patient.identifiers else report.accession
    return {
        "report_id": report_id,
        "author_id": authors.get(_author_key(report.author)),
        "patient_key": _keyed(f"patient:{department_id}:{first_id}"),
        "birth_date": patient.birth_date,
        "known": json.dumps(_known(report), ensure_ascii=False, sort_keys=True),
    }


def _author_ids(people: Sequence[Person], department_id: UUID) -> dict[str, UUID]:
    """Return the id of each author by key; those not yet known are added."""
    names: dict[str, str] = {}
    for person in people:
        key, name = _author_key(person), f"{person.first} {person.last}".strip()[:160]
        names[key] = names.get(key, "") or name
    names.pop("", None)
    if not names:
        return {}
    rows = db.session.execute(
        select(Author.author_key, Author.id, Author.name).where(
            Author.department_id == department_id, Author.author_key.in_(names)
        )
    ).all()
    found = {key: author_id for key, author_id, _ in rows}
    nameless = [author_id for key, author_id, name in rows if not name and names[key]]
    for key in [key for key, author_id in found.items() if author_id in nameless]:
        db.session.execute(update(Author).where(Author.id == found[key]).values(name=names[key]))
    # In the order of their keys, so that two workers never wait for one another.
    new = {key: uuid4() for key in sorted(names) if key not in found}
    if new:
        added = [
            {"id": i, "department_id": department_id, "author_key": key, "name": names[key]}
            for key, i in new.items()
        ]
        db.session.execute(insert(Author), added)
    return found | new


def _author_key(author: Person | None) -> str:
    if author is None or author.is_empty:
        return ""
    key = author.identifier or _folded(f"{author.last} {author.first}")
    return key[:_LONGEST_KEY]


def _known(report: IncomingReport) -> dict[str, Sequence[str]]:
    """Return the names, numbers and places that must not stand in the text."""
    people = [*report.patient.names, *report.patient.relatives]
    clinicians = [p for p in (report.author, *report.clinicians) if p is not None]
    birth = report.patient.birth_date
    return {
        "patient": sorted({_full_name(p) for p in people if not p.is_empty}),
        "clinicians": sorted({_full_name(p) for p in clinicians if not p.is_empty}),
        "identifiers": sorted(
            {
                *report.identifiers,
                *report.patient.identifiers,
                report.accession,
                report.report_id,
                *(p.identifier for p in clinicians if p.identifier),
            }
            - {""}
        ),
        "phones": sorted({*report.patient.phones} - {""}),
        "addresses": sorted({*report.patient.addresses} - {""}),
        "places": sorted({*report.places} - {""}),
        "birth_date": [birth.isoformat()] if birth else [],
    }


def _full_name(person: Person) -> str:
    """Return a name as family, given and further names, separated by ``^``."""
    return "^".join((person.last, person.first, person.middle)).rstrip("^")


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def _keyed(text: str) -> str:
    return hmac.new(installation_key("identities"), text.encode(), hashlib.sha256).hexdigest()
