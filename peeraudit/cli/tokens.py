"""Commands for access tokens, with which scripts use the REST interface."""

import click
from flask import Flask
from flask.cli import AppGroup
from flask_babel import gettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.errors import DomainError
from peeraudit.services import accounts, tokens
from peeraudit.services.accounts import Person

group = AppGroup("tokens", help="Issue access tokens for scripts.")


def register(app: Flask) -> None:
    """Attach the commands."""
    app.cli.add_command(group)


@group.command("issue")
@click.argument("email")
@click.option("--name", required=True, help="What the token is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([p.value for p in Permission]),
    help="What it may do; may be given several times. Without any: all that the person may.",
)
@click.option("--days", type=int, default=30, show_default=True, help="Its life, 1 to 365.")
def issue(email: str, name: str, scopes: tuple[str, ...], days: int) -> None:
    """Issue a token for the person with EMAIL and print its secret, this once."""
    try:
        person = accounts.find_person(accounts.find_account_id(email))
        actor = person.find_actor(Permission.USE_API_TOKENS) if person else None
        if person is None or actor is None:
            raise click.ClickException(f"{email} has no open account, or no role with tokens.")
        allowed = frozenset(map(Permission, scopes)) or _all_of(person)
        with unit_of_work():
            secret = tokens.create_token(name, allowed, days=days, by=actor)
    except DomainError as error:
        raise click.ClickException(gettext(error.message, **error.params)) from None
    click.echo(secret)


def _all_of(person: Person) -> frozenset[Permission]:
    return frozenset(p for p in Permission if person.find_actor(p))
