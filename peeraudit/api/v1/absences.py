"""REST: the days on which a reviewer gets no new case."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema, fields
from apiflask.fields import Boolean, Date, List, Nested

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.api.authentication import calling_actor, needs
from peeraudit.domain.absences import Away
from peeraudit.domain.accounts import Permission
from peeraudit.services import absences, profiles

bp = APIBlueprint("api_absences", __name__, url_prefix="/api/v1", tag="Network")


class AbsenceInput(Schema):
    """Days on which a reviewer gets no new case, both included.

    With ``finishes``, what falls due on them is due later; else it goes to others if not begun.
    """

    first_day = Date(required=True)
    last_day = Date(required=True)
    finishes = Boolean(load_default=True)


class AbsenceAnswer(AbsenceInput):
    """An absence."""

    id = fields.UUID(required=True)


class AbsencesAnswer(Schema):
    """The absences of a reviewer that are not over, the earliest first."""

    absences = List(Nested(AbsenceAnswer), required=True)


@bp.get("/profile/absences")
@needs(Permission.DECLARE_PROFILE)
@bp.output(AbsencesAnswer)
def list_own_absences() -> dict[str, Any]:
    """Return the absences of the caller."""
    return {"absences": profiles.show_profile(by=calling_actor()).absences}


@bp.post("/profile/absences")
@needs(Permission.DECLARE_PROFILE)
@bp.input(AbsenceInput)
@bp.output(AbsencesAnswer, status_code=201)
def declare_absence(json_data: dict[str, Any]) -> dict[str, Any]:
    """Declare days on which the caller gets no new case."""
    actor = calling_actor()
    with unit_of_work():
        absences.declare_absence(_away(json_data), finishes=json_data["finishes"], by=actor)
    return {"absences": profiles.show_profile(by=actor).absences}


@bp.delete("/profile/absences/<uuid:absence_id>")
@needs(Permission.DECLARE_PROFILE)
@bp.output({}, status_code=204)
def take_back_absence(absence_id: UUID) -> str:
    """Take back an absence of the caller."""
    with unit_of_work():
        absences.take_back_absence(absence_id, by=calling_actor())
    return ""


@bp.get("/reviewers/<uuid:reviewer_id>/absences")
@needs(Permission.MANAGE_NETWORK)
@bp.output(AbsencesAnswer)
def list_absences(reviewer_id: UUID) -> dict[str, Any]:
    """Return the absences of a reviewer."""
    return {"absences": absences.list_absences(reviewer_id, by=calling_actor())}


@bp.post("/reviewers/<uuid:reviewer_id>/absences")
@needs(Permission.MANAGE_NETWORK)
@bp.input(AbsenceInput)
@bp.output(AbsencesAnswer, status_code=201)
def enter_absence(reviewer_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Enter an absence for a reviewer, who is told."""
    actor, finishes = calling_actor(), json_data["finishes"]
    with unit_of_work():
        absences.enter_absence(reviewer_id, _away(json_data), finishes=finishes, by=actor)
    return {"absences": absences.list_absences(reviewer_id, by=actor)}


@bp.delete("/reviewers/<uuid:reviewer_id>/absences/<uuid:absence_id>")
@needs(Permission.MANAGE_NETWORK)
@bp.output({}, status_code=204)
def withdraw_absence(reviewer_id: UUID, absence_id: UUID) -> str:
    """Take back an absence of a reviewer."""
    with unit_of_work():
        absences.withdraw_absence(reviewer_id, absence_id, by=calling_actor())
    return ""


def _away(data: dict[str, Any]) -> Away:
    return Away(data["first_day"], data["last_day"])
