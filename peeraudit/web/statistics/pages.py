"""What does the page of a campaign's numbers show?"""

from dataclasses import dataclass
from uuid import UUID

from peeraudit.adapters.agreement_words import agreement_in_text
from peeraudit.adapters.blinding_words import blinding_in_text
from peeraudit.adapters.funnel_words import funnel_in_text
from peeraudit.adapters.severity_words import severity_in_text
from peeraudit.adapters.summary_words import Words, rate_in_text
from peeraudit.adapters.wording import in_words
from peeraudit.domain.actors import Actor
from peeraudit.domain.jobs import JobKind
from peeraudit.domain.methods.codes import CODES
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.summaries.agreement_page import agreement_lines, agreement_notes
from peeraudit.domain.summaries.funnel_page import funnel_of_all
from peeraudit.domain.summaries.in_words import response_told
from peeraudit.domain.summaries.severity_page import severity_table
from peeraudit.domain.summaries.summary_page import ComparedRow, compare
from peeraudit.services import campaigns, jobs, statistics, summaries
from peeraudit.services.campaigns import CampaignView
from peeraudit.services.statistics import COMPUTABLE, SnapshotLine, SnapshotView
from peeraudit.services.summaries import SummaryLine
from peeraudit.web.jobs.lines import JobLine, line_of


@dataclass(frozen=True, slots=True)
class StatisticsPage:
    """What the template needs.

    Attributes:
        job: the latest computation, None before the first.
        snapshots: newest first.
        shown: the snapshot whose numbers are shown; None where there is none.
        rows: the network and each department in words.
        response: what the reports could change that were drawn and not read; mostly empty.
        coarse: why totals are told without decimals; empty where none is.
        funnel: the departments among one another; None without a snapshot.
        agreement: of the whole panel; None without a snapshot.
        reviewers: how severe they are, by codes; None without a snapshot.
        blinding: what reviewers recognised; None without a snapshot.
        to_be_decided: freezing the data or publishing the summaries is still to come.
    """

    campaign: CampaignView
    job: JobLine | None
    snapshots: list[SnapshotLine]
    shown: SnapshotLine | None
    rows: list[Words]
    response: str
    coarse: str
    funnel: Words | None
    agreement: Words | None
    summaries: list[SummaryLine]
    may_compute: bool
    reviewers: Words | None
    blinding: Words | None
    to_be_decided: bool


def page_of(campaign_id: UUID, chosen: int | None, *, by: Actor) -> StatisticsPage:
    """Return the page; ``chosen`` is the number of a snapshot, None the newest one.

    Raises:
        NotFound: there is no such campaign or snapshot.
    """
    campaign = campaigns.show_campaign(campaign_id, by=by)
    snapshots = statistics.list_snapshots(campaign_id, by=by)
    number = chosen or (snapshots[0].number if snapshots else None)
    view = statistics.show_snapshot(campaign_id, number, by=by) if number else None
    job = jobs.latest(JobKind.STATISTICS, subject_id=campaign_id)
    is_final = any(one.is_final for one in snapshots)
    is_idle = job is None or job.state.is_over
    return StatisticsPage(
        campaign=campaign,
        job=line_of(job) if job else None,
        snapshots=snapshots,
        shown=view.line if view else None,
        rows=_rows(view) if view else [],
        response=_response(view) if view else "",
        coarse=_coarse(view) if view else "",
        funnel=_funnel(view) if view else None,
        agreement=_agreement(view) if view else None,
        blinding=_blinding(view) if view else None,
        reviewers=severity_in_text(severity_table(view.telling.severity)) if view else None,
        summaries=summaries.find_summaries(campaign_id, by=by),
        may_compute=campaign.state in COMPUTABLE and not is_final and is_idle,
        to_be_decided=campaign.state in COMPUTABLE,
    )


def _funnel(view: SnapshotView) -> Words:
    names = {str(place.id): place.name for place in view.departments}
    return funnel_in_text(funnel_of_all(view.telling.comparison, names))


def _response(view: SnapshotView) -> str:
    told = view.telling.network
    found = response_told(told.response, is_coarse=told.is_coarse)
    return in_words(found) if found else ""


def _coarse(view: SnapshotView) -> str:
    told = (view.telling.network, *view.telling.outside.values())
    return in_words(Sentence(CODES["COARSE"].meaning)) if any(o.is_coarse for o in told) else ""


def _blinding(view: SnapshotView) -> Words:
    names = {str(place.id): place.name for place in view.departments}
    return blinding_in_text(view.telling.blinding, names)


def _agreement(view: SnapshotView) -> Words:
    told = view.telling.network.agreement
    return agreement_in_text(agreement_lines(told, view.limits), agreement_notes(told, view.limits))


def _rows(view: SnapshotView) -> list[Words]:
    names = {str(place.id): place.name for place in view.departments}
    return [_row(row) for row in compare(view.telling, names, view.limits)]


def _row(row: ComparedRow) -> Words:
    return {
        "name": row.name,
        "first_read": rate_in_text(row.first_read),
        "confirmed": rate_in_text(row.confirmed),
        "estimated": rate_in_text(row.estimated),
    }
