"""Use cases: freezing a campaign, and computing its numbers from the frozen counts."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select

from peeraudit.adapters.clock import now
from peeraudit.adapters.queue import TaskName
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, Conflicting, IllegalMove, NotFound
from peeraudit.domain.jobs import JobKind
from peeraudit.domain.protocol_reader import from_json
from peeraudit.domain.snapshot_files import results_text, same_results
from peeraudit.domain.statistics.campaign import (
    CampaignCounts,
    CampaignNumbers,
    compute,
    fingerprint,
)
from peeraudit.domain.statistics.counting import count_tallies
from peeraudit.domain.summaries.disclosure import Audience, Limits, Telling, limits_for, tell
from peeraudit.domain.workflow import CAMPAIGN_LABELS, CampaignState
from peeraudit.extensions import db
from peeraudit.models.campaigns import Campaign
from peeraudit.models.summaries import Snapshot
from peeraudit.services import campaigns, jobs, settling, statistics_kept, trail
from peeraudit.services.campaigns import CampaignDepartmentView
from peeraudit.services.jobs import JobOrder
from peeraudit.services.statistics_counts import live_ground
from peeraudit.services.statistics_tallies import tallies_of

STEPS = 3
COMPUTABLE = (CampaignState.RUNNING, CampaignState.ADJUDICATING, CampaignState.FROZEN)


@dataclass(frozen=True, slots=True)
class SnapshotLine:
    """A snapshot without its numbers."""

    id: UUID
    number: int
    is_final: bool
    data_sha256: str
    computed_at: datetime


@dataclass(frozen=True, slots=True)
class SnapshotView:
    """A snapshot with what may be told of it beyond the departments.

    Attributes:
        departments: in the order of their codes.
        telling: by department id as text; what only a department reads is left out.
        limits: the minimum counts behind it.
    """

    line: SnapshotLine
    campaign_id: UUID
    methods: tuple[str, ...]
    departments: tuple[CampaignDepartmentView, ...]
    telling: Telling
    limits: Limits


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a snapshot still follows from its data.

    Attributes:
        data_kept: the data have the hash that was written down.
        same_numbers: computing again gives the same numbers.
        same_counts: counting again gives the same data; None for an interim snapshot, whose
            campaign has gone on since.
    """

    number: int
    is_final: bool
    data_kept: bool
    same_numbers: bool
    same_counts: bool | None

    @property
    def holds(self) -> bool:
        """Return whether everything is as it was."""
        return self.data_kept and self.same_numbers and self.same_counts is not False


def order_statistics(campaign_id: UUID, *, by: Actor) -> UUID:
    """Order the computation of a campaign's numbers; return the job's id.

    While the campaign runs, this gives an interim snapshot; once it is frozen, the final one.

    Raises:
        IllegalMove: nothing can be computed where the campaign stands.
        Conflicting: the final numbers exist, or are being computed.
    """
    by.require(Permission.COMPUTE_STATISTICS)
    campaign = campaigns.locked_row(campaign_id)
    if campaign.state not in COMPUTABLE:
        raise IllegalMove(
            N_(
                "This campaign now stands at “%(state)s”: its numbers are computed while it runs"
                " and when it is frozen."
            ),
            state=CAMPAIGN_LABELS[campaign.state],
        )
    if find_final(campaign_id) is not None:
        raise Conflicting(
            N_("The final numbers of this campaign are computed; they no longer change.")
        )
    return order_computation(campaign, by=by)


def freeze_campaign(campaign_id: UUID, *, reason: str = "", by: Actor) -> UUID:
    """Freeze a campaign's data for good and order its final numbers; return the job's id.

    Args:
        campaign_id: whose data; a campaign that is still being read ends its readings first.
        reason: why cases that are not settled are left out; needed only where some are.
        by: the network lead.

    Raises:
        CasesStillOpen: a case is unread, or some are open and no reason is given.
        InvalidInput: the reason is too short or too long.
        IllegalMove: the campaign does not run, or is frozen already.
    """
    by.require(Permission.COMPUTE_STATISTICS)
    campaign = campaigns.locked_row(campaign_id)
    if campaign.state is CampaignState.RUNNING:
        settling.begin_settling(campaign_id, by=by)
    settling.freeze_campaign(campaign_id, reason=reason, by=by)
    return order_computation(campaign, by=by)


