"""Use cases: personal access tokens, with which a script acts for a person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, update

from peeraudit.adapters.clock import now
from peeraudit.adapters.passwords import fingerprint
from peeraudit.adapters.randomness import new_token
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, InvalidInput, NotFound
from peeraudit.extensions import db
from peeraudit.models.accounts import AccessToken
from peeraudit.services import accounts, trail
from peeraudit.services.accounts import Person

PREFIX = "pa_"
LONGEST_LIFE = timedelta(days=365)
# Writing at every request would make each reading a writing.
USE_NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token as its owner sees it; the secret itself is shown once only."""

    id: UUID
    name: str
    scopes: frozenset[Permission]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Bearer:
    """The person behind a token, and what the token lets the person do."""

    person: Person
    scopes: frozenset[Permission]


def create_token(name: str, scopes: frozenset[Permission], *, days: int, by: Actor) -> str:
    """Make a token for the actor; return its secret, which is never shown again.

    Args:
        name: what the token is for.
        scopes: what it may do, within what the person may do at the time of use.
        days: its life in days, 1 to 365.
        by: whose token it is.

    Raises:
        InvalidInput: there is no name or no scope, or the life is out of range.
    """
    by.require(Permission.USE_API_TOKENS)
    if not name.strip():
        raise InvalidInput(N_("Give the token a name that tells what it is for."))
    if not scopes:
        raise InvalidInput(N_("Choose at least one thing that the token may do."))
    if not 1 <= days <= LONGEST_LIFE.days:
        raise InvalidInput(N_("A token lives from 1 to 365 days."))
    secret = PREFIX + new_token()
    moment = now()
    token = AccessToken(
        id=uuid4(),
        account_id=by.account_id,
        name=name.strip()[:80],
        token_hash=fingerprint(secret),
        scopes=" ".join(sorted(scopes)),
        created_at=moment,
        expires_at=moment + timedelta(days=days),
    )
    db.session.add(token)
    trail.record("create_token", by, object_kind="token", object_id=token.id)
    return secret


def revoke_token(token_id: UUID, *, by: Actor) -> None:
    """End a token of the actor's own.

    Raises:
        NotFound: the actor has no such token.
    """
    token = db.session.get(AccessToken, token_id)
    if token is None or token.account_id != by.account_id:
        raise NotFound(N_("You have no such token."))
    token.revoked_at = token.revoked_at or now()
    trail.record("revoke_token", by, object_kind="token", object_id=token_id)


def list_tokens(*, by: Actor) -> list[TokenView]:
    """Return the actor's living tokens, newest first."""
    rows = db.session.scalars(
        select(AccessToken)
        .where(
            AccessToken.account_id == by.account_id,
            AccessToken.revoked_at.is_(None),
            AccessToken.expires_at > now(),
        )
        .order_by(AccessToken.created_at.desc(), AccessToken.id)
    )
    return [
        TokenView(
            id=t.id,
            name=t.name,
            scopes=frozenset(Permission(s) for s in t.scopes.split()),
            created_at=t.created_at,
            expires_at=t.expires_at,
            last_used_at=t.last_used_at,
        )
        for t in rows
    ]


def find_bearer(secret: str) -> Bearer | None:
    """Return who stands behind a secret; None when it is unknown, expired or revoked."""
    token = db.session.scalar(
        select(AccessToken).where(
            AccessToken.token_hash == fingerprint(secret),
            AccessToken.revoked_at.is_(None),
            AccessToken.expires_at > now(),
        )
    )
    if token is None:
        return None
    person = accounts.find_person(token.account_id)
    if person is None:
        return None
    return Bearer(person, frozenset(Permission(s) for s in token.scopes.split()))


def note_use(secret: str) -> None:
    """Write down that a token was used, at most once in a few minutes."""
    moment = now()
    db.session.execute(
        update(AccessToken)
        .where(
            AccessToken.token_hash == fingerprint(secret),
            (AccessToken.last_used_at.is_(None))
            | (AccessToken.last_used_at < moment - USE_NOTED_EVERY),
        )
        .values(last_used_at=moment)
    )
