"""Use cases: planning who reads what, editing the plan, and publishing it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from peeraudit.adapters import clock
from peeraudit.adapters.queue import TaskName, enqueue
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.assignment.editing import (
    BY_HAND,
    EditedReview,
    LineProblem,
    find_line_problems,
)
from peeraudit.domain.errors import N_, Conflicting, InvalidInput
from peeraudit.domain.jobs import JobKind
from peeraudit.domain.sentences import Sentence
from peeraudit.domain.workflow import CampaignEvent, CampaignState, CaseEvent, CaseState, Turn
from peeraudit.extensions import db
from peeraudit.models.assignments import Assignment, Plan
from peeraudit.models.campaigns import Campaign
from peeraudit.models.cases import Case
from peeraudit.models.network import Reviewer
from peeraudit.services import (
    assignment_material,
    assignment_preview,
    campaigns,
    jobs,
    offers,
    trail,
)
from peeraudit.services.assignment_material import Material
from peeraudit.services.assignment_plans import (
    Entry,
    check_draft,
    entries_of,
    find_plan_breaches,
    keep_draft,
    locked_plan,
    supersede,
)
from peeraudit.services.assignment_preview import PlanView
from peeraudit.services.jobs import JobOrder
from peeraudit.services.offers import Offer

PLANNABLE = (CampaignState.DRAWN, CampaignState.RUNNING)


class PlanBroken(Conflicting):
    """A plan no longer keeps every rule; ``breaches`` says which."""

    def __init__(self, breaches: Sequence[Sentence]) -> None:
        super().__init__(
            N_(
                "Cases, reviewers or conflicts have changed since this plan was made, and it no "
                "longer keeps every rule. Plan again, or edit the plan. Nothing was published."
            )
        )
        self.breaches = tuple(breaches)


class EditRefused(InvalidInput):
    """An edited plan breaks rules; ``problems`` says which line and why."""

    def __init__(self, problems: Sequence[LineProblem]) -> None:
        super().__init__(
            N_(
                "%(count)d lines cannot be taken. Nothing was changed: correct them and send again."
            ),
            count=len(problems),
        )
        self.problems = tuple(problems)


def order_plan(campaign_id: UUID, *, by: Actor) -> UUID:
    """Order a plan for the cases that lack a reader; return the job's id.

    Raises:
        Conflicting: a plan is under way already.
        InvalidInput: nothing is drawn, or no case lacks a reader.
        NotFound: there is no such campaign.
    """
    by.require(Permission.PLAN_ASSIGNMENT)
    _plannable(campaign_id)
    material = assignment_material.gather(campaign_id)
    if not material.cases:
        raise InvalidInput(
            N_(
                "No case waits for a reader now. Cases can be planned once their department has "
                "checked that they name nobody."
            )
        )
    trail.record("order_plan", by, object_kind="campaign", object_id=campaign_id)
    return jobs.order(
        JobOrder(
            kind=JobKind.ASSIGNMENT,
            task=TaskName.PLAN_ASSIGNMENT,
            lock_key=f"assignment:{campaign_id}",
            subject_id=campaign_id,
            campaign_id=campaign_id,
            requested_by=by.account_id,
            total=material.wanted,
        )
    )


def replace_entries(plan_id: UUID, reviews: Sequence[EditedReview], *, by: Actor) -> UUID:
    """Keep an edited plan as a new draft in place of the one it was made from; return its id.

    Raises:
        Conflicting: the plan is no draft any more.
        EditRefused: some lines break a rule; nothing is changed.
        NotFound: there is no such plan.
    """
    by.require(Permission.PLAN_ASSIGNMENT)
    plan = _locked_draft(plan_id)
    material = assignment_material.gather(plan.campaign_id)
    problems = _line_problems(plan, material, reviews)
    if problems:
        raise EditRefused(problems)
    # What stays as the plan proposed it keeps its reason: it is allocated at random still.
    proposed = {(e.case_id, e.reviewer_id): e.reason for e in entries_of(plan)}
    entries = [
        Entry(case, one.turn, reviewer, proposed.get((case, reviewer), Sentence(BY_HAND)))
        for one in sorted(reviews, key=lambda one: (one.case, one.turn))
        for case, reviewer in [(UUID(one.case), UUID(one.reviewer))]
    ]
    report = json.loads(plan.report) | _edited(entries, material) | {"edited_from": plan.number}
    new_id = keep_draft(plan.campaign_id, plan.seed, [one.as_json() for one in entries], report)
    details = {"from": plan.number, "readings": len(entries)}
    trail.record("edit_plan", by, object_kind="plan", object_id=new_id, details=details)
    return new_id


def find_edit_problems(
    plan_id: UUID, reviews: Sequence[EditedReview], *, by: Actor
) -> tuple[LineProblem, ...]:
    """Return why an edited plan could not be kept, at most one reason a line; change nothing.

    Raises:
        Conflicting: the plan is no draft any more.
        NotFound: there is no such plan.
    """
    by.require(Permission.PLAN_ASSIGNMENT)
    plan = _locked_draft(plan_id)
    return _line_problems(plan, assignment_material.gather(plan.campaign_id), reviews)


def publish_plan(plan_id: UUID, *, by: Actor) -> int:
    """Offer a plan's readings to their reviewers; return how many there are.

    Every rule is checked again on what holds now. A plan that is published already is left
    as it is, so that a second click changes nothing.

    Raises:
        Conflicting: a newer plan took its place.
        IllegalMove: the campaign takes no more assignments.
        InvalidInput: the plan gives out nothing.
        NotFound: there is no such plan.
        PlanBroken: the plan no longer keeps every rule; nothing is published.
    """
    by.require(Permission.PUBLISH_ASSIGNMENT)
    plan = locked_plan(plan_id)
    entries = entries_of(plan)
    if plan.state == "published":
        return len(entries)
    check_draft(plan)
    campaign = _plannable(plan.campaign_id)
    cases = _locked_cases(campaign.id, entries)
    _check_again(plan, entries)
    if not entries:
        raise InvalidInput(
            N_("This plan gives out no reading: follow what it says of each case, then plan again.")
        )
    if campaign.state is CampaignState.DRAWN:
        campaigns.advance_campaign(campaign.id, CampaignEvent.START, by=by)
    supersede(campaign.id, "published")
    plan.state, plan.published_at, plan.published_by = "published", clock.now(), by.account_id
    _give_out(plan, entries, cases, by)
    details = {
        "number": plan.number,
        "readings": len(entries),
        "cases": len({e.case_id for e in entries}),
    }
    trail.record("publish_plan", by, object_kind="plan", object_id=plan.id, details=details)
    return len(entries)


def show_plan(campaign_id: UUID, *, by: Actor) -> PlanView | None:
    """Return the newest plan of a campaign; None before the first."""
    return assignment_preview.show_plan(campaign_id, by=by)


def _line_problems(
    plan: Plan, material: Material, reviews: Sequence[EditedReview]
) -> tuple[LineProblem, ...]:
    return find_line_problems(
        reviews,
        material.cases,
        material.readers.with_room,
        turns=material.turns,
        conflicts=material.conflicts,
        rules=assignment_material.rules_of(campaigns.protocol_of(plan.campaign_id), plan.seed),
    )


def _check_again(plan: Plan, entries: Sequence[Entry]) -> None:
    breaches = find_plan_breaches(plan, entries)
    if breaches:
        raise PlanBroken(breaches)


def _plannable(campaign_id: UUID) -> Campaign:
    campaign = campaigns.locked_row(campaign_id)
    if campaign.state not in PLANNABLE:
        raise InvalidInput(
            N_("Cases are assigned between the draw and the settling of the campaign, not now.")
        )
    return campaign


def _edited(entries: Sequence[Entry], material: Material) -> dict[str, Any]:
    """Return what an edited plan says of itself."""
    loads = {one.id: 0 for one in material.readers.whole}
    missing = {case.id: case.reviews for case in material.cases}
    for entry in entries:
        loads[str(entry.reviewer_id)] += 1
        missing[str(entry.case_id)] -= 1
    left_out = N_("The edited plan leaves this case out.")
    unplaced = [[case, lack, left_out, {}] for case, lack in sorted(missing.items()) if lack]
    return {
        "status": "infeasible" if unplaced else "optimal",
        "loads": loads,
        "unplaced": unplaced,
        "shortages": [],
        "remedies": [],
        # What was placed on purpose is so no more.
        "overlap": None,
        "held": dict(material.readers.held),
        "wanted": material.wanted,
    }


def _locked_draft(plan_id: UUID) -> Plan:
    plan = locked_plan(plan_id)
    check_draft(plan)
    return plan


def _locked_cases(campaign_id: UUID, entries: Sequence[Entry]) -> dict[UUID, Case]:
    """Return a campaign's unread cases; they and the plan's reviewers are held, by id."""
    rows = db.session.scalars(
        select(Case)
        .where(Case.campaign_id == campaign_id, Case.state.in_(assignment_material.UNREAD))
        .order_by(Case.id)
        .with_for_update(),
        execution_options={"populate_existing": True},
    ).all()
    able = {entry.reviewer_id for entry in entries}
    held = select(Reviewer.id).where(Reviewer.id.in_(able)).order_by(Reviewer.id)
    db.session.execute(held.with_for_update())
    return {row.id: row for row in rows}


def _origin(entry: Entry) -> str:
    if entry.reason.message == BY_HAND:
        # Somebody replaced the plan's choice: this reading is not allocated at random.
        return "replacement"
    # The second reading of a case that was designated for two is there by chance alone.
    return "plan" if entry.turn is Turn.FIRST else "random"


def _give_out(
    plan: Plan, entries: Sequence[Entry], cases: Mapping[UUID, Case], by: Actor
) -> list[Assignment]:
    """Offer the first readings; the second ones follow when the first of their case are in."""
    delays = campaigns.protocol_of(plan.campaign_id).delays
    offered = []
    for entry in entries:
        case = cases[entry.case_id]
        new = Offer(case, entry.turn, entry.reviewer_id, _origin(entry), entry.reason, plan.id)
        if entry.turn is Turn.FIRST:
            offered.append(offers.offer(new, delays, by))
        else:
            offers.plan(new, delays)
            # Its first reading may be in already.
            enqueue(TaskName.ROUTE_CASE, case.id, key=f"plan:{plan.id}")
        if case.state is CaseState.ELIGIBLE:
            offers.move_case(case, CaseEvent.ASSIGN, by)
    db.session.flush()  # a rival's assignment of the same reading must be refused here
    offers.announce(offered)
    return offered
