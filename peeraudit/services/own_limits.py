"""Use cases: a reviewer sets how much to read at most, below what the network asks for."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import Select, func, select

from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, InvalidInput, NotFound
from peeraudit.domain.limits import check_campaign_limit, check_weekly
from peeraudit.domain.workflow import READING_TURNS, AssignmentState, CampaignState
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.models.campaigns import Campaign, CampaignDepartment
from peeraudit.models.network import OwnLimit, Reviewer
from peeraudit.services import campaigns, trail, turns
from peeraudit.services.giving_back import GivenBack, give_back

# From the lock on there may be a plan; after the settling nothing is given out any more.
OPEN_CAMPAIGNS = (
    CampaignState.LOCKED,
    CampaignState.DRAWN,
    CampaignState.RUNNING,
    CampaignState.ADJUDICATING,
)


@dataclass(frozen=True, slots=True)
class CampaignLimit:
    """What a reviewer reads of a campaign at most, in cases.

    Attributes:
        ceiling: what the campaign lets the person have.
        most: the own limit; None where there is none.
        begun: what the person has begun or handed in.
        waiting: what the person has and has not begun.
    """

    campaign_id: UUID
    campaign: str
    ceiling: int
    most: int | None
    begun: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Limits:
    """The own limits of a reviewer; ``weekly`` None is no limit."""

    weekly: int | None
    campaigns: tuple[CampaignLimit, ...]


def show_limits(*, by: Actor) -> Limits:
    """Return the own limits of the acting reviewer, with the campaigns of the department.

    Raises:
        InvalidInput: the person has declared nothing yet.
    """
    row = _own_row(by)
    found = db.session.scalars(
        select(Campaign)
        .join(CampaignDepartment, CampaignDepartment.campaign_id == Campaign.id)
        .where(
            CampaignDepartment.department_id == row.department_id,
            Campaign.state.in_(OPEN_CAMPAIGNS),
        )
        .order_by(Campaign.title, Campaign.id)
    )
    return Limits(row.weekly, tuple(_limit(one, row) for one in found))


def set_weekly(weekly: int | None, *, by: Actor) -> None:
    """Set how many cases the acting reviewer takes in a week, over all campaigns.

    What the person has already stays: the limit counts from the next case on.

    Raises:
        InvalidFields: it is no sensible number.
        InvalidInput: the person has declared nothing yet.
    """
    row = _own_row(by)
    if weekly is not None:
        check_weekly(weekly)
    row.weekly = weekly
    trail.record("set_own_limit", by, object_kind="reviewer", object_id=row.id)


def set_campaign_limit(campaign_id: UUID, most: int | None, *, by: Actor) -> GivenBack:
    """Set how many cases of a campaign the acting reviewer takes at most.

    What goes beyond the limit and was not begun goes to others, where somebody is free.

    Args:
        campaign_id: which campaign.
        most: the limit, in cases; None takes it away.
        by: the reviewer.

    Returns:
        What became of the cases beyond the limit.

    Raises:
        InvalidFields: it lies above what the campaign allows or below what is begun.
        InvalidInput: the person has declared nothing yet.
        NotFound: the department takes no part in such a campaign now.
    """
    row = _own_row(by)
    now = next((c for c in show_limits(by=by).campaigns if c.campaign_id == campaign_id), None)
    if now is None:
        raise NotFound(N_("There is no such campaign."))
    kept = db.session.scalar(_kept(row.id, campaign_id).with_for_update())
    if most is None:
        if kept is not None:
            db.session.delete(kept)
    else:
        check_campaign_limit(most, ceiling=now.ceiling, begun=now.begun)
        if kept is None:
            kept = OwnLimit(id=uuid4(), reviewer_id=row.id, campaign_id=campaign_id, most=most)
            db.session.add(kept)
        kept.most = most
    trail.record("set_own_limit", by, object_kind="reviewer", object_id=row.id)
    db.session.flush()  # whoever looks for a stand-in must find the limit
    beyond = 0 if most is None else now.begun + now.waiting - most
    return give_back(campaign_id, beyond, by=by) if beyond > 0 else GivenBack(0, 0)


def _limit(campaign: Campaign, row: Reviewer) -> CampaignLimit:
    most = campaigns.protocol_of(campaign.id).assignment.max_load
    begun, waiting = _held(campaign.id, row.id)
    kept = db.session.scalar(_kept(row.id, campaign.id))
    return CampaignLimit(
        campaign_id=campaign.id,
        campaign=campaign.title,
        ceiling=row.capacity if most is None else min(row.capacity, most),
        most=None if kept is None else kept.most,
        begun=begun,
        waiting=waiting,
    )


def _held(campaign_id: UUID, reviewer_id: UUID) -> tuple[int, int]:
    """Return what a reviewer has begun and what waits, without what the person cannot see."""
    rows = db.session.execute(
        select(Assignment.state, func.count())
        .where(
            Assignment.campaign_id == campaign_id,
            Assignment.reviewer_id == reviewer_id,
            Assignment.turn.in_(READING_TURNS),
        )
        .group_by(Assignment.state)
    )
    counts: dict[AssignmentState, int] = dict(rows.all())
    begun = sum(counts.get(state, 0) for state in turns.BEGUN)
    return begun, sum(counts.get(state, 0) for state in turns.WAITING)


def _kept(reviewer_id: UUID, campaign_id: UUID) -> Select[OwnLimit]:
    return select(OwnLimit).where(
        OwnLimit.reviewer_id == reviewer_id, OwnLimit.campaign_id == campaign_id
    )


def _own_row(by: Actor) -> Reviewer:
    by.require(Permission.DECLARE_PROFILE)
    row = db.session.scalar(select(Reviewer).where(Reviewer.account_id == by.account_id))
    if row is None:
        raise InvalidInput(N_("First say what you read and how much, and keep it."))
    return row
