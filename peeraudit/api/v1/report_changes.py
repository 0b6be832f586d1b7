"""REST: drawn reports that their sender changed, and which version is audited."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema, fields
from apiflask.fields import Boolean, DateTime, Integer, List, Nested, String
from apiflask.validators import OneOf

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.api.authentication import calling_actor, needs
from peeraudit.domain.accounts import Permission
from peeraudit.domain.intake.changes import CHOICES, Decision, KeepReason
from peeraudit.services import change_decisions, report_changes
from peeraudit.services.report_changes import ChangeLine, ChangeView, VersionView

bp = APIBlueprint(
    "api_report_changes",
    __name__,
    url_prefix="/api/v1/deidentification/changes",
    tag="De-identification",
)


class ChangeLineAnswer(Schema):
    """A drawn report that changed; its decision is empty while it waits."""

    id = fields.UUID(required=True)
    code = String(required=True)
    campaign = String(required=True)
    exam = String(required=True)
    status = String(required=True)
    came_at = DateTime(required=True)
    decision = String(required=True)
    decided_at = DateTime(required=True, allow_none=True)


class ChangesAnswer(Schema):
    """The drawn reports that changed, those that wait first."""

    changes = List(Nested(ChangeLineAnswer), required=True)


class StretchAnswer(Schema):
    """Some words; marked where the other version has others."""

    text = String(required=True)
    marked = Boolean(required=True)


class VersionAnswer(Schema):
    """One version of a report as it was received."""

    number = Integer(required=True)
    status = String(required=True)
    came_at = DateTime(required=True)
    text = List(Nested(StretchAnswer), required=True)


class ChangeAnswer(Schema):
    """Both versions, and what may be decided."""

    id = fields.UUID(required=True)
    case_id = fields.UUID(required=True)
    code = String(required=True)
    campaign = String(required=True)
    exam = String(required=True)
    drawn = Nested(VersionAnswer, required=True)
    arrived = Nested(VersionAnswer, required=True)
    choices = List(String(), required=True)
    decision = String(required=True)
    reason = String(required=True)
    decided_at = DateTime(required=True, allow_none=True)


class DecisionBody(Schema):
    """What is audited; the reason is needed where the drawn version is kept."""

    decision = String(required=True, validate=OneOf([one.value for one in CHOICES]))
    reason = String(load_default="", validate=OneOf(["", *(r.value for r in KeepReason)]))


@bp.get("/")
@needs(Permission.CHECK_DEIDENTIFICATION)
@bp.output(ChangesAnswer)
def list_changes() -> dict[str, Any]:
    """List the drawn reports of the department that their sender changed."""
    return {"changes": list(map(_line, report_changes.list_changes(by=calling_actor())))}


@bp.get("/<uuid:change_id>")
@needs(Permission.CHECK_DEIDENTIFICATION)
@bp.output(ChangeAnswer)
def show_change(change_id: UUID) -> dict[str, Any]:
    """Return both versions of a changed report."""
    return _answer(report_changes.show_change(change_id, by=calling_actor()))


@bp.post("/<uuid:change_id>/decision")
@needs(Permission.CHECK_DEIDENTIFICATION)
@bp.input(DecisionBody)
@bp.output(ChangeAnswer)
def decide_change(change_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Decide which version is audited; said twice, it is one decision."""
    actor = calling_actor()
    reason = KeepReason(json_data["reason"]) if json_data["reason"] else None
    choice = Decision(json_data["decision"])
    with unit_of_work():
        change_decisions.decide(change_id, choice, reason=reason, by=actor)
    return _answer(report_changes.show_change(change_id, by=actor))


def _line(line: ChangeLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "code": line.case_code,
        "campaign": line.campaign_title,
        "exam": line.exam,
        "status": line.status,
        "came_at": line.came_at,
        "decision": line.decision.value if line.decision else "",
        "decided_at": line.decided_at,
    }


def _answer(change: ChangeView) -> dict[str, Any]:
    return {
        "id": change.id,
        "case_id": change.case_id,
        "code": change.case_code,
        "campaign": change.campaign_title,
        "exam": change.exam,
        "drawn": _version(change.drawn),
        "arrived": _version(change.arrived),
        "choices": [choice.value for choice in change.choices],
        "decision": change.decision.value if change.decision else "",
        "reason": change.reason.value if change.reason else "",
        "decided_at": change.decided_at,
    }


def _version(one: VersionView) -> dict[str, Any]:
    return {
        "number": one.number,
        "status": one.status,
        "came_at": one.came_at,
        "text": [{"text": part.words, "marked": part.is_marked} for part in one.stretches],
    }
