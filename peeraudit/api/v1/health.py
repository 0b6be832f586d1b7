"""REST: is the interface there, and who am I?"""

from dataclasses import asdict
from typing import Any

from apiflask import APIBlueprint, Schema, fields
from apiflask.fields import Boolean, DateTime, Float, Integer, List, Nested, String

from peeraudit.api.authentication import calling_actor, calling_person, calling_scopes, needs
from peeraudit.domain.accounts import Permission
from peeraudit.services import health

bp = APIBlueprint("api_health", __name__, url_prefix="/api/v1", tag="Health")


class HeldRole(Schema):
    """A role that the person holds; ``department_id`` is null for roles of the network."""

    role = String(required=True)
    department_id = fields.UUID(required=True, allow_none=True)


class WhoAnswer(Schema):
    """The person behind the token, and what the token may do."""

    account_id = fields.UUID(required=True)
    role = String(required=True)
    roles = List(Nested(HeldRole), required=True)
    permissions = List(String(), required=True)


class HealthAnswer(Schema):
    """The state of the parts; waits in seconds."""

    broker = Boolean(required=True)
    mail = Boolean(required=True)
    is_late = Boolean(required=True)
    waiting = Integer(required=True)
    oldest_wait = Float(required=True)
    failing = Integer(required=True)
    running_jobs = Integer(required=True)
    swept_at = DateTime(required=True, allow_none=True)
    schema = String(required=True)


@bp.get("/health")
@needs(Permission.READ_HEALTH)
@bp.output(HealthAnswer)
def show_health() -> dict[str, Any]:
    """Tell the state of the parts."""
    state = health.look(by=calling_actor())
    return asdict(state) | {"is_late": state.is_late}


@bp.get("/me")
@needs(Permission.USE_API_TOKENS)
@bp.output(WhoAnswer)
def show_caller() -> dict[str, Any]:
    """Tell who is behind the token, and what the token may do."""
    actor, person = calling_actor(), calling_person()
    usable = [p.value for p in calling_scopes() if person.find_actor(p)]
    return {
        "account_id": actor.account_id,
        "role": actor.role.value,
        "roles": [
            {"role": grant.role.value, "department_id": grant.department_id}
            for grant in person.grants
        ],
        "permissions": sorted(usable),
    }
