"""REST: departments, reviewers, and what a reviewer declares of the own reading."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema, fields
from apiflask.fields import Boolean, Integer, List, Nested, String

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.api.authentication import calling_actor, needs
from peeraudit.api.v1.absences import AbsenceAnswer
from peeraudit.domain.accounts import Permission
from peeraudit.domain.network import DepartmentCard, ReviewerCard
from peeraudit.services import network, own_limits, profiles
from peeraudit.services.network import DepartmentView, ReviewerView
from peeraudit.services.own_limits import Limits
from peeraudit.services.profiles import NewConflict, Profile

bp = APIBlueprint("api_network", __name__, url_prefix="/api/v1", tag="Network")


class DepartmentInput(Schema):
    """What is known of a department."""

    code = String(required=True)
    name = String(required=True)
    city = String(load_default="")
    finess = String(load_default="")
    language = String(load_default="fr")
    viewer_url = String(load_default="")
    active = Boolean(load_default=True)


class DepartmentAnswer(DepartmentInput):
    """A department and how many people read for it."""

    id = fields.UUID(required=True)
    reviewers = Integer(required=True)


class DepartmentsAnswer(Schema):
    """Departments in the order of their codes."""

    departments = List(Nested(DepartmentAnswer), required=True)


class ReadingInput(Schema):
    """How much and what a reviewer reads; specialities are [modality, region], ``*`` for all."""

    capacity = Integer(load_default=60)
    accepting = Boolean(load_default=True)
    specialities = List(List(String()), load_default=[], metadata={"example": [["CT", "chest"]]})
    reads_children = Boolean(load_default=True)


class ReviewerInput(ReadingInput):
    """A reviewer's card."""

    adjudicates = Boolean(load_default=False)


class NewReviewerInput(ReviewerInput):
    """A person who becomes a reviewer, by account or by e-mail address."""

    email = String(required=True)


class ReviewerAnswer(ReviewerInput):
    """A reviewer, as the network lead sees them."""

    id = fields.UUID(required=True)
    name = String(required=True)
    email = String(required=True)
    department_id = fields.UUID(required=True)
    department_code = String(required=True)


class ReviewersAnswer(Schema):
    """Reviewers by department and name."""

    reviewers = List(Nested(ReviewerAnswer), required=True)


class WeeklyInput(Schema):
    """Most cases of a week, over all campaigns; null is no limit."""

    weekly = Integer(required=True, allow_none=True)


class CampaignLimitInput(Schema):
    """Most cases of a campaign; null is no limit but the capacity."""

    most = Integer(required=True, allow_none=True)


class CampaignLimitAnswer(CampaignLimitInput):
    """A limit, beside what the campaign allows and what the caller has of it."""

    campaign_id = fields.UUID(required=True)
    campaign = String(required=True)
    ceiling = Integer(required=True)
    begun = Integer(required=True)
    waiting = Integer(required=True)


class LimitsAnswer(WeeklyInput):
    """How much the caller wants to read at most."""

    campaigns = List(Nested(CampaignLimitAnswer), required=True)


class LimitedAnswer(Schema):
    """What became of the cases beyond a limit."""

    moved = Integer(required=True)
    stayed = Integer(required=True)


class ConflictInput(Schema):
    """A department or a colleague, exactly one of them."""

    department_id = fields.UUID(load_default=None, allow_none=True)
    colleague_email = String(load_default="")
    reason = String(load_default="")


class ConflictAnswer(Schema):
    """Whose reports a reviewer must not score."""

    id = fields.UUID(required=True)
    department_name = String(required=True)
    colleague_name = String(required=True)
    reason = String(required=True)


class ProfileAnswer(ReviewerInput):
    """What a reviewer has declared."""

    known = Boolean(required=True)
    absences = List(Nested(AbsenceAnswer), required=True)
    conflicts = List(Nested(ConflictAnswer), required=True)


@bp.post("/departments")
@needs(Permission.MANAGE_NETWORK)
@bp.input(DepartmentInput)
@bp.output(DepartmentAnswer, status_code=201)
def add_department(json_data: dict[str, Any]) -> dict[str, Any]:
    """Add a department."""
    actor = calling_actor()
    with unit_of_work():
        department_id = network.add_department(DepartmentCard(**json_data), by=actor)
    return _department(network.show_department(department_id, by=actor))


@bp.get("/departments/<uuid:department_id>")
@needs(Permission.MANAGE_NETWORK)
@bp.output(DepartmentAnswer)
def show_department(department_id: UUID) -> dict[str, Any]:
    """Return a department."""
    return _department(network.show_department(department_id, by=calling_actor()))


@bp.get("/departments")
@needs(Permission.MANAGE_NETWORK)
@bp.output(DepartmentsAnswer)
def list_departments() -> dict[str, Any]:
    """List the departments."""
    found = network.list_departments(by=calling_actor())
    return {"departments": [_department(one) for one in found]}


