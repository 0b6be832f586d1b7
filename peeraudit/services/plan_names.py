"""Use cases: by which names a plan tells reviewers and cases."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from peeraudit.extensions import db
from peeraudit.models.accounts import Account
from peeraudit.models.cases import Case
from peeraudit.models.network import Department, Reviewer


@dataclass(frozen=True, slots=True)
class Person:
    """A reviewer by name."""

    name: str
    email: str
    department: str
    capacity: int


@dataclass(frozen=True, slots=True)
class CaseName:
    """A case by its random code."""

    id: UUID
    code: str
    modality: str
    region: str


def people() -> dict[UUID, Person]:
    """Return every reviewer by name."""
    rows = db.session.execute(
        select(Reviewer.id, Account.name, Account.email, Department.name, Reviewer.capacity)
        .join(Account, Account.id == Reviewer.account_id)
        .join(Department, Department.id == Reviewer.department_id)
    )
    return {row[0]: Person(*row[1:]) for row in rows}


def cases_of(campaign_id: UUID) -> dict[UUID, CaseName]:
    """Return the cases of a campaign by their random codes."""
    rows = db.session.execute(
        select(Case.id, Case.code, Case.modality, Case.region).where(
            Case.campaign_id == campaign_id
        )
    )
    return {row.id: CaseName(*row) for row in rows}
