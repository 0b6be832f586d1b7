"""Long work: how far it is, and how to stop it."""

from uuid import UUID

from flask import Blueprint, abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.jobs import JobKind
from peeraudit.services import jobs
from peeraudit.services.jobs import JobView
from peeraudit.web.jobs.lines import line_of
from peeraudit.web.login import current_actor
from peeraudit.web.security import needs_sign_in

bp = Blueprint("jobs", __name__, url_prefix="/jobs")


@bp.get("/<uuid:job_id>.json")
@needs_sign_in
def show_progress(job_id: UUID) -> ResponseReturnValue:
    """Tell how far a job is; asked again and again by the page."""
    job = _own_job(job_id)
    line = line_of(job)
    return jsonify(
        state=line.state,
        is_over=job.state.is_over,
        done=line.done,
        total=line.total,
        count=line.count,
        eta_seconds=line.eta_seconds,
        message=line.message,
    )


@bp.post("/<uuid:job_id>/cancel")
@needs_sign_in
def cancel_job(job_id: UUID) -> ResponseReturnValue:
    """Ask a job to stop."""
    job = _own_job(job_id)
    with unit_of_work():
        jobs.cancel(job.id)
    back = request.referrer or ""
    return redirect(back if back.startswith(request.host_url) else url_for("home.show_home"))


def _own_job(job_id: UUID) -> JobView:
    actor, job = current_actor(), jobs.view(job_id)
    is_purge = job.kind is JobKind.PURGE
    # A department's job is its own; a campaign's is the network lead's to watch.
    if job.department_id is not None:
        allowed = actor.may(Permission.READ_INTAKE) and actor.is_for(job.department_id)
    else:
        needed = Permission.RUN_RETENTION if is_purge else Permission.PLAN_ASSIGNMENT
        allowed = actor.may(needed)
    if not allowed:
        abort(404, gettext("There is no such job."))
    return job