@bp.put("/departments/<uuid:department_id>")
@needs(Permission.MANAGE_NETWORK)
@bp.input(DepartmentInput)
@bp.output(DepartmentAnswer)
def edit_department(department_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Change a department."""
    actor = calling_actor()
    with unit_of_work():
        network.edit_department(department_id, DepartmentCard(**json_data), by=actor)
    return _department(network.show_department(department_id, by=actor))


@bp.post("/reviewers")
@needs(Permission.MANAGE_NETWORK)
@bp.input(NewReviewerInput)
@bp.output(ReviewerAnswer, status_code=201)
def add_reviewer(json_data: dict[str, Any]) -> dict[str, Any]:
    """Set a person who holds the role of reviewer up as one."""
    actor, email = calling_actor(), json_data.pop("email").strip().lower()
    with unit_of_work():
        reviewer_id = network.make_reviewer(email, _card(json_data), by=actor)
    return _reviewer(network.show_reviewer(reviewer_id, by=actor))


@bp.get("/reviewers/<uuid:reviewer_id>")
@needs(Permission.MANAGE_NETWORK)
@bp.output(ReviewerAnswer)
def show_reviewer(reviewer_id: UUID) -> dict[str, Any]:
    """Return a reviewer."""
    return _reviewer(network.show_reviewer(reviewer_id, by=calling_actor()))


@bp.get("/reviewers")
@needs(Permission.MANAGE_NETWORK)
@bp.output(ReviewersAnswer)
def list_reviewers() -> dict[str, Any]:
    """List the reviewers."""
    return {"reviewers": [_reviewer(one) for one in network.list_reviewers(by=calling_actor())]}


@bp.put("/reviewers/<uuid:reviewer_id>")
@needs(Permission.MANAGE_NETWORK)
@bp.input(ReviewerInput)
@bp.output(ReviewerAnswer)
def edit_reviewer(reviewer_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Change how much and what a reviewer reads."""
    actor = calling_actor()
    with unit_of_work():
        network.edit_reviewer(reviewer_id, _card(json_data), by=actor)
    return _reviewer(network.show_reviewer(reviewer_id, by=actor))


@bp.get("/profile")
@needs(Permission.DECLARE_PROFILE)
@bp.output(ProfileAnswer)
def show_profile() -> dict[str, Any]:
    """Return what the caller has declared as a reviewer."""
    return _profile(profiles.show_profile(by=calling_actor()))


@bp.put("/profile")
@needs(Permission.DECLARE_PROFILE)
@bp.input(ReadingInput)
@bp.output(ProfileAnswer)
def declare_profile(json_data: dict[str, Any]) -> dict[str, Any]:
    """Declare what the caller reads and how much."""
    actor = calling_actor()
    with unit_of_work():
        profiles.declare_profile(_card(json_data), by=actor)
    return _profile(profiles.show_profile(by=actor))


@bp.get("/profile/limits")
@needs(Permission.DECLARE_PROFILE)
@bp.output(LimitsAnswer)
def show_limits() -> dict[str, Any]:
    """Return how much the caller wants to read at most."""
    return _limits(own_limits.show_limits(by=calling_actor()))


@bp.put("/profile/limits")
@needs(Permission.DECLARE_PROFILE)
@bp.input(WeeklyInput)
@bp.output(LimitsAnswer)
def set_weekly(json_data: dict[str, Any]) -> dict[str, Any]:
    """Set how many cases the caller takes in a week; null is no limit."""
    actor = calling_actor()
    with unit_of_work():
        own_limits.set_weekly(json_data["weekly"], by=actor)
    return _limits(own_limits.show_limits(by=actor))


@bp.put("/profile/limits/<uuid:campaign_id>")
@needs(Permission.DECLARE_PROFILE)
@bp.input(CampaignLimitInput)
@bp.output(LimitedAnswer)
def set_limit(campaign_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Set how many cases of a campaign the caller takes; what goes beyond goes to others."""
    with unit_of_work():
        given = own_limits.set_campaign_limit(campaign_id, json_data["most"], by=calling_actor())
    return {"moved": given.moved, "stayed": given.stayed}


@bp.post("/profile/conflicts")
@needs(Permission.DECLARE_PROFILE)
@bp.input(ConflictInput)
@bp.output(ProfileAnswer, status_code=201)
def add_conflict(json_data: dict[str, Any]) -> dict[str, Any]:
    """Declare whose reports the caller must not score."""
    actor = calling_actor()
    with unit_of_work():
        profiles.add_conflict(NewConflict(**json_data), by=actor)
    return _profile(profiles.show_profile(by=actor))


@bp.delete("/profile/conflicts/<uuid:conflict_id>")
@needs(Permission.DECLARE_PROFILE)
@bp.output({}, status_code=204)
def remove_conflict(conflict_id: UUID) -> str:
    """Take back a conflict of the caller; the trail keeps that it was declared."""
    with unit_of_work():
        profiles.remove_conflict(conflict_id, by=calling_actor())
    return ""


def _card(data: dict[str, Any]) -> ReviewerCard:
    # A pair of another length is told by the check of the card, as a speciality that is none.
    pairs = tuple(((*pair, "", "")[0], " ".join(pair[1:])) for pair in data["specialities"])
    return ReviewerCard(**{**data, "specialities": pairs})


def _department(one: DepartmentView) -> dict[str, Any]:
    return {**asdict(one.card), "id": one.id, "reviewers": one.reviewers}


def _reviewer(one: ReviewerView) -> dict[str, Any]:
    return {
        **asdict(one.card),
        "id": one.id,
        "name": one.name,
        "email": one.email,
        "department_id": one.department_id,
        "department_code": one.department_code,
    }


def _limits(limits: Limits) -> dict[str, Any]:
    return {"weekly": limits.weekly, "campaigns": limits.campaigns}


def _profile(profile: Profile) -> dict[str, Any]:
    return {
        **asdict(profile.card),
        "known": profile.known,
        "absences": profile.absences,
        "conflicts": profile.conflicts,
    }
