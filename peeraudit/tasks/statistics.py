"""Background tasks: computing a campaign's numbers."""

from uuid import UUID

from celery import shared_task

from peeraudit.adapters.queue import TaskName
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.services import nightly, statistics
from peeraudit.services.duties import run_job
from peeraudit.tasks.duties import duty


@duty(TaskName.COMPUTE_STATISTICS)
def compute_statistics(job_id: UUID) -> None:
    """Count, compute and write down one snapshot."""
    run_job(job_id, statistics.compute_statistics)


@shared_task(name=TaskName.COMPUTE_NIGHTLY.value)
def compute_nightly() -> None:
    """Order the night's numbers of each campaign that is being read."""
    with unit_of_work():
        nightly.order_nightly_statistics()
