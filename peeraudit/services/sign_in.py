"""Use cases: showing who one is by a password, which cannot be guessed by trying."""

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select

from peeraudit.adapters.clock import now
from peeraudit.adapters.passwords import fingerprint, is_right_password
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, DomainError, InvalidInput
from peeraudit.extensions import db
from peeraudit.models.accounts import Account, SignInFailure
from peeraudit.services import accounts, trail
from peeraudit.services.accounts import Person

FAILURES_PER_ACCOUNT = 5
# A whole hospital may sit behind one address, so it is given more room than one account.
FAILURES_PER_ADDRESS = 50
FAILURES_COUNT_FOR = timedelta(minutes=15)


class SignInRefused(DomainError):
    """E-mail address or password are wrong, or the account is closed."""


class TooManyAttempts(DomainError):
    """The door is closed for a while."""


def sign_in(email: str, password: str, *, address: str) -> Person:
    """Return the person whose e-mail address and password these are.

    Args:
        email: as the person typed it.
        password: in clear.
        address: the network address that the attempt comes from.

    Raises:
        TooManyAttempts: too many failures of late.
        SignInRefused: address or password are wrong; which of them is not told.
    """
    email = email.strip().lower()
    _refuse_guessing(email, address)
    account = db.session.scalar(select(Account).where(Account.email == email, Account.active))
    # Asked even where there is no account: both refusals take as long.
    right = is_right_password(password, account.password_hash if account else None)
    person = accounts.find_person(account.id) if account and right else None
    if person is None:
        raise SignInRefused(N_("E-mail address or password are not right."))
    db.session.execute(delete(SignInFailure).where(SignInFailure.email_hash == fingerprint(email)))
    # A session begins under the first of the roles.
    actor = person.as_actor(person.grants[0]) if person.grants else None
    trail.record("sign_in", actor, object_kind="account", object_id=person.id)
    return person


def change_password(
    account_id: UUID, present: str, *, new: str, address: str, by: Actor | None
) -> Person:
    """Change one's own password; return the person, whose older sessions have ended.

    Args:
        account_id: whose password it is.
        present: the password so far, in clear.
        new: the password to be, in clear.
        address: the network address that the attempt comes from.
        by: the same person in the role in use; None where the person has no role.

    Raises:
        TooManyAttempts: too many failures of late.
        SignInRefused: the present password is not right.
        InvalidInput: the new one is the present one, or not good enough.
    """
    account = db.session.get_one(Account, account_id)
    _refuse_guessing(account.email, address)
    if not is_right_password(present, account.password_hash):
        raise SignInRefused(N_("The present password is not right."))
    if present == new:
        raise InvalidInput(N_("The new password is the present one: choose another."))
    accounts.set_password(account_id, new, by=by)
    db.session.flush()  # the person is read again in the same transaction
    person = accounts.find_person(account_id)
    if person is None:
        raise SignInRefused(N_("The account is closed."))
    return person


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


def forget_old_failures() -> None:
    """Delete failed attempts that no longer count."""
    db.session.execute(delete(SignInFailure).where(SignInFailure.at < now() - FAILURES_COUNT_FOR))


def _refuse_guessing(email: str, address: str) -> None:
    since = now() - FAILURES_COUNT_FOR
    of_account, of_address = db.session.execute(
        select(
            func.count().filter(SignInFailure.email_hash == fingerprint(email)),
            func.count().filter(SignInFailure.address_hash == fingerprint(address)),
        ).where(SignInFailure.at > since)
    ).one()
    if of_account >= FAILURES_PER_ACCOUNT or of_address >= FAILURES_PER_ADDRESS:
        raise TooManyAttempts(
            N_("Too many attempts. Wait a quarter of an hour, or ask an administrator.")
        )
