"""REST: campaigns, their protocols, where they stand and what moves them on."""

import json
from dataclasses import asdict
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema, fields
from apiflask.fields import Boolean, DateTime, Dict, Float, Integer, List, Nested, Raw, String
from apiflask.validators import OneOf
from flask_babel import gettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.adapters.wording import in_words
from peeraudit.api.authentication import calling_actor, needs
from peeraudit.api.v1.protocols import ProtocolRules, protocol_from
from peeraudit.domain.accounts import Permission
from peeraudit.domain.board import StepCount
from peeraudit.domain.sampling.forecasts import WhatIf
from peeraudit.domain.workflow import CampaignEvent, CampaignState
from peeraudit.services import boards, campaigns
from peeraudit.services.campaigns import CampaignView

bp = APIBlueprint("api_campaigns", __name__, url_prefix="/api/v1/campaigns", tag="Campaigns")

STATES = tuple(state.value for state in CampaignState)


class CampaignInput(Schema):
    """A campaign to be: its rules and who takes part."""

    protocol = Nested(ProtocolRules, required=True)
    department_ids = List(fields.UUID(), load_default=[])


class ForecastInput(CampaignInput):
    """Rules of which to know the price before they are kept."""

    rate = Float(load_default=WhatIf().rate)
    minutes = Integer(load_default=WhatIf().minutes)


class PlaceAnswer(Schema):
    """A department that takes part."""

    id = fields.UUID(required=True)
    code = String(required=True)
    name = String(required=True)


class CampaignAnswer(Schema):
    """A campaign; ``protocol_sha256`` is the SHA-256 of its rules as canonical JSON."""

    id = fields.UUID(required=True)
    code = String(required=True)
    title = String(required=True)
    state = String(required=True, metadata={"enum": list(STATES)})
    protocol = Raw(required=True)
    protocol_sha256 = String(allow_none=True)
    departments = List(Nested(PlaceAnswer), required=True)
    created_at = DateTime(required=True)
    locked_at = DateTime(allow_none=True)
    frozen_at = DateTime(allow_none=True)


class CampaignsAnswer(Schema):
    """Campaigns, newest first."""

    campaigns = List(Nested(CampaignAnswer), required=True)


class ForecastAnswer(Schema):
    """What to expect of a protocol; rates and widths are proportions."""

    frame_size = Integer(required=True)
    cases = Integer(required=True)
    second_reads = Integer(required=True)
    routed_reads = Integer(required=True)
    readings = Integer(required=True)
    reviewers = Integer(required=True)
    hours = Float(allow_none=True)
    room = Integer(required=True)
    interval = List(Float(), allow_none=True)
    half_width = Float(allow_none=True)
    is_feasible = Boolean(required=True)
    between = Float(allow_none=True)
    since = Float(allow_none=True)
    warnings = List(String(), required=True)


class ProgressAnswer(Schema):
    """How far the cases of a department are."""

    department = Nested(PlaceAnswer, required=True)
    steps = Dict(keys=String(), values=Integer(), required=True)
    cases = Integer(required=True)


class BoardJobAnswer(Schema):
    """Long work of the campaign."""

    id = fields.UUID(required=True)
    kind = String(required=True)
    state = String(required=True)
    done = Integer(required=True)
    total = Integer(required=True)
    eta_seconds = Integer(allow_none=True)
    message = String(required=True)


class BoardAnswer(Schema):
    """How far a campaign is; it tells of no person and of no score."""

    state = String(required=True, metadata={"enum": list(STATES)})
    steps = Dict(keys=String(), values=Integer(), required=True)
    cases = Integer(required=True)
    departments = List(Nested(ProgressAnswer), required=True)
    late_readings = Integer(required=True)
    late_settlements = Integer(required=True)
    next_act = String(required=True)
    jobs = List(Nested(BoardJobAnswer), required=True)
    leads = Boolean(required=True)


class StepInput(Schema):
    """What is to happen to the campaign."""

    event = String(required=True, validate=OneOf([event.value for event in boards.STEPS]))
    reason = String(load_default="")


class StateAnswer(Schema):
    """Where the campaign stands now."""

    state = String(required=True, metadata={"enum": list(STATES)})


class LockAnswer(Schema):
    """The hash of the rules, which no longer change."""

    protocol_sha256 = String(required=True)


@bp.post("")
@needs(Permission.WRITE_PROTOCOL)
@bp.input(CampaignInput)
@bp.output(CampaignAnswer, status_code=201)
def create_campaign(json_data: dict[str, Any]) -> dict[str, Any]:
    """Open a campaign as a draft."""
    actor, protocol = calling_actor(), protocol_from(json_data["protocol"])
    with unit_of_work():
        campaign_id = campaigns.create_campaign(protocol, json_data["department_ids"], by=actor)
    return _answer(campaigns.show_campaign(campaign_id, by=actor))


