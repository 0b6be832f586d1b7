"""REST: the numbers of a campaign, and the freeze they follow from."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema, fields
from apiflask.fields import Boolean, DateTime, Integer, List, Nested, String

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.api.authentication import calling_actor, needs
from peeraudit.api.v1.statistics_answers import (
    BlindingAnswer,
    ComparisonAnswer,
    DepartmentToldAnswer,
    LimitsAnswer,
    SeverityAnswer,
    ToldAnswer,
    blinding_answer,
)
from peeraudit.domain.accounts import Permission
from peeraudit.domain.readiness import REASON_MAXIMUM
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


class SnapshotAnswer(SnapshotLineAnswer):
    """A snapshot with what may be told of it beyond the departments."""

    methods = List(String(), required=True)
    limits = Nested(LimitsAnswer, required=True)
    network = Nested(ToldAnswer, required=True)
    departments = List(Nested(DepartmentToldAnswer), required=True)
    comparison = Nested(ComparisonAnswer, required=True)
    severity = Nested(SeverityAnswer, required=True)
    blinding = Nested(BlindingAnswer, required=True)


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
        "comparison": view.telling.comparison.to_dict(),
        "severity": view.telling.severity.to_dict(),
        "blinding": blinding_answer(view.telling.blinding),
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
