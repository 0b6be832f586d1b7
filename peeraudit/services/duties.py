"""How is a duty carried out exactly once, whether a worker or a command takes it up?

This is the half of a door that both share, hence the one service that opens units of work: a duty
is claimed in one transaction, done in its own, and settled in a third.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from peeraudit.adapters import queue
from peeraudit.adapters.logs import trace_of
from peeraudit.adapters.queue import TaskName
from peeraudit.adapters.unit_of_work import Steps, in_bites, unit_of_work
from peeraudit.domain.errors import DomainError
from peeraudit.services import jobs

logger = logging.getLogger(__name__)

Handler = Callable[..., None]
HANDLERS: dict[TaskName, Handler] = {}
LONGEST_PAUSE_SECONDS = 300


def carry_out(duty_id: UUID) -> bool:
    """Claim a duty, do it, write down that it is done; leave alone one that is taken.

    Returns:
        Whether it was there to be claimed.
    """
    with unit_of_work():
        claimed = queue.claim(duty_id)
    if claimed is None:
        return False
    try:
        with queue.holding(claimed.id):
            HANDLERS[claimed.task](*(UUID(i) for i in claimed.args))
    except DomainError as error:
        # A broken rule stays broken: trying again would not mend it. Its sentence is told without
        # the values, which may be names.
        logger.warning("%s ended: %s", claimed.task, error.message)
    except Exception as error:
        logger.error("%s failed: %s", claimed.task, trace_of(error))  # noqa: TRY400 - the texts of errors quote values
        with unit_of_work():
            queue.put_back(claimed.id, type(error).__name__, after=_pause(claimed.attempt))
        return True
    with unit_of_work():
        queue.settle(claimed.id)
    return True


def run_job(job_id: UUID, work: Callable[[UUID], Steps]) -> None:
    """Run the long work of a job in bites; what a person must know of its end goes on the job."""
    with unit_of_work():
        if not jobs.begin(job_id):
            return
    try:
        in_bites(work(job_id))
    except jobs.JobCancelled:
        with unit_of_work():
            jobs.mark_cancelled(job_id)
    except DomainError as error:
        with unit_of_work():
            jobs.fail(job_id, error)


def _pause(attempt: int) -> timedelta:
    return timedelta(seconds=min(2**attempt, LONGEST_PAUSE_SECONDS))
