"""Use cases: the one place that reads who stands behind a report or a case."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import Select, or_, select

from peeraudit.domain.accounts import Role
from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.errors import N_, NotFound
from peeraudit.domain.intake.reports import Person
from peeraudit.domain.workflow import CaseState
from peeraudit.extensions import db
from peeraudit.models.accounts import Account, RoleGrant
from peeraudit.models.cases import Case
from peeraudit.models.identities import Author, Identity, ReportIdentity
from peeraudit.models.intake import Report
from peeraudit.models.network import Conflict, Department, Reviewer


@dataclass(frozen=True, slots=True)
class Material:
    """What is needed to mask a case; for masking and for the department's own coordinator.

    Attributes:
        department_id: the department that sent the report.
        text: the report as received.
        exam: the examination's name as received.
        known: whom and what its message, its department and the network name.
    """

    department_id: UUID
    text: str
    exam: str
    known: KnownIdentities


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


def materials_of(case_ids: Collection[UUID]) -> dict[UUID, Material]:
    """Return what is needed to mask each case."""
    rows = db.session.execute(
        select(Identity, Report, ReportIdentity.known)
        .join(Report, Report.id == Identity.report_id)
        .outerjoin(ReportIdentity, ReportIdentity.report_id == Identity.report_id)
        .where(Identity.case_id.in_(case_ids))
    ).all()
    network = _known_network()
    colleagues = _colleagues({identity.department_id for identity, _, _ in rows})
    return {
        identity.case_id: Material(
            identity.department_id,
            report.text,
            report.exam,
            _as_known(known, colleagues[identity.department_id], network),
        )
        for identity, report, known in rows
    }


def drawn_reports(report_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return which of some reports were drawn."""
    if not report_ids:
        return frozenset()
    drawn = select(Identity.report_id).where(Identity.report_id.in_(report_ids))
    return frozenset(db.session.scalars(drawn))


def cases_of_reports(report_ids: Collection[UUID]) -> list[UUID]:
    """Return the cases that some reports made, in the order of their ids."""
    if not report_ids:
        return []
    cases = select(Identity.case_id).where(Identity.report_id.in_(report_ids))
    return list(db.session.scalars(cases.order_by(Identity.case_id)))


def reports_awaiting_text(department_id: UUID) -> list[tuple[UUID, UUID]]:
    """Return (report, campaign) of each drawn case whose text is wanted, for its coordinator."""
    rows = db.session.execute(
        select(Identity.report_id, Case.campaign_id)
        .join(Case, Case.id == Identity.case_id)
        .where(
            Identity.department_id == department_id,
            Case.awaits_text,
            Case.state == CaseState.DRAWN,
        )
    )
    return [(report_id, campaign_id) for report_id, campaign_id in rows]


def cases_sent_by(department_id: UUID) -> Select[UUID]:
    """Return a query of the cases that a department sent, for its coordinator's own pages."""
    return select(Identity.case_id).where(Identity.department_id == department_id)


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
        ).all()
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


def reachable_author(case_id: UUID) -> UUID | None:
    """Return the account under which a case's author can read the feedback; None without one.

    It must be open and hold the role of author: what nobody can read tells nobody anything.
    """
    return db.session.scalar(
        select(Author.account_id)
        .join(Identity, Identity.author_id == Author.id)
        .where(Identity.case_id == case_id, Author.account_id.in_(_reading_accounts()))
    )


def department_of(case_id: UUID) -> UUID | None:
    """Return the department that sent a case, as an opaque id; None where it is not sealed."""
    return db.session.scalar(select(Identity.department_id).where(Identity.case_id == case_id))


def own_examinations(account_id: UUID) -> dict[UUID, tuple[str, date | None]]:
    """Return the number and the day of the examination of each own case, for its author alone."""
    rows = db.session.execute(
        select(Identity.case_id, Report.accession, Report.performed_on)
        .join(Report, Report.id == Identity.report_id)
        .join(Author, Author.id == Identity.author_id)
        .where(Author.account_id == account_id)
    )
    return {case_id: (accession, day) for case_id, accession, day in rows}


def authors_out_of_reach(department_id: UUID) -> dict[UUID, tuple[UUID, str]]:
    """Return the cases whose author has no account to read with, for the own coordinator.

    Returns:
        case id → the author's id and name, as the department's reports name them.
    """
    rows = db.session.execute(
        select(Identity.case_id, Author.id, Author.name, Author.author_key)
        .join(Author, Author.id == Identity.author_id)
        .where(
            Identity.department_id == department_id,
            or_(Author.account_id.is_(None), Author.account_id.not_in(_reading_accounts())),
        )
    )
    return {case_id: (author_id, name or key) for case_id, author_id, name, key in rows}


def authors_without_account(department_id: UUID) -> list[tuple[UUID, str]]:
    """Return the authors of a department who cannot sign in, for the own coordinator.

    Returns:
        Each author's id and name, as the department's reports name them, by name.
    """
    rows = db.session.execute(
        select(Author.id, Author.name, Author.author_key).where(
            Author.department_id == department_id,
            or_(Author.account_id.is_(None), Author.account_id.not_in(_reading_accounts())),
        )
    )
    return sorted(((id_, name or key) for id_, name, key in rows), key=lambda one: one[1])


def give_account(author_id: UUID, department_id: UUID, account_id: UUID) -> bool:
    """Say whose account an author is who has none to read with; return whether it was so."""
    author = db.session.get(Author, author_id, with_for_update=True)
    if author is None or author.department_id != department_id:
        return False
    author.account_id = account_id
    return True


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


def _reading_accounts() -> Select[UUID]:
    return (
        select(Account.id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(Account.active, RoleGrant.role == Role.AUTHOR)
    )


def _find_author(department_id: UUID, key: str) -> Author | None:
    return db.session.scalar(
        select(Author).where(Author.department_id == department_id, Author.author_key == key)
    )


def _known_network() -> KnownIdentities:
    """Return what leads to a department, whichever department sent the report."""
    rows = db.session.execute(
        select(Department.name, Department.code, Department.city, Department.finess)
    ).all()
    return KnownIdentities(
        identifiers=tuple(finess for *_, finess in rows if finess),
        places=tuple(sorted({city for _, _, city, _ in rows} - {""})),
        departments=tuple(word for name, code, _, _ in rows for word in (name, code)),
    )


def _colleagues(department_ids: Collection[UUID]) -> dict[UUID, list[Person]]:
    """Return the authors of each department: they name one another in their reports."""
    found: dict[UUID, list[Person]] = defaultdict(list)
    rows = db.session.execute(
        select(Author.department_id, Author.name)
        .where(Author.department_id.in_(department_ids), Author.name != "")
        .order_by(Author.name)
    )
    for department_id, name in rows:
        first, _, last = name.rpartition(" ")
        found[department_id].append(Person(last=last, first=first))
    return found


def _as_known(
    known: str | None, colleagues: Sequence[Person], network: KnownIdentities
) -> KnownIdentities:
    own: dict[str, list[str]] = defaultdict(list, json.loads(known or "{}"))
    return KnownIdentities(
        patients=tuple(map(_person, own["patient"])),
        clinicians=(*map(_person, own["clinicians"]), *colleagues),
        identifiers=(*own["identifiers"], *network.identifiers),
        birth_dates=tuple(map(date.fromisoformat, own["birth_date"])),
        phones=tuple(own["phones"]),
        addresses=tuple(own["addresses"]),
        places=(*own["places"], *network.places),
        departments=network.departments,
    )


def _person(name: str) -> Person:
    last, first, middle = (*name.split("^"), "", "")[:3]
    return Person(last=last, first=first, middle=middle)
