"""Background tasks: masking the drawn cases."""

from uuid import UUID

from peeraudit.adapters.queue import TaskName
from peeraudit.services import masking
from peeraudit.services.duties import run_job
from peeraudit.tasks.duties import duty


@duty(TaskName.MASK_CASES)
def mask_cases(job_id: UUID) -> None:
    """Mask the cases of a campaign that was drawn."""
    run_job(job_id, masking.mask_cases)


@duty(TaskName.MASK_TAUGHT)
def mask_taught(job_id: UUID) -> None:
    """Mask words that a coordinator taught in the cases that wait for their check."""
    run_job(job_id, masking.mask_taught)
