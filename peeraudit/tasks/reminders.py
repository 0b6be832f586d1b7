"""Background tasks: reminding people of what is due."""

from celery import shared_task

from peeraudit.adapters.queue import TaskName
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.services import reminders


@shared_task(name=TaskName.REMIND_REVIEWERS.value)
def remind_reviewers() -> None:
    """Send the day's digests that were not sent yet."""
    with unit_of_work():
        reminders.remind_reviewers()
