"""Who is behind a call of the REST interface, and may the person make it?"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar
from uuid import UUID

from flask import abort, g, request

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, NotAllowed
from peeraudit.services import tokens
from peeraudit.services.accounts import Person
from peeraudit.services.tokens import Bearer

P = ParamSpec("P")
R = TypeVar("R")


def needs(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let in a token whose scopes and whose person's roles hold ``permission``."""

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            bearer = _bearer()
            if permission not in bearer.scopes:
                abort(403, f"The token lacks the scope {permission.value}.")
            if bearer.person.find_actor(permission) is None:
                abort(403, f"No role of yours allows {permission.value}.")
            g.permission = permission
            return view(*args, **kwargs)

        guarded.access = permission  # type: ignore[attr-defined]
        return guarded

    return mark


def open_to_all(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a call that needs no token."""
    view.access = "open"  # type: ignore[attr-defined]
    return view


def calling_actor(department_id: UUID | None = None) -> Actor:
    """Return the person behind the call, under a role that allows it for the department.

    Raises:
        NotAllowed: no role of the person reaches the department.
    """
    actor = _bearer().person.find_actor(g.permission, department_id)
    if actor is None:
        raise NotAllowed(N_("No role of yours is for this department."))
    return actor


def calling_person() -> Person:
    """Return the person behind the call, whatever the role."""
    return _bearer().person


def calling_scopes() -> frozenset[Permission]:
    """Return what the token of the call may do, within what its person may."""
    return _bearer().scopes


def _bearer() -> Bearer:
    header = request.headers.get("Authorization", "")
    if "bearer" in g and g.bearer_header == header:
        known: Bearer = g.bearer
        return known
    kind, _, secret = header.partition(" ")
    bearer = tokens.find_bearer(secret.strip()) if kind.lower() == "bearer" and secret else None
    if bearer is None:
        abort(401, "Send a valid personal access token: Authorization: Bearer pa_…")
    with unit_of_work():
        tokens.note_use(secret.strip())
    g.bearer, g.bearer_header = bearer, header
    return bearer
