"""Background tasks: reading what came in, and destroying what was kept long enough."""

from uuid import UUID

from celery import shared_task

from peeraudit.adapters.queue import TaskName
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.services import intake, intake_refused
from peeraudit.services.duties import run_job
from peeraudit.tasks.duties import duty


@duty(TaskName.RUN_INTAKE)
def run_intake(job_id: UUID) -> None:
    """Read an uploaded file."""
    run_job(job_id, intake.read_upload)


@shared_task(name=TaskName.PURGE_INTAKE.value)
def purge_intake() -> None:
    """Destroy refused items whose time is over, and files that nothing needs any more."""
    with unit_of_work():
        intake_refused.purge()
