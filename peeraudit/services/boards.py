"""Use cases: how far a campaign is, and what a protocol would cost."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select

from peeraudit.adapters.clock import now
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.assignment.plan import ANY
from peeraudit.domain.board import NextAct, StepCount, count_steps, next_act
from peeraudit.domain.errors import N_, InvalidInput
from peeraudit.domain.protocol import Protocol
from peeraudit.domain.sampling.feasibility import Reader
from peeraudit.domain.sampling.forecasts import Forecast, Supply, WhatIf, forecast
from peeraudit.domain.workflow import (
    AssignmentState,
    CampaignEvent,
    CampaignState,
    CaseState,
    Turn,
)
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment
from peeraudit.models.cases import Case
from peeraudit.models.jobs import Job
from peeraudit.models.network import Department, Reviewer, Speciality
from peeraudit.models.sampling import Frame
from peeraudit.services import (
    blinding,
    campaigns,
    frames,
    jobs,
    planning,
    retention,
    settling,
    statistics,
    summaries,
    targeting,
)
from peeraudit.services.campaigns import CampaignDepartmentView, CampaignView
from peeraudit.services.frame_reports import count_stock
from peeraudit.services.jobs import JobView

JOBS_SHOWN = 6
STEPS = (
    CampaignEvent.SETTLE,
    CampaignEvent.FREEZE,
    CampaignEvent.REPORT,
    CampaignEvent.CLOSE,
)
_WAITING = (AssignmentState.OFFERED, AssignmentState.ACCEPTED, AssignmentState.STARTED)


@dataclass(frozen=True, slots=True)
class DepartmentProgress:
    """How far the cases of one department are, without the steps that tell of scores."""

    department: CampaignDepartmentView
    steps: tuple[StepCount, ...]
    cases: int


@dataclass(frozen=True, slots=True)
class Late:
    """What is overdue, in readings and settlements; whose they are stands in the plan."""

    readings: int = 0
    settlements: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    """How far a campaign is; it tells of no person and of no score.

    Attributes:
        steps: cases at each step.
        cases: all of them, in cases.
        named: of these, those that a department chose to teach from; they count in no rate.
        departments: the same for each department that the actor's role reaches.
        late: what is overdue; for the network lead alone.
        next_act: what moves the campaign on.
        jobs: its long work, newest first; for the network lead alone.
        leads: whether the actor moves the campaign on.
    """

    campaign: CampaignView
    steps: tuple[StepCount, ...]
    cases: int
    departments: tuple[DepartmentProgress, ...]
    late: Late
    next_act: NextAct
    jobs: tuple[JobView, ...]
    leads: bool
    named: int = 0


def show_board(campaign_id: UUID, *, by: Actor) -> Board:
    """Return how far a campaign is.

    Raises:
        NotFound: there is none, or the actor's department takes no part in it.
    """
    campaign = campaigns.show_campaign(campaign_id, by=by)
    states = _states(campaign_id)
    has_frame = db.session.scalar(select(Frame.id).where(Frame.campaign_id == campaign_id))
    leads = by.may(Permission.PLAN_ASSIGNMENT)
    return Board(
        campaign=campaign,
        steps=count_steps(states, in_full=leads),
        cases=sum(states.values()),
        departments=_departments(campaign, by=by) if states else (),
        late=_late(campaign_id) if leads else Late(),
        next_act=next_act(
            campaign.state,
            states,
            has_frame=has_frame is not None,
            has_numbers=statistics.find_final(campaign_id) is not None,
        ),
        jobs=_jobs(campaign_id) if leads else (),
        leads=leads,
        named=targeting.count_named(campaign_id) if leads else 0,
    )


def take_step(
    campaign_id: UUID, event: CampaignEvent, *, reason: str = "", by: Actor
) -> CampaignState:
    """Close the reading, freeze the data, publish the summaries or close the campaign.

    Args:
        campaign_id: which.
        event: one of ``STEPS``.
        reason: for ``FREEZE``, why cases that are still open are left out.
        by: the network lead.

    Returns:
        Where the campaign stands then.

    Raises:
        CasesStillOpen: cases are still to be read or settled.
        IllegalMove: the event is not possible where the campaign stands.
        InvalidInput: the reason is of no use, or the final numbers are not computed yet.
        NotFound: there is no such campaign.
    """
    by.require(Permission.COMPUTE_STATISTICS)
    if event is CampaignEvent.SETTLE:
        settling.begin_settling(campaign_id, by=by)
    elif event is CampaignEvent.FREEZE:
        statistics.freeze_campaign(campaign_id, reason=reason, by=by)
    elif event is CampaignEvent.REPORT:
        summaries.publish_summaries(campaign_id, by=by)
    elif event is CampaignEvent.CLOSE:
        retention.close_campaign(campaign_id, by=by)
    else:
        raise InvalidInput(N_("This step of a campaign has a page and a call of its own."))
    return campaigns.locked_row(campaign_id).state


def foretell(
    protocol: Protocol, department_ids: Collection[UUID], assumed: WhatIf, *, by: Actor
) -> Forecast:
    """Return what a protocol would cost and yield with the reports and reviewers of today.

    Raises:
        InvalidInput: an assumption or a number of the protocol is out of its range.
    """
    by.require(Permission.WRITE_PROTOCOL)
    return forecast(protocol, _supply(protocol, department_ids), assumed)


def _states(campaign_id: UUID) -> dict[CaseState, int]:
    was_excluded = Case.excluded_reason != ""
    rows = db.session.execute(
        select(Case.state, was_excluded, func.count())
        .where(Case.campaign_id == campaign_id)
        .group_by(Case.state, was_excluded)
    )
    counts: Counter[CaseState] = Counter()
    for state, excluded, number in rows:
        # A purged case is counted where it stood, so that no number changes with the purge.
        counts[CaseState.EXCLUDED if excluded else state] += number
    return dict(counts)


def _departments(campaign: CampaignView, *, by: Actor) -> tuple[DepartmentProgress, ...]:
    """Return the progress of each department; nobody sees how many of its cases are settled.

    A department's few cases that wait for a reply would tell its discrepancies before the
    minimum counts allow it, so even the network lead sees them with those being read.
    """
    places = {place.case_id: place.department_id for place in blinding.places_of_cases(campaign.id)}
    counts: dict[UUID, Counter[CaseState]] = {place.id: Counter() for place in campaign.departments}
    if len(places) < sum(_states(campaign.id).values()):
        # Once identities are destroyed, the draw alone tells how many each department sent.
        _count_drawn(campaign, counts)
        places = {}
    rows = db.session.execute(select(Case.id, Case.state).where(Case.campaign_id == campaign.id))
    for case_id, state in rows:
        if places.get(case_id) in counts:
            counts[places[case_id]][state] += 1
    return tuple(
        DepartmentProgress(
            place, count_steps(counts[place.id], in_full=False), counts[place.id].total()
        )
        for place in campaign.departments
        if by.is_for(place.id)
    )


def _count_drawn(campaign: CampaignView, counts: Mapping[UUID, Counter[CaseState]]) -> None:
    ids = {place.code: place.id for place in campaign.departments}
    for stratum, drawn in frames.current_sizes_of(frames.needed_frame(campaign.id)).items():
        counts[ids[stratum.partition(":")[0]]][CaseState.PURGED] += drawn


def _late(campaign_id: UUID) -> Late:
    rows = db.session.execute(
        select(Assignment.turn, func.count())
        .where(
            Assignment.campaign_id == campaign_id,
            Assignment.state.in_(_WAITING),
            Assignment.due_at < now(),
        )
        .group_by(Assignment.turn)
    )
    counts = dict(rows.all())
    settlements = counts.pop(Turn.ADJUDICATOR, 0)
    return Late(sum(counts.values()), settlements)


def _supply(protocol: Protocol, department_ids: Collection[UUID]) -> Supply:
    scope, named = protocol.scope, select(Department.id, Department.code)
    codes = dict(db.session.execute(named.where(Department.id.in_(department_ids))).all())
    stock = count_stock(codes, protocol)
    reviewers = _reviewers(department_ids)
    return Supply(
        frame_size=sum(stock.strata.values()),
        departments=len(set(department_ids)),
        rooms=tuple(one.room for one in reviewers),
        readers={modality: _readers(modality, department_ids) for modality in scope.modalities},
        strata=stock.strata,
        places=stock.places,
        reviewers=reviewers,
        last_read=planning.count_last_read(),
    )


def _reviewers(department_ids: Collection[UUID]) -> tuple[Reader, ...]:
    """Return those whom a plan would find: reviewers of the departments that take part."""
    rows = db.session.execute(
        select(Reviewer.id, Department.code, Reviewer.capacity)
        .join(Department, Department.id == Reviewer.department_id)
        .where(
            Reviewer.department_id.in_(department_ids), Reviewer.accepting, Reviewer.capacity > 0
        )
        .order_by(Reviewer.id)
    ).all()
    fields: dict[UUID, set[str]] = defaultdict(set)
    declared = select(Speciality.reviewer_id, Speciality.modality)
    for reviewer_id, modality in db.session.execute(declared):
        fields[reviewer_id].add(modality)
    return tuple(
        Reader(code, None if ANY in fields[id_] else frozenset(fields[id_]), room)
        for id_, code, room in rows
    )


def _readers(modality: str, department_ids: Collection[UUID]) -> int:
    counted = (
        select(func.count(Reviewer.id.distinct()))
        .join(Speciality, Speciality.reviewer_id == Reviewer.id)
        .where(
            Reviewer.department_id.in_(department_ids),
            Reviewer.accepting,
            or_(Speciality.modality == modality, Speciality.modality == ANY),
        )
    )
    return db.session.scalar(counted) or 0


def _jobs(campaign_id: UUID) -> tuple[JobView, ...]:
    ids = db.session.scalars(
        select(Job.id)
        .where(Job.campaign_id == campaign_id)
        .order_by(Job.created_at.desc(), Job.id)
        .limit(JOBS_SHOWN)
    ).all()
    return tuple(jobs.view(job_id) for job_id in ids)
