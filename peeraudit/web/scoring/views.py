"""The reviewer's home, and the one screen on which a case is scored."""

from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import Conflicting, DomainError, InvalidFields
from peeraudit.domain.scoring import ScoreSheet
from peeraudit.domain.workflow import DeclineReason
from peeraudit.services import acceptances, blinding_recognition, readings, scoring, severity
from peeraudit.services.blind_reads import NotRevealed, is_hidden
from peeraudit.services.reading_desk import AlreadySubmitted, NotReadable
from peeraudit.services.score_drafts import ChangedElsewhere
from peeraudit.services.scoring import SheetView
from peeraudit.web.errors import status_of, tell
from peeraudit.web.login import current_actor
from peeraudit.web.scoring.blueprint import bp
from peeraudit.web.scoring.forms import SheetForm, read_draft
from peeraudit.web.scoring.pages import blind_page, position_lines, queue_page, scoring_page
from peeraudit.web.security import needs
from peeraudit.web.sheets import DeclineForm, PullForm


@bp.get("/")
@needs(Permission.SCORE_CASES)
def show_queue() -> ResponseReturnValue:
    """Show what waits to be read, until when, and what is done."""
    actor = current_actor()
    page = queue_page(scoring.list_queue(by=actor), acceptances.list_offers(by=actor))
    return render_template("scoring/show_queue.html", page=page)


@bp.get("/position")
@needs(Permission.SCORE_CASES)
def show_position() -> ResponseReturnValue:
    """Show the reviewer where the own scores stand beside those of colleagues."""
    rows = position_lines(severity.list_positions(by=current_actor()))
    return render_template("scoring/show_position.html", rows=rows)


@bp.post("/next")
@needs(Permission.SCORE_CASES)
def next_case() -> ResponseReturnValue:
    """Begin the most pressing case, once the last one has been asked about."""
    actor = current_actor()
    unanswered = blinding_recognition.find_unanswered(by=actor)
    if unanswered is not None:
        return redirect(url_for("recognition.recognise_author", assignment_id=unanswered))
    with unit_of_work():
        target = scoring.open_next(by=actor)
    return _go_to(target)


@bp.get("/<uuid:assignment_id>")
@needs(Permission.SCORE_CASES)
def score_case(assignment_id: UUID) -> ResponseReturnValue:
    """Show a case beside its score sheet, or first beside the reviewer's own findings."""
    try:
        view = scoring.show_sheet(assignment_id, by=current_actor())
    except (AlreadySubmitted, NotReadable) as error:
        return render_template("scoring/closed_case.html", message=tell(error))
    if is_hidden(view.blind):
        return render_template("scoring/read_blind.html", page=blind_page(view))
    return render_template("scoring/score_case.html", page=scoring_page(view))


@bp.post("/<uuid:assignment_id>")
@needs(Permission.SCORE_CASES)
def submit_review(assignment_id: UUID) -> ResponseReturnValue:
    """Hand the sheet in, and go on to what is asked afterwards."""
    actor = current_actor()
    try:
        view = scoring.show_sheet(assignment_id, by=actor)
        return _hand_in(view, SheetForm(), actor)
    except NotRevealed as error:
        flash(tell(error), "error")
        return redirect(url_for(".score_case", assignment_id=assignment_id))
    except (AlreadySubmitted, NotReadable) as error:
        return _move_on(error, actor)


@bp.put("/<uuid:assignment_id>/draft")
@needs(Permission.SCORE_CASES)
def save_draft(assignment_id: UUID) -> ResponseReturnValue:
    """Keep the sheet while it is filled in; asked by the page's script."""
    try:
        sheet, revision, window = read_draft(request.get_json())
        with unit_of_work():
            kept = scoring.save_draft(
                assignment_id, sheet, revision, by=current_actor(), window=window
            )
    except ValueError:
        return jsonify(error="InvalidInput", message=gettext("This draft cannot be read.")), 422
    except (Conflicting, InvalidFields) as error:
        return jsonify(error=type(error).__name__, message=tell(error)), status_of(error)
    return jsonify(revision=kept)


@bp.get("/<uuid:assignment_id>/state")
@needs(Permission.SCORE_CASES)
def watch_case(assignment_id: UUID) -> ResponseReturnValue:
    """Say whether the case may still be on the screen; asked by the page's script."""
    try:
        scoring.check_readable(assignment_id, by=current_actor())
    except Conflicting as error:
        return jsonify(error=type(error).__name__, message=tell(error)), 409
    return jsonify(state="open")


@bp.post("/<uuid:assignment_id>/pull")
@needs(Permission.SCORE_CASES)
def pull_case(assignment_id: UUID) -> ResponseReturnValue:
    """Take a case from every screen: something in it tells who it is."""
    actor, form = current_actor(), PullForm()
    with unit_of_work():
        readings.decline(
            assignment_id, DeclineReason.IDENTIFIER_SEEN, note=form.seen.data or "", by=actor
        )
        target = scoring.open_next(by=actor)
    flash(gettext("The case is off everyone’s screen and goes back to be masked. Thank you."))
    return _go_to(target)


@bp.post("/<uuid:assignment_id>/decline")
@needs(Permission.SCORE_CASES)
def decline_case(assignment_id: UUID) -> ResponseReturnValue:
    """Give a case back."""
    actor, form = current_actor(), DeclineForm()
    if not form.validate_on_submit():
        flash(gettext("Say why you give the case back; nothing was changed."), "error")
        return redirect(url_for(".score_case", assignment_id=assignment_id))
    with unit_of_work():
        readings.decline(assignment_id, DeclineReason(form.reason.data), by=actor)
        target = scoring.open_next(by=actor)
    flash(gettext("The case was given back; somebody else will read it."))
    return _go_to(target)


def _hand_in(view: SheetView, form: SheetForm, actor: Actor) -> ResponseReturnValue:
    sheet = form.to_sheet(view.instrument)
    try:
        with unit_of_work():
            scoring.submit_review(view.assignment_id, sheet, form.revision.data, by=actor)
    except (InvalidFields, ChangedElsewhere) as error:
        return _show_again(view, sheet, error), 422
    return redirect(url_for("recognition.recognise_author", assignment_id=view.assignment_id))


def _go_to(target: UUID | None) -> ResponseReturnValue:
    if target is None:
        return redirect(url_for("scoring.show_queue"))
    return redirect(url_for("scoring.score_case", assignment_id=target))


def _move_on(error: DomainError, actor: Actor) -> ResponseReturnValue:
    """Say calmly what became of the case, and show the next one."""
    flash(tell(error))
    return _go_to(scoring.find_next(by=actor))


def _show_again(view: SheetView, sheet: ScoreSheet, error: DomainError) -> str:
    errors: dict[str, str] = {}
    if isinstance(error, InvalidFields):
        errors = {name: tell(problem) for name, problem in error.fields.items()}
        message = errors.pop("seconds", "")
    else:
        message = gettext(
            "This sheet was changed in another window meanwhile. What you just sent stands here: "
            "submit it again to hand it in, or reload the page to see the other state."
        )
    page = scoring_page(view, sheet=sheet, message=message, errors=errors)
    return render_template("scoring/score_case.html", page=page)
