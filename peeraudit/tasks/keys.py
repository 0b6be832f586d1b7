"""Background tasks: sealing everything anew under the newest key."""

from uuid import UUID

from peeraudit.adapters.queue import TaskName
from peeraudit.services import blinding_keys
from peeraudit.services.duties import run_job
from peeraudit.tasks.duties import duty


@duty(TaskName.ROTATE_KEYS)
def rotate_keys(job_id: UUID) -> None:
    """Seal what an older key sealed."""
    run_job(job_id, blinding_keys.rotate_keys)
