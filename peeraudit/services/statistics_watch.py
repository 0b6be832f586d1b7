"""Use cases: the network lead reads whether reporting changed since a campaign that is over."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.protocol_reader import from_json
from peeraudit.domain.review_lines import read_readings
from peeraudit.domain.statistics.campaign import CampaignCounts
from peeraudit.domain.statistics.over_time import HIDDEN_DATES
from peeraudit.domain.statistics.results import Status
from peeraudit.domain.statistics.since_baseline import (
    MOST_REPORTS,
    NO_BASELINE,
    NOT_FINAL,
    TOO_MANY,
    Later,
    Usual,
    Watch,
    usual_of,
    watch,
)
from peeraudit.extensions import db
from peeraudit.models.campaigns import Campaign
from peeraudit.models.summaries import Snapshot
from peeraudit.services import statistics, statistics_kept

FIRST_READ = "first_read"


@dataclass(frozen=True, slots=True)
class WatchView:
    """What changed since a campaign that is over.

    Attributes:
        baseline: title of the campaign that says what is usual; empty where there is none.
        usual: what it says; None where there is none.
        departments: by id as text, those whose first-read rate may be told.
        hidden: how many others were read.
        reasons: codes why nothing is told.
    """

    baseline: str = ""
    usual: Usual | None = None
    departments: Mapping[str, Watch] = field(default_factory=dict)
    hidden: int = 0
    reasons: tuple[str, ...] = ()


def show_watch(campaign_id: UUID, *, by: Actor) -> WatchView:
    """Return the evidence of a change up to a campaign whose numbers are final.

    The first campaign on the same scale and under the same blinding with enough first readings
    says what is usual, and stays the one: campaigns after it are counted together.

    Returns:
        The evidence, or why there is none.
    """
    by.require(Permission.COMPUTE_STATISTICS)
    alike = list(_alike(campaign_id))
    if not alike or alike[-1][1].id != campaign_id:
        return WatchView(reasons=(NOT_FINAL,))
    for place, (snapshot, campaign) in enumerate(alike[:-1]):
        usual = usual_of(_counts(snapshot).reviewers)
        if not usual.closed:
            later = [pair for pair in alike[place + 1 :] if _is_after(pair[1], campaign)]
            return _told(campaign.title, usual, later)
    return WatchView(reasons=(NO_BASELINE,))


def _counts(snapshot: Snapshot) -> CampaignCounts:
    return CampaignCounts.from_json(snapshot.data)


def _is_after(later: Campaign, earlier: Campaign) -> bool:
    return later.period_start > earlier.period_end


def _alike(campaign_id: UUID) -> Iterator[tuple[Snapshot, Campaign]]:
    """Yield final numbers that can be compared with a campaign's, in order; its own come last."""
    this = db.session.get_one(Campaign, campaign_id)
    rows = db.session.execute(
        select(Snapshot, Campaign)
        .join(Campaign, Campaign.id == Snapshot.campaign_id)
        .where(Snapshot.is_final, Campaign.period_start <= this.period_start)
        .order_by(Campaign.period_start, Campaign.id == campaign_id, Campaign.code)
    )
    mine = from_json(this.protocol)
    for snapshot, campaign in rows:
        rules = from_json(campaign.protocol)
        if (rules.instrument, rules.blinding) == (mine.instrument, mine.blinding):
            yield snapshot, campaign


def _told(baseline: str, usual: Usual, later: list[tuple[Snapshot, Campaign]]) -> WatchView:
    if not later:
        return WatchView(baseline, usual, reasons=(NO_BASELINE,))
    if sum(cell.scored for snapshot, _ in later for cell in _counts(snapshot).cells) > MOST_REPORTS:
        return WatchView(baseline, usual, reasons=(TOO_MANY,))
    reports, days = defaultdict[str, list[Later]](list), 0
    for snapshot, campaign in later:
        days += (campaign.period_end - campaign.period_start).days + 1
        for department, found in _reports(snapshot).items():
            reports[department] += found
    if any(not one.month for found in reports.values() for one in found):
        return WatchView(baseline, usual, reasons=(HIDDEN_DATES,))
    telling = statistics.telling_of(later[-1][0])
    open_ = {
        place
        for place, told in telling.outside.items()
        if told.total[FIRST_READ].status is not Status.SUPPRESSED
    }
    watched = {
        place: evidence
        for place in sorted(reports)
        if place in open_ and (evidence := watch(usual, reports[place], days=days)) is not None
    }
    return WatchView(baseline, usual, watched, len(reports) - len(watched))


def _reports(snapshot: Snapshot) -> dict[str, list[Later]]:
    """Return the reports behind final numbers by department, in the order of their months."""
    ground = statistics_kept.exported_ground(snapshot)
    readings = read_readings(statistics_kept.table_of(snapshot), ground)
    found = defaultdict[str, list[Later]](list)
    for one in sorted(readings, key=lambda one: (one.department, one.month or "", one.position)):
        # Whoever chose the case knew more of it: only those that chance allotted count.
        if one.was_random:
            is_discrepant = ground.scale.is_discrepant(one.first)
            found[one.department].append(Later(one.modality, one.month or "", is_discrepant))
    return found
