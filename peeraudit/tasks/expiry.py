"""Background tasks: what happens because its time is over."""

from celery import shared_task

from peeraudit.adapters.queue import TaskName
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.services import feedback, overdue, settling


@shared_task(name=TaskName.EXPIRE_DUTIES.value)
def expire_duties() -> None:
    """Pass on what is overdue or waits for somebody, each service in a transaction of its own."""
    for expire in (overdue.expire_readings, settling.sweep_cases, feedback.expire_replies):
        with unit_of_work():
            expire()
