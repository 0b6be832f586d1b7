"""How does a function become the way to carry out a duty, and the task that wakes a worker?"""

from collections.abc import Callable
from uuid import UUID

from celery import shared_task

from peeraudit.adapters.queue import TaskName
from peeraudit.services import duties
from peeraudit.services.duties import Handler


def duty(name: TaskName) -> Callable[[Handler], Handler]:
    """Register a function as the way to carry out ``name``, and the Celery task of that name.

    The message carries the duty's id; the ids the duty is about are read from its row.
    """

    def register(handler: Handler) -> Handler:
        duties.HANDLERS[name] = handler
        shared_task(name=name.value)(carry_out)
        return handler

    return register


def carry_out(duty_id: str) -> None:
    """Carry out the duty that a message names."""
    duties.carry_out(UUID(duty_id))
