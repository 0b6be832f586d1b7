"""The one question that follows a review: was the author or the department recognised?"""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import InvalidFields
from peeraudit.domain.recognition import RECOGNITION_LABELS, Recognition
from peeraudit.services import blinding_recognition, scoring
from peeraudit.services.blinding_recognition import AlreadyAnswered
from peeraudit.web.login import current_actor
from peeraudit.web.recognition.forms import RecognitionForm
from peeraudit.web.refusals import show_refusal
from peeraudit.web.security import needs

bp = Blueprint("recognition", __name__, url_prefix="/recognition")


@bp.get("/<uuid:assignment_id>")
@needs(Permission.SCORE_CASES)
def recognise_author(assignment_id: UUID) -> ResponseReturnValue:
    """Ask whether author or department were recognised; of a guess, who is meant."""
    actor = current_actor()
    try:
        blinding_recognition.show_question(assignment_id, by=actor)
    except AlreadyAnswered:
        return redirect(url_for("scoring.show_queue"))
    said = request.args.get("recognition")
    chosen = said if said in {Recognition.GUESS, Recognition.SURE} else None
    return _page(assignment_id, RecognitionForm(formdata=None, recognition=chosen), actor)


@bp.post("/<uuid:assignment_id>")
@needs(Permission.SCORE_CASES)
def keep_answer(assignment_id: UUID) -> ResponseReturnValue:
    """Keep the answer, and begin the next case."""
    actor, form = current_actor(), RecognitionForm()
    try:
        if not form.validate_on_submit():
            return _page(assignment_id, form, actor), 422
        with unit_of_work():
            blinding_recognition.answer_question(assignment_id, form.to_answer(), by=actor)
    except InvalidFields as error:
        show_refusal(form, error)
        return _page(assignment_id, form, actor), 422
    except AlreadyAnswered:
        # A second click is not a second answer.
        return redirect(url_for("scoring.show_queue"))
    with unit_of_work():
        target = scoring.open_next(by=actor)
    if target is None:
        return redirect(url_for("scoring.show_queue"))
    return redirect(url_for("scoring.score_case", assignment_id=target))


def _page(assignment_id: UUID, form: RecognitionForm, actor: Actor) -> str:
    question = blinding_recognition.show_question(assignment_id, by=actor)
    form.offer(question)
    return render_template(
        "recognition/recognise_author.html",
        question=question,
        form=form,
        labels=RECOGNITION_LABELS,
    )
