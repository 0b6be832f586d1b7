"""Is the installation alive, ready, and is its work being done?"""

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from peeraudit.domain.accounts import Permission
from peeraudit.services import health
from peeraudit.web.login import current_actor
from peeraudit.web.security import needs, open_to_all

bp = Blueprint("health", __name__)


@bp.get("/livez")
@open_to_all
def show_liveness() -> ResponseReturnValue:
    """Say that the process answers."""
    return jsonify(status="alive")


@bp.get("/readyz")
@open_to_all
def show_readiness() -> ResponseReturnValue:
    """Say whether the database answers with a schema; a broker that is away only delays."""
    return jsonify(status="ready", schema=health.schema_revision())


@bp.get("/health")
@needs(Permission.READ_HEALTH)
def show_health() -> ResponseReturnValue:
    """Show the state of the parts."""
    return render_template("health/show_health.html", health=health.look(by=current_actor()))
