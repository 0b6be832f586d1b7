"""Use cases: what a plan will be able to tell, where it is tight, and what would mend it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.assignment.design import Design, Given, describe_design
from peeraudit.domain.assignment.plan import Overlap, Pairing, PlanRules
from peeraudit.domain.assignment.remedies import find_remedies
from peeraudit.domain.errors import N_, NotFound
from peeraudit.domain.sampling.forecasts import WhatIf
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.workflow import GONE, READING_TURNS
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment, Plan
from peeraudit.services import blinding
from peeraudit.services.assignment_material import Material
from peeraudit.services.assignment_plans import Entry, entries_of
from peeraudit.services.plan_names import CaseName, cases_of, people

HARD_CASES_SHOWN = 12
PEOPLE_NAMED = 12
# Of a case that so few may read, one absence is felt.
FEW = 5


@dataclass(frozen=True, slots=True)
class HardCase:
    """A case that few may read.

    Attributes:
        eligible: reviewers who may.
        readings: how many of its readings the plan places.
    """

    code: str
    modality: str
    region: str
    eligible: int
    readings: int


@dataclass(frozen=True, slots=True)
class Raised:
    """A reviewer who would take more."""

    name: str
    department: str
    most: int


@dataclass(frozen=True, slots=True)
class RemedyView:
    """A smallest change with which all would be placed.

    Attributes:
        raised: who would take how many of this plan at most; the first of them.
        codes: the cases that it is about, by their random codes; the first of them.
    """

    reason: Sentence
    raised: tuple[Raised, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Insight:
    """What a plan tells of itself beyond its figures.

    Attributes:
        design: what its readings, with those given out before, can tell apart; None without any.
        rate: the rate of discrepancies that is assumed for it, a proportion.
        hard: cases that few may read, those with the fewest first.
        remedies: what would let all be placed, the smallest change first.
        overlap: how the cases that two read join reviewers, before they were placed and after;
            None without such cases, and where a person has changed the plan.
    """

    design: Design | None
    rate: float
    hard: tuple[HardCase, ...]
    remedies: tuple[RemedyView, ...]
    overlap: Overlap | None


def remedies_of(material: Material, rules: PlanRules) -> list[dict[str, Any]]:
    """Return the smallest changes that would let all be placed, as they are kept with a plan."""
    found = find_remedies(
        material.cases, material.readers.with_room, conflicts=material.conflicts, rules=rules
    )
    return [
        {
            "reason": [one.reason.message, dict(one.reason.params)],
            "most": dict(one.most),
            "cases": sorted({*one.exempt, *one.reviews}),
        }
        for one in found
    ]


def show_insight(plan_id: UUID, *, by: Actor) -> Insight:
    """Return what a plan can tell, where it is tight, and what would mend it.

    Raises:
        NotFound: there is no such plan.
    """
    by.require(Permission.PLAN_ASSIGNMENT)
    plan = db.session.get(Plan, plan_id)
    if plan is None:
        raise NotFound(N_("There is no such plan."))
    entries, rate = entries_of(plan), WhatIf().rate
    cases = cases_of(plan.campaign_id)
    return Insight(
        design=describe_design(_given(plan, entries), rate=rate),
        rate=rate,
        hard=_hard(entries, cases),
        remedies=_remedies(plan, cases),
        overlap=_overlap(plan),
    )


def _overlap(plan: Plan) -> Overlap | None:
    kept = json.loads(plan.report).get("overlap")
    if not kept:
        return None
    return Overlap(Pairing(**kept["before"]), Pairing(**kept["after"]), kept["moved"])


def _given(plan: Plan, entries: Sequence[Entry]) -> list[Given]:
    """Return the readings of a plan with those that were given out before it."""
    places = {p.case_id: str(p.department_id) for p in blinding.places_of_cases(plan.campaign_id)}
    pairs = {(entry.case_id, entry.reviewer_id) for entry in entries}
    live = select(Assignment.case_id, Assignment.reviewer_id).where(
        Assignment.campaign_id == plan.campaign_id,
        Assignment.state.not_in(GONE),
        Assignment.turn.in_(READING_TURNS),
    )
    if plan.state != "draft":
        before = select(Plan.id).where(
            Plan.campaign_id == plan.campaign_id, Plan.number < plan.number
        )
        live = live.where(Assignment.plan_id.in_(before))
    pairs |= {(case_id, reviewer_id) for case_id, reviewer_id in db.session.execute(live)}
    # A case whose identity was destroyed comes from nowhere.
    return [
        Given(str(reviewer), str(case), places[case])
        for case, reviewer in sorted(pairs)
        if case in places
    ]


def _hard(entries: Sequence[Entry], cases: dict[UUID, CaseName]) -> tuple[HardCase, ...]:
    eligible: dict[UUID, int] = {}
    readings: dict[UUID, int] = {}
    for entry in entries:
        count = entry.reason.params.get("eligible")
        # What a person chose by hand has no such number.
        if isinstance(count, int) and count <= FEW:
            eligible[entry.case_id] = count
        readings[entry.case_id] = readings.get(entry.case_id, 0) + 1
    found = [
        HardCase(cases[one].code, cases[one].modality, cases[one].region, count, readings[one])
        for one, count in eligible.items()
    ]
    found.sort(key=lambda one: (one.eligible - one.readings, one.eligible, one.code))
    return tuple(found[:HARD_CASES_SHOWN])


def _remedies(plan: Plan, cases: dict[UUID, CaseName]) -> tuple[RemedyView, ...]:
    kept, staff = json.loads(plan.report).get("remedies", ()), people()
    found = []
    for one in kept:
        raised = [
            Raised(staff[UUID(name)].name, staff[UUID(name)].department, most)
            for name, most in one["most"].items()
            if UUID(name) in staff
        ]
        raised.sort(key=lambda person: (person.department, person.name))
        codes = sorted(cases[UUID(case)].code for case in one["cases"])
        found.append(
            RemedyView(
                reason=Sentence(*one["reason"]),
                raised=tuple(raised[:PEOPLE_NAMED]),
                codes=tuple(codes[:PEOPLE_NAMED]),
            )
        )
    return tuple(found)
