"""Use cases: the one place that reads who stands behind a report or a case."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, or_, select

from peeraudit.domain.accounts import Role
from peeraudit.domain.blinding.known import KnownIdentities
from peeraudit.domain.errors import N_, NotFound
from peeraudit.domain.intake.reports import Person
from peeraudit.domain.protocol import BlindingMode
from peeraudit.domain.workflow import CaseState
from peeraudit.extensions import db
from peeraudit.models.accounts import Account, RoleGrant
from peeraudit.models.cases import Case
from peeraudit.models.identities import Author, Identity, ReportIdentity
from peeraudit.models.intake import Report
from peeraudit.models.network import Conflict, Department, Reviewer
from peeraudit.models.sampling import FrameEntry
from peeraudit.services import blinding_records as records
from peeraudit.services.blinding_records import CaseLink


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


def seal_identity(case_id: UUID, report_id: UUID, stratum: str = "") -> None:
    """Link a case to its report, department and author, where only this module finds it.

    Args:
        case_id: the case.
        report_id: of which it is made.
        stratum: that it was drawn from, as ``blinding_strata.strata_of`` tells.

    Raises:
        NotFound: there is no such report.
    """
    report = db.session.get(Report, report_id)
    if report is None:
        raise NotFound(N_("There is no such report."))
    campaign_id = db.session.get_one(Case, case_id).campaign_id
    found = db.session.get(ReportIdentity, report_id)
    author_id = records.open_known(found).author_id if found else None
    link = CaseLink(case_id, report_id, report.department_id, campaign_id, author_id, stratum)
    row = Identity()
    records.seal_link(row, link)
    db.session.add(row)


def entry_of_case(case_id: UUID, frame_id: UUID) -> tuple[str, str]:
    """Return (stratum, item key) of the report behind a case, as the frozen list has it.

    The list has the version of that time; the case may be made of a later one since.
    """
    [link] = records.links_of([case_id]).values()
    report = db.session.get_one(Report, link.report_id)
    stratum, key = db.session.execute(
        select(FrameEntry.stratum, FrameEntry.item_key)
        .join(Report, Report.id == FrameEntry.report_id)
        .where(
            FrameEntry.frame_id == frame_id,
            FrameEntry.stratum != "",
            Report.department_id == report.department_id,
            Report.accession == report.accession,
        )
    ).one()
    return stratum, key


def materials_of(case_ids: Collection[UUID]) -> dict[UUID, Material]:
    """Return what is needed to mask each case."""
    links = records.links_of(case_ids)
    materials = materials_of_reports([link.report_id for link in links.values()])
    return {case_id: materials[link.report_id] for case_id, link in links.items()}


def materials_of_reports(report_ids: Collection[UUID]) -> dict[UUID, Material]:
    """Return what is needed to mask each report; for masking alone."""
    rows = db.session.execute(
        select(Report.id, Report.department_id, Report.exam).where(Report.id.in_(report_ids))
    ).all()
    sealed = records.reports_of(report_ids)
    network = _known_network()
    colleagues = records.colleagues_of({place for _, place, _ in rows})
    return {
        report_id: Material(
            place,
            records.open_text(sealed[report_id]) if report_id in sealed else "",
            exam,
            _as_known(sealed.get(report_id), colleagues[place], network),
        )
        for report_id, place, exam in rows
    }


def patients_of_reports(report_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return what the reports of one patient of a department share; it names nobody."""
    found: dict[UUID, str] = {}
    for part in records.portions(report_ids):
        rows = select(ReportIdentity.report_id, ReportIdentity.patient_index)
        found.update(db.session.execute(rows.where(ReportIdentity.report_id.in_(part))).all())
    return found


