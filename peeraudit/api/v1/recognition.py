"""REST: the question that follows a review: was the author or the department recognised?"""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema, fields
from apiflask.fields import List, Nested, String
from apiflask.validators import Length, OneOf

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.api.authentication import calling_actor, needs
from peeraudit.domain.accounts import Permission
from peeraudit.domain.recognition import (
    NAME_MAXIMUM,
    Recognised,
    Recognition,
    RecognitionAnswer,
)
from peeraudit.services import blinding_recognition

bp = APIBlueprint("api_recognition", __name__, url_prefix="/api/v1/recognition", tag="Scoring")


class PlaceAnswer(Schema):
    """A department that may be named."""

    id = fields.UUID(required=True)
    name = String(required=True)


class QuestionAnswer(Schema):
    """What is asked of a review that was handed in."""

    assignment_id = fields.UUID(required=True)
    code = String(required=True)
    about = List(String(), required=True)
    departments = List(Nested(PlaceAnswer), required=True)


class RecognitionInput(Schema):
    """The answer: ``guess`` and ``sure`` say what was recognised, and who is meant if one likes."""

    recognition = String(required=True, validate=OneOf([one.value for one in Recognition]))
    about = String(
        load_default=None, allow_none=True, validate=OneOf([one.value for one in Recognised])
    )
    department_id = fields.UUID(load_default=None, allow_none=True)
    name = String(load_default="", validate=Length(max=NAME_MAXIMUM))


@bp.get("/<uuid:assignment_id>")
@needs(Permission.SCORE_CASES)
@bp.output(QuestionAnswer)
def show_question(assignment_id: UUID) -> dict[str, Any]:
    """Show what is asked of a review of the caller."""
    question = blinding_recognition.show_question(assignment_id, by=calling_actor())
    return {
        "assignment_id": question.assignment_id,
        "code": question.code,
        "about": [one.value for one in question.about],
        "departments": [{"id": one, "name": name} for one, name in question.departments],
    }


@bp.post("/<uuid:assignment_id>")
@needs(Permission.SCORE_CASES)
@bp.input(RecognitionInput)
@bp.output({}, status_code=204)
def answer_question(assignment_id: UUID, json_data: dict[str, Any]) -> str:
    """Answer for good; the answer is kept apart from the score and read by nobody."""
    about = json_data["about"]
    answer = RecognitionAnswer(
        Recognition(json_data["recognition"]),
        Recognised(about) if about else None,
        json_data["department_id"],
        json_data["name"],
    )
    with unit_of_work():
        blinding_recognition.answer_question(assignment_id, answer, by=calling_actor())
    return ""
