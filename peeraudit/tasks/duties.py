"""How does a worker carry out a duty exactly once, whoever else tries?"""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

from celery import shared_task

from peeraudit.adapters import queue
from peeraudit.adapters.queue import TaskName
from peeraudit.adapters.unit_of_work import in_bites, unit_of_work
from peeraudit.domain.errors import DomainError
from peeraudit.services import jobs

logger = logging.getLogger(__name__)

Handler = Callable[..., None]
HANDLERS: dict[TaskName, Handler] = {}


def duty(name: TaskName) -> Callable[[Handler], Handler]:
    """Register a function as the way to carry out ``name``, and as the Celery task of that name.

    The message carries the duty's id; the ids the duty is about are read from its row.
    """

    def register(handler: Handler) -> Handler:
        HANDLERS[name] = handler
        shared_task(name=name.value)(carry_out)
        return handler

    return register


def carry_out(duty_id: str) -> None:
    """Claim a duty, do it, write down that it is done; a duty that is taken is left alone."""
    with unit_of_work():
        claimed = queue.claim(UUID(duty_id))
    if claimed is None:
        return
    try:
        with queue.holding(claimed.id):
            HANDLERS[claimed.task](*(UUID(i) for i in claimed.args))
    except DomainError as error:
        # A broken rule stays broken: trying again would not mend it.
        logger.warning("%s ended: %s", claimed.task, error)
    except Exception as error:
        logger.exception("%s failed", claimed.task)
        with unit_of_work():
            queue.put_back(claimed.id, repr(error), after=_pause(claimed.attempt))
        return
    with unit_of_work():
        queue.settle(claimed.id)


def _pause(attempt: int) -> timedelta:
    return timedelta(seconds=min(2**attempt, 300))


def run_job(job_id: UUID, work: Callable[[UUID], Iterator[None]]) -> None:
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
