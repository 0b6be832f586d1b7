"""REST: the words that are masked in every report of the coordinator's own department."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema, fields
from apiflask.fields import List, Nested, String
from apiflask.validators import Length, OneOf

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.api.authentication import calling_actor, needs
from peeraudit.domain.accounts import Permission
from peeraudit.domain.blinding.spans import KINDS
from peeraudit.services import teaching

bp = APIBlueprint(
    "api_taught_words",
    __name__,
    url_prefix="/api/v1/deidentification/words",
    tag="De-identification",
)


class TeachBody(Schema):
    """Words to mask in every report of the department, from now on and in those that wait."""

    words = String(required=True, validate=Length(min=1, max=200))
    kind = String(load_default="other", validate=OneOf(KINDS))


class WordsLine(Schema):
    """Words that are masked, and what they are."""

    id = fields.UUID(required=True)
    words = String(required=True)
    kind = String(required=True)


class WordsAnswer(Schema):
    """The department's list, in the order of the alphabet."""

    words = List(Nested(WordsLine), required=True)


class TaughtAnswer(Schema):
    """The list as it stands now.

    The job masks the words in the cases that wait for their check; it is absent while one for the
    same words is under way.
    """

    words = List(Nested(WordsLine), required=True)
    job_id = fields.UUID(required=True, allow_none=True)


@bp.get("")
@needs(Permission.CHECK_DEIDENTIFICATION)
@bp.output(WordsAnswer)
def list_words() -> dict[str, Any]:
    """List the words that are masked in every report of the department."""
    return {"words": teaching.list_words(by=calling_actor())}


@bp.post("")
@needs(Permission.CHECK_DEIDENTIFICATION)
@bp.input(TeachBody)
@bp.output(TaughtAnswer, status_code=201)
def teach_words(json_data: dict[str, Any]) -> dict[str, Any]:
    """Have words masked in every report of the department, those that wait included."""
    actor = calling_actor()
    with unit_of_work():
        job_id = teaching.teach(json_data["words"], json_data["kind"], by=actor)
    return {"words": teaching.list_words(by=actor), "job_id": job_id}


@bp.delete("/<uuid:word_id>")
@needs(Permission.CHECK_DEIDENTIFICATION)
@bp.output({}, status_code=204)
def forget_words(word_id: UUID) -> str:
    """Take words off the list; what they mask already stays masked."""
    with unit_of_work():
        teaching.forget(word_id, by=calling_actor())
    return ""
