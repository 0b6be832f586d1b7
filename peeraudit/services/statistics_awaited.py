"""Use cases: which drawn cases have no reading yet, though their time has not passed?"""

from collections import Counter
from uuid import UUID

from sqlalchemy import func, or_, select

from peeraudit.adapters.clock import now
from peeraudit.domain.readiness import SETTLING_CAMPAIGNS, UNREAD
from peeraudit.domain.workflow import Turn
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.scoring import Review
from peeraudit.services import blinding_places, blinding_strata, campaigns


def awaited_of(campaign_id: UUID) -> dict[tuple[str, str], int]:
    """Return the cases of each stratum whose first reading may still come in time.

    Nobody was asked to read them yet, or whoever was asked last has time left. Once the data
    are frozen nothing is awaited: what was not read by then is missing.

    Returns:
        Cases by department and name of the stratum within it.
    """
    if db.session.get_one(Campaign, campaign_id).state not in SETTLING_CAMPAIGNS:
        return {}
    asked = (
        select(Assignment.case_id, func.max(Assignment.due_at).label("due_at"))
        .where(Assignment.campaign_id == campaign_id, Assignment.turn == Turn.FIRST)
        .group_by(Assignment.case_id)
        .subquery()
    )
    read = select(Review.id).where(Review.case_id == Case.id, Review.turn == Turn.FIRST)
    ids = [place.id for place in campaigns.departments_of([campaign_id])[campaign_id]]
    strata = blinding_strata.names_of_strata(campaign_id)
    found = blinding_places.places_in(campaign_id, ids, has_strata=bool(strata))
    places = found.subquery()
    name = places.c.stratum_index if strata else Case.modality
    rows = db.session.execute(
        select(places.c.department, name, func.count())
        .select_from(Case)
        .join(places, places.c.case_id == Case.id)
        .outerjoin(asked, asked.c.case_id == Case.id)
        .where(
            Case.campaign_id == campaign_id,
            Case.channel == "random",
            Case.state.in_(UNREAD),
            ~read.exists(),
            or_(asked.c.due_at.is_(None), asked.c.due_at >= now()),
        )
        .group_by(places.c.department, name)
    ).all()
    awaited: Counter[tuple[str, str]] = Counter()
    for department, name, cases in rows:
        awaited[department, strata.get(name, name)] += cases
    return awaited
