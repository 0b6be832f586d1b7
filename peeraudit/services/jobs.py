"""Use cases: long work that shows its progress, can be cancelled and survives a killed worker."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, update

from peeraudit.adapters.clock import now
from peeraudit.adapters.queue import TaskName, enqueue
from peeraudit.domain.errors import N_, Conflicting, DomainError, Msgid, NotFound
from peeraudit.domain.jobs import JobKind, JobState
from peeraudit.extensions import db
from peeraudit.models.jobs import Job

LIVE = (JobState.QUEUED, JobState.RUNNING)


class JobCancelled(DomainError):
    """Somebody asked the job to stop."""


@dataclass(frozen=True, slots=True)
class JobOrder:
    """What a new job is about.

    Attributes:
        lock_key: at most one job with this key is alive at a time.
        subject_id: the row that the work is about.
    """

    kind: JobKind
    task: TaskName
    lock_key: str
    subject_id: UUID | None = None
    campaign_id: UUID | None = None
    department_id: UUID | None = None
    requested_by: UUID | None = None
    total: int = 0


@dataclass(frozen=True, slots=True)
class JobView:
    """How far a job is; counts are items of its own kind."""

    id: UUID
    kind: JobKind
    state: JobState
    subject_id: UUID | None
    campaign_id: UUID | None
    department_id: UUID | None
    requested_by: UUID | None
    done: int
    total: int
    cursor: str
    result: Mapping[str, Any]
    error: str
    error_params: Mapping[str, Any]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    eta_seconds: int | None
    is_stopping: bool
    """Somebody asked it to stop, and it has not yet."""


def order(job: JobOrder) -> UUID:
    """Write down a job and the duty to run it; return its id.

    Raises:
        Conflicting: a job with the same lock key is still alive.
    """
    if is_alive(job.lock_key):
        raise Conflicting(N_("The same work is already under way. Wait for it, or cancel it."))
    row = Job(
        id=uuid4(),
        kind=job.kind,
        lock_key=job.lock_key,
        subject_id=job.subject_id,
        campaign_id=job.campaign_id,
        department_id=job.department_id,
        requested_by=job.requested_by,
        total=job.total,
        created_at=now(),
    )
    db.session.add(row)
    db.session.flush()  # a rival's job must be refused here and not at the commit
    enqueue(job.task, row.id)
    return row.id


def is_alive(lock_key: str) -> bool:
    """Return whether a job with this lock key waits or runs."""
    alive = select(Job.id).where(Job.lock_key == lock_key, Job.state.in_(LIVE))
    return db.session.scalar(alive) is not None


def begin(job_id: UUID) -> bool:
    """Mark a job as running; return False when it is over and nothing is left to do."""
    job = _locked(job_id)
    if job.state.is_over:
        return False
    if job.cancel_requested:
        job.state, job.finished_at = JobState.CANCELLED, now()
        return False
    job.state = JobState.RUNNING
    job.started_at = job.started_at or now()
    return True


def report_progress(job_id: UUID, done: int, *, total: int, cursor: str = "") -> None:
    """Write down how far a job is.

    Raises:
        JobCancelled: somebody asked it to stop.
    """
    job = _locked(job_id)
    if job.cancel_requested:
        raise JobCancelled(N_("The work was cancelled."))
    job.done, job.total, job.cursor = done, max(total, done), cursor


def succeed(job_id: UUID, result: Mapping[str, Any]) -> None:
    """Mark a job as done, with what it found."""
    job = _locked(job_id)
    job.state, job.finished_at = JobState.SUCCEEDED, now()
    job.total = max(job.total, job.done)
    job.done = job.total
    job.result = json.dumps(dict(result), ensure_ascii=False, sort_keys=True)


def fail(job_id: UUID, error: DomainError) -> None:
    """Mark a job as failed, with a sentence that says what to do."""
    job = _locked(job_id)
    job.state, job.finished_at = JobState.FAILED, now()
    job.error = error.message
    # A value that is itself to be translated is marked as such: it is read in another language.
    params = {k: {"msgid": v} if isinstance(v, Msgid) else str(v) for k, v in error.params.items()}
    job.result = json.dumps({"error_params": params})


def mark_cancelled(job_id: UUID) -> None:
    """Mark a job as cancelled."""
    job = _locked(job_id)
    job.state, job.finished_at = JobState.CANCELLED, now()


def cancel(job_id: UUID) -> None:
    """Ask a job to stop; it does so at its next bite. A job that is over is left as it is."""
    db.session.execute(
        update(Job).where(Job.id == job_id, Job.state.in_(LIVE)).values(cancel_requested=True)
    )


def view(job_id: UUID) -> JobView:
    """Return how far a job is.

    Raises:
        NotFound: there is no such job.
    """
    job = db.session.get(Job, job_id)
    if job is None:
        raise NotFound(N_("There is no such job."))
    return _view(job)


def latest(kind: JobKind, *, subject_id: UUID) -> JobView | None:
    """Return the newest job of a kind for a subject."""
    job = db.session.scalar(
        select(Job)
        .where(Job.kind == kind, Job.subject_id == subject_id)
        .order_by(Job.created_at.desc(), Job.id)
        .limit(1)
    )
    return None if job is None else _view(job)


def newest(kind: JobKind) -> JobView:
    """Return the newest job of a kind.

    Raises:
        NotFound: there was none.
    """
    job = db.session.scalar(
        select(Job).where(Job.kind == kind).order_by(Job.created_at.desc(), Job.id).limit(1)
    )
    if job is None:
        raise NotFound(N_("There is no such job."))
    return _view(job)


def _locked(job_id: UUID) -> Job:
    return db.session.scalars(select(Job).where(Job.id == job_id).with_for_update()).one()


def _view(job: Job) -> JobView:
    result = json.loads(job.result)
    params = {
        name: Msgid(value["msgid"]) if isinstance(value, dict) else value
        for name, value in result.pop("error_params", {}).items()
    }
    return JobView(
        id=job.id,
        kind=job.kind,
        state=job.state,
        subject_id=job.subject_id,
        campaign_id=job.campaign_id,
        department_id=job.department_id,
        requested_by=job.requested_by,
        done=job.done,
        total=job.total,
        cursor=job.cursor,
        result=result,
        error=job.error,
        error_params=params,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        eta_seconds=_eta(job),
        is_stopping=job.cancel_requested and not job.state.is_over,
    )


def _eta(job: Job) -> int | None:
    if job.state is not JobState.RUNNING or job.started_at is None or not job.done:
        return None
    spent = (now() - job.started_at).total_seconds()
    return round(spent * (job.total - job.done) / job.done)