@bp.post("/forecast")
@needs(Permission.WRITE_PROTOCOL)
@bp.input(ForecastInput)
@bp.output(ForecastAnswer)
def foretell(json_data: dict[str, Any]) -> dict[str, Any]:
    """Tell what a protocol would cost and yield; nothing is kept."""
    assumed = WhatIf(json_data["rate"], json_data["minutes"])
    protocol = protocol_from(json_data["protocol"])
    told = boards.foretell(protocol, json_data["department_ids"], assumed, by=calling_actor())
    return {**asdict(told), "warnings": [in_words(warning) for warning in told.warnings]}


@bp.get("/<uuid:campaign_id>")
@needs(Permission.READ_CAMPAIGN)
@bp.output(CampaignAnswer)
def show_campaign(campaign_id: UUID) -> dict[str, Any]:
    """Return a campaign and its rules."""
    return _answer(campaigns.show_campaign(campaign_id, by=calling_actor()))


@bp.get("")
@needs(Permission.READ_CAMPAIGN)
@bp.output(CampaignsAnswer)
def list_campaigns() -> dict[str, Any]:
    """List the campaigns that the caller may see."""
    return {"campaigns": [_answer(one) for one in campaigns.list_campaigns(by=calling_actor())]}


@bp.put("/<uuid:campaign_id>/protocol")
@needs(Permission.WRITE_PROTOCOL)
@bp.input(CampaignInput)
@bp.output(CampaignAnswer)
def save_protocol(campaign_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Replace the rules and the departments of a draft."""
    actor, protocol = calling_actor(), protocol_from(json_data["protocol"])
    with unit_of_work():
        campaigns.save_protocol(campaign_id, protocol, json_data["department_ids"], by=actor)
    return _answer(campaigns.show_campaign(campaign_id, by=actor))


@bp.post("/<uuid:campaign_id>/lock")
@needs(Permission.LOCK_PROTOCOL)
@bp.output(LockAnswer)
def lock_campaign(campaign_id: UUID) -> dict[str, Any]:
    """Lock the rules for good."""
    with unit_of_work():
        return {"protocol_sha256": campaigns.lock_campaign(campaign_id, by=calling_actor())}


@bp.get("/<uuid:campaign_id>/board")
@needs(Permission.READ_CAMPAIGN)
@bp.output(BoardAnswer)
def show_board(campaign_id: UUID) -> dict[str, Any]:
    """Tell how far a campaign is, and what moves it on."""
    board = boards.show_board(campaign_id, by=calling_actor())
    return {
        "state": board.campaign.state.value,
        "steps": _steps(board.steps),
        "cases": board.cases,
        "departments": [
            {"department": one.department, "steps": _steps(one.steps), "cases": one.cases}
            for one in board.departments
        ],
        "late_readings": board.late.readings,
        "late_settlements": board.late.settlements,
        "next_act": board.next_act.value,
        "jobs": [
            {
                "id": job.id,
                "kind": job.kind.value,
                "state": job.state.value,
                "done": job.done,
                "total": job.total,
                "eta_seconds": job.eta_seconds,
                "message": gettext(job.error, **job.error_params) if job.error else "",
            }
            for job in board.jobs
        ],
        "leads": board.leads,
    }


@bp.post("/<uuid:campaign_id>/advance")
@needs(Permission.COMPUTE_STATISTICS)
@bp.input(StepInput)
@bp.output(StateAnswer)
def take_step(campaign_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Close the reading, freeze the data, or close the campaign, once nothing needs it open."""
    with unit_of_work():
        event = CampaignEvent(json_data["event"])
        state = boards.take_step(campaign_id, event, reason=json_data["reason"], by=calling_actor())
    return {"state": state.value}


def _steps(counts: tuple[StepCount, ...]) -> dict[str, int]:
    return {part.step.value: part.count for part in counts}


def _answer(campaign: CampaignView) -> dict[str, Any]:
    protocol = json.loads(campaign.protocol.to_canonical_json())
    return {
        "id": campaign.id,
        "code": campaign.code,
        "title": campaign.title,
        "state": campaign.state.value,
        "protocol": protocol,
        "protocol_sha256": campaign.protocol_sha256,
        "departments": campaign.departments,
        "created_at": campaign.created_at,
        "locked_at": campaign.locked_at,
        "frozen_at": campaign.frozen_at,
    }
