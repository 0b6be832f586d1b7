"""How does a job read as one line of a page?"""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import format_decimal, format_percent, gettext, lazy_gettext, ngettext

from peeraudit.domain.assignment.plan import PlanPhase
from peeraudit.domain.errors import DomainError
from peeraudit.domain.jobs import JobKind, JobState
from peeraudit.services.jobs import JobView
from peeraudit.web.errors import tell

TITLES = {
    JobKind.INTAKE: lazy_gettext("Reading the file"),
    JobKind.MASKING: lazy_gettext("Masking the texts"),
    JobKind.ASSIGNMENT: lazy_gettext("Planning the assignment"),
    JobKind.STATISTICS: lazy_gettext("Computing the statistics"),
    JobKind.ROTATION: lazy_gettext("Sealing the identities anew"),
    JobKind.PURGE: lazy_gettext("Destroying what is due"),
}

PHASES = {
    PlanPhase.ELIGIBLE: lazy_gettext("Who may read which case"),
    PlanPhase.SOLVING: lazy_gettext("Finding the plan that places most and loads evenly"),
    PlanPhase.PLACING: lazy_gettext("Pairing the reviewers of cases that two read"),
    PlanPhase.EXPLAINING: lazy_gettext("Writing down the reasons"),
    PlanPhase.MENDING: lazy_gettext("Looking for what would let all be placed"),
    PlanPhase.KEEPING: lazy_gettext("Keeping the plan"),
}


@dataclass(frozen=True, slots=True)
class JobLine:
    """What the component for a job needs."""

    title: str
    state: str
    done: int
    total: int | None
    count: str
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
        total=job.total if count_of(job) else None,
        count=count_of(job),
        started=job.started_at,
        eta_seconds=job.eta_seconds,
        message=_stopping() if job.is_stopping else message_of(job),
        url=url_for("jobs.show_progress", job_id=job.id),
        cancel_url=_cancel_url(job),
        result_url=result_url,
    )


def _stopping() -> str:
    return gettext("It stops as soon as the present step is done.")


def _cancel_url(job: JobView) -> str | None:
    """Return where a job can be asked to stop; None where that was done, or it is over."""
    if job.state.is_over or job.is_stopping:
        return None
    return url_for("jobs.cancel_job", job_id=job.id)


def count_of(job: JobView) -> str:
    """Return how far a job is, in words; empty where only the number done is known."""
    if job.kind is JobKind.INTAKE:
        return _count_of_reading(job)
    if job.kind is JobKind.ASSIGNMENT and not job.state.is_over:
        # A plan is there all at once or not at all: what is done of it has no number.
        return ""
    if job.total > job.done or job.state.is_over:
        done, total = format_decimal(job.done), format_decimal(job.total)
        return gettext("%(done)s of %(total)s", done=done, total=total)
    return ""


def _count_of_reading(job: JobView) -> str:
    """Return the share of the file that was read, in bytes, and the items that it held."""
    items = int(job.cursor or 0)
    if not job.total or not job.done:
        return ""
    return ngettext(
        "%(percent)s of the file, one item",
        "%(percent)s of the file, %(items)s items",
        items,
        percent=format_percent(job.done / job.total),
        items=format_decimal(items),
    )


def message_of(job: JobView) -> str:
    """Return what a person must know of a job's state, in words."""
    if job.error:
        return tell(DomainError(job.error, **job.error_params))
    if job.kind is JobKind.ASSIGNMENT and job.state is JobState.RUNNING and job.cursor:
        return str(PHASES[PlanPhase(job.cursor)])
    done = int(job.cursor or 0) if job.kind is JobKind.INTAKE else job.done
    if job.state is JobState.RUNNING and done and not count_of(job):
        return ngettext("One item so far", "%(done)s items so far", done, done=format_decimal(done))
    if job.kind is JobKind.STATISTICS and job.result.get("unchanged"):
        return gettext("Nothing has changed since the last snapshot.")
    return ""
