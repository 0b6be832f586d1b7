"""Commands for the keys that seal identities: make one, see who needs which, rotate."""

import click
from flask import Flask
from flask.cli import AppGroup
from flask_babel import gettext

from peeraudit.adapters.randomness import new_bytes
from peeraudit.adapters.sealing import keyring
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.cli.waiting import wait_for
from peeraudit.domain.errors import Conflicting, DomainError
from peeraudit.domain.keyring import KEY_BYTES, key_line
from peeraudit.services import blinding_keys

group = AppGroup("keys", help="Make, rotate and let go the keys that seal identities.")


def register(app: Flask) -> None:
    """Attach the commands."""
    app.cli.add_command(group)


@group.command("new")
def new() -> None:
    """Print a new key, the next version: a line for IDENTITY_KEYS or its file."""
    click.echo(key_line(keyring().newest + 1, new_bytes(KEY_BYTES)))
    click.echo(
        "Add this line to the keys there are, keep a copy apart from the database's backups, "
        "restart all of PeerAudit, then run: flask keys rotate",
        err=True,
    )


@group.command("list")
def list_keys() -> None:
    """Show what each key seals; version 0 are files that are not sealed yet."""
    for version, counts in sorted(blinding_keys.count_uses().items(), reverse=True):
        parts = ", ".join(f"{number} {name}" for name, number in sorted(counts.items()))
        click.echo(f"{version}: {parts or 'nothing'}")


@group.command("check")
@click.argument("version", type=click.IntRange(min=1))
def check(version: int) -> None:
    """Say whether the key VERSION may be dropped: whether nothing is sealed under it."""
    try:
        blinding_keys.check_unused(version)
    except DomainError as error:
        raise click.ClickException(gettext(error.message, **error.params)) from None
    click.echo(f"Nothing is sealed under key {version}: remove it, but keep it for old backups.")


@group.command("rotate")
def rotate() -> None:
    """Seal everything under the newest key, while people work; go on where it was cut off."""
    try:
        with unit_of_work():
            blinding_keys.order_rotation()
    except Conflicting:
        click.echo("A rotation is under way already.")
    except DomainError as error:
        click.echo(gettext(error.message, **error.params))
        return
    job = wait_for(blinding_keys.duty_of_rotation, blinding_keys.latest_rotation)
    if job.error:
        raise click.ClickException(gettext(job.error, **job.error_params))
    click.echo(f"{job.done} of {job.total} sealed under key {keyring().newest}: {job.state}.")
