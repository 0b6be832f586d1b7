"""Showing the identity behind a case: asking for it, deciding, and the one look at it."""

from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.errors import DomainError, InvalidInput
from peeraudit.services import blinding_unsealing as unsealing
from peeraudit.web.errors import tell
from peeraudit.web.login import current_actor
from peeraudit.web.security import needs
from peeraudit.web.unsealing.forms import AskForm, DecisionForm

bp = Blueprint("unsealing", __name__, url_prefix="/unsealing")


@bp.get("/")
@needs(Permission.GRANT_UNSEALING)
def list_requests() -> ResponseReturnValue:
    """Show the requests there are, and the form for another."""
    return _page(AskForm(formdata=None, code=request.args.get("code", "")[:16]))


@bp.post("/")
@needs(Permission.UNSEAL_IDENTITIES)
def ask() -> ResponseReturnValue:
    """Ask for the identity behind a case."""
    form = AskForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        with unit_of_work():
            request_id = unsealing.ask(form.code.data, form.reason.data, by=current_actor())
    except DomainError as error:
        form.form_errors.append(tell(error))
        return _page(form), 422
    flash(gettext("Asked. A second person was told and has 24 hours to decide."))
    return redirect(url_for(".show_request", request_id=request_id))


@bp.get("/<uuid:request_id>")
@needs(Permission.GRANT_UNSEALING)
def show_request(request_id: UUID) -> ResponseReturnValue:
    """Show a request, and the identity to who asked while it is open."""
    return _request_page(request_id, DecisionForm(formdata=None))


@bp.post("/<uuid:request_id>/decision")
@needs(Permission.GRANT_UNSEALING)
def decide(request_id: UUID) -> ResponseReturnValue:
    """Grant or refuse somebody else's request."""
    form, grant = DecisionForm(), request.form.get("decision") == "grant"
    if not form.validate_on_submit():
        return _request_page(request_id, form, 422)
    try:
        with unit_of_work():
            unsealing.decide(
                request_id, grant=grant, reason=form.reason.data or "", by=current_actor()
            )
    except InvalidInput as error:
        form.reason.errors = (tell(error),)
        return _request_page(request_id, form, 422)
    except DomainError as error:
        form.form_errors.append(tell(error))
        return _request_page(request_id, form, 422)
    flash(gettext("Granted.") if grant else gettext("Refused."))
    return redirect(url_for(".show_request", request_id=request_id))


@bp.post("/<uuid:request_id>/opening")
@needs(Permission.UNSEAL_IDENTITIES)
def open_identity(request_id: UUID) -> ResponseReturnValue:
    """Open a granted identity, this once."""
    with unit_of_work():
        unsealing.open_identity(request_id, by=current_actor())
    return redirect(url_for(".show_request", request_id=request_id))


def _page(form: AskForm) -> str:
    actor = current_actor()
    return render_template(
        "unsealing/list_requests.html",
        requests=unsealing.list_requests(by=actor),
        form=form if actor.may(Permission.UNSEAL_IDENTITIES) else None,
    )


def _request_page(request_id: UUID, form: DecisionForm, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    found = unsealing.show_request(request_id, by=actor)
    identity = unsealing.show_identity(request_id, by=actor)
    page = render_template(
        "unsealing/show_request.html", request=found, identity=identity, form=form
    )
    answer = make_response(page, status)
    if identity is not None:
        # A page that is left open shows it no longer than a page that is asked for.
        answer.headers["Refresh"] = str(found.seconds_left + 1)
    # Neither the browser nor anything between keeps a copy of what is shown for minutes.
    answer.headers["Cache-Control"] = "no-store"
    return answer
