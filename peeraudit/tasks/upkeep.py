"""Background tasks: finding duties that no message led to, and tidying up."""

from celery import shared_task

from peeraudit.adapters import queue
from peeraudit.adapters.queue import TaskName
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.services import duties, sign_in


@shared_task(name=TaskName.SWEEP.value)
def sweep() -> None:
    """Carry out every duty that is due and that nobody works on."""
    with unit_of_work():
        sign_in.forget_old_failures()
        waiting = queue.due_duties()
    for duty_id in waiting:
        duties.carry_out(duty_id)
