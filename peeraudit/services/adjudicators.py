"""Use cases: finding who settles a case, and asking again where nobody was free."""

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import Select, func, select

from peeraudit.adapters.clock import now
from peeraudit.domain.accounts import Role
from peeraudit.domain.adjudication import Candidate, choose_adjudicator
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.scoring import OPEN_ASSIGNMENTS
from peeraudit.domain.workflow import (
    ASSIGNMENT_MOVES,
    AssignmentEvent,
    AssignmentState,
    Turn,
    advance,
)
from peeraudit.extensions import db
from peeraudit.models.accounts import Account, RoleGrant
from peeraudit.models.assignments import Assignment
from peeraudit.models.campaigns import CampaignDepartment
from peeraudit.models.cases import Case
from peeraudit.models.network import Reviewer
from peeraudit.models.sampling import Draw
from peeraudit.services import blinding, campaigns, notifications, offers
from peeraudit.services.presence import away_for, fit_due_days

LIST_PATH = "/adjudication/"


def offer_case(case: Case) -> bool:
    """Give a case in adjudication to an adjudicator; return whether somebody has it.

    Where nobody may take it the network leads are told once, and the sweep asks again later.
    """
    if find_open(case.id) is not None:
        return True
    reviewer_id = choose(case)
    if reviewer_id is None:
        offers.tell_without_reviewer(case, "adjudicator")
        return False
    give(case, reviewer_id, origin="routing")
    return True


def give(case: Case, reviewer_id: UUID, *, origin: str) -> None:
    """Offer a case to one adjudicator, and tell the person."""
    moment = now()
    days = campaigns.protocol_of(case.campaign_id).delays.adjudication_days
    row = Assignment(
        id=uuid4(),
        campaign_id=case.campaign_id,
        case_id=case.id,
        reviewer_id=reviewer_id,
        turn=Turn.ADJUDICATOR,
        state=advance(ASSIGNMENT_MOVES, AssignmentState.PLANNED, AssignmentEvent.PUBLISH),
        origin=origin,
        due_at=moment + timedelta(days=days),
        offered_at=moment,
    )
    fit_due_days([row])
    db.session.add(row)
    db.session.flush()  # one open adjudication a case: a rival's must be refused here
    notifications.tell(
        _account_of(reviewer_id),
        NoticeKind.CASE_TO_SETTLE,
        key=str(row.id),
        params={"code": case.code},
        path=f"{LIST_PATH}{row.id}",
    )


def choose(case: Case) -> UUID | None:
    """Return the adjudicator with the fewest waiting cases among those who may settle this one.

    Adjudicators come from the departments of the campaign. Neither the author nor anyone of the
    author's department, nor whoever declared a conflict or ever had the case, whatever became of
    it then.
    """
    counted = db.session.execute(
        select(Assignment.reviewer_id, func.count())
        .where(Assignment.turn == Turn.ADJUDICATOR, Assignment.state.in_(OPEN_ASSIGNMENTS))
        .group_by(Assignment.reviewer_id)
    )
    waiting: dict[UUID, int] = dict(counted.all())
    barred = {reviewer for _, reviewer in blinding.conflicting_pairs([case.id])}
    candidates = [
        Candidate(str(one), waiting.get(one, 0))
        for one in db.session.scalars(_free_adjudicators(case))
        if one not in barred
    ]
    chosen = choose_adjudicator(candidates, seed=seed_of(case.campaign_id), case=case.code)
    return UUID(chosen) if chosen else None


def find_open(case_id: UUID) -> Assignment | None:
    """Return the adjudication of a case that somebody has still to settle, for services alone."""
    return db.session.scalar(
        select(Assignment).where(
            Assignment.case_id == case_id,
            Assignment.turn == Turn.ADJUDICATOR,
            Assignment.state.in_(OPEN_ASSIGNMENTS),
        )
    )


def replace_late(row: Assignment, case: Case) -> bool:
    """Give a case that its adjudicator never opened to another; return whether one was free.

    Where nobody else may take it, it stays with the first one, however late.
    """
    another = choose(case)
    if another is None:
        return False
    offers.move_assignment(row, AssignmentEvent.EXPIRE)
    offers.move_assignment(row, AssignmentEvent.REPLACE)
    row.ended_at = now()
    db.session.flush()  # the turn must be free before another one takes it
    give(case, another, origin="replacement")
    return True


def seed_of(campaign_id: UUID) -> str:
    """Return the seed that decides ties in a campaign; its id where nothing was drawn."""
    seed = db.session.scalar(select(Draw.seed).where(Draw.campaign_id == campaign_id))
    return seed or str(campaign_id)


def _free_adjudicators(case: Case) -> Select[UUID]:
    home = blinding.department_of(case.id)
    away = away_for(campaigns.protocol_of(case.campaign_id).delays.adjudication_days)
    had = select(Assignment.reviewer_id).where(Assignment.case_id == case.id)
    entitled = select(RoleGrant.account_id).where(RoleGrant.role == Role.ADJUDICATOR)
    return (
        select(Reviewer.id)
        .join(Account, Account.id == Reviewer.account_id)
        .join(CampaignDepartment, CampaignDepartment.department_id == Reviewer.department_id)
        .where(
            CampaignDepartment.campaign_id == case.campaign_id,
            Reviewer.adjudicates,
            Reviewer.accepting,
            Reviewer.department_id != home,
            Reviewer.id.not_in(away),
            Reviewer.id.not_in(had),
            Account.active,
            Account.id.in_(entitled),
        )
        .order_by(Reviewer.id)
    )


def _account_of(reviewer_id: UUID) -> UUID:
    return db.session.scalars(select(Reviewer.account_id).where(Reviewer.id == reviewer_id)).one()
