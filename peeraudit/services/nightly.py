"""Use cases: what is computed every night while a campaign is read."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from peeraudit.adapters.clock import local, local_day, now
from peeraudit.domain.jobs import JobKind
from peeraudit.domain.workflow import CampaignState
from peeraudit.extensions import db
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.jobs import Job
from peeraudit.models.scoring import Review
from peeraudit.services import jobs, statistics

NIGHT = time(2)
"""When the day's readings are over and nobody waits for a worker; by the reader's clock."""


def order_nightly_statistics() -> list[UUID]:
    """Order the numbers of each campaign that was read before the last night; return the jobs.

    Each night has one job for each campaign, whoever ordered it, so that asking again gives
    nothing more.
    """
    night = last_night(now())
    read = (
        select(Review.id)
        .join(Case, Case.id == Review.case_id)
        .where(Case.campaign_id == Campaign.id, Review.submitted_at < night)
    )
    computed = select(Job.id).where(
        Job.kind == JobKind.STATISTICS, Job.campaign_id == Campaign.id, Job.created_at >= night
    )
    waiting = (
        select(Campaign)
        .where(
            Campaign.state.in_((CampaignState.RUNNING, CampaignState.ADJUDICATING)),
            read.exists(),
            ~computed.exists(),
        )
        .order_by(Campaign.id)
        .with_for_update(skip_locked=True)
    )
    campaigns = db.session.scalars(waiting).all()
    return [
        statistics.order_computation(campaign, by=None)
        for campaign in campaigns
        if not jobs.is_alive(statistics.lock_of(campaign))
    ]


def last_night(moment: datetime) -> datetime:
    """Return when the latest night's work was due.

    Args:
        moment: any moment, aware.
    """
    day = local_day(moment)
    zone = local(moment).tzinfo
    due = datetime.combine(day, NIGHT, zone)
    if due > moment:
        due = datetime.combine(day - timedelta(days=1), NIGHT, zone)
    return due.astimezone(UTC)
