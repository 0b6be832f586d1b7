"""REST: plans of who reads what."""

from typing import Any, NoReturn
from uuid import UUID

from apiflask import APIBlueprint, Schema, fields
from apiflask.fields import DateTime, Float, Integer, List, Nested, String
from apiflask.validators import OneOf
from flask import abort, jsonify, make_response
from flask_babel import gettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.api.authentication import calling_actor, needs
from peeraudit.domain.accounts import Permission
from peeraudit.domain.assignment.sheet import READINGS, Wish
from peeraudit.domain.errors import N_, DomainError, NotFound
from peeraudit.domain.sentences import Sentence
from peeraudit.services import assignment, assignment_preview, assignment_sheets
from peeraudit.services.assignment import EditRefused, PlanBroken
from peeraudit.services.assignment_preview import EntryView, PlanView

bp = APIBlueprint("api_assignment", __name__, url_prefix="/api/v1", tag="Assignment")

STATES = ("draft", "published", "superseded")


class OrderAnswer(Schema):
    """The job that makes a plan."""

    job_id = fields.UUID(required=True)


class LoadAnswer(Schema):
    """Readings of one reviewer: by this plan, before it, and the most that the person takes."""

    reviewer_id = fields.UUID(required=True)
    name = String(required=True)
    department = String(required=True)
    planned = Integer(required=True)
    held = Integer(required=True)
    capacity = Integer(required=True)


class UnplacedAnswer(Schema):
    """A case that lacks readings, and why."""

    case = String(required=True)
    modality = String(required=True)
    region = String(required=True)
    missing = Integer(required=True)
    reason = String(required=True)


class PlanAnswer(Schema):
    """A plan in figures; ``flows`` are readings from the cases' department to the readers'."""

    id = fields.UUID(required=True)
    campaign_id = fields.UUID(required=True)
    number = Integer(required=True)
    state = String(required=True, metadata={"enum": list(STATES)})
    seed = String(required=True)
    created_at = DateTime(required=True)
    published_at = DateTime(allow_none=True)
    readings = Integer(required=True)
    cases = Integer(required=True)
    wanted = Integer(required=True)
    missing = Integer(required=True)
    seconds = Float(required=True)
    edited_from = Integer(allow_none=True)
    reviewers = List(Nested(LoadAnswer), required=True)
    departments = List(String(), required=True)
    flows = List(List(Integer()), required=True)
    unplaced = List(Nested(UnplacedAnswer), required=True)
    shortages = List(String(), required=True)
    breaches = List(String(), required=True)


class EntryAnswer(Schema):
    """One reading of a plan, with those who could step in."""

    case = String(required=True)
    reading = Integer(required=True)
    reviewer = String(required=True)
    name = String(required=True)
    department = String(required=True)
    modality = String(required=True)
    region = String(required=True)
    reason = String(required=True)
    alternates = List(String(), required=True)


class EntriesAnswer(Schema):
    """The readings of a plan."""

    entries = List(Nested(EntryAnswer), required=True)


class EntryInput(Schema):
    """One reading as it should be: the case's code, 1 or 2, and the reviewer's address."""

    case = String(required=True)
    reading = Integer(required=True, validate=OneOf([1, 2]))
    reviewer = String(required=True)


class EntriesInput(Schema):
    """All readings of the plan as it should be."""

    entries = List(Nested(EntryInput), required=True)


class PublishAnswer(Schema):
    """How many readings are offered."""

    readings = Integer(required=True)


@bp.post("/campaigns/<uuid:campaign_id>/plans")
@needs(Permission.PLAN_ASSIGNMENT)
@bp.output(OrderAnswer, status_code=202)
def order_plan(campaign_id: UUID) -> dict[str, Any]:
    """Order a plan for the cases that lack a reader."""
    actor = calling_actor()
    with unit_of_work():
        return {"job_id": assignment.order_plan(campaign_id, by=actor)}


