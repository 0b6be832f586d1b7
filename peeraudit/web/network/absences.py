"""Absences that the network lead enters for somebody, such as a reviewer who fell ill."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.errors import DomainError
from peeraudit.services import absences, network
from peeraudit.web.login import current_actor
from peeraudit.web.network.forms import AbsenceForm
from peeraudit.web.network.views import bp
from peeraudit.web.refusals import show_refusal
from peeraudit.web.security import needs


@bp.route("/reviewers/<uuid:reviewer_id>/absences", methods=["GET", "POST"])
@needs(Permission.MANAGE_NETWORK)
def show_absences(reviewer_id: UUID) -> ResponseReturnValue:
    """Show when a reviewer is away; on POST enter an absence for the person."""
    by, form = current_actor(), AbsenceForm(prefix="absence")
    form.offer(own=False)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                absences.enter_absence(reviewer_id, form.away, finishes=form.finishes, by=by)
            flash(gettext("The absence is entered, and the reviewer is told."), "info")
            return redirect(url_for(".show_absences", reviewer_id=reviewer_id))
        except DomainError as error:
            show_refusal(form, error)
    reviewer = network.show_reviewer(reviewer_id, by=by)
    known = absences.list_absences(reviewer_id, by=by)
    return render_template(
        "network/show_absences.html", reviewer=reviewer, absences=known, form=form
    ), 422 if form.is_submitted() else 200


@bp.post("/reviewers/<uuid:reviewer_id>/absences/<uuid:absence_id>/remove")
@needs(Permission.MANAGE_NETWORK)
def withdraw_absence(reviewer_id: UUID, absence_id: UUID) -> ResponseReturnValue:
    """Take back an absence of a reviewer."""
    with unit_of_work():
        absences.withdraw_absence(reviewer_id, absence_id, by=current_actor())
    flash(gettext("The absence is taken back."), "info")
    return redirect(url_for(".show_absences", reviewer_id=reviewer_id))
