"""Use cases: what a plan would do, told before it is published."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, NotFound
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.workflow import Turn
from peeraudit.extensions import db
from peeraudit.models.assignments import Plan
from peeraudit.services import assignment_material, blinding, campaigns
from peeraudit.services.assignment_plans import Entry, entries_of, find_plan_breaches
from peeraudit.services.plan_names import Person, cases_of, people


@dataclass(frozen=True, slots=True)
class LoadView:
    """What a plan gives to one reviewer, in readings.

    Attributes:
        planned: by this plan.
        held: of the same campaign before it.
        capacity: most that the person takes in a campaign.
    """

    reviewer_id: UUID
    name: str
    department: str
    planned: int
    held: int
    capacity: int


@dataclass(frozen=True, slots=True)
class DepartmentLoad:
    """What a plan gives to the reviewers of one department, in readings."""

    department: str
    reviewers: int
    readings: int
    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class UnplacedView:
    """A case that lacks readings in a plan, and why; nothing tells where it comes from."""

    code: str
    modality: str
    region: str
    missing: int
    reason: Sentence


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan in figures, without any case's author, department or text.

    Attributes:
        state: ``draft``, ``published`` or ``superseded``.
        readings: how many it gives out.
        cases: how many cases have one at least.
        wanted: readings that were asked for when it was made.
        departments: names, for the lines and columns of ``flows``.
        flows: readings from the cases' department (line) to the readers' (column).
        shortages: what is asked for beyond what the rules let be placed.
        breaches: rules that a draft would break if it were published now.
        edited_from: the number of the plan that a person changed; None if nobody did.
        seconds: time that the solver took.
    """

    id: UUID
    campaign_id: UUID
    number: int
    state: str
    seed: str
    created_at: datetime
    published_at: datetime | None
    readings: int
    cases: int
    double_reads: int
    wanted: int
    loads: tuple[LoadView, ...]
    departments: tuple[str, ...]
    flows: tuple[tuple[int, ...], ...]
    unplaced: tuple[UnplacedView, ...]
    shortages: tuple[Sentence, ...]
    breaches: tuple[Sentence, ...]
    edited_from: int | None
    seconds: float

    @property
    def readers(self) -> tuple[LoadView, ...]:
        """Return those who get a reading at least."""
        return tuple(load for load in self.loads if load.planned)

    @property
    def missing(self) -> int:
        """Return how many readings could not be placed."""
        return sum(one.missing for one in self.unplaced)

    @property
    def by_department(self) -> tuple[DepartmentLoad, ...]:
        """Return the loads of each department's reviewers, in the order of the names."""
        found = []
        for name in self.departments:
            loads = [load.planned for load in self.loads if load.department == name]
            if loads:
                row = DepartmentLoad(name, len(loads), sum(loads), min(loads), max(loads))
                found.append(row)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a plan would start from now.

    Attributes:
        cases: those that lack a reader.
        readings: how many they lack.
        readers: reviewers who are present and accept cases.
        room: readings that they can take.
        unready: cases that their departments have not let pass yet.
    """

    cases: int
    readings: int
    readers: int
    room: int
    unready: int


@dataclass(frozen=True, slots=True)
class EntryView:
    """One reading of a plan as a person edits it.

    Attributes:
        reviewer: the reviewer's e-mail address, which tells the person apart.
        alternates: addresses of those who could step in, best first.
    """

    case_id: UUID
    code: str
    modality: str
    region: str
    turn: Turn
    reviewer_id: UUID
    reviewer: str
    name: str
    department: str
    reason: Sentence
    alternates: tuple[str, ...]


def show_plan(campaign_id: UUID, *, by: Actor) -> PlanView | None:
    """Return the newest plan of a campaign; None before the first."""
    by.require(Permission.PLAN_ASSIGNMENT)
    plan = db.session.scalar(
        select(Plan).where(Plan.campaign_id == campaign_id).order_by(Plan.number.desc()).limit(1)
    )
    return None if plan is None else _view(plan)


def show_plan_by_id(plan_id: UUID, *, by: Actor) -> PlanView:
    """Return one plan.

    Raises:
        NotFound: there is no such plan.
    """
    by.require(Permission.PLAN_ASSIGNMENT)
    return _view(_plan(plan_id))


def show_waiting(campaign_id: UUID, *, by: Actor) -> Waiting:
    """Return what a plan would start from now.

    Raises:
        NotFound: there is no such campaign.
    """
    by.require(Permission.PLAN_ASSIGNMENT)
    material = assignment_material.gather(campaign_id)
    states = assignment_material.count_states(campaign_id)
    room = material.readers.with_room
    return Waiting(
        cases=len(material.cases),
        readings=material.wanted,
        readers=sum(one.capacity > 0 for one in room),
        room=sum(one.capacity for one in room),
        unready=sum(states[state] for state in assignment_material.UNREADY),
    )


def list_entries(plan_id: UUID, *, by: Actor) -> list[EntryView]:
    """Return a plan's readings, by the cases' random codes.

    Raises:
        NotFound: there is no such plan.
    """
    by.require(Permission.PLAN_ASSIGNMENT)
    plan = _plan(plan_id)
    staff, cases = people(), cases_of(plan.campaign_id)
    alternates = json.loads(plan.report).get("alternates", {})
    views = []
    for entry in entries_of(plan):
        person, case = staff[entry.reviewer_id], cases[entry.case_id]
        names = [UUID(one) for one in alternates.get(str(entry.case_id), ())]
        views.append(
            EntryView(
                case_id=case.id,
                code=case.code,
                modality=case.modality,
                region=case.region,
                turn=entry.turn,
                reviewer_id=entry.reviewer_id,
                reviewer=person.email,
                name=person.name,
                department=person.department,
                reason=entry.reason,
                alternates=tuple(staff[one].email for one in names if one in staff),
            )
        )
    return sorted(views, key=lambda view: (view.code, view.turn))


def _plan(plan_id: UUID) -> Plan:
    plan = db.session.get(Plan, plan_id)
    if plan is None:
        raise NotFound(N_("There is no such plan."))
    return plan


def _view(plan: Plan) -> PlanView:
    entries, report = entries_of(plan), json.loads(plan.report)
    places = {p.case_id: p.department_id for p in blinding.places_of_cases(plan.campaign_id)}
    staff, departments = people(), _departments(plan.campaign_id)
    is_draft = plan.state == "draft"
    readings = Counter(entry.case_id for entry in entries)
    return PlanView(
        id=plan.id,
        campaign_id=plan.campaign_id,
        number=plan.number,
        state=plan.state,
        seed=plan.seed,
        created_at=plan.created_at,
        published_at=plan.published_at,
        readings=len(entries),
        cases=len(readings),
        double_reads=sum(count > 1 for count in readings.values()),
        wanted=report["wanted"],
        loads=_loads(plan, report, staff),
        departments=tuple(departments.values()),
        flows=_flows(entries, places, staff, departments),
        unplaced=_unplaced(plan, report),
        shortages=tuple(Sentence(said, params) for said, params in report["shortages"]),
        breaches=find_plan_breaches(plan, entries) if is_draft else (),
        edited_from=report.get("edited_from"),
        seconds=report["seconds"],
    )


def _loads(
    plan: Plan, report: Mapping[str, Any], staff: Mapping[UUID, Person]
) -> tuple[LoadView, ...]:
    most = campaigns.protocol_of(plan.campaign_id).assignment.max_load
    own = assignment_material.limits_of(plan.campaign_id)
    planned = {UUID(one): count for one, count in report["loads"].items()}
    held = report["held"]
    found = [
        LoadView(
            reviewer_id=one,
            name=staff[one].name,
            department=staff[one].department,
            planned=count,
            held=held.get(str(one), 0),
            capacity=min(
                staff[one].capacity,
                staff[one].capacity if most is None else most,
                own.get(one, staff[one].capacity),
            ),
        )
        for one, count in planned.items()
        if one in staff
    ]
    return tuple(sorted(found, key=lambda load: (load.department, load.name, load.reviewer_id)))


def _flows(
    entries: Sequence[Entry],
    places: Mapping[UUID, UUID],
    staff: Mapping[UUID, Person],
    departments: Mapping[UUID, str],
) -> tuple[tuple[int, ...], ...]:
    # A case whose identity was destroyed comes from nowhere.
    counts = Counter(
        (departments.get(places[entry.case_id], ""), staff[entry.reviewer_id].department)
        for entry in entries
        if entry.case_id in places
    )
    names = list(departments.values())
    return tuple(tuple(counts[source, target] for target in names) for source in names)


def _unplaced(plan: Plan, report: Mapping[str, Any]) -> tuple[UnplacedView, ...]:
    if not report["unplaced"]:
        return ()
    cases = cases_of(plan.campaign_id)
    found = []
    for case_id, missing, said, params in report["unplaced"]:
        case = cases[UUID(case_id)]
        reason = Sentence(said, params)
        found.append(UnplacedView(case.code, case.modality, case.region, missing, reason))
    return tuple(sorted(found, key=lambda one: one.code))


def _departments(campaign_id: UUID) -> dict[UUID, str]:
    places = campaigns.departments_of([campaign_id])[campaign_id]
    return {place.id: place.name for place in places}
