"""Use cases: the safety officer sees which cases a reviewer marked as urgent."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.workflow import CaseState
from peeraudit.extensions import db
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.scoring import Review
from peeraudit.services import blinding


@dataclass(frozen=True, slots=True)
class UrgentCase:
    """A case marked as urgent; neither the patient nor anybody else is named, and no score.

    Attributes:
        marked_at: when the first reviewer said so.
        state: where its audit stands.
    """

    code: str
    campaign: str
    marked_at: datetime
    state: CaseState


def list_cases(*, by: Actor) -> list[UrgentCase]:
    """Return the urgent cases of the acting officer's department, the newest first; shape (n,)."""
    by.require(Permission.FOLLOW_ALERTS)
    marked = func.min(Review.submitted_at)
    rows = db.session.execute(
        select(Case.id, Case.code, Campaign.title, marked, Case.state)
        .join(Review, Review.case_id == Case.id)
        .join(Campaign, Campaign.id == Case.campaign_id)
        .where(Review.urgent)
        .group_by(Case.id, Case.code, Campaign.title, Case.state)
        .order_by(marked.desc(), Case.id)
    )
    return [
        UrgentCase(code, campaign, moment, state)
        for case_id, code, campaign, moment, state in rows
        if by.department_id is not None and blinding.department_of(case_id) == by.department_id
    ]
