"""Use cases: the demonstration's people, and how one enters as each of them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from peeraudit.domain.accounts import ROLE_DUTIES, ROLE_LABELS, Role
from peeraudit.extensions import db
from peeraudit.models.accounts import Account, RoleGrant


@dataclass(frozen=True, slots=True)
class DemoEntry:
    """One person as whom a visitor of the demonstration may look around."""

    account_id: UUID
    grant_id: UUID
    role: Role
    name: str
    label: str
    does: str


def entries() -> list[DemoEntry]:
    """Return one person for each role that somebody holds, in the order of the roles."""
    rows = db.session.execute(
        select(RoleGrant, Account)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(Account.active)
        .order_by(Account.created_at, Account.email)
    ).all()
    first: dict[Role, DemoEntry] = {}
    for grant, account in rows:
        first.setdefault(
            grant.role,
            DemoEntry(
                account_id=account.id,
                grant_id=grant.id,
                role=grant.role,
                name=account.name,
                label=ROLE_LABELS[grant.role],
                does=ROLE_DUTIES[grant.role],
            ),
        )
    return [first[role] for role in Role if role in first]
