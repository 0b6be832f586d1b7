"""People: who has an account, in which roles; opening, closing, giving and taking."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import ROLE_LABELS, Permission
from peeraudit.domain.errors import DomainError
from peeraudit.services import accounts
from peeraudit.services.accounts import NewAccount, Person
from peeraudit.web.accounts.blueprint import bp
from peeraudit.web.accounts.choices import grant_of, languages, offer_roles
from peeraudit.web.accounts.forms import AccountForm, FirstPasswordForm, RoleForm
from peeraudit.web.errors import tell
from peeraudit.web.login import current_actor
from peeraudit.web.navigation import LANGUAGES
from peeraudit.web.security import needs


@bp.get("/people")
@needs(Permission.MANAGE_ACCOUNTS)
def list_people() -> ResponseReturnValue:
    """Show everybody who has an account, or those whose name or address holds a word."""
    wanted = request.args.get("q", "").strip()
    everybody = accounts.list_people(by=current_actor())
    found = [p for p in everybody if wanted.casefold() in f"{p.name} {p.email}".casefold()]
    return render_template(
        "accounts/list_people.html",
        people=found,
        total=len(everybody),
        wanted=wanted,
        roles=ROLE_LABELS,
    )


@bp.route("/people/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_ACCOUNTS)
def open_account() -> ResponseReturnValue:
    """Open an account with its first role."""
    actor, form = current_actor(), AccountForm()
    offer_roles(form, accounts.list_places(by=actor))
    form.language.choices = languages()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                account_id = accounts.open_account(_new_account(form), by=actor)
            return redirect(url_for(".show_person", account_id=account_id))
        except DomainError as error:
            form.form_errors.append(tell(error))
    status = 422 if form.is_submitted() else 200
    return render_template("accounts/open_account.html", form=form), status


@bp.route("/people/<uuid:account_id>", methods=["GET", "POST"])
@needs(Permission.MANAGE_ACCOUNTS)
def show_person(account_id: UUID) -> ResponseReturnValue:
    """Show a person; on POST give a role."""
    actor, form = current_actor(), RoleForm()
    person = accounts.show_person(account_id, by=actor)
    offer_roles(form, accounts.list_places(by=actor))
    if form.validate_on_submit():
        try:
            with unit_of_work():
                accounts.give_role(account_id, grant_of(form), by=actor)
            return redirect(url_for(".show_person", account_id=account_id))
        except DomainError as error:
            form.form_errors.append(tell(error))
    return _page_of(person, form), 422 if form.is_submitted() else 200


@bp.post("/people/<uuid:account_id>/roles/<uuid:grant_id>/take")
@needs(Permission.MANAGE_ACCOUNTS)
def take_role(account_id: UUID, grant_id: UUID) -> ResponseReturnValue:
    """Take a role from a person."""
    with unit_of_work():
        accounts.take_role(account_id, grant_id, by=current_actor())
    flash(gettext("The role was taken. It ended at once."), "info")
    return redirect(url_for(".show_person", account_id=account_id))


@bp.post("/people/<uuid:account_id>/close")
@needs(Permission.MANAGE_ACCOUNTS)
def close_account(account_id: UUID) -> ResponseReturnValue:
    """Close an account: its sessions and its tokens end."""
    with unit_of_work():
        accounts.set_active(account_id, active=False, by=current_actor())
    flash(gettext("The account is closed. Nothing that the person did was deleted."), "info")
    return redirect(url_for(".show_person", account_id=account_id))


@bp.post("/people/<uuid:account_id>/open")
@needs(Permission.MANAGE_ACCOUNTS)
def open_account_again(account_id: UUID) -> ResponseReturnValue:
    """Open a closed account again."""
    with unit_of_work():
        accounts.set_active(account_id, active=True, by=current_actor())
    flash(gettext("The account is open again."), "info")
    return redirect(url_for(".show_person", account_id=account_id))


@bp.post("/people/<uuid:account_id>/password")
@needs(Permission.MANAGE_ACCOUNTS)
def give_password(account_id: UUID) -> ResponseReturnValue:
    """Give a first password to somebody who has forgotten the own one."""
    actor, form = current_actor(), FirstPasswordForm()
    person = accounts.show_person(account_id, by=actor)
    if person.id == actor.account_id:
        return redirect(url_for(".change_password"))
    if form.validate_on_submit():
        try:
            with unit_of_work():
                accounts.set_password(account_id, form.password.data, by=actor)
            flash(gettext("The password is set. Tell it to the person by a safe way."), "info")
            return redirect(url_for(".show_person", account_id=account_id))
        except DomainError as error:
            form.form_errors.append(tell(error))
    roles = RoleForm(formdata=None)
    offer_roles(roles, accounts.list_places(by=actor))
    return _page_of(person, roles, form), 422


def _new_account(form: AccountForm) -> NewAccount:
    return NewAccount(
        email=form.email.data,
        name=form.name.data,
        password=form.password.data,
        language=form.language.data,
        grants=[grant_of(form)],
    )


def _page_of(person: Person, form: RoleForm, password_form: FirstPasswordForm | None = None) -> str:
    return render_template(
        "accounts/show_person.html",
        person=person,
        form=form,
        password_form=password_form or FirstPasswordForm(formdata=None),
        is_me=person.id == current_actor().account_id,
        roles=ROLE_LABELS,
        language_names=LANGUAGES,
    )
