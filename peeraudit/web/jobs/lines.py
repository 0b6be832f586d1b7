"""How does a job read as one line of a page?"""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext, lazy_gettext

from peeraudit.domain.errors import DomainError
from peeraudit.domain.jobs import JobKind, JobState
from peeraudit.services.jobs import JobView
from peeraudit.web.errors import tell

TITLES = {
    JobKind.INTAKE: lazy_gettext("Reading the file"),
    JobKind.MASKING: lazy_gettext("Masking the texts"),
    JobKind.ASSIGNMENT: lazy_gettext("Planning the assignment"),
    JobKind.STATISTICS: lazy_gettext("Computing the statistics"),
}


@dataclass(frozen=True, slots=True)
class JobLine:
    """What the component for a job needs."""

    title: str
    state: str
    done: int
    total: int | None
    started: datetime | None
    eta_seconds: int | None
    message: str
    url: str
    cancel_url: str | None
    result_url: str | None


def line_of(job: JobView, *, result_url: str | None = None) -> JobLine:
    """Return a job as the line that a page shows."""
    return JobLine(
        title=str(TITLES[job.kind]),
        state=job.state.value,
        done=job.done,
        # Where the end is not known, the number done tells more than a full bar.
        total=job.total if job.total > job.done or job.state.is_over else None,
        started=job.started_at,
        eta_seconds=job.eta_seconds,
        message=message_of(job),
        url=url_for("jobs.show_progress", job_id=job.id),
        cancel_url=None if job.state.is_over else url_for("jobs.cancel_job", job_id=job.id),
        result_url=result_url,
    )


def message_of(job: JobView) -> str:
    """Return what a person must know of a job's state, in words."""
    if job.error:
        return tell(DomainError(job.error, **job.error_params))
    if job.state is JobState.RUNNING and job.total <= job.done and job.done:
        return gettext("%(done)s items so far", done=job.done)
    return ""
