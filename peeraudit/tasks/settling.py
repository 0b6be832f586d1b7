"""Background tasks: moving a case on after its reviews."""

from uuid import UUID

from peeraudit.adapters.queue import TaskName
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.services import settling
from peeraudit.tasks.duties import duty


@duty(TaskName.ROUTE_CASE)
def route_case(case_id: UUID) -> None:
    """Send a case where its reviews lead it."""
    with unit_of_work():
        settling.route_case(case_id)
