"""An author's own feedback: what was found, and the reply to it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.errors import DomainError, InvalidFields
from peeraudit.services import feedback
from peeraudit.web.errors import tell
from peeraudit.web.feedback.forms import ReplyForm
from peeraudit.web.feedback.pages import feedback_page, outcome_page
from peeraudit.web.login import current_actor
from peeraudit.web.security import needs

bp = Blueprint("feedback", __name__, url_prefix="/feedback")


@bp.get("/")
@needs(Permission.READ_FEEDBACK)
def list_outcomes() -> ResponseReturnValue:
    """Show the feedback on the person's own reports."""
    found = feedback.list_outcomes(by=current_actor())
    return render_template("feedback/list_outcomes.html", page=feedback_page(found))


@bp.get("/<uuid:outcome_id>")
@needs(Permission.READ_FEEDBACK)
def show_outcome(outcome_id: UUID) -> ResponseReturnValue:
    """Show what was found in one report, and the form of the reply."""
    return _page(outcome_id, _form())


@bp.post("/<uuid:outcome_id>")
@needs(Permission.REPLY)
def reply(outcome_id: UUID) -> ResponseReturnValue:
    """Take the author's reply."""
    form = _form()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                feedback.reply(
                    outcome_id,
                    form.stance.data,
                    (form.text.data or "").replace("\r\n", "\n"),
                    asks_reconsideration=form.asks_reconsideration.data,
                    by=current_actor(),
                )
        except InvalidFields as error:
            _mark(form, error)
        except DomainError as error:
            form.form_errors.append(tell(error))
        else:
            flash(gettext("Thank you. Your reply is kept."))
            return redirect(url_for(".show_outcome", outcome_id=outcome_id))
    return _page(outcome_id, form), 422


def _form() -> ReplyForm:
    form = ReplyForm()
    form.stance.choices = [
        SelectChoice("agree", gettext("I agree")),
        SelectChoice("disagree", gettext("I see it differently")),
    ]
    return form


def _page(outcome_id: UUID, form: ReplyForm) -> str:
    view = feedback.show_outcome(outcome_id, by=current_actor())
    return render_template("feedback/show_outcome.html", page=outcome_page(view), form=form)


def _mark(form: ReplyForm, error: InvalidFields) -> None:
    for name, problem in error.fields.items():
        form[name].errors = [*form[name].errors, tell(problem)]
