"""Signing in and out, the role in use, language and look."""

from urllib.parse import urlsplit
from uuid import UUID

from flask import abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.services import accounts, demo
from peeraudit.services import sign_in as signing_in
from peeraudit.services.sign_in import SignInRefused, TooManyAttempts
from peeraudit.web.accounts.blueprint import bp
from peeraudit.web.accounts.forms import SignInForm
from peeraudit.web.errors import tell
from peeraudit.web.login import close_session, current_person, open_session
from peeraudit.web.navigation import LANGUAGES, THEMES, is_demo
from peeraudit.web.security import needs_sign_in, open_to_all

LOCAL_ADDRESSES = {"127.0.0.1", "::1"}


@bp.route("/sign-in", methods=["GET", "POST"])
@open_to_all
def sign_in() -> ResponseReturnValue:
    """Ask who it is."""
    form = SignInForm()
    address = request.remote_addr or ""
    if form.validate_on_submit():
        try:
            with unit_of_work():
                person = signing_in.sign_in(form.email.data, form.password.data, address=address)
            open_session(person)
            return redirect(_safe_target(request.args.get("next")))
        except SignInRefused as error:
            with unit_of_work():
                signing_in.note_failure(form.email.data, address=address)
            form.form_errors.append(tell(error))
        except TooManyAttempts as error:
            form.form_errors.append(tell(error))
    status = 422 if form.is_submitted() else 200
    page = render_template("accounts/sign_in.html", form=form, entries=_demo_entries())
    return page, status


@bp.post("/sign-out")
@open_to_all
def sign_out() -> ResponseReturnValue:
    """End the session."""
    close_session()
    return redirect(url_for(".sign_in"))


@bp.post("/enter/<uuid:grant_id>")
@open_to_all
def enter_demo(grant_id: UUID) -> ResponseReturnValue:
    """Enter the demonstration as one of its people, without a password."""
    if not _is_local_demo():
        abort(404)
    entry = next((e for e in demo.entries() if e.grant_id == grant_id), None)
    person = accounts.find_person(entry.account_id) if entry else None
    if entry is None or person is None:
        abort(404)
    open_session(person)
    session["grant"] = str(entry.grant_id)
    return redirect(url_for("home.show_home"))


@bp.post("/role/<uuid:grant_id>")
@needs_sign_in
def choose_role(grant_id: UUID) -> ResponseReturnValue:
    """Use another of one's roles."""
    person = current_person()
    if person is None or grant_id not in {grant.id for grant in person.grants}:
        abort(404)
    session["grant"] = str(grant_id)
    return redirect(url_for("home.show_home"))


@bp.post("/preferences")
@open_to_all
def set_preferences() -> ResponseReturnValue:
    """Choose the language or the look."""
    language, theme = request.form.get("language"), request.form.get("theme")
    person = current_person()
    if language in LANGUAGES:
        session["language"] = language
        if person is not None:
            with unit_of_work():
                accounts.set_preference(person.id, "language", language)
    if theme in THEMES:
        session["theme"] = theme
    return redirect(_safe_target(request.form.get("next")))


def _safe_target(target: str | None) -> str:
    """Return ``target`` where it stays on this site, else the first page."""
    parts = urlsplit(target or "")
    is_ours = target and target.startswith("/") and not target.startswith(("//", "/\\"))
    if is_ours and not parts.netloc and not parts.scheme:
        return str(target)
    return url_for("home.show_home")


def _is_local_demo() -> bool:
    return (
        is_demo()
        and request.remote_addr in LOCAL_ADDRESSES
        and request.host.rpartition(":")[0] in {"127.0.0.1", "localhost"}
    )


def _demo_entries() -> list[dict[str, str]]:
    if not _is_local_demo():
        return []
    return [
        {
            "label": gettext(entry.label),
            "name": entry.name,
            "does": gettext(entry.does),
            "url": url_for(".enter_demo", grant_id=entry.grant_id),
        }
        for entry in demo.entries()
    ]
