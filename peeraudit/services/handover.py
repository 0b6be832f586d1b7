"""Use cases: telling an author who has no account, by a notice that the department hands over.

The coordinator learns from it no score and no number of discrepancies: every author of the
department who cannot sign in is listed as soon as any report of theirs has an outcome, be it
a concordant one, and the notice says no more than the e-mail to the others does.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Select, select

from peeraudit.adapters.clock import local_day, now
from peeraudit.domain.accounts import Permission, Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, NotFound
from peeraudit.domain.workflow import CaseState
from peeraudit.extensions import db
from peeraudit.models.accounts import Account, RoleGrant
from peeraudit.models.adjudication import Outcome
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.network import Department
from peeraudit.services import blinding, campaigns, outcomes, trail


@dataclass(frozen=True, slots=True)
class Handover:
    """A notice to hand over: to which author of the department, about which campaign.

    Attributes:
        reply_by: until when the author may reply if the notice is handed over today.
    """

    author_id: UUID
    author: str
    department: str
    campaign_id: UUID
    campaign: str
    reply_by: date


@dataclass(frozen=True, slots=True)
class Named:
    """A person of the department, by name."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Unlinked:
    """Authors who cannot sign in, and the accounts of authors of the department."""

    authors: tuple[Named, ...]
    accounts: tuple[Named, ...]


def list_handovers(*, by: Actor) -> list[Handover]:
    """Return the notices that the acting coordinator has to hand over, by campaign and author."""
    by.require(Permission.CHECK_DEIDENTIFICATION)
    return [notice for notice, _ in _waiting(by)]


def show_handover(campaign_id: UUID, author_id: UUID, *, by: Actor) -> Handover:
    """Return one notice, to be printed.

    Raises:
        NotFound: there is none to hand over, or it is another department's.
    """
    by.require(Permission.CHECK_DEIDENTIFICATION)
    return _find(campaign_id, author_id, by)[0]


def confirm_handover(campaign_id: UUID, author_id: UUID, *, by: Actor) -> None:
    """Note that an author was handed the notice; from now on the time to reply runs.

    Raises:
        NotFound: there is none to hand over, or it is another department's.
    """
    by.require(Permission.CHECK_DEIDENTIFICATION)
    notice, case_ids = _find(campaign_id, author_id, by)
    for case_id in sorted(case_ids):
        case = outcomes.locked_case(case_id)
        row = outcomes.outcome_of(case_id)
        if row.author_notified_at is not None:
            continue
        if case.state is CaseState.PROPOSED:
            outcomes.announce(case, None, by)
        else:
            row.author_notified_at = now()
    trail.record(
        "hand_over_notice",
        by,
        object_kind="campaign",
        object_id=notice.campaign_id,
        reason="the author has no account",
        details={"author_id": notice.author_id},
    )


def list_unlinked(*, by: Actor) -> Unlinked:
    """Return the department's authors who cannot sign in, and the accounts they may have."""
    by.require(Permission.CHECK_DEIDENTIFICATION)
    if by.department_id is None:
        return Unlinked((), ())
    rows = db.session.execute(
        select(Account.id, Account.name)
        .where(Account.id.in_(_author_accounts(by.department_id)))
        .order_by(Account.name, Account.id)
    )
    return Unlinked(
        tuple(Named(*one) for one in blinding.authors_without_account(by.department_id)),
        tuple(Named(account_id, name) for account_id, name in rows),
    )


def link_account(author_id: UUID, account_id: UUID, *, by: Actor) -> None:
    """Say under which account an author of the department signs in.

    What waits to be told to the author is told there when the clock next comes round.

    Raises:
        NotFound: there is no such author without an account, or no such account of an author.
    """
    by.require(Permission.CHECK_DEIDENTIFICATION)
    known = list_unlinked(by=by)
    fits = author_id in {one.id for one in known.authors}
    if by.department_id is None or not fits or account_id not in {a.id for a in known.accounts}:
        raise NotFound(N_("There is no such author without an account."))
    blinding.give_account(author_id, by.department_id, account_id)
    details = {"author_id": author_id}
    trail.record("link_author", by, object_kind="account", object_id=account_id, details=details)


def _author_accounts(department_id: UUID) -> Select[UUID]:
    return (
        select(RoleGrant.account_id)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(
            RoleGrant.role == Role.AUTHOR,
            RoleGrant.department_id == department_id,
            Account.active,
        )
    )


def _find(campaign_id: UUID, author_id: UUID, by: Actor) -> tuple[Handover, list[UUID]]:
    for notice, case_ids in _waiting(by):
        if (notice.campaign_id, notice.author_id) == (campaign_id, author_id):
            return notice, case_ids
    raise NotFound(N_("There is no such notice to hand over."))


def _waiting(by: Actor) -> list[tuple[Handover, list[UUID]]]:
    """Return each notice with the cases that it is about, which no door is told."""
    if by.department_id is None:
        return []
    department = db.session.get_one(Department, by.department_id).name
    authors = blinding.authors_out_of_reach(by.department_id)
    rows = db.session.execute(
        select(Case.id, Case.campaign_id, Campaign.title)
        .join(Outcome, Outcome.case_id == Case.id)
        .join(Campaign, Campaign.id == Case.campaign_id)
        .where(
            Outcome.author_notified_at.is_(None),
            Case.id.in_(list(authors)),
            Case.state.in_((CaseState.PROPOSED, CaseState.FINAL)),
        )
        .order_by(Case.id)
    ).all()
    cases: dict[tuple[UUID, UUID], list[UUID]] = defaultdict(list)
    for case_id, campaign_id, _ in rows:
        cases[campaign_id, authors[case_id][0]].append(case_id)
    names = dict(authors.values())
    titles = {campaign_id: title for _, campaign_id, title in rows}
    notices = [
        (_notice(author_id, names[author_id], department, campaign_id, titles), found)
        for (campaign_id, author_id), found in cases.items()
    ]
    return sorted(notices, key=lambda one: (one[0].campaign, one[0].author, one[0].author_id))


def _notice(
    author_id: UUID, author: str, department: str, campaign_id: UUID, titles: dict[UUID, str]
) -> Handover:
    days = campaigns.protocol_of(campaign_id).delays.reply_days
    return Handover(
        author_id=author_id,
        author=author,
        department=department,
        campaign_id=campaign_id,
        campaign=titles[campaign_id],
        reply_by=local_day(now() + timedelta(days=days)),
    )
