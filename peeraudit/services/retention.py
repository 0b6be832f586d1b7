"""Use cases: ending what identifies people when its time is over, and telling what is due.

A job goes over everything in bites and destroys what is due at that moment. What it did stays
done: killed or run twice, it goes on with what is left, and with nothing if nothing is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from peeraudit.adapters.clock import local_day, now
from peeraudit.adapters.queue import TaskName, enqueue
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, Conflicting, InvalidInput, NotFound
from peeraudit.domain.jobs import JobKind
from peeraudit.domain.notifications import NoticeKind
from peeraudit.domain.protocol_reader import from_json
from peeraudit.domain.retention import (
    Hold,
    end_of_cases,
    end_of_waiting,
    is_announced,
    is_due,
    may_purge,
    waited_since,
)
from peeraudit.domain.workflow import CampaignEvent, CampaignState, CaseEvent, CaseState
from peeraudit.extensions import db
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.intake import RefusedItem, Report
from peeraudit.models.jobs import Job
from peeraudit.models.sampling import Frame
from peeraudit.services import (
    blinding_purge,
    campaigns,
    intake_purged,
    jobs,
    notifications,
    retention_purge,
    statistics,
    statistics_kept,
    trail,
)
from peeraudit.services.jobs import JobOrder, JobView
from peeraudit.services.offers import move_case

# Less than a fifth of a second a bite: whoever takes reports in waits no longer than that.
CASES_PER_BITE = 50
REPORTS_PER_BITE = 200
RUNS_SHOWN = 20
LOCK_KEY = "retention"
PAGE = "/campaigns/"


@dataclass(frozen=True, slots=True)
class CampaignRetention:
    """The identities of one campaign; counts are cases.

    Attributes:
        ends_at: when their time is over; None while the campaign is not closed.
        kept: cases that still have an identity.
        due: those of them that the next run destroys.
        purged: cases whose identity is destroyed.
        holds: of the cases whose time is over, how many each hold keeps.
    """

    id: UUID
    code: str
    title: str
    state: CampaignState
    months: int
    closed_at: datetime | None
    ends_at: datetime | None
    kept: int
    due: int
    purged: int
    holds: Mapping[Hold, int]


@dataclass(frozen=True, slots=True)
class ReportRetention:
    """The reports that no case is made of; counts are versions of reports.

    Attributes:
        kept: those that still have an identity.
        due: those of them that the next run destroys.
        held: those that waited long enough, but that a campaign lists or may list.
        purged: all reports that lost their identity, the drawn ones too.
        next_at: when the first of them has waited long enough; None where none waits.
    """

    kept: int
    due: int
    held: int
    purged: int
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Retention:
    """What is kept, what is due, and what was destroyed when.

    Attributes:
        refused: refused items that wait to be put right; each for 30 days.
        running: the run under way, None where there is none.
        runs: those that ended, the newest first.
    """

    campaigns: tuple[CampaignRetention, ...]
    reports: ReportRetention
    refused: int
    running: JobView | None
    runs: tuple[JobView, ...]

    @property
    def due_cases(self) -> int:
        """Return how many cases the next run purges."""
        return sum(one.due for one in self.campaigns)

    @property
    def is_anything_due(self) -> bool:
        """Return whether the next run has something to destroy."""
        return self.due_cases + self.reports.due > 0


def show_retention(*, by: Actor | None) -> Retention:
    """Return what is kept and due now; ``by`` None is whoever runs the installation."""
    if by is not None:
        by.require(Permission.RUN_RETENTION)
    rows = db.session.scalars(
        select(Campaign)
        .where(Campaign.id.in_(select(Case.campaign_id)))
        .order_by(Campaign.created_at.desc(), Campaign.id)
    ).all()
    runs = [jobs.view(job_id) for job_id in db.session.scalars(_runs())]
    return Retention(
        campaigns=tuple(_campaign(row) for row in rows),
        reports=_reports(),
        refused=db.session.scalar(select(func.count()).select_from(RefusedItem)) or 0,
        running=next((run for run in runs if not run.state.is_over), None),
        runs=tuple(run for run in runs if run.state.is_over),
    )


def order_purge(*, by: Actor | None) -> UUID:
    """Order that what is due be destroyed; return the job's id.

    Raises:
        Conflicting: a run is under way already.
        InvalidInput: nothing is due.
    """
    if by is not None:
        by.require(Permission.RUN_RETENTION)
    if jobs.is_alive(LOCK_KEY):
        raise Conflicting(N_("Identities are being destroyed just now: wait for the end of it."))
    found = show_retention(by=by)
    if not found.is_anything_due:
        raise InvalidInput(N_("Nothing is due: nothing was destroyed."))
    job_id = jobs.order(
        JobOrder(
            kind=JobKind.PURGE,
            task=TaskName.PURGE_IDENTITIES,
            lock_key=LOCK_KEY,
            requested_by=by.account_id if by else None,
            # Each case ends with its report.
            total=2 * found.due_cases + found.reports.due,
        )
    )
    details = {"cases": found.due_cases, "reports": found.reports.due}
    trail.record("order_purge", by, object_kind="identity", details=details)
    return job_id


def run_retention() -> None:
    """Tell the departments what ends soon, and order what is due; for the clock."""
    _announce()
    if not jobs.is_alive(LOCK_KEY) and show_retention(by=None).is_anything_due:
        order_purge(by=None)


def show_run(job_id: UUID, *, by: Actor) -> JobView:
    """Return how far a run is.

    Raises:
        NotFound: there is no such run.
    """
    by.require(Permission.RUN_RETENTION)
    found = jobs.view(job_id)
    if found.kind is not JobKind.PURGE:
        raise NotFound(N_("There is no such job."))
    return found


def duty_of_purge() -> UUID:
    """Return the duty to carry out the newest run, for who does not wait for a worker."""
    return enqueue(TaskName.PURGE_IDENTITIES, latest_purge().id)


def latest_purge() -> JobView:
    """Return how far the newest run is.

    Raises:
        NotFound: there was none.
    """
    # What was read before belongs to an older state of the data.
    db.session.expire_all()
    return jobs.newest(JobKind.PURGE)


def purge_identities(job_id: UUID) -> Iterator[None]:
    """Destroy what is due in bites, going on where an earlier run was cut off.

    Raises:
        Conflicting: the readings of a campaign are not those of its final numbers.
        JobCancelled: somebody asked it to stop.
    """
    for campaign_id in _due_campaigns():
        last: UUID | None = None
        while True:
            intake_purged.hold_intake()
            cases = _next_cases(campaign_id, last)
            if not cases:
                break
            last = cases[-1].id
            _add(job_id, *_purge_cases(campaign_id, cases))
            yield
        _forget_keys(campaign_id)
        yield
    seen: UUID | None = None
    while rows := _next_reports(seen):
        seen = rows[-1]
        intake_purged.hold_intake()
        _add(job_id, 0, retention_purge.purge_reports(retention_purge.unlinked_versions(rows)))
        yield
    cases_done, reports_done = _done(job_id)
    jobs.succeed(job_id, {"cases": cases_done, "reports": reports_done})
    yield


def close_campaign(campaign_id: UUID, *, by: Actor) -> CampaignState:
    """Close a campaign and its settled cases: from now on their retention runs.

    Raises:
        IllegalMove: its summaries are not published.
        NotFound: there is no such campaign.
    """
    state = campaigns.advance_campaign(campaign_id, CampaignEvent.CLOSE, by=by)
    settled = select(Case).where(Case.campaign_id == campaign_id, Case.state == CaseState.FINAL)
    for case in db.session.scalars(settled.order_by(Case.id).with_for_update()):
        move_case(case, CaseEvent.CLOSE, by)
    return state


def _purge_cases(campaign_id: UUID, cases: list[Case]) -> tuple[int, int]:
    campaign = db.session.get_one(Campaign, campaign_id)
    facts = retention_purge.facts_of(
        [case.id for case in cases],
        ends_at=_end_of(campaign),
        has_numbers=statistics_kept.make_sure(campaign_id),
    )
    return retention_purge.purge_cases(cases, facts)


def _end_of(campaign: Campaign) -> datetime | None:
    return end_of_cases(campaign.closed_at, from_json(campaign.protocol).retention)


def _due_campaigns() -> list[UUID]:
    rows = db.session.scalars(
        select(Campaign)
        .where(Campaign.state == CampaignState.CLOSED)
        .order_by(Campaign.closed_at, Campaign.id)
    )
    return [row.id for row in rows if is_due(_end_of(row), now())]


def _next_cases(campaign_id: UUID, last: UUID | None) -> list[Case]:
    wanted = select(Case).where(Case.campaign_id == campaign_id, Case.state != CaseState.PURGED)
    if last is not None:
        wanted = wanted.where(Case.id > last)
    wanted = wanted.order_by(Case.id).limit(CASES_PER_BITE).with_for_update()
    return list(db.session.scalars(wanted))


def _next_reports(last: UUID | None) -> list[UUID]:
    over = retention_purge.is_over(waited_since(now()))
    wanted = select(Report.id).where(over).order_by(Report.id).limit(REPORTS_PER_BITE)
    if last is not None:
        wanted = wanted.where(Report.id > last)
    return list(db.session.scalars(wanted))


def _forget_keys(campaign_id: UUID) -> None:
    """Throw the keys of a campaign away once nothing of it is to be identified."""
    left = select(Case.id).where(Case.campaign_id == campaign_id, Case.state != CaseState.PURGED)
    frame = db.session.scalar(select(Frame).where(Frame.campaign_id == campaign_id))
    if frame is not None and db.session.scalar(left.limit(1)) is None:
        frame.pseudonym_key = ""
        blinding_purge.destroy_campaign_key(campaign_id)


def _add(job_id: UUID, cases: int, reports: int) -> None:
    before = _done(job_id)
    cases, reports = cases + before[0], reports + before[1]
    total = jobs.view(job_id).total
    jobs.report_progress(job_id, cases + reports, total=total, cursor=f"{cases} {reports}")


def _done(job_id: UUID) -> tuple[int, int]:
    cases, _, reports = (jobs.view(job_id).cursor or "0 0").partition(" ")
    return int(cases), int(reports)


def _announce() -> None:
    rows = db.session.scalars(select(Campaign).where(Campaign.state == CampaignState.CLOSED))
    for row in rows.all():
        end = _end_of(row)
        if end is None or not is_announced(end, now()):
            continue
        for place in campaigns.departments_of([row.id])[row.id]:
            notifications.tell_all(
                place.id,
                NoticeKind.IDENTITIES_TO_END,
                key=str(row.id),
                params={"due": local_day(end), "campaign": row.title},
                path=f"{PAGE}{row.id}",
            )


def _campaign(row: Campaign) -> CampaignRetention:
    ends_at = _end_of(row)
    mine = select(Case.id).where(Case.campaign_id == row.id)
    kept = db.session.scalars(mine.where(Case.state != CaseState.PURGED)).all()
    purged = select(func.count()).where(Case.campaign_id == row.id, Case.state == CaseState.PURGED)
    facts = retention_purge.facts_of(
        kept, ends_at=ends_at, has_numbers=statistics.find_final(row.id) is not None
    ).values()
    is_over = is_due(ends_at, now())
    return CampaignRetention(
        id=row.id,
        code=row.code,
        title=row.title,
        state=row.state,
        months=from_json(row.protocol).retention.identity_months,
        closed_at=row.closed_at,
        ends_at=ends_at,
        kept=len(kept),
        due=sum(may_purge(one, now()) for one in facts),
        purged=db.session.scalar(purged) or 0,
        holds=retention_purge.count_holds(facts, now()) if is_over else {},
    )


def _reports() -> ReportRetention:
    since = waited_since(now())
    linked = blinding_purge.all_linked_reports()
    kept, waiting = _count(Report.purged_at.is_(None)), Report.received_at > since
    over = _count(retention_purge.is_over(since))
    first = select(func.min(Report.received_at)).where(Report.purged_at.is_(None), waiting)
    next_one = db.session.scalar(first)
    return ReportRetention(
        kept=kept - len(linked),
        due=over - retention_purge.count_linked(linked, since),
        held=_count(retention_purge.is_held(since)),
        purged=_count(Report.purged_at.is_not(None)),
        next_at=end_of_waiting(next_one) if next_one else None,
    )


def _count(condition: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count(Report.id)).where(condition)) or 0


def _runs() -> Select[UUID]:
    mine = select(Job.id).where(Job.kind == JobKind.PURGE)
    return mine.order_by(Job.created_at.desc(), Job.id).limit(RUNS_SHOWN)
