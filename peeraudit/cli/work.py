"""The command that carries out waiting work where no worker runs."""

import click
from flask import Flask

from peeraudit.adapters import queue
from peeraudit.services import duties


def register(app: Flask) -> None:
    """Attach the command."""
    app.cli.add_command(work)


@click.command("work")
def work() -> None:
    """Carry out all that waits for a worker, then end: for small installations and repairs."""
    click.echo(f"{carry_out_due()} duties carried out.")


def carry_out_due() -> int:
    """Carry out every duty that is due, those that follow from them included; return how many.

    A duty that a worker holds is left to it, and one that fails is due again later.
    """
    done = 0
    while taken := sum(map(duties.carry_out, queue.due_duties())):
        done += taken
    return done
