"""Use cases: a reviewer reads how the own scores stand beside those of colleagues."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.instruments import find_instrument
from peeraudit.domain.protocol_reader import from_json
from peeraudit.domain.statistics.campaign import CampaignCounts
from peeraudit.domain.statistics.panel_severity import own_severity, rows_of
from peeraudit.domain.statistics.panels import Panel
from peeraudit.domain.summaries.severity_page import SeverityRow, severity_row
from peeraudit.domain.workflow import CaseState, Turn
from peeraudit.extensions import db
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.scoring import Review
from peeraudit.models.summaries import Snapshot
from peeraudit.services.reading_desk import reviewer_of


@dataclass(frozen=True, slots=True)
class OwnPosition:
    """Where a reviewer stands in one campaign.

    Attributes:
        title: of the campaign.
        row: the own line of the panel; nobody else's.
    """

    title: str
    row: SeverityRow


def list_positions(*, by: Actor) -> list[OwnPosition]:
    """Return where the acting reviewer stands in each campaign whose final numbers are computed.

    While a campaign runs nothing is told: who knows to be severe would read otherwise.
    """
    by.require(Permission.SCORE_CASES)
    mine = set(db.session.scalars(reviewer_of(by)))
    read = (
        select(Case.campaign_id)
        .join(Review, Review.case_id == Case.id)
        .where(Review.reviewer_id.in_(mine), Review.turn == Turn.FIRST)
    )
    rows = db.session.execute(
        select(Snapshot, Campaign)
        .join(Campaign, Campaign.id == Snapshot.campaign_id)
        .where(Snapshot.is_final, Campaign.id.in_(read))
        .order_by(Campaign.period_end.desc(), Campaign.code)
    ).all()
    return [
        OwnPosition(campaign.title, found)
        for snapshot, campaign in rows
        for found in _own(snapshot, campaign, mine)
    ]


def _own(snapshot: Snapshot, campaign: Campaign, mine: set[UUID]) -> Iterable[SeverityRow]:
    told = json.loads(snapshot.results)["told"]
    if "severity" not in told:
        return
    panel = Panel.from_dict(told["severity"])
    counts = CampaignCounts.from_json(snapshot.data)
    for called in _readings(campaign, mine).values():
        (row,) = rows_of(Counter(called))
        found = own_severity(counts.reviewers, row, panel)
        if found is not None:
            yield severity_row("", found)


def _readings(campaign: Campaign, mine: set[UUID]) -> dict[UUID, list[tuple[str, str, bool]]]:
    """Return what each of these reviewers called in first readings that chance allotted."""
    choice = from_json(campaign.protocol).instrument
    scale = find_instrument(choice.code, choice.version)
    read = select(Review.case_id).where(Review.reviewer_id.in_(mine))
    rows = db.session.execute(
        select(Case.id, Case.modality, Review.reviewer_id, Review.score, Review.allocation_random)
        .join(Review, Review.case_id == Case.id)
        .where(
            Case.campaign_id == campaign.id,
            Case.id.in_(read),
            Case.channel == "random",
            Case.state != CaseState.EXCLUDED,
            Case.excluded_reason == "",
            Review.turn == Turn.FIRST,
            Review.version == 1,
        )
        .order_by(Case.id, Review.submitted_at, Review.id)
    )
    found: dict[UUID, list[tuple[str, str, bool]]] = defaultdict(list)
    seen: set[UUID] = set()
    for case_id, modality, reviewer, score, was_random in rows:
        # The first review in time is the reading, as for all numbers.
        if case_id not in seen and reviewer in mine and was_random:
            found[reviewer].append((str(reviewer), modality, scale.is_discrepant(score)))
        seen.add(case_id)
    return found
