"""Use cases: accounts, roles, signing in."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, update

from peeraudit.adapters.clock import now
from peeraudit.adapters.passwords import fingerprint, hash_password, is_right_password
from peeraudit.domain.accounts import (
    ROLE_PERMISSIONS,
    Grant,
    Permission,
    Role,
    check_password,
)
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, Conflicting, DomainError, InvalidInput, NotFound
from peeraudit.extensions import db
from peeraudit.models.accounts import Account, RoleGrant, SignInFailure
from peeraudit.models.network import Department
from peeraudit.services import trail

FAILURES_PER_ACCOUNT = 5
# A whole hospital may sit behind one address, so it is given more room than one account.
FAILURES_PER_ADDRESS = 50
FAILURES_COUNT_FOR = timedelta(minutes=15)


class SignInRefused(DomainError):
    """E-mail address or password are wrong, or the account is closed."""


class TooManyAttempts(DomainError):
    """The door is closed for a while."""


@dataclass(frozen=True, slots=True)
class GrantView:
    """One role of a person."""

    id: UUID
    role: Role
    department_id: UUID | None
    department_name: str


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
    db.session.flush()  # the roles refer to the account
    trail.record("open_account", by, object_kind="account", object_id=account.id)
    for grant in new.grants:
        give_role(account.id, grant, by=by)
    return account.id


def give_role(account_id: UUID, grant: Grant, *, by: Actor | None) -> None:
    """Give a person a role; a role held already is left as it is."""
    if by is not None:
        by.require(Permission.MANAGE_ACCOUNTS)
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
    db.session.add(
        RoleGrant(
            id=uuid4(),
            account_id=account_id,
            role=grant.role,
            department_id=grant.department_id,
        )
    )
    db.session.flush()  # a role is looked up again in the same transaction
    details = {"role": grant.role.value, "department": grant.department_id}
    trail.record("give_role", by, object_kind="account", object_id=account_id, details=details)


def take_role(account_id: UUID, grant_id: UUID, *, by: Actor) -> None:
    """Take a role from a person; it ends at the person's next request.

    Raises:
        Conflicting: it is the last administrator's role.
        NotFound: the person does not hold it.
    """
    by.require(Permission.MANAGE_ACCOUNTS)
    grant = db.session.get(RoleGrant, grant_id)
    if grant is None or grant.account_id != account_id:
        raise NotFound(N_("The person does not hold this role any more."))
    if grant.role is Role.ADMINISTRATOR and _administrators() == 1:
        raise Conflicting(N_("The last administrator's role cannot be taken."))
    db.session.delete(grant)
    trail.record(
        "take_role",
        by,
        object_kind="account",
        object_id=account_id,
        details={"role": grant.role.value},
    )


def set_active(account_id: UUID, *, active: bool, by: Actor) -> None:
    """Open or close an account; closing ends its sessions at their next request."""
    by.require(Permission.MANAGE_ACCOUNTS)
    if account_id == by.account_id:
        raise Conflicting(N_("You cannot close your own account."))
    account = _account(account_id)
    account.active = active
    account.session_epoch += 1
    act = "open_account_again" if active else "close_account"
    trail.record(act, by, object_kind="account", object_id=account_id)


def set_password(account_id: UUID, password: str, *, by: Actor | None) -> None:
    """Set a password and end every session that was opened with the old one."""
    if by is not None and by.account_id != account_id:
        by.require(Permission.MANAGE_ACCOUNTS)
    account = _account(account_id)
    check_password(password, [account.email, account.name])
    account.password_hash = hash_password(password)
    account.session_epoch += 1
    trail.record("set_password", by, object_kind="account", object_id=account_id)


def set_preference(account_id: UUID, name: str, value: object) -> None:
    """Keep a preference of a person, such as the language or the key map."""
    account = _account(account_id)
    if name == "language" and value in {"fr", "en"}:
        account.language = str(value)
        return
    kept = json.loads(account.preferences) | {name: value}
    text = json.dumps(kept, sort_keys=True)
    if len(text) <= 2000:
        account.preferences = text


def sign_in(email: str, password: str, *, address: str) -> Person:
    """Return the person whose address and password these are.

    Raises:
        TooManyAttempts: too many failures of late.
        SignInRefused: address or password are wrong; which of them is not told.
    """
    email = email.strip().lower()
    email_hash, address_hash = fingerprint(email), fingerprint(address)
    if _recent_failures(email_hash, address_hash):
        raise TooManyAttempts(
            N_("Too many attempts. Wait a quarter of an hour, or ask an administrator.")
        )
    account = db.session.scalar(select(Account).where(Account.email == email))
    stored = account.password_hash if account is not None and account.active else None
    if account is None or not is_right_password(password, stored):
        raise SignInRefused(N_("E-mail address or password are not right."))
    db.session.execute(delete(SignInFailure).where(SignInFailure.email_hash == email_hash))
    trail.record("sign_in", None, object_kind="account", object_id=account.id)
    return _person(account)


def note_failure(email: str, *, address: str) -> None:
    """Write down a failed attempt; its own unit of work, since the attempt's was rolled back."""
    db.session.add(
        SignInFailure(
            id=uuid4(),
            email_hash=fingerprint(email.strip().lower()),
            address_hash=fingerprint(address),
            at=now(),
        )
    )


def find_person(account_id: UUID, *, epoch: int | None = None) -> Person | None:
    """Return an open account's person; None where it is closed or the session too old."""
    account = db.session.get(Account, account_id, populate_existing=True)
    if account is None or not account.active:
        return None
    if epoch is not None and account.session_epoch != epoch:
        return None
    return _person(account)


def list_people(*, by: Actor) -> list[Person]:
    """Return all people in the order of their names."""
    by.require(Permission.MANAGE_ACCOUNTS)
    accounts = db.session.scalars(select(Account).order_by(Account.name, Account.id)).all()
    grants = _grants([a.id for a in accounts])
    return [_person(a, grants.get(a.id, ())) for a in accounts]


def _recent_failures(email_hash: str, address_hash: str) -> bool:
    since = now() - FAILURES_COUNT_FOR
    counts = db.session.execute(
        select(
            func.count().filter(SignInFailure.email_hash == email_hash),
            func.count().filter(SignInFailure.address_hash == address_hash),
        ).where(SignInFailure.at > since)
    ).one()
    return bool(counts[0] >= FAILURES_PER_ACCOUNT or counts[1] >= FAILURES_PER_ADDRESS)


def forget_old_failures() -> None:
    """Delete failed attempts that no longer count."""
    db.session.execute(delete(SignInFailure).where(SignInFailure.at < now() - FAILURES_COUNT_FOR))


def end_sessions(account_id: UUID) -> None:
    """End every session of a person at its next request."""
    db.session.execute(
        update(Account)
        .where(Account.id == account_id)
        .values(session_epoch=Account.session_epoch + 1)
    )


def _administrators() -> int:
    statement = (
        select(func.count())
        .select_from(RoleGrant)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(RoleGrant.role == Role.ADMINISTRATOR, Account.active)
    )
    return db.session.scalar(statement) or 0


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
