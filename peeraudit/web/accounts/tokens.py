"""One's own tokens, with which a script acts through the REST interface."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import PERMISSION_LABELS, Permission
from peeraudit.domain.errors import DomainError
from peeraudit.services import tokens
from peeraudit.web.accounts.blueprint import bp
from peeraudit.web.accounts.choices import scopes_for
from peeraudit.web.accounts.forms import TokenForm
from peeraudit.web.errors import tell
from peeraudit.web.login import current_actor, current_person
from peeraudit.web.security import needs

USUAL_DAYS = 90


@bp.route("/tokens", methods=["GET", "POST"])
@needs(Permission.USE_API_TOKENS)
def list_tokens() -> ResponseReturnValue:
    """Show one's tokens; on POST make one and show its secret, this once."""
    actor, form, secret = current_actor(), _form(), ""
    if form.validate_on_submit():
        scopes = frozenset(Permission(s) for s in form.scopes.data)
        try:
            with unit_of_work():
                secret = tokens.create_token(form.name.data, scopes, days=form.days.data, by=actor)
        except DomainError as error:
            form.form_errors.append(tell(error))
    page = render_template(
        "accounts/list_tokens.html",
        form=_form(blank=True) if secret else form,
        tokens=tokens.list_tokens(by=actor),
        labels=PERMISSION_LABELS,
        secret=secret,
    )
    return page, 201 if secret else 422 if form.is_submitted() else 200


@bp.post("/tokens/<uuid:token_id>/revoke")
@needs(Permission.USE_API_TOKENS)
def revoke_token(token_id: UUID) -> ResponseReturnValue:
    """End a token at once."""
    with unit_of_work():
        tokens.revoke_token(token_id, by=current_actor())
    flash(gettext("The token is revoked. A script that still uses it is refused."), "info")
    return redirect(url_for(".list_tokens"))


def _form(*, blank: bool = False) -> TokenForm:
    person = current_person()
    if person is None:
        abort(401)
    form = TokenForm(None, days=USUAL_DAYS) if blank else TokenForm(days=USUAL_DAYS)
    form.scopes.choices = scopes_for(person)
    return form
