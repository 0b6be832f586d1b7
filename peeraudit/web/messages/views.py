"""What a person was told: the notices of the role in use."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.services import notifications
from peeraudit.web.login import current_actor, current_grant
from peeraudit.web.navigation import first_url
from peeraudit.web.security import needs_sign_in

bp = Blueprint("messages", __name__, url_prefix="/messages")


@bp.get("/")
@needs_sign_in
def list_messages() -> ResponseReturnValue:
    """Show the latest notices, read ones included."""
    if current_grant() is None:
        return redirect(url_for("home.show_home"))
    notices = notifications.inbox(by=current_actor())
    return render_template("messages/list_messages.html", notices=notices)


@bp.post("/<uuid:message_id>")
@needs_sign_in
def open_message(message_id: UUID) -> ResponseReturnValue:
    """Mark a notice as read and go to what it is about."""
    if current_grant() is None:
        return redirect(url_for("home.show_home"))
    actor = current_actor()
    with unit_of_work():
        notice = notifications.mark_read(message_id, by=actor)
    return redirect(notice.path or first_url(actor.role))


@bp.post("/read")
@needs_sign_in
def mark_all_read() -> ResponseReturnValue:
    """Mark every notice as read."""
    if current_grant() is not None:
        with unit_of_work():
            notifications.mark_all_read(by=current_actor())
    return redirect(url_for("home.show_home"))
