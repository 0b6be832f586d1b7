"""Background tasks: computing a campaign's numbers."""

from uuid import UUID

from peeraudit.adapters.queue import TaskName
from peeraudit.services import statistics
from peeraudit.services.duties import run_job
from peeraudit.tasks.duties import duty


@duty(TaskName.COMPUTE_STATISTICS)
def compute_statistics(job_id: UUID) -> None:
    """Count, compute and write down one snapshot."""
    run_job(job_id, statistics.compute_statistics)
