"""REST: who did what, for the data protection officer."""

from typing import Any

from apiflask import APIBlueprint, Schema, fields
from apiflask.fields import Date, DateTime, Dict, Integer, List, Nested, Raw, String
from apiflask.validators import Length, Range

from peeraudit.api.authentication import calling_actor, needs
from peeraudit.domain.accounts import Permission
from peeraudit.services import trail
from peeraudit.services.trail import Entry, Wanted

bp = APIBlueprint("api_trail", __name__, url_prefix="/api/v1/trail", tag="Trail")
MOST_PAGES = 1_000_000


class TrailQuery(Schema):
    """Which acts to return; what is left out narrows nothing."""

    object_kind = String(load_default="", validate=Length(max=32))
    object_id = fields.UUID(load_default=None)
    actor_id = fields.UUID(load_default=None)
    since = Date(load_default=None)
    until = Date(load_default=None)
    page = Integer(load_default=1, validate=Range(min=1, max=MOST_PAGES))


class EntryAnswer(Schema):
    """An act; ``details`` holds counts, codes and states."""

    id = Integer(required=True)
    at = DateTime(required=True)
    actor_id = fields.UUID(required=True, allow_none=True)
    role = String(required=True)
    act = String(required=True)
    object_kind = String(required=True)
    object_id = fields.UUID(required=True, allow_none=True)
    reason = String(required=True)
    details = Dict(keys=String(), values=Raw(), required=True)


class TrailAnswer(Schema):
    """One page of acts, newest first."""

    entries = List(Nested(EntryAnswer), required=True)
    page = Integer(required=True)
    pages = Integer(required=True)
    total = Integer(required=True)


@bp.get("")
@needs(Permission.READ_TRAIL)
@bp.input(TrailQuery, location="query")
@bp.output(TrailAnswer)
def list_entries(query_data: dict[str, Any]) -> dict[str, Any]:
    """List what was done, newest first."""
    page = query_data.pop("page")
    shown = trail.list_entries(Wanted(**query_data), page=page, by=calling_actor())
    return {
        "entries": [_answer(entry) for entry in shown.entries],
        "page": shown.page,
        "pages": shown.pages,
        "total": shown.total,
    }


def _answer(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at,
        "actor_id": entry.actor_id,
        "role": entry.role,
        "act": entry.act,
        "object_kind": entry.object_kind,
        "object_id": entry.object_id,
        "reason": entry.reason,
        "details": entry.details,
    }
