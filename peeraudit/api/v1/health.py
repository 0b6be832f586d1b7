"""REST: is the interface there, and who am I?"""

from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import List, String

from peeraudit.api.authentication import calling_actor, needs
from peeraudit.domain.accounts import Permission

bp = APIBlueprint("api_health", __name__, url_prefix="/api/v1", tag="Health")


class WhoAnswer(Schema):
    """The person behind the token."""

    account_id = String(required=True)
    role = String(required=True)
    permissions = List(String(), required=True)


@bp.get("/me")
@needs(Permission.USE_API_TOKENS)
@bp.output(WhoAnswer)
def show_caller() -> dict[str, Any]:
    """Tell who is behind the token."""
    actor = calling_actor()
    return {
        "account_id": str(actor.account_id),
        "role": actor.role.value,
        "permissions": sorted(p.value for p in Permission if actor.may(p)),
    }
