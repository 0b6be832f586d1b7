"""Commands for accounts: the first administrator, roles, passwords."""

from uuid import UUID

import click
from flask import Flask
from flask.cli import AppGroup
from flask_babel import gettext

from peeraudit.adapters.randomness import new_token
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Grant, Role
from peeraudit.domain.errors import DomainError
from peeraudit.services import accounts
from peeraudit.services.accounts import NewAccount, Person

GENERATED_LENGTH = 20
group = AppGroup("accounts", help="Open accounts, give roles, set passwords.")
role_choice = click.Choice([role.value for role in Role])
generated = click.option("--generate", is_flag=True, help="Make a password and print it, once.")
in_department = click.option("--department", help="Code of the department the role is held in.")


def register(app: Flask) -> None:
    """Attach the commands."""
    app.cli.add_command(group)


@group.command("create")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", type=role_choice, help="A first role.")
@in_department
@click.option("--language", type=click.Choice(["fr", "en"]), default="fr", show_default=True)
@generated
def create(
    email: str,
    name: str,
    role: str | None,
    department: str | None,
    language: str,
    *,
    generate: bool,
) -> None:
    """Open an account for EMAIL; the password is asked for, or made with --generate."""
    password = _password(generate=generate)
    try:
        grants = [_grant(role, department)] if role else []
        new = NewAccount(email, name, password, language, grants)
        with unit_of_work():
            account_id = accounts.open_account(new, by=None)
    except DomainError as error:
        raise _told(error) from None
    click.echo(f"Account {account_id} is open for {email.strip().lower()}.")
    _show(password, generate=generate)


@group.command("give-role")
@click.argument("email")
@click.argument("role", type=role_choice)
@in_department
def give_role(email: str, role: str, department: str | None) -> None:
    """Give the person with EMAIL one more ROLE."""
    try:
        grant = _grant(role, department)
        with unit_of_work():
            accounts.give_role(accounts.find_account_id(email), grant, by=None)
    except DomainError as error:
        raise _told(error) from None
    click.echo(f"{email} holds the role {role}.")


@group.command("set-password")
@click.argument("email")
@generated
def set_password(email: str, *, generate: bool) -> None:
    """Set the password of the person with EMAIL; open sessions end."""
    password = _password(generate=generate)
    try:
        with unit_of_work():
            accounts.set_password(accounts.find_account_id(email), password, by=None)
    except DomainError as error:
        raise _told(error) from None
    click.echo(f"The password of {email} is set; older sessions have ended.")
    _show(password, generate=generate)


@group.command("list")
def list_accounts() -> None:
    """List everybody who has an account."""
    for person in accounts.list_people(by=None):
        click.echo(_line(person))


def _line(person: Person) -> str:
    roles = [
        f"{grant.role.value}@{grant.department_name}" if grant.department_name else grant.role.value
        for grant in person.grants
    ]
    state = "open" if person.active else "closed"
    return "\t".join((person.email, person.name, state, ", ".join(roles) or "-"))


def _grant(role: str, department: str | None) -> Grant:
    place: UUID | None = accounts.find_place(department).id if department else None
    return Grant(Role(role), place)


def _password(*, generate: bool) -> str:
    if generate:
        return new_token()[:GENERATED_LENGTH]
    prompted: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return prompted


def _show(password: str, *, generate: bool) -> None:
    if generate:
        click.echo(f"Password, shown this once: {password}")


def _told(error: DomainError) -> click.ClickException:
    return click.ClickException(gettext(error.message, **error.params))
