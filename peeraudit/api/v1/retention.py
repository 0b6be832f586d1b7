"""REST: what is kept until when, and destroying what is due, for the data protection officer."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema, fields
from apiflask.fields import DateTime, Dict, Integer, List, Nested, String
from apiflask.validators import OneOf

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.api.authentication import calling_actor, needs
from peeraudit.domain.accounts import Permission
from peeraudit.domain.jobs import JobState
from peeraudit.domain.retention import Hold
from peeraudit.domain.workflow import CampaignState
from peeraudit.services import jobs, retention
from peeraudit.services.jobs import JobView
from peeraudit.services.retention import CampaignRetention

bp = APIBlueprint("api_retention", __name__, url_prefix="/api/v1/retention", tag="Retention")


class CampaignAnswer(Schema):
    """The identities of a campaign; ``holds`` counts the cases that are kept longer, by reason."""

    id = fields.UUID(required=True)
    code = String(required=True)
    title = String(required=True)
    state = String(required=True, validate=OneOf([state.value for state in CampaignState]))
    months = Integer(required=True)
    closed_at = DateTime(required=True, allow_none=True)
    ends_at = DateTime(required=True, allow_none=True)
    kept = Integer(required=True)
    due = Integer(required=True)
    purged = Integer(required=True)
    holds = Dict(
        keys=String(validate=OneOf([hold.value for hold in Hold])),
        values=Integer(),
        required=True,
    )


class ReportsAnswer(Schema):
    """The reports that nobody drew; ``purged`` counts those behind cases too."""

    kept = Integer(required=True)
    due = Integer(required=True)
    held = Integer(required=True)
    purged = Integer(required=True)
    next_at = DateTime(required=True, allow_none=True)


class RunAnswer(Schema):
    """A run: how far it is, or what it destroyed."""

    id = fields.UUID(required=True)
    state = String(required=True, validate=OneOf([state.value for state in JobState]))
    created_at = DateTime(required=True)
    finished_at = DateTime(required=True, allow_none=True)
    done = Integer(required=True)
    total = Integer(required=True)
    cases = Integer(required=True)
    reports = Integer(required=True)


class RetentionAnswer(Schema):
    """What is kept until when, what is due, and what was destroyed when."""

    campaigns = List(Nested(CampaignAnswer), required=True)
    reports = Nested(ReportsAnswer, required=True)
    refused = Integer(required=True)
    running = Nested(RunAnswer, required=True, allow_none=True)
    runs = List(Nested(RunAnswer), required=True)


@bp.get("")
@needs(Permission.RUN_RETENTION)
@bp.output(RetentionAnswer)
def show_retention() -> dict[str, Any]:
    """Tell what is kept until when, what is due or held, and what was destroyed."""
    found = retention.show_retention(by=calling_actor())
    return {
        "campaigns": [_campaign(one) for one in found.campaigns],
        "reports": asdict(found.reports),
        "refused": found.refused,
        "running": _run(found.running) if found.running else None,
        "runs": [_run(run) for run in found.runs],
    }


@bp.post("/purge")
@needs(Permission.RUN_RETENTION)
@bp.output(RunAnswer, status_code=202)
def order_purge() -> dict[str, Any]:
    """Order that what is due be destroyed, for good; 422 where nothing is."""
    with unit_of_work():
        job_id = retention.order_purge(by=calling_actor())
    return _run(jobs.view(job_id))


@bp.get("/runs/<uuid:job_id>")
@needs(Permission.RUN_RETENTION)
@bp.output(RunAnswer)
def show_run(job_id: UUID) -> dict[str, Any]:
    """Tell how far a run is."""
    return _run(retention.show_run(job_id, by=calling_actor()))


def _campaign(one: CampaignRetention) -> dict[str, Any]:
    holds = {hold.value: count for hold, count in one.holds.items()}
    return {**asdict(one), "state": one.state.value, "holds": holds}


def _run(job: JobView) -> dict[str, Any]:
    return {
        "id": job.id,
        "state": job.state.value,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
        "done": job.done,
        "total": job.total,
        "cases": job.result.get("cases", 0),
        "reports": job.result.get("reports", 0),
    }
