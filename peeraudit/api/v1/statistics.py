"""REST: the numbers of a campaign, and the freeze they follow from."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema, fields
from apiflask.fields import Boolean, DateTime, Dict, Float, Integer, List, Nested, Raw, String

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.api.authentication import calling_actor, needs
from peeraudit.domain.accounts import Permission
from peeraudit.domain.readiness import REASON_MAXIMUM
from peeraudit.domain.statistics.results import Status
from peeraudit.services import jobs, statistics
from peeraudit.services.statistics import SnapshotLine

bp = APIBlueprint("api_statistics", __name__, url_prefix="/api/v1", tag="Statistics")


class JobAnswer(Schema):
    """The job that computes a snapshot."""

    job_id = fields.UUID(required=True)
    state = String(required=True)


class FreezeQuestion(Schema):
    """Why cases that are not settled are left out; empty where none is."""

    reason = String(load_default="", metadata={"maxLength": REASON_MAXIMUM})


class SnapshotLineAnswer(Schema):
    """A snapshot without its numbers."""

    number = Integer(required=True)
    is_final = Boolean(required=True)
    data_sha256 = String(required=True)
    computed_at = DateTime(required=True)


class SnapshotsAnswer(Schema):
    """The snapshots of a campaign, newest first."""

    snapshots = List(Nested(SnapshotLineAnswer), required=True)


class EstimateAnswer(Schema):
    """One statistic; what is not told is null, and its reasons say why."""

    value = Float(required=True, allow_none=True)
    ci = List(Float(), required=True, allow_none=True)
    ci_method = String(required=True, allow_none=True)
    se = Float(required=True, allow_none=True)
    n = Integer(required=True)
    N = Integer(required=True, allow_none=True)
    n_eff = Float(required=True, allow_none=True)
    status = String(required=True, metadata={"enum": [one.value for one in Status]})
    reasons = List(String(), required=True)
    warnings = List(String(), required=True)
    own_rules = List(String(), required=True)
    method = String(required=True)
    inputs_sha256 = String(required=True)
    details = Dict(keys=String(), values=Raw(), required=True)


class ModalityAnswer(Schema):
    """The rates of one modality."""

    modality = String(required=True)
    first_read = Nested(EstimateAnswer, required=True)
    confirmed = Nested(EstimateAnswer, required=True)


class TotalAnswer(Schema):
    """The three rates of the whole."""

    first_read = Nested(EstimateAnswer, required=True)
    confirmed = Nested(EstimateAnswer, required=True)
    estimated = Nested(EstimateAnswer, required=True)


class AgreementAnswer(Schema):
    """How far the reviewers of the network agree; ``same`` only where the form is weighted."""

    positive = Nested(EstimateAnswer, required=True)
    alpha = Nested(EstimateAnswer, required=True)
    same = Nested(EstimateAnswer)


class ToldAnswer(Schema):
    """Numbers as they may be told."""

    total = Nested(TotalAnswer, required=True)
    modalities = List(Nested(ModalityAnswer), required=True)
    agreement = Nested(AgreementAnswer, required=True)
    is_coarse = Boolean(required=True)
    response = Nested(EstimateAnswer, allow_none=True)


class DepartmentToldAnswer(Schema):
    """What may be told of one department."""

    id = fields.UUID(required=True)
    code = String(required=True)
    told = Nested(ToldAnswer, required=True)


class SnapshotAnswer(SnapshotLineAnswer):
    """A snapshot with what may be told of it beyond the departments."""

    methods = List(String(), required=True)
    limits = Dict(keys=String(), values=Integer(), required=True)
    network = Nested(ToldAnswer, required=True)
    departments = List(Nested(DepartmentToldAnswer), required=True)


@bp.post("/campaigns/<uuid:campaign_id>/statistics")
@needs(Permission.COMPUTE_STATISTICS)
@bp.output(JobAnswer, status_code=202)
def order_statistics(campaign_id: UUID) -> dict[str, Any]:
    """Order the numbers as they stand: an interim snapshot, or the final one after the freeze."""
    with unit_of_work():
        job_id = statistics.order_statistics(campaign_id, by=calling_actor())
    return _job(job_id)


@bp.post("/campaigns/<uuid:campaign_id>/freeze")
@needs(Permission.COMPUTE_STATISTICS)
@bp.input(FreezeQuestion, location="json")
@bp.output(JobAnswer, status_code=202)
def freeze_campaign(campaign_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Freeze the data for good, and order the final numbers."""
    with unit_of_work():
        job_id = statistics.freeze_campaign(
            campaign_id, reason=json_data["reason"], by=calling_actor()
        )
    return _job(job_id)


@bp.get("/campaigns/<uuid:campaign_id>/snapshots")
@needs(Permission.COMPUTE_STATISTICS)
@bp.output(SnapshotsAnswer)
def list_snapshots(campaign_id: UUID) -> dict[str, Any]:
    """List the snapshots of a campaign."""
    found = statistics.list_snapshots(campaign_id, by=calling_actor())
    return {"snapshots": [_line(one) for one in found]}


@bp.get("/campaigns/<uuid:campaign_id>/snapshots/<int:number>")
@needs(Permission.COMPUTE_STATISTICS)
@bp.output(SnapshotAnswer)
def show_snapshot(campaign_id: UUID, number: int) -> dict[str, Any]:
    """Tell the numbers of a snapshot, with the minimum counts for what leaves a department."""
    view = statistics.show_snapshot(campaign_id, number, by=calling_actor())
    told = view.telling.outside
    limits = view.limits
    return _line(view.line) | {
        "methods": list(view.methods),
        "limits": {
            "reviews": limits.reviews,
            "authors": limits.authors,
            "events": limits.events,
        },
        "network": view.telling.network.to_dict(),
        "departments": [
            {"id": place.id, "code": place.code, "told": told[str(place.id)].to_dict()}
            for place in view.departments
            if str(place.id) in told
        ],
    }


def _job(job_id: UUID) -> dict[str, Any]:
    return {"job_id": job_id, "state": jobs.view(job_id).state.value}


def _line(one: SnapshotLine) -> dict[str, Any]:
    return {
        "number": one.number,
        "is_final": one.is_final,
        "data_sha256": one.data_sha256,
        "computed_at": one.computed_at,
    }
