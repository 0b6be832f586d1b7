"""One's own password."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.errors import DomainError
from peeraudit.services import accounts, sign_in
from peeraudit.services.accounts import Person
from peeraudit.services.sign_in import SignInRefused
from peeraudit.web.accounts.blueprint import bp
from peeraudit.web.accounts.forms import PasswordForm
from peeraudit.web.errors import tell
from peeraudit.web.login import current_grant, current_person, reopen_session
from peeraudit.web.security import needs_sign_in

# What a person can do before having changed a password that another person chose.
REACHABLE = {
    "accounts.change_password",
    "accounts.sign_out",
    "accounts.set_preferences",
    "static",
    "bootstrap.static",
}


@bp.route("/password", methods=["GET", "POST"])
@needs_sign_in
def change_password() -> ResponseReturnValue:
    """Change one's own password."""
    form, person = PasswordForm(), current_person()
    if person is not None and form.validate_on_submit():
        address = request.remote_addr or ""
        try:
            reopen_session(_change(person, form, address))
            flash(gettext("Your password is changed. Your other sessions have ended."), "info")
            return redirect(url_for("home.show_home"))
        except DomainError as error:
            _note_guess(error, person.email, address)
            form.form_errors.append(tell(error))
    status = 422 if form.is_submitted() else 200
    return render_template("accounts/change_password.html", form=form, person=person), status


@bp.post("/sessions/end")
@needs_sign_in
def end_sessions() -> ResponseReturnValue:
    """End one's other sessions, such as one left open at a shared screen."""
    person, grant = current_person(), current_grant()
    if person is None:
        abort(401)
    with unit_of_work():
        accounts.end_sessions(person.id, by=person.as_actor(grant) if grant else None)
    reopen_session(accounts.find_person(person.id) or person)
    flash(gettext("Your other sessions have ended."), "info")
    return redirect(url_for(".change_password"))


@bp.before_app_request
def ask_for_own_password() -> ResponseReturnValue | None:
    """Let nobody go on with a password that another person knows."""
    if request.endpoint in REACHABLE or request.path.startswith("/api/"):
        return None
    person = current_person()
    if person is None or not person.must_change_password:
        return None
    return redirect(url_for("accounts.change_password"))


def _change(person: Person, form: PasswordForm, address: str) -> Person:
    grant = current_grant()
    with unit_of_work():
        return sign_in.change_password(
            person.id,
            form.present.data,
            new=form.new.data,
            address=address,
            by=person.as_actor(grant) if grant else None,
        )


def _note_guess(error: DomainError, email: str, address: str) -> None:
    if isinstance(error, SignInRefused):
        with unit_of_work():
            sign_in.note_failure(email, address=address)
