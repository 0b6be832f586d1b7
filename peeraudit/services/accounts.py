"""Use cases: accounts, their roles and their passwords."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from unicodedata import combining, normalize
from uuid import UUID, uuid4

from sqlalchemy import select

from peeraudit.adapters.clock import now
from peeraudit.adapters.passwords import hash_password
from peeraudit.domain.accounts import (
    ROLE_PERMISSIONS,
    Grant,
    Permission,
    Role,
    check_password,
)
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, Conflicting, InvalidInput, NotFound
from peeraudit.extensions import db
from peeraudit.models.accounts import Account, RoleGrant
from peeraudit.models.network import Department
from peeraudit.services import trail

# A preference that only the system sets: somebody else knows the password.
MUST_CHANGE = "must_change_password"


@dataclass(frozen=True, slots=True)
class GrantView:
    """One role of a person."""

    id: UUID
    role: Role
    department_id: UUID | None
    department_name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A department in which a role can be held."""

    id: UUID
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person with an account, and the roles that the person holds."""

    id: UUID
    email: str
    name: str
    language: str
    active: bool
    session_epoch: int
    grants: tuple[GrantView, ...]
    preferences: Mapping[str, Any] = field(default_factory=dict)

    @property
    def must_change_password(self) -> bool:
        """Return whether another person chose the password."""
        return bool(self.preferences.get(MUST_CHANGE))

    def as_actor(self, grant: GrantView) -> Actor:
        """Return the person acting under one of the roles."""
        return Actor(self.id, grant.role, grant.department_id)

    def find_actor(self, permission: Permission, department_id: UUID | None = None) -> Actor | None:
        """Return the person under the first role that allows an act; None when none does."""
        for grant in self.grants:
            reaches = department_id is None or grant.department_id in {None, department_id}
            if reaches and permission in ROLE_PERMISSIONS[grant.role]:
                return self.as_actor(grant)
        return None


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What is needed to open an account."""

    email: str
    name: str
    password: str
    language: str = "fr"
    grants: Sequence[Grant] = ()


def open_account(new: NewAccount, *, by: Actor | None) -> UUID:
    """Open an account with its roles; return its id.

    Raises:
        InvalidInput: the address or the password cannot be used.
        Conflicting: there is an account with this address.
    """
    if by is not None:
        by.require(Permission.MANAGE_ACCOUNTS)
    email = new.email.strip().lower()
    if "@" not in email or len(email) > 254 or any(c.isspace() for c in email):
        raise InvalidInput(N_("This is not an e-mail address."))
    if not new.name.strip():
        raise InvalidInput(N_("Give the person's name."))
    check_password(new.password, [email, new.name])
    if db.session.scalar(select(Account.id).where(Account.email == email)):
        raise Conflicting(N_("There is an account with this e-mail address already."))
    account = Account(
        id=uuid4(),
        email=email,
        name=new.name.strip(),
        password_hash=hash_password(new.password),
        language=new.language,
        created_at=now(),
    )
    db.session.add(account)
    _mark_first_password(account, given=by is not None)
    db.session.flush()  # the roles refer to the account
    trail.record("open_account", by, object_kind="account", object_id=account.id)
    for grant in new.grants:
        give_role(account.id, grant, by=by)
    return account.id


def give_role(account_id: UUID, grant: Grant, *, by: Actor | None) -> None:
    """Give a person a role; a role held already is left as it is.

    Raises:
        NotFound: there is no such account or department.
    """
    if by is not None:
        by.require(Permission.MANAGE_ACCOUNTS)
    _account(account_id)
    held = db.session.scalar(
        select(RoleGrant.id).where(
            RoleGrant.account_id == account_id,
            RoleGrant.role == grant.role,
            RoleGrant.department_id.is_(None)
            if grant.department_id is None
            else RoleGrant.department_id == grant.department_id,
        )
    )
    if held is not None:
        return
    details = {"role": grant.role.value, "department": _code_of(grant.department_id)}
    db.session.add(
        RoleGrant(
            id=uuid4(),
            account_id=account_id,
            role=grant.role,
            department_id=grant.department_id,
        )
    )
    db.session.flush()  # a role is looked up again in the same transaction
    trail.record("give_role", by, object_kind="account", object_id=account_id, details=details)


