"""How does a command wait for long work that a worker may be doing?"""

import time
from collections.abc import Callable
from uuid import UUID

import click

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.services import duties
from peeraudit.services.jobs import JobView

SECONDS_BETWEEN_LOOKS = 1.0


def wait_for(duty: Callable[[], UUID], latest: Callable[[], JobView]) -> JobView:
    """Do the work here unless a worker does it; return how it ended.

    Args:
        duty: tells the duty that carries the work out.
        latest: tells how far the work is.
    """
    with unit_of_work():
        duty_id = duty()
    while True:
        duties.carry_out(duty_id)
        job = latest()
        if job.state.is_over:
            return job
        click.echo(f"{job.done} of {job.total} …", err=True)
        time.sleep(SECONDS_BETWEEN_LOOKS)
