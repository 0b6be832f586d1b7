"""REST: people, their roles and their accounts, so that a script can set up a network."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema, fields
from apiflask.fields import Boolean, List, Nested, String
from apiflask.validators import Length, OneOf

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.api.authentication import calling_actor, needs
from peeraudit.domain.accounts import Grant, Permission, Role
from peeraudit.services import accounts
from peeraudit.services.accounts import NewAccount, Person

bp = APIBlueprint("api_people", __name__, url_prefix="/api/v1/people", tag="People")
ROLES = [role.value for role in Role]


class RoleInput(Schema):
    """A role; those held in one department name it, those of the network do not."""

    role = String(required=True, validate=OneOf(ROLES))
    department_id = fields.UUID(load_default=None, allow_none=True)


class PersonInput(Schema):
    """A new account; the person replaces the password at the first sign-in."""

    email = String(required=True, validate=Length(min=3, max=254))
    name = String(required=True, validate=Length(min=1, max=120))
    password = String(required=True, validate=Length(min=12, max=128))
    language = String(load_default="fr", validate=OneOf(["fr", "en"]))
    roles = List(Nested(RoleInput), load_default=[])


class PasswordInput(Schema):
    """A first password, for somebody who has forgotten the own one."""

    password = String(required=True, validate=Length(min=12, max=128))


class RoleAnswer(Schema):
    """A role that a person holds."""

    id = fields.UUID(required=True)
    role = String(required=True, metadata={"enum": ROLES})
    department_id = fields.UUID(required=True, allow_none=True)
    department_name = String(required=True)


class PersonAnswer(Schema):
    """A person with an account."""

    id = fields.UUID(required=True)
    email = String(required=True)
    name = String(required=True)
    language = String(required=True)
    active = Boolean(required=True)
    must_change_password = Boolean(required=True)
    roles = List(Nested(RoleAnswer), required=True)


class PeopleAnswer(Schema):
    """Everybody who has an account, in the order of their names."""

    people = List(Nested(PersonAnswer), required=True)


@bp.post("")
@needs(Permission.MANAGE_ACCOUNTS)
@bp.input(PersonInput)
@bp.output(PersonAnswer, status_code=201)
def open_account(json_data: dict[str, Any]) -> dict[str, Any]:
    """Open an account with its roles."""
    actor = calling_actor()
    grants = [_grant(role) for role in json_data.pop("roles")]
    with unit_of_work():
        account_id = accounts.open_account(NewAccount(**json_data, grants=grants), by=actor)
    return _answer(accounts.show_person(account_id, by=actor))


@bp.get("")
@needs(Permission.MANAGE_ACCOUNTS)
@bp.output(PeopleAnswer)
def list_people() -> dict[str, Any]:
    """List everybody who has an account."""
    return {"people": [_answer(p) for p in accounts.list_people(by=calling_actor())]}


@bp.get("/<uuid:account_id>")
@needs(Permission.MANAGE_ACCOUNTS)
@bp.output(PersonAnswer)
def show_person(account_id: UUID) -> dict[str, Any]:
    """Show a person, whose account may be closed."""
    return _answer(accounts.show_person(account_id, by=calling_actor()))


@bp.post("/<uuid:account_id>/roles")
@needs(Permission.MANAGE_ACCOUNTS)
@bp.input(RoleInput)
@bp.output(PersonAnswer, status_code=201)
def give_role(account_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Give a person a role; one held already is left as it is."""
    actor, grant = calling_actor(), _grant(json_data)
    with unit_of_work():
        accounts.give_role(account_id, grant, by=actor)
    return _answer(accounts.show_person(account_id, by=actor))


@bp.delete("/<uuid:account_id>/roles/<uuid:role_id>")
@needs(Permission.MANAGE_ACCOUNTS)
@bp.output(PersonAnswer)
def take_role(account_id: UUID, role_id: UUID) -> dict[str, Any]:
    """Take a role from a person."""
    actor = calling_actor()
    with unit_of_work():
        accounts.take_role(account_id, role_id, by=actor)
    return _answer(accounts.show_person(account_id, by=actor))


@bp.post("/<uuid:account_id>/close")
@needs(Permission.MANAGE_ACCOUNTS)
@bp.output(PersonAnswer)
def close_account(account_id: UUID) -> dict[str, Any]:
    """Close an account: its sessions and its tokens end."""
    return _set_active(account_id, active=False)


@bp.post("/<uuid:account_id>/open")
@needs(Permission.MANAGE_ACCOUNTS)
@bp.output(PersonAnswer)
def open_account_again(account_id: UUID) -> dict[str, Any]:
    """Open a closed account again."""
    return _set_active(account_id, active=True)


@bp.post("/<uuid:account_id>/password")
@needs(Permission.MANAGE_ACCOUNTS)
@bp.input(PasswordInput)
@bp.output(PersonAnswer)
def give_password(account_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Give a person a first password; the person's sessions end."""
    actor = calling_actor()
    with unit_of_work():
        accounts.set_password(account_id, json_data["password"], by=actor)
    return _answer(accounts.show_person(account_id, by=actor))


def _set_active(account_id: UUID, *, active: bool) -> dict[str, Any]:
    actor = calling_actor()
    with unit_of_work():
        accounts.set_active(account_id, active=active, by=actor)
    return _answer(accounts.show_person(account_id, by=actor))


def _grant(role: dict[str, Any]) -> Grant:
    return Grant(Role(role["role"]), role["department_id"])


def _answer(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "email": person.email,
        "name": person.name,
        "language": person.language,
        "active": person.active,
        "must_change_password": person.must_change_password,
        "roles": [
            {
                "id": grant.id,
                "role": grant.role.value,
                "department_id": grant.department_id,
                "department_name": grant.department_name,
            }
            for grant in person.grants
        ],
    }