def compute_statistics(job_id: UUID) -> Iterator[None]:
    """Count, compute and write down one snapshot for a job, in three bites.

    Nothing is written before the last bite, which writes the snapshot and ends the job in one
    transaction: whenever the work is killed, running it again gives one correct snapshot.

    Raises:
        Conflicting: the readings cannot be counted together.
        JobCancelled: somebody asked it to stop.
    """
    campaign_id = _campaign_of(job_id)
    campaign = campaigns.locked_row(campaign_id)
    is_final = campaign.state is CampaignState.FROZEN
    thresholds = from_json(campaign.protocol).thresholds
    ground = live_ground(campaign_id)
    counts = count_tallies(tallies_of(campaign_id, ground.scale), ground)
    jobs.report_progress(job_id, 1, total=STEPS)
    yield
    numbers = compute(counts)
    telling = tell(counts, numbers, thresholds)
    jobs.report_progress(job_id, 2, total=STEPS)
    yield
    # One writer at a time for each campaign; a twin of this job finds it over.
    campaigns.locked_row(campaign_id)
    job = jobs.view(job_id)
    if job.state.is_over:
        return
    if job.requested_by is None and not is_final and _is_told(campaign_id, counts):
        jobs.succeed(job_id, {"unchanged": True})
        yield
        return
    known = find_final(campaign_id) if is_final else None
    snapshot = known or _write(campaign_id, counts, numbers, telling, is_final=is_final)
    if is_final and known is None:
        db.session.flush()  # its readings are kept with it
        statistics_kept.keep(snapshot.id, statistics_kept.new_table(campaign_id, ground))
    jobs.succeed(job_id, {"number": snapshot.number, "is_final": snapshot.is_final})
    yield


def list_snapshots(campaign_id: UUID, *, by: Actor) -> list[SnapshotLine]:
    """Return the snapshots of a campaign, newest first.

    Raises:
        NotFound: there is no such campaign.
    """
    by.require(Permission.COMPUTE_STATISTICS)
    campaigns.show_campaign(campaign_id, by=by)
    rows = db.session.scalars(
        select(Snapshot).where(Snapshot.campaign_id == campaign_id).order_by(Snapshot.number.desc())
    )
    return [_line(row) for row in rows]


def show_snapshot(campaign_id: UUID, number: int, *, by: Actor) -> SnapshotView:
    """Return a snapshot as the network lead may read it: with the limits for the outside.

    Raises:
        NotFound: there is no such snapshot.
    """
    by.require(Permission.COMPUTE_STATISTICS)
    row = db.session.scalar(
        select(Snapshot).where(Snapshot.campaign_id == campaign_id, Snapshot.number == number)
    )
    if row is None:
        raise NotFound(N_("There is no such snapshot."))
    telling = telling_of(row)
    return SnapshotView(
        line=_line(row),
        campaign_id=campaign_id,
        methods=tuple(row.methods.split()),
        departments=tuple(campaigns.departments_of([campaign_id])[campaign_id]),
        telling=replace(telling, inside={}, reference={}, standing={}),
        limits=limits_for(Audience.OUTSIDE, campaigns.protocol_of(campaign_id).thresholds),
    )


