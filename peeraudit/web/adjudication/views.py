"""The adjudicator's list, and the one screen on which a case is settled."""

from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.adjudication import AlreadySettled
from peeraudit.domain.errors import DomainError, InvalidFields
from peeraudit.domain.workflow import DeclineReason
from peeraudit.services import adjudication, readings
from peeraudit.services.adjudication import NotToSettle
from peeraudit.web.adjudication.forms import DecisionForm
from peeraudit.web.adjudication.pages import settling_page, waiting_row
from peeraudit.web.errors import tell
from peeraudit.web.login import current_actor
from peeraudit.web.security import needs
from peeraudit.web.sheets import DeclineForm, PullForm

bp = Blueprint("adjudication", __name__, url_prefix="/adjudication")


@bp.get("/")
@needs(Permission.ADJUDICATE_CASES)
def list_cases() -> ResponseReturnValue:
    """Show which cases wait to be settled, and until when."""
    desk = adjudication.list_cases(by=current_actor())
    rows = [waiting_row(case) for case in desk.cases]
    return render_template("adjudication/list_cases.html", rows=rows, done=desk.done)


@bp.get("/<uuid:assignment_id>")
@needs(Permission.ADJUDICATE_CASES)
def settle_case(assignment_id: UUID) -> ResponseReturnValue:
    """Show a case, the two reviews, and the sheet of the decision."""
    try:
        view = adjudication.show_case(assignment_id, by=current_actor())
    except (AlreadySettled, NotToSettle) as error:
        return render_template("adjudication/closed_case.html", message=tell(error))
    return render_template("adjudication/settle_case.html", page=settling_page(view))


@bp.post("/<uuid:assignment_id>")
@needs(Permission.ADJUDICATE_CASES)
def decide_case(assignment_id: UUID) -> ResponseReturnValue:
    """Settle a case and show the next one."""
    actor, form = current_actor(), DecisionForm()
    try:
        view = adjudication.show_case(assignment_id, by=actor)
    except (AlreadySettled, NotToSettle) as error:
        return _move_on(error, actor)
    decision = form.to_decision(view.instrument)
    try:
        with unit_of_work():
            adjudication.settle_case(assignment_id, decision, by=actor)
    except (AlreadySettled, NotToSettle) as error:
        return _move_on(error, actor)
    except InvalidFields as error:
        errors = {name: tell(problem) for name, problem in error.fields.items()}
        page = settling_page(view, decision=decision, errors=errors)
        return render_template("adjudication/settle_case.html", page=page), 422
    flash(gettext("Settled. The author is told where the outcome concerns them."))
    return _next(actor)


@bp.get("/<uuid:assignment_id>/state")
@needs(Permission.ADJUDICATE_CASES)
def watch_case(assignment_id: UUID) -> ResponseReturnValue:
    """Say whether the case may still be on the screen; asked by the page's script."""
    try:
        adjudication.check_open(assignment_id, by=current_actor())
    except (AlreadySettled, NotToSettle) as error:
        return jsonify(error=type(error).__name__, message=tell(error)), 409
    return jsonify(state="open")


@bp.post("/<uuid:assignment_id>/pull")
@needs(Permission.ADJUDICATE_CASES)
def pull_case(assignment_id: UUID) -> ResponseReturnValue:
    """Take a case from every screen: something in it tells who it is."""
    actor, form = current_actor(), PullForm()
    with unit_of_work():
        readings.decline(
            assignment_id, DeclineReason.IDENTIFIER_SEEN, note=form.seen.data or "", by=actor
        )
    flash(gettext("The case is off everyone’s screen and goes back to be masked. Thank you."))
    return _next(actor)


@bp.post("/<uuid:assignment_id>/decline")
@needs(Permission.ADJUDICATE_CASES)
def decline_case(assignment_id: UUID) -> ResponseReturnValue:
    """Give a case to another adjudicator."""
    actor, form = current_actor(), DeclineForm()
    if not form.validate_on_submit():
        flash(gettext("Say why you give the case back; nothing was changed."), "error")
        return redirect(url_for(".settle_case", assignment_id=assignment_id))
    with unit_of_work():
        readings.decline(assignment_id, DeclineReason(form.reason.data), by=actor)
    flash(gettext("The case was given back; somebody else will settle it."))
    return _next(actor)


def _move_on(error: DomainError, actor: Actor) -> ResponseReturnValue:
    """Say calmly what became of the case, and show the next one."""
    flash(tell(error))
    return _next(actor)


def _next(actor: Actor) -> ResponseReturnValue:
    target = adjudication.find_next(by=actor)
    if target is None:
        return redirect(url_for("adjudication.list_cases"))
    return redirect(url_for("adjudication.settle_case", assignment_id=target))
