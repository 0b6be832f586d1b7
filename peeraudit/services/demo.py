"""Use cases: the demonstration's people, and how one enters as each of them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from peeraudit.adapters import demo_accounts
from peeraudit.domain.accounts import ROLE_DUTIES, ROLE_LABELS, Role
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.scoring import OPEN_ASSIGNMENTS
from peeraudit.domain.workflow import Turn
from peeraudit.extensions import db
from peeraudit.models.accounts import Account, RoleGrant
from peeraudit.models.assignments import Assignment
from peeraudit.models.messages import Message
from peeraudit.models.network import Reviewer


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
    """Return one person for each role that somebody holds, in the order of the roles.

    Of several people it is the one whose password the launcher prints.
    """
    shown = demo_accounts.shown()
    return [_entry(grant, account) for grant, account in _best(shown)]


def busiest() -> dict[Role, str]:
    """Return for each role the address of the person for whom most waits: there is much to see."""
    return {grant.role: account.email for grant, account in _best({})}


def _best(shown: Mapping[str, str]) -> list[tuple[RoleGrant, Account]]:
    """Return one person for each role: the one who is shown, else the one with most to do."""
    rows = db.session.execute(
        select(RoleGrant, Account)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(Account.active)
        .order_by(Account.created_at, Account.email)
    ).all()
    waiting = _waiting()
    best: dict[Role, tuple[RoleGrant, Account]] = {}

    def rank(grant: RoleGrant, account: Account) -> tuple[bool, int]:
        return shown.get(grant.role.value) == account.email, waiting[grant.role, account.id]

    for grant, account in rows:
        known = best.setdefault(grant.role, (grant, account))
        if rank(grant, account) > rank(grant, known[1]):
            best[grant.role] = (grant, account)
    return [best[role] for role in Role if role in best]


def _entry(grant: RoleGrant, account: Account) -> DemoEntry:
    return DemoEntry(
        account_id=account.id,
        grant_id=grant.id,
        role=grant.role,
        name=account.name,
        label=ROLE_LABELS[grant.role],
        does=ROLE_DUTIES[grant.role],
    )


def _waiting() -> Counter[tuple[Role, UUID]]:
    """Return how much waits for each person in each role where that differs."""
    found: Counter[tuple[Role, UUID]] = Counter()
    assigned = (
        select(Reviewer.account_id, Assignment.turn, func.count())
        .join(Reviewer, Reviewer.id == Assignment.reviewer_id)
        .where(Assignment.state.in_(OPEN_ASSIGNMENTS))
        .group_by(Reviewer.account_id, Assignment.turn)
    )
    for account_id, turn, count in db.session.execute(assigned):
        role = Role.ADJUDICATOR if turn is Turn.ADJUDICATOR else Role.REVIEWER
        found[role, account_id] += count
    told = select(Message.account_id, func.count()).where(
        Message.kind == NoticeKind.OUTCOME_FOR_AUTHOR.value
    )
    for account_id, count in db.session.execute(told.group_by(Message.account_id)):
        found[Role.AUTHOR, account_id] += count
    return found