def verify_snapshots(campaign_code: str) -> list[Verdict]:
    """Return for each snapshot of a campaign whether it still follows from its data.

    Raises:
        NotFound: there is no such campaign.
    """
    campaign = db.session.scalar(select(Campaign).where(Campaign.code == campaign_code))
    if campaign is None:
        raise NotFound(N_("There is no such campaign."))
    thresholds = from_json(campaign.protocol).thresholds
    rows = db.session.scalars(
        select(Snapshot).where(Snapshot.campaign_id == campaign.id).order_by(Snapshot.number)
    ).all()
    found = []
    for row in rows:
        counts = CampaignCounts.from_json(row.data)
        numbers = compute(counts)
        results = results_text(numbers, tell(counts, numbers, thresholds))
        counted = statistics_kept.count_again(row).to_json() if row.is_final else None
        again = None if counted is None else counted == row.data
        found.append(
            Verdict(
                number=row.number,
                is_final=row.is_final,
                data_kept=fingerprint(row.data) == row.data_sha256,
                same_numbers=same_results(row.results, results),
                same_counts=again,
            )
        )
    return found


def find_final(campaign_id: UUID) -> Snapshot | None:
    """Return the row of the final snapshot, None before it; for services alone."""
    return db.session.scalar(
        select(Snapshot).where(Snapshot.campaign_id == campaign_id, Snapshot.is_final)
    )


def telling_of(row: Snapshot) -> Telling:
    """Return what was decided to be told when the snapshot was written; for services alone."""
    return Telling.from_dict(json.loads(row.results)["told"])


def order_computation(campaign: Campaign, *, by: Actor | None) -> UUID:
    """Write down the job that computes a campaign's numbers; for services alone.

    Args:
        campaign: whose numbers.
        by: who asked for it; None for the clock, whose job writes nothing down where nothing
            has changed since the last snapshot.

    Raises:
        Conflicting: they are being computed.
    """
    job_id = jobs.order(
        JobOrder(
            kind=JobKind.STATISTICS,
            task=TaskName.COMPUTE_STATISTICS,
            lock_key=lock_of(campaign),
            subject_id=campaign.id,
            campaign_id=campaign.id,
            requested_by=by.account_id if by else None,
            total=STEPS,
        )
    )
    details = {"part": _part_of(campaign)}
    trail.record(
        "order_statistics", by, object_kind="campaign", object_id=campaign.id, details=details
    )
    return job_id


def lock_of(campaign: Campaign) -> str:
    """Return the key of which one computation is alive at a time; for services alone."""
    return f"statistics:{campaign.id}:{_part_of(campaign)}"


def _part_of(campaign: Campaign) -> str:
    # An interim computation that is under way does not keep a campaign from being frozen.
    return "final" if campaign.state is CampaignState.FROZEN else "interim"


def _is_told(campaign_id: UUID, counts: CampaignCounts) -> bool:
    """Return whether the newest snapshot was computed from the same data."""
    newest = db.session.scalar(
        select(Snapshot.data_sha256)
        .where(Snapshot.campaign_id == campaign_id)
        .order_by(Snapshot.number.desc())
        .limit(1)
    )
    return newest == fingerprint(counts.to_json())


def _campaign_of(job_id: UUID) -> UUID:
    campaign_id = jobs.view(job_id).campaign_id
    if campaign_id is None:
        raise NotFound(N_("There is no such campaign."))
    return campaign_id


def _write(
    campaign_id: UUID,
    counts: CampaignCounts,
    numbers: CampaignNumbers,
    telling: Telling,
    *,
    is_final: bool,
) -> Snapshot:
    last = db.session.scalar(
        select(func.max(Snapshot.number)).where(Snapshot.campaign_id == campaign_id)
    )
    data = counts.to_json()
    row = Snapshot(
        id=uuid4(),
        campaign_id=campaign_id,
        number=(last or 0) + 1,
        is_final=is_final,
        data=data,
        data_sha256=fingerprint(data),
        results=results_text(numbers, telling),
        methods=" ".join(sorted({*numbers.methods(), *telling.methods})),
        computed_at=now(),
    )
    db.session.add(row)
    trail.record(
        "compute_statistics",
        None,
        object_kind="snapshot",
        object_id=row.id,
        details={"number": row.number, "is_final": is_final, "data_sha256": row.data_sha256},
    )
    return row


def _line(row: Snapshot) -> SnapshotLine:
    return SnapshotLine(row.id, row.number, row.is_final, row.data_sha256, row.computed_at)