def drawn_reports(report_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return which of some reports were drawn."""
    return frozenset(link.report_id for link in records.links_of_reports(report_ids))


def cases_of_reports(report_ids: Collection[UUID]) -> list[UUID]:
    """Return the cases that some reports made, in the order of their ids."""
    return [link.case_id for link in records.links_of_reports(report_ids)]


def reports_awaiting_text(department_id: UUID) -> list[tuple[UUID, UUID]]:
    """Return (report, campaign) of each drawn case whose text is wanted, for its coordinator."""
    waiting = select(Case.id).where(
        Case.id.in_(cases_sent_by(department_id)), Case.awaits_text, Case.state == CaseState.DRAWN
    )
    links = records.links_of(db.session.scalars(waiting).all())
    return [(link.report_id, link.campaign_id) for link in links.values()]


def cases_sent_by(department_id: UUID) -> Select[UUID]:
    """Return a query of the cases that a department sent, for its coordinator's own pages."""
    return select(Identity.case_id).where(records.is_sent_by(department_id))


def places_of_cases(campaign_id: UUID) -> list[CasePlace]:
    """Return where each case of a campaign comes from, in the order of the cases' ids."""
    return [
        CasePlace(link.case_id, link.department_id, link.author_id)
        for link in records.links_of_campaign(campaign_id)
    ]


def places_of(case_ids: Collection[UUID]) -> list[CasePlace]:
    """Return where some cases come from, in the order of the cases' ids."""
    links = records.links_of(case_ids).values()
    return [CasePlace(one.case_id, one.department_id, one.author_id) for one in links]


def examinations_of(campaign_id: UUID) -> dict[UUID, tuple[UUID, str]]:
    """Return the department and the number of the examination of each case of a campaign."""
    links = records.links_of_campaign(campaign_id)
    wanted = select(Report.id, Report.accession).where(
        Report.id.in_([link.report_id for link in links])
    )
    numbers = dict(db.session.execute(wanted).all())
    return {link.case_id: (link.department_id, numbers[link.report_id]) for link in links}


def case_ids_of_department(campaign_id: UUID, department_id: UUID) -> list[UUID]:
    """Return the cases of a campaign that a department sent, for its coordinator."""
    return list(
        db.session.scalars(
            select(Identity.case_id)
            .join(Case, Case.id == Identity.case_id)
            .where(Case.campaign_id == campaign_id, records.is_sent_by(department_id))
            .order_by(Identity.case_id)
        )
    )


def conflicting_pairs(case_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Return the (case, reviewer) pairs that must never meet.

    A reviewer never gets an own report, one of a colleague or a department with which the
    reviewer declared a conflict, nor one of a person who shares the reviewer's account.
    """
    return conflicts_at(places_of(case_ids))


def conflicts_at(case_places: Collection[CasePlace]) -> set[tuple[UUID, UUID]]:
    """Return the pairs that must never meet, as above, of cases that come from given places."""
    authors = _accounts_of({one.case_id: one.author_id for one in case_places})
    departments = {one.case_id: one.department_id for one in case_places}
    people: dict[UUID, set[UUID]] = defaultdict(set)
    own = select(Reviewer.id, Reviewer.account_id).where(
        Reviewer.account_id.in_(set(authors.values()))
    )
    for reviewer_id, account_id in db.session.execute(own):
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
    authors = {one.case_id: one.author_id for one in records.links_of([case_id]).values()}
    return _accounts_of(authors).get(case_id)


def reachable_author(case_id: UUID) -> UUID | None:
    """Return the account under which a case's author can read the feedback; None without one.

    It must be open and hold the role of author: what nobody can read tells nobody anything.
    """
    link = records.links_of([case_id]).get(case_id)
    if link is None or link.author_id is None:
        return None
    return db.session.scalar(
        select(Author.account_id).where(
            Author.id == link.author_id, Author.account_id.in_(_reading_accounts())
        )
    )


def department_of(case_id: UUID) -> UUID | None:
    """Return the department that sent a case, as an opaque id; None where it is not sealed."""
    link = records.links_of([case_id]).get(case_id)
    return link.department_id if link else None


def shown_department(case_id: UUID, mode: BlindingMode) -> str:
    """Return the name of the department that sent a case; empty where the protocol hides it."""
    department_id = None if mode.hide_department else department_of(case_id)
    if department_id is None:
        return ""
    return db.session.get_one(Department, department_id).name


def own_examinations(account_id: UUID) -> dict[UUID, tuple[str, date | None]]:
    """Return the number and the day of the examination of each own case, for its author alone."""
    links = _own_links(account_id)
    wanted = select(Report.id, Report.accession, Report.performed_on).where(
        Report.id.in_([link.report_id for link in links])
    )
    found = {report_id: (number, day) for report_id, number, day in db.session.execute(wanted)}
    return {link.case_id: found[link.report_id] for link in links}


def authors_out_of_reach(department_id: UUID) -> dict[UUID, tuple[UUID, str]]:
    """Return the cases whose author has no account to read with, for the own coordinator.

    Returns:
        case id → the author's id and name, as the department's reports name them.
    """
    names = dict(authors_without_account(department_id))
    return {
        link.case_id: (link.author_id, names[link.author_id])
        for link in records.links_of_authors(names)
        if link.author_id is not None
    }


def authors_without_account(department_id: UUID) -> list[tuple[UUID, str]]:
    """Return the authors of a department who cannot sign in, for the own coordinator.

    Returns:
        Each author's id and name, as the department's reports name them, by name.
    """
    rows = db.session.scalars(
        select(Author.id).where(
            Author.department_id == department_id,
            or_(Author.account_id.is_(None), Author.account_id.not_in(_reading_accounts())),
        )
    ).all()
    return sorted(records.names_of_authors(rows).items(), key=lambda one: (one[1], one[0]))


def give_account(author_id: UUID, department_id: UUID, account_id: UUID) -> bool:
    """Say whose account an author is who has none to read with; return whether it was so."""
    author = db.session.get(Author, author_id, with_for_update=True)
    if author is None or author.department_id != department_id:
        return False
    author.account_id = account_id
    return True


def cases_of_author(account_id: UUID) -> list[UUID]:
    """Return the cases whose author a person is, for that person alone."""
    return [link.case_id for link in _own_links(account_id)]


def link_author(department_id: UUID, author_key: str, account_id: UUID) -> None:
    """Say whose account an author of a department is; an author not yet known is made."""
    author = records.find_author(department_id, author_key)
    if author is None:
        author = records.add_author(department_id, author_key, "")
    author.account_id = account_id
    db.session.flush()  # reports of the same file look the author up


def _accounts_of(author_ids: Mapping[UUID, UUID | None]) -> dict[UUID, UUID]:
    """Return the account of each case's author, where the author has one."""
    wanted = {author_id for author_id in author_ids.values() if author_id}
    accounts: dict[UUID, UUID] = {}
    for some in records.portions(wanted):
        rows = select(Author.id, Author.account_id).where(
            Author.id.in_(some), Author.account_id.is_not(None)
        )
        accounts |= {author_id: one for author_id, one in db.session.execute(rows) if one}
    return {
        case_id: account_id
        for case_id, author_id in author_ids.items()
        if author_id and (account_id := accounts.get(author_id))
    }


def _own_links(account_id: UUID) -> list[CaseLink]:
    own = db.session.scalars(select(Author.id).where(Author.account_id == account_id)).all()
    return records.links_of_authors(own)


def _reading_accounts() -> Select[UUID]:
    return (
        select(Account.id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(Account.active, RoleGrant.role == Role.AUTHOR)
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


def _as_known(
    row: ReportIdentity | None, colleagues: Sequence[Person], network: KnownIdentities
) -> KnownIdentities:
    words = records.open_known(row).words if row else {}
    own: dict[str, Sequence[str]] = defaultdict(list, words)
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
