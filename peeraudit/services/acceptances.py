"""Use cases: a reviewer looks at what is offered, and accepts it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.workflow import AssignmentState
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.models.campaigns import Campaign
from peeraudit.services import offers
from peeraudit.services.reading_desk import waiting_for


@dataclass(frozen=True, slots=True)
class CampaignOffer:
    """What a campaign offers to a reviewer and waits for an answer to.

    Attributes:
        count: readings that are offered, in cases.
        answer_by: until when the first of them waits; None where that is its due day.
        due_at: until when the first of them is to be read.
    """

    campaign_id: UUID
    campaign: str
    count: int
    answer_by: datetime | None
    due_at: datetime


def list_offers(*, by: Actor) -> tuple[CampaignOffer, ...]:
    """Return what is offered to the acting reviewer, the most pressing first."""
    by.require(Permission.SCORE_CASES)
    due = func.min(Assignment.due_at)
    rows = db.session.execute(
        select(Campaign.id, Campaign.title, func.count(), func.min(Assignment.answer_by), due)
        .join(Campaign, Campaign.id == Assignment.campaign_id)
        .where(Assignment.id.in_(waiting_for(by)), Assignment.state == AssignmentState.OFFERED)
        .group_by(Campaign.id, Campaign.title)
        .order_by(due, Campaign.id)
    )
    return tuple(CampaignOffer(*row) for row in rows)


def accept_offers(campaign_id: UUID, *, by: Actor) -> int:
    """Accept all that a campaign offers to the acting reviewer; return how many that is.

    A second click finds nothing to accept and changes nothing. What is going to somebody else
    at this very moment is left to go.
    """
    by.require(Permission.SCORE_CASES)
    return offers.accept(_offered(campaign_id, by), by)


def _offered(campaign_id: UUID, by: Actor) -> Sequence[UUID]:
    return db.session.scalars(
        select(Assignment.id).where(
            Assignment.id.in_(waiting_for(by)),
            Assignment.campaign_id == campaign_id,
            Assignment.state == AssignmentState.OFFERED,
        )
    ).all()
