"""Use cases: putting an invented network into an empty installation."""

from collections.abc import Iterator, Mapping
from uuid import UUID, uuid4

from sqlalchemy import select

from peeraudit.adapters.clock import now
from peeraudit.domain.accounts import DEPARTMENT_ROLES, Grant, Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, Conflicting
from peeraudit.domain.specimens.files import csv_lines, hl7_message
from peeraudit.domain.specimens.network import SpecimenNetwork, SpecimenReviewer
from peeraudit.domain.specimens.reports import SpecimenReport
from peeraudit.extensions import db
from peeraudit.models.accounts import Account, RoleGrant
from peeraudit.models.network import Conflict, Department, Reviewer, Speciality
from peeraudit.services import accounts, blinding, intake
from peeraudit.services.accounts import NewAccount
from peeraudit.services.intake import NewUpload


def is_empty() -> bool:
    """Return whether the installation holds no department yet."""
    return db.session.scalar(select(Department.id).limit(1)) is None


def fill_network(network: SpecimenNetwork, passwords: Mapping[str, str]) -> None:
    """Put departments, people, reviewers and their conflicts into an empty installation.

    Args:
        network: the invented network.
        passwords: e-mail address → password; nobody gets one that was not given here.

    Raises:
        Conflicting: there is a department already.
    """
    if not is_empty():
        raise Conflicting(N_("There are departments already: the demonstration needs none."))
    departments = {
        d.code: Department(
            id=uuid4(),
            code=d.code,
            name=d.name,
            city=d.city,
            finess=d.finess,
            language=d.language,
        )
        for d in network.departments
    }
    db.session.add_all(departments.values())
    db.session.flush()  # roles refer to departments
    ids = {code: department.id for code, department in departments.items()}
    people = {
        account.email: accounts.open_account(
            NewAccount(
                email=account.email,
                name=f"{account.given} {account.family}",
                password=passwords[account.email],
                language=account.language,
                grants=[_grant(role, ids.get(code)) for role, code in account.roles],
            ),
            by=None,
        )
        for account in network.accounts
    }
    for author in network.authors:
        blinding.link_author(ids[author.department_code], author.rpps, people[author.email])
    for reviewer in network.reviewers:
        _add_reviewer(reviewer, people[reviewer.author.email], ids)


def send_reports(reports: list[SpecimenReport]) -> list[UUID]:
    """Send each department's reports in as a file: the first as HL7 v2, the others as CSV.

    Returns:
        The uploads' ids; reading them is left to the worker.
    """
    in_order = select(Department).order_by(Department.code)
    sent = []
    for number, department in enumerate(db.session.scalars(in_order)):
        own = [r for r in reports if r.department_code == department.code]
        as_hl7 = number == 0
        pieces = (hl7_message(r) for r in own) if as_hl7 else csv_lines(own)
        name = "ris-export.hl7" if as_hl7 else "ris-export.csv"
        new = NewUpload(department.id, name)
        sent.append(intake.receive(new, _encoded(pieces), by=coordinator_of(department.id)))
    return sent


def department_ids() -> list[UUID]:
    """Return the departments in the order of their codes."""
    return list(db.session.scalars(select(Department.id).order_by(Department.code)))


def coordinator_of(department_id: UUID) -> Actor:
    """Return a department's coordinator, in whose name the demonstration acts."""
    return _holder(Role.COORDINATOR, department_id)


def network_lead() -> Actor:
    """Return the network lead, in whose name the demonstration acts."""
    return _holder(Role.NETWORK_LEAD, None)


def _holder(role: Role, department_id: UUID | None) -> Actor:
    statement = (
        select(RoleGrant.account_id)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(RoleGrant.role == role)
        .order_by(Account.email)
        .limit(1)
    )
    if department_id is not None:
        statement = statement.where(RoleGrant.department_id == department_id)
    return Actor(db.session.scalars(statement).one(), role, department_id)


def _grant(role: Role, department_id: UUID | None) -> Grant:
    return Grant(role, department_id if role in DEPARTMENT_ROLES else None)


def _add_reviewer(
    reviewer: SpecimenReviewer, account_id: UUID, departments: Mapping[str, UUID]
) -> None:
    row = Reviewer(
        id=uuid4(),
        account_id=account_id,
        department_id=departments[reviewer.author.department_code],
        capacity=reviewer.capacity,
        adjudicates=reviewer.adjudicates,
    )
    db.session.add(row)
    db.session.flush()  # what follows refers to the reviewer
    db.session.add_all(
        Speciality(id=uuid4(), reviewer_id=row.id, modality=modality, region=region)
        for modality, region in reviewer.author.specialities
    )
    db.session.add_all(
        Conflict(
            id=uuid4(),
            reviewer_id=row.id,
            department_id=departments[conflict.department_code],
            reason=conflict.reason,
            declared_at=now(),
        )
        for conflict in reviewer.conflicts
    )


def _encoded(pieces: Iterator[str]) -> Iterator[bytes]:
    for piece in pieces:
        yield piece.encode()
