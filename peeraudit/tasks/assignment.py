"""Background tasks: planning who reads what."""

from uuid import UUID

from peeraudit.adapters.queue import TaskName
from peeraudit.services import assignment
from peeraudit.services.duties import run_job
from peeraudit.tasks.duties import duty


@duty(TaskName.PLAN_ASSIGNMENT)
def plan_assignment(job_id: UUID) -> None:
    """Compute a plan."""
    run_job(job_id, assignment.compute_plan)