def take_role(account_id: UUID, grant_id: UUID, *, by: Actor) -> None:
    """Take a role from a person; it ends at the person's next request.

    Raises:
        Conflicting: it is the last administrator's role.
        NotFound: the person does not hold it.
    """
    by.require(Permission.MANAGE_ACCOUNTS)
    grant = db.session.scalar(
        select(RoleGrant)
        .where(RoleGrant.id == grant_id, RoleGrant.account_id == account_id)
        .with_for_update()
    )
    if grant is None:
        raise NotFound(N_("The person does not hold this role any more."))
    if grant.role is Role.ADMINISTRATOR and not _administrators() - {account_id}:
        raise Conflicting(N_("The last administrator's role cannot be taken."))
    db.session.delete(grant)
    db.session.flush()  # the person is looked at again in the same transaction
    trail.record(
        "take_role",
        by,
        object_kind="account",
        object_id=account_id,
        details={"role": grant.role.value, "department": _code_of(grant.department_id)},
    )


def set_active(account_id: UUID, *, active: bool, by: Actor) -> None:
    """Open or close an account; closing ends its sessions and tokens at their next request.

    Raises:
        Conflicting: it is one's own account, or the last administrator's.
        NotFound: there is no such account.
    """
    by.require(Permission.MANAGE_ACCOUNTS)
    if account_id == by.account_id:
        raise Conflicting(N_("You cannot close your own account."))
    # Asked under a lock: two administrators may close each other's account at the same time.
    if not active and not _administrators() - {account_id}:
        raise Conflicting(N_("The last administrator's account cannot be closed."))
    account = _account(account_id)
    if account.active is active:
        return
    account.active = active
    account.session_epoch += 1
    act = "open_account_again" if active else "close_account"
    trail.record(act, by, object_kind="account", object_id=account_id)


def set_password(account_id: UUID, password: str, *, by: Actor | None) -> None:
    """Set a password and end every session that was opened with the old one.

    Args:
        account_id: whose password it is.
        password: in clear.
        by: who sets it; None is the command line, which only the operator reaches.

    Raises:
        InvalidInput: the password is not good enough.
        NotFound: there is no such account.
    """
    if by is not None and by.account_id != account_id:
        by.require(Permission.MANAGE_ACCOUNTS)
    account = _account(account_id)
    check_password(password, [account.email, account.name])
    account.password_hash = hash_password(password)
    account.session_epoch += 1
    _mark_first_password(account, given=by is not None and by.account_id != account_id)
    trail.record("set_password", by, object_kind="account", object_id=account_id)


def set_preference(account_id: UUID, name: str, value: object) -> None:
    """Keep a preference of a person, such as the language or the key map."""
    account = _account(account_id)
    if name == "language" and value in {"fr", "en"}:
        account.language = str(value)
        return
    if name == MUST_CHANGE:
        raise InvalidInput(N_("This preference is not yours to set."))
    kept = json.loads(account.preferences) | {name: value}
    text = json.dumps(kept, sort_keys=True)
    if len(text) <= 2000:
        account.preferences = text


def find_person(account_id: UUID, *, epoch: int | None = None) -> Person | None:
    """Return an open account's person; None where it is closed or the session too old."""
    account = db.session.get(Account, account_id, populate_existing=True)
    if account is None or not account.active:
        return None
    if epoch is not None and account.session_epoch != epoch:
        return None
    return _person(account)


def list_people(*, by: Actor | None) -> list[Person]:
    """Return all people in the order of their names; ``by`` is None on the command line."""
    if by is not None:
        by.require(Permission.MANAGE_ACCOUNTS)
    rows = db.session.scalars(select(Account).order_by(Account.id))
    accounts = sorted(rows, key=lambda account: _unaccented(account.name))
    grants = _grants([a.id for a in accounts])
    return [_person(a, grants.get(a.id, ())) for a in accounts]


