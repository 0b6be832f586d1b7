"""Background tasks: destroying what identifies people when its time is over."""

from uuid import UUID

from celery import shared_task

from peeraudit.adapters.queue import TaskName
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.services import retention
from peeraudit.services.duties import run_job
from peeraudit.tasks.duties import duty


@shared_task(name=TaskName.RUN_RETENTION.value)
def run_retention() -> None:
    """Tell what ends soon, and order that what is due be destroyed."""
    with unit_of_work():
        retention.run_retention()


@duty(TaskName.PURGE_IDENTITIES)
def purge_identities(job_id: UUID) -> None:
    """Destroy what is due."""
    run_job(job_id, retention.purge_identities)
