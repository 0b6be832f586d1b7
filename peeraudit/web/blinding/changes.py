"""Reports that changed after they were drawn: both versions side by side, and which is audited."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.errors import DomainError, NotFound
from peeraudit.domain.intake.changes import DECISION_LABELS, KEEP_LABELS, Decision, KeepReason
from peeraudit.services import change_decisions, report_changes
from peeraudit.services.report_changes import ChangeView
from peeraudit.web.blinding.forms import DecideForm, decide_form
from peeraudit.web.blinding.views import bp
from peeraudit.web.blinding.words import version_word
from peeraudit.web.errors import tell
from peeraudit.web.login import current_actor
from peeraudit.web.security import needs


@bp.get("/changes/")
@needs(Permission.CHECK_DEIDENTIFICATION)
def list_changes() -> ResponseReturnValue:
    """Show the drawn reports that changed, those that wait for a decision first."""
    changes = report_changes.list_changes(by=current_actor())
    return render_template(
        "blinding/list_changes.html",
        changes=changes,
        labels=DECISION_LABELS,
        version_word=version_word,
    )


@bp.get("/changes/<uuid:change_id>")
@needs(Permission.CHECK_DEIDENTIFICATION)
def show_change(change_id: UUID) -> ResponseReturnValue:
    """Show both versions of a report and what may be decided."""
    change = report_changes.show_change(change_id, by=current_actor())
    return _page(change, decide_form(change.choices))


@bp.post("/changes/<uuid:change_id>")
@needs(Permission.CHECK_DEIDENTIFICATION)
def decide_change(change_id: UUID) -> ResponseReturnValue:
    """Decide which version is audited."""
    change = report_changes.show_change(change_id, by=current_actor())
    form = decide_form(change.choices or tuple(filter(None, [change.decision])))
    if not form.validate_on_submit():
        return _page(change, form, 422)
    choice = Decision(form.choice.data)
    reason = KeepReason(form.reason.data) if form.reason.data else None
    try:
        with unit_of_work():
            change_decisions.decide(change_id, choice, reason=reason, by=current_actor())
    except NotFound:
        raise
    except DomainError as error:
        form.form_errors.append(tell(error))
        return _page(change, form, 422)
    flash(_words(choice))
    return redirect(url_for(".list_changes"))


def _page(change: ChangeView, form: DecideForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "blinding/show_change.html",
        change=change,
        form=form,
        decision=DECISION_LABELS[change.decision] if change.decision else "",
        reason=KEEP_LABELS[change.reason] if change.reason else "",
        version_word=version_word,
    )
    return page, status


def _words(choice: Decision) -> str:
    if choice is Decision.REPLACED:
        return gettext(
            "The new version takes the place of the drawn one: it will soon wait for your check."
        )
    if choice is Decision.EXCLUDED:
        return gettext("The case is excluded; the reason is kept.")
    return gettext("The drawn version stays what is audited; the reason is kept.")
