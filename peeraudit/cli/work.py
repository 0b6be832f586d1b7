"""Commands that carry out waiting work where no worker runs."""

import logging
from collections.abc import Callable, Iterator, Mapping
from uuid import UUID

import click
from flask import Flask

from peeraudit.adapters import queue
from peeraudit.adapters.queue import Duty, TaskName
from peeraudit.adapters.unit_of_work import in_bites, unit_of_work
from peeraudit.domain.errors import DomainError
from peeraudit.services import assignment, intake, jobs, masking, settling, statistics

logger = logging.getLogger(__name__)
LONG: Mapping[TaskName, Callable[[UUID], Iterator[None]]] = {
    TaskName.RUN_INTAKE: intake.read_upload,
    TaskName.MASK_CASES: masking.mask_cases,
    TaskName.PLAN_ASSIGNMENT: assignment.compute_plan,
    TaskName.COMPUTE_STATISTICS: statistics.compute_statistics,
}
SHORT: Mapping[TaskName, Callable[[UUID], object]] = {TaskName.ROUTE_CASE: settling.route_case}


def register(app: Flask) -> None:
    """Attach the command."""
    app.cli.add_command(work)


@click.command("work")
def work() -> None:
    """Carry out all that waits for a worker, then end: for small installations and repairs."""
    click.echo(f"{carry_out_due()} duties carried out.")


def carry_out_due() -> int:
    """Carry out every duty that is due, those that follow from them included; return how many.

    A duty that a worker holds is left to it.
    """
    done = 0
    while found := [duty for duty_id in _due() if (duty := _claim(duty_id))]:
        for duty in found:
            with queue.holding(duty.id):
                _carry_out(duty)
            with unit_of_work():
                queue.settle(duty.id)
            done += 1
    return done


def _due() -> list[UUID]:
    known = {task.value for task in (*LONG, *SHORT)}
    return queue.due_duties(only=known)


def _claim(duty_id: UUID) -> Duty | None:
    with unit_of_work():
        return queue.claim(duty_id)


def _carry_out(duty: Duty) -> None:
    first = UUID(duty.args[0])
    try:
        if duty.task in SHORT:
            with unit_of_work():
                SHORT[duty.task](first)
        else:
            _run_job(first, LONG[duty.task])
    except DomainError as error:
        # A broken rule stays broken: trying again would not mend it.
        logger.warning("%s ended: %s", duty.task, error)


def _run_job(job_id: UUID, steps: Callable[[UUID], Iterator[None]]) -> None:
    with unit_of_work():
        if not jobs.begin(job_id):
            return
    try:
        in_bites(steps(job_id))
    except DomainError as error:
        with unit_of_work():
            jobs.fail(job_id, error)