@bp.get("/campaigns/<uuid:campaign_id>/plans/newest")
@needs(Permission.PLAN_ASSIGNMENT)
@bp.output(PlanAnswer)
def show_newest(campaign_id: UUID) -> dict[str, Any]:
    """Show the newest plan of a campaign."""
    plan = assignment.show_plan(campaign_id, by=calling_actor())
    if plan is None:
        raise NotFound(N_("This campaign has no plan yet."))
    return _plan(plan)


@bp.get("/plans/<uuid:plan_id>")
@needs(Permission.PLAN_ASSIGNMENT)
@bp.output(PlanAnswer)
def show_plan(plan_id: UUID) -> dict[str, Any]:
    """Show a plan."""
    return _plan(assignment_preview.show_plan_by_id(plan_id, by=calling_actor()))


@bp.get("/plans/<uuid:plan_id>/entries")
@needs(Permission.PLAN_ASSIGNMENT)
@bp.output(EntriesAnswer)
def list_entries(plan_id: UUID) -> dict[str, Any]:
    """List the readings of a plan."""
    entries = assignment_preview.list_entries(plan_id, by=calling_actor())
    return {"entries": [_entry(one) for one in entries]}


@bp.put("/plans/<uuid:plan_id>/entries")
@needs(Permission.PLAN_ASSIGNMENT)
@bp.input(EntriesInput)
@bp.output(PlanAnswer)
def replace_entries(plan_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Keep an edited plan as a new draft; refused as a whole if one entry breaks a rule."""
    actor = calling_actor()
    wishes = [
        Wish(number, entry["case"], str(entry["reading"]), entry["reviewer"])
        for number, entry in enumerate(json_data["entries"], start=1)
    ]
    try:
        with unit_of_work():
            new_id = assignment_sheets.take_sheet(plan_id, wishes, by=actor)
    except EditRefused as error:
        lines = [{"entry": p.line, "reason": _said(p.reason)} for p in error.problems]
        _refuse(error, {"entries": lines})
    return _plan(assignment_preview.show_plan_by_id(new_id, by=actor))


@bp.post("/plans/<uuid:plan_id>/publish")
@needs(Permission.PUBLISH_ASSIGNMENT)
@bp.output(PublishAnswer)
def publish_plan(plan_id: UUID) -> dict[str, Any]:
    """Offer a plan's readings to their reviewers; a second call changes nothing."""
    actor = calling_actor()
    try:
        with unit_of_work():
            return {"readings": assignment.publish_plan(plan_id, by=actor)}
    except PlanBroken as error:
        _refuse(error, {"breaches": [_said(one) for one in error.breaches]})


def _refuse(error: DomainError, details: dict[str, Any]) -> NoReturn:
    message = _said(Sentence(error.message, error.params))
    told = {"error": type(error).__name__, "message": message, "details": details}
    abort(make_response(jsonify(told), 422))


def _plan(plan: PlanView) -> dict[str, Any]:
    same = ("id", "campaign_id", "number", "state", "seed", "created_at", "published_at", "flows")
    counts = ("readings", "cases", "wanted", "missing", "seconds", "edited_from")
    return {
        **{name: getattr(plan, name) for name in (*same, *counts)},
        "reviewers": plan.loads,
        "departments": list(plan.departments),
        "unplaced": [
            {
                "case": one.code,
                "modality": one.modality,
                "region": one.region,
                "missing": one.missing,
                "reason": _said(one.reason),
            }
            for one in plan.unplaced
        ],
        "shortages": [_said(one) for one in plan.shortages],
        "breaches": [_said(one) for one in plan.breaches],
    }


def _entry(entry: EntryView) -> dict[str, Any]:
    numbers = {turn: int(word) for word, turn in READINGS.items() if word.isdigit()}
    return {
        "case": entry.code,
        "reading": numbers[entry.turn],
        "reviewer": entry.reviewer,
        "name": entry.name,
        "department": entry.department,
        "modality": entry.modality,
        "region": entry.region,
        "reason": _said(entry.reason),
        "alternates": list(entry.alternates),
    }


def _said(sentence: Sentence) -> str:
    return gettext(sentence.message, **sentence.params)