def list_places(*, by: Actor) -> list[Place]:
    """Return the departments in which a role can be held, in the order of their names."""
    by.require(Permission.MANAGE_ACCOUNTS)
    rows = db.session.scalars(select(Department).where(Department.active).order_by(Department.name))
    return [Place(d.id, d.code, d.name) for d in rows]


def find_place(code: str) -> Place:
    """Return the department with a code.

    Raises:
        NotFound: there is none.
    """
    department = db.session.scalar(select(Department).where(Department.code == code))
    if department is None:
        raise NotFound(N_("There is no department with the code %(code)s."), code=code)
    return Place(department.id, department.code, department.name)


def end_sessions(account_id: UUID, *, by: Actor | None) -> None:
    """End every session of a person at its next request.

    Args:
        account_id: whose sessions.
        by: the same person in the role in use; None where the person has no role.
    """
    _account(account_id).session_epoch += 1
    trail.record("end_sessions", by, object_kind="account", object_id=account_id)


def show_person(account_id: UUID, *, by: Actor) -> Person:
    """Return a person, whose account may be closed."""
    by.require(Permission.MANAGE_ACCOUNTS)
    account = db.session.get(Account, account_id)
    if account is None:
        raise NotFound(N_("There is no such account."))
    return _person(account)


def find_account_id(email: str) -> UUID:
    """Return the account with an e-mail address.

    Raises:
        NotFound: there is none.
    """
    account_id = db.session.scalar(select(Account.id).where(Account.email == email.strip().lower()))
    if account_id is None:
        raise NotFound(N_("There is no such account."))
    return account_id


def _unaccented(name: str) -> str:
    """Return a name as it is sorted: databases order "É" after "Z", each in its own way."""
    return "".join(c for c in normalize("NFKD", name) if not combining(c)).casefold()


def _code_of(department_id: UUID | None) -> str:
    if department_id is None:
        return ""
    code = db.session.scalar(select(Department.code).where(Department.id == department_id))
    if code is None:
        raise NotFound(N_("There is no such department."))
    return code


def _administrators() -> set[UUID]:
    # Locked, so that two administrators cannot take each other's role at the same time.
    statement = (
        select(RoleGrant.account_id)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(RoleGrant.role == Role.ADMINISTRATOR, Account.active)
        .with_for_update(of=RoleGrant)
    )
    return set(db.session.scalars(statement))


def _mark_first_password(account: Account, *, given: bool) -> None:
    kept = json.loads(account.preferences or "{}")
    kept.pop(MUST_CHANGE, None)
    if given:
        kept[MUST_CHANGE] = True
    account.preferences = json.dumps(kept, sort_keys=True)


def _account(account_id: UUID) -> Account:
    account = db.session.scalar(select(Account).where(Account.id == account_id).with_for_update())
    if account is None:
        raise NotFound(N_("There is no such account."))
    return account


def _person(account: Account, grants: tuple[GrantView, ...] | None = None) -> Person:
    if grants is None:
        grants = _grants([account.id]).get(account.id, ())
    return Person(
        id=account.id,
        email=account.email,
        name=account.name,
        language=account.language,
        active=account.active,
        session_epoch=account.session_epoch,
        grants=grants,
        preferences=json.loads(account.preferences),
    )


def _grants(account_ids: Sequence[UUID]) -> dict[UUID, tuple[GrantView, ...]]:
    rows = db.session.execute(
        select(RoleGrant, Department.name)
        .outerjoin(Department, Department.id == RoleGrant.department_id)
        .where(RoleGrant.account_id.in_(account_ids))
    ).all()
    order = list(Role)
    found: dict[UUID, list[GrantView]] = {}
    for grant, name in sorted(rows, key=lambda r: (order.index(r[0].role), r[1] or "")):
        view = GrantView(grant.id, grant.role, grant.department_id, name or "")
        found.setdefault(grant.account_id, []).append(view)
    return {account_id: tuple(views) for account_id, views in found.items()}
