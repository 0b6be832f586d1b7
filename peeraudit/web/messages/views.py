"""What a person was told: the notices of the role in use."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.services import mail_choices, notifications
from peeraudit.web.login import current_actor, current_grant
from peeraudit.web.messages.forms import MailForm
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


@bp.route("/mails", methods=["GET", "POST"])
@needs_sign_in
def choose_mails() -> ResponseReturnValue:
    """Let a person say which notices of the role in use come by e-mail."""
    if current_grant() is None:
        return redirect(url_for("home.show_home"))
    actor, form = current_actor(), MailForm()
    form.offer(mail_choices.list_choices(by=actor), sent=form.is_submitted())
    if form.validate_on_submit():
        with unit_of_work():
            mail_choices.choose(form.wanted(), by=actor)
        flash(gettext("Your choice is kept."))
        return redirect(url_for(".list_messages"))
    answer = render_template("messages/choose_mails.html", form=form)
    return answer, 422 if form.is_submitted() else 200


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
