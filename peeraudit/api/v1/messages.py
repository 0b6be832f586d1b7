"""REST: what a person was told."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema, fields
from apiflask.fields import Boolean, DateTime, Integer, List, Nested, String
from apiflask.validators import OneOf, Range

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.adapters.wording import in_words
from peeraudit.api.authentication import calling_person, needs
from peeraudit.domain.accounts import Permission, Role
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, NotFound
from peeraudit.services import notifications
from peeraudit.services.notifications import Notice

bp = APIBlueprint("api_messages", __name__, url_prefix="/api/v1/messages", tag="Messages")
ROLES = [role.value for role in Role]


class MessageQuery(Schema):
    """Which messages to return."""

    role = String(load_default="", validate=OneOf(["", *ROLES]))
    unread = Boolean(load_default=False)
    limit = Integer(load_default=50, validate=Range(min=1, max=200))


class MessageAnswer(Schema):
    """A message: what it says, in the language asked for, and in which role it is read."""

    id = fields.UUID(required=True)
    kind = String(required=True)
    role = String(required=True, metadata={"enum": ROLES})
    text = String(required=True)
    path = String(required=True)
    created_at = DateTime(required=True)
    read_at = DateTime(required=True, allow_none=True)


class MessagesAnswer(Schema):
    """Messages, newest first."""

    messages = List(Nested(MessageAnswer), required=True)


@bp.post("/<uuid:message_id>/read")
@needs(Permission.USE_API_TOKENS)
@bp.output(MessageAnswer)
def mark_read(message_id: UUID) -> dict[str, Any]:
    """Mark a message as read."""
    for actor in _actors():
        # The message is read in one of the caller's roles; the others do not know it.
        with suppress(NotFound), unit_of_work():
            return _answer(notifications.mark_read(message_id, by=actor), actor)
    raise NotFound(N_("There is no such message."))


@bp.get("")
@needs(Permission.USE_API_TOKENS)
@bp.input(MessageQuery, location="query")
@bp.output(MessagesAnswer)
def list_messages(query_data: dict[str, Any]) -> dict[str, Any]:
    """List what the caller was told, in all roles or in one."""
    found = [
        _answer(notice, actor)
        for actor in _actors()
        if query_data["role"] in {"", actor.role}
        for notice in notifications.inbox(
            by=actor, limit=query_data["limit"], only_unread=query_data["unread"]
        )
    ]
    found.sort(key=lambda message: message["created_at"], reverse=True)
    return {"messages": found[: query_data["limit"]]}


def _actors() -> list[Actor]:
    """Return the caller in each role once: a role is read in whatever department it is held."""
    person = calling_person()
    return list({grant.role: person.as_actor(grant) for grant in person.grants}.values())


def _answer(notice: Notice, actor: Actor) -> dict[str, Any]:
    return {
        "id": notice.id,
        "kind": notice.kind.value,
        "role": actor.role.value,
        "text": in_words(notice.sentence),
        "path": notice.path,
        "created_at": notice.created_at,
        "read_at": notice.read_at,
    }
