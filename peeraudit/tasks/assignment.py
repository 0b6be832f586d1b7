"""Background tasks: planning who reads what, and what an absence changes."""

from uuid import UUID

from peeraudit.adapters.queue import TaskName
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.services import giving_back, plan_making
from peeraudit.services.duties import run_job
from peeraudit.tasks.duties import duty


@duty(TaskName.PLAN_ASSIGNMENT)
def plan_assignment(job_id: UUID) -> None:
    """Compute a plan."""
    run_job(job_id, plan_making.compute_plan)


@duty(TaskName.RESPECT_ABSENCE)
def respect_absence(absence_id: UUID) -> None:
    """Move what falls due within an absence."""
    with unit_of_work():
        giving_back.respect_absence(absence_id)
