"""The trail: who did what, when, in which role, and why."""

from datetime import date
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from peeraudit.domain.accounts import Permission
from peeraudit.services import trail
from peeraudit.services.trail import Wanted
from peeraudit.web.login import current_actor
from peeraudit.web.security import needs
from peeraudit.web.trail.words import object_word, read

bp = Blueprint("trail", __name__, url_prefix="/trail")


@bp.get("/")
@needs(Permission.READ_TRAIL)
def list_entries() -> ResponseReturnValue:
    """Show what was done, newest first; about one thing or by one person where asked."""
    actor = current_actor()
    wanted = Wanted(
        object_kind=request.args.get("kind", ""),
        object_id=request.args.get("object", type=UUID),
        actor_id=request.args.get("actor", type=UUID),
        since=request.args.get("since", type=date.fromisoformat),
        until=request.args.get("until", type=date.fromisoformat),
    )
    shown = trail.list_entries(wanted, page=request.args.get("page", 1, type=int), by=actor)
    kinds = [("", gettext("Everything"))]
    kinds += [(kind, object_word(kind)) for kind in trail.list_object_kinds(by=actor)]
    return render_template(
        "trail/list_entries.html",
        lines=[read(entry) for entry in shown.entries],
        shown=shown,
        wanted=wanted,
        kinds=kinds,
    )
