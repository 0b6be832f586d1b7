"""REST: the caller's cases to settle, with the two reviews as A and B, and the decision."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema, fields
from apiflask.fields import Boolean, DateTime, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Range

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.api.authentication import calling_actor, needs
from peeraudit.api.v1.scoring import PriorAnswer, prior_answer
from peeraudit.domain.accounts import Permission
from peeraudit.domain.scoring import COMMENT_MAXIMUM, LONGEST_READING
from peeraudit.domain.workflow import DeclineReason
from peeraudit.services import adjudication, readings
from peeraudit.services.adjudication import Decision, SettlingView

bp = APIBlueprint("api_adjudication", __name__, url_prefix="/api/v1/adjudication", tag="Settling")


class WaitingCaseAnswer(Schema):
    """A case that waits for its adjudicator."""

    assignment_id = fields.UUID(required=True)
    code = String(required=True)
    campaign = String(required=True)
    modality = String(required=True)
    region = String(required=True)
    due_at = DateTime(required=True)
    is_reconsideration = Boolean(required=True)


class DeskAnswer(Schema):
    """What the caller has to settle, the most pressing first, and how many are settled."""

    cases = List(Nested(WaitingCaseAnswer), required=True)
    done = Integer(required=True)


class OpinionAnswer(Schema):
    """What one of the reviewers says."""

    letter = String(required=True)
    score = String(required=True)
    error_type = String(required=True)
    comment = String(required=True)
    urgent = Boolean(required=True)
    findings = String(required=True, metadata={"description": "found before the report was shown"})


class ContestedAnswer(Schema):
    """The outcome that the author contests, and the author's words."""

    score = String(required=True)
    error_type = String(required=True)
    comment = String(required=True)
    words = String(required=True)


class MaskedSectionAnswer(Schema):
    """One part of a masked report; ⟦kind⟧ stands for each identifier."""

    heading = String(required=True)
    text = String(required=True)


class CaseToSettleAnswer(Schema):
    """A case as its adjudicator may see it."""

    assignment_id = fields.UUID(required=True)
    code = String(required=True)
    campaign = String(required=True)
    modality = String(required=True)
    region = String(required=True)
    laterality = String(required=True)
    urgency = String(required=True)
    derived = List(String(), required=True, metadata={"description": "what was worked out"})
    department = String(required=True, metadata={"description": "empty where it is hidden"})
    exam = String(required=True)
    month = String(required=True)
    language = String(required=True)
    due_at = DateTime(required=True)
    instrument = String(required=True)
    scores = List(String(), required=True)
    error_types = List(String(), required=True)
    sections = List(Nested(MaskedSectionAnswer), required=True)
    priors = List(Nested(PriorAnswer), required=True)
    shifted_dates = Boolean(required=True)
    opinions = List(Nested(OpinionAnswer), required=True)
    contested = Nested(ContestedAnswer, required=True, allow_none=True)


class DecisionInput(Schema):
    """The decision."""

    score = String(required=True, validate=Length(max=4))
    error_type = String(load_default="", validate=Length(max=32))
    comment = String(load_default="", validate=Length(max=COMMENT_MAXIMUM))
    seconds = Integer(load_default=0, validate=Range(min=0, max=LONGEST_READING))


class SettledAnswer(Schema):
    """The outcome that the decision made."""

    outcome_id = fields.UUID(required=True)


class GiveBackInput(Schema):
    """Why a case is given back; ``identifier_seen`` takes it from every screen.

    Its note holds the words that give a person away, for the department that sent the case.
    """

    reason = String(required=True, validate=OneOf([reason.value for reason in DeclineReason]))
    note = String(load_default="", validate=Length(max=300))


@bp.get("/")
@needs(Permission.ADJUDICATE_CASES)
@bp.output(DeskAnswer)
def list_cases() -> dict[str, Any]:
    """List the cases that wait for the caller's decision."""
    desk = adjudication.list_cases(by=calling_actor())
    return {"cases": desk.cases, "done": desk.done}


@bp.get("/<uuid:assignment_id>")
@needs(Permission.ADJUDICATE_CASES)
@bp.output(CaseToSettleAnswer)
def show_case(assignment_id: UUID) -> dict[str, Any]:
    """Show a case to settle, masked, with the two reviews as A and B."""
    return _answer(adjudication.show_case(assignment_id, by=calling_actor()))


@bp.post("/<uuid:assignment_id>/decision")
@needs(Permission.ADJUDICATE_CASES)
@bp.input(DecisionInput)
@bp.output(SettledAnswer, status_code=201)
def settle_case(assignment_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Settle a case, for good."""
    with unit_of_work():
        outcome_id = adjudication.settle_case(
            assignment_id, Decision(**json_data), by=calling_actor()
        )
    return {"outcome_id": outcome_id}


@bp.post("/<uuid:assignment_id>/decline")
@needs(Permission.ADJUDICATE_CASES)
@bp.input(GiveBackInput)
@bp.output({}, status_code=204)
def decline_case(assignment_id: UUID, json_data: dict[str, Any]) -> str:
    """Give a case back; another adjudicator gets it, or its department masks it again."""
    reason = DeclineReason(json_data["reason"])
    with unit_of_work():
        readings.decline(assignment_id, reason, note=json_data["note"], by=calling_actor())
    return ""


def _answer(view: SettlingView) -> dict[str, Any]:
    return {
        "assignment_id": view.assignment_id,
        "code": view.code,
        "campaign": view.campaign,
        "modality": view.modality,
        "region": view.region,
        "laterality": view.facts.laterality,
        "urgency": view.facts.urgency,
        "derived": sorted(view.facts.derived),
        "department": view.department,
        "exam": "".join(text for _, text in view.exam),
        "month": view.month,
        "language": view.language,
        "due_at": view.due_at,
        "instrument": view.instrument.name,
        "scores": view.instrument.codes,
        "error_types": view.instrument.error_codes,
        "priors": [prior_answer(one) for one in view.priors],
        "sections": [
            {"heading": part.heading, "text": "".join(text for _, text in part.segments)}
            for part in view.sections
        ],
        "shifted_dates": any(part.has_shifted_days for part in view.sections),
        "opinions": view.opinions,
        "contested": view.contested,
    }
