"""Use cases: the one place that reads who stands behind a report or a case."""

import hashlib
import hmac
import json
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import select

from peeraudit.adapters.passwords import installation_key
from peeraudit.domain.errors import N_, NotFound
from peeraudit.domain.intake.reports import IncomingReport, Person
from peeraudit.extensions import db
from peeraudit.models.cases import Case
from peeraudit.models.identities import Author, Identity, ReportIdentity
from peeraudit.models.intake import Report
from peeraudit.models.network import Conflict, Reviewer


@dataclass(frozen=True, slots=True)
class CasePlace:
    """Where a case comes from, as opaque ids that tell no name.

    Attributes:
        department_id: the department that sent the report.
        author_id: its author, None where the message named none.
    """

    case_id: UUID
    department_id: UUID
    author_id: UUID | None


def remember_identity(report_id: UUID, report: IncomingReport, *, department_id: UUID) -> None:
    """Keep what a message said of people, apart from the report; once is enough."""
    if db.session.get(ReportIdentity, report_id) is not None:
        return
    patient = report.patient
    first_id = patient.identifiers[0] if patient.identifiers else report.accession
    db.session.add(
        ReportIdentity(
            report_id=report_id,
            author_id=_author_id(report.author, department_id),
            patient_key=_keyed(f"patient:{department_id}:{first_id}"),
            birth_date=patient.birth_date,
            known=json.dumps(_known(report), ensure_ascii=False, sort_keys=True),
        )
    )


def seal_identity(case_id: UUID, report_id: UUID) -> None:
    """Link a case to its report, department and author, where only this module finds it.

    Raises:
        NotFound: there is no such report.
    """
    report = db.session.get(Report, report_id)
    if report is None:
        raise NotFound(N_("There is no such report."))
    known = db.session.get(ReportIdentity, report_id)
    db.session.add(
        Identity(
            case_id=case_id,
            report_id=report_id,
            department_id=report.department_id,
            author_id=known.author_id if known else None,
        )
    )


def places_of_cases(campaign_id: UUID) -> list[CasePlace]:
    """Return where each case of a campaign comes from, in the order of the cases' ids."""
    rows = db.session.execute(
        select(Identity.case_id, Identity.department_id, Identity.author_id)
        .join(Case, Case.id == Identity.case_id)
        .where(Case.campaign_id == campaign_id)
        .order_by(Identity.case_id)
    )
    return [CasePlace(*row) for row in rows]


def case_ids_of_department(campaign_id: UUID, department_id: UUID) -> list[UUID]:
    """Return the cases of a campaign that a department sent, for its coordinator."""
    return list(
        db.session.scalars(
            select(Identity.case_id)
            .join(Case, Case.id == Identity.case_id)
            .where(Case.campaign_id == campaign_id, Identity.department_id == department_id)
            .order_by(Identity.case_id)
        )
    )


def conflicting_pairs(case_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Return the (case, reviewer) pairs that must never meet.

    A reviewer never gets an own report, one of a colleague or a department with which the
    reviewer declared a conflict, nor one of a person who shares the reviewer's account.
    """
    authors = _author_accounts(case_ids)
    departments = dict(
        db.session.execute(
            select(Identity.case_id, Identity.department_id).where(Identity.case_id.in_(case_ids))
        )
    )
    people: dict[UUID, set[UUID]] = defaultdict(set)
    for reviewer_id, account_id in db.session.execute(select(Reviewer.id, Reviewer.account_id)):
        people[account_id].add(reviewer_id)
    places: dict[UUID, set[UUID]] = defaultdict(set)
    for conflict in db.session.scalars(select(Conflict)):
        if conflict.colleague_id is not None:
            people[conflict.colleague_id].add(conflict.reviewer_id)
        if conflict.department_id is not None:
            places[conflict.department_id].add(conflict.reviewer_id)
    pairs = {(c, r) for c, account in authors.items() for r in people.get(account, ())}
    return pairs | {(c, r) for c, place in departments.items() for r in places.get(place, ())}


def author_account(case_id: UUID) -> UUID | None:
    """Return the account of a case's author, who is to be told; None where there is none."""
    return _author_accounts([case_id]).get(case_id)


def cases_of_author(account_id: UUID) -> list[UUID]:
    """Return the cases whose author a person is, for that person alone."""
    return list(
        db.session.scalars(
            select(Identity.case_id)
            .join(Author, Author.id == Identity.author_id)
            .where(Author.account_id == account_id)
            .order_by(Identity.case_id)
        )
    )


def link_author(department_id: UUID, author_key: str, account_id: UUID) -> None:
    """Say whose account an author of a department is; an author not yet known is made."""
    author = _find_author(department_id, author_key)
    if author is None:
        author = Author(id=uuid4(), department_id=department_id, author_key=author_key, name="")
        db.session.add(author)
    author.account_id = account_id
    db.session.flush()  # reports of the same file look the author up


def _author_accounts(case_ids: Collection[UUID]) -> dict[UUID, UUID]:
    rows = db.session.execute(
        select(Identity.case_id, Author.account_id)
        .join(Author, Author.id == Identity.author_id)
        .where(Identity.case_id.in_(case_ids), Author.account_id.is_not(None))
    )
    return {case_id: account_id for case_id, account_id in rows if account_id is not None}


def _author_id(author: Person | None, department_id: UUID) -> UUID | None:
    if author is None or author.is_empty:
        return None
    key = author.identifier or _folded(f"{author.last} {author.first}")
    row = _find_author(department_id, key)
    if row is None:
        row = Author(id=uuid4(), department_id=department_id, author_key=key, name="")
        db.session.add(row)
    row.name = row.name or f"{author.first} {author.last}".strip()
    db.session.flush()  # the next report of the same author must find this row
    return row.id


def _find_author(department_id: UUID, key: str) -> Author | None:
    return db.session.scalar(
        select(Author).where(Author.department_id == department_id, Author.author_key == key)
    )


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
                *report.patient.phones,
                report.accession,
                report.report_id,
                *(p.identifier for p in clinicians if p.identifier),
            }
            - {""}
        ),
        "places": sorted({*report.places, *report.patient.addresses} - {""}),
        "birth_date": [birth.isoformat()] if birth else [],
    }


def _full_name(person: Person) -> str:
    """Return a name as family, given and further names, separated by ``^``."""
    return "^".join((person.last, person.first, person.middle)).rstrip("^")


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())[:120]


def _keyed(text: str) -> str:
    return hmac.new(installation_key("identities"), text.encode(), hashlib.sha256).hexdigest()
