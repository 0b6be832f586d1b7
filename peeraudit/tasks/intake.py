"""Background tasks: reading what came in."""

from uuid import UUID

from peeraudit.adapters.queue import TaskName
from peeraudit.services import intake
from peeraudit.services.duties import run_job
from peeraudit.tasks.duties import duty


@duty(TaskName.RUN_INTAKE)
def run_intake(job_id: UUID) -> None:
    """Read an uploaded file."""
    run_job(job_id, intake.read_upload)
