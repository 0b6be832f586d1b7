"""What a reviewer declares of the own reading: how much, what, when not, and whose not."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.errors import DomainError
from peeraudit.services import absences, profiles
from peeraudit.services.profiles import NewConflict
from peeraudit.web.login import current_actor
from peeraudit.web.network.forms import AbsenceForm, ConflictForm, ReadingForm
from peeraudit.web.network.views import bp
from peeraudit.web.refusals import show_refusal
from peeraudit.web.security import needs


@bp.route("/profile", methods=["GET", "POST"])
@needs(Permission.DECLARE_PROFILE)
def show_profile() -> ResponseReturnValue:
    """Show what the reviewer has declared; on POST take how much and what is read."""
    form = _reading_form()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                profiles.declare_profile(form.to_card(), by=current_actor())
            flash(gettext("Your profile is kept. It counts from the next assignment on."), "info")
            return redirect(url_for(".show_profile"))
        except DomainError as error:
            show_refusal(form, error)
    absence = _absence_form(sent=False)
    return _page(form, absence, _conflict_form(), sent=form.is_submitted())


@bp.post("/profile/absences")
@needs(Permission.DECLARE_PROFILE)
def add_absence() -> ResponseReturnValue:
    """Take days on which the reviewer gets no new case."""
    form = _absence_form(sent=True)
    if form.validate():
        try:
            with unit_of_work():
                absences.declare_absence(form.away, finishes=form.finishes, by=current_actor())
            flash(gettext("You get no new case on these days."), "info")
            return redirect(url_for(".show_profile"))
        except DomainError as error:
            show_refusal(form, error)
    return _page(_kept_form(), form, _conflict_form(), sent=True)


@bp.post("/profile/absences/<uuid:absence_id>/remove")
@needs(Permission.DECLARE_PROFILE)
def remove_absence(absence_id: UUID) -> ResponseReturnValue:
    """Take back an absence."""
    with unit_of_work():
        absences.take_back_absence(absence_id, by=current_actor())
    flash(gettext("The absence is taken back."), "info")
    return redirect(url_for(".show_profile"))


@bp.post("/profile/conflicts")
@needs(Permission.DECLARE_PROFILE)
def add_conflict() -> ResponseReturnValue:
    """Take whose reports the reviewer must not score."""
    form = _conflict_form()
    if form.validate():
        place = form.department_id.data
        new = NewConflict(
            UUID(place) if place else None, form.colleague_email.data or "", form.reason.data or ""
        )
        try:
            with unit_of_work():
                profiles.add_conflict(new, by=current_actor())
            flash(gettext("You will get none of these reports."), "info")
            return redirect(url_for(".show_profile"))
        except DomainError as error:
            show_refusal(form, error)
    return _page(_kept_form(), _absence_form(sent=False), form, sent=True)


@bp.post("/profile/conflicts/<uuid:conflict_id>/remove")
@needs(Permission.DECLARE_PROFILE)
def remove_conflict(conflict_id: UUID) -> ResponseReturnValue:
    """Take back a conflict."""
    with unit_of_work():
        profiles.remove_conflict(conflict_id, by=current_actor())
    flash(gettext("The conflict is taken back; the trail keeps that it was declared."), "info")
    return redirect(url_for(".show_profile"))


def _page(
    form: ReadingForm, absence: AbsenceForm, conflict: ConflictForm, *, sent: bool
) -> ResponseReturnValue:
    profile = profiles.show_profile(by=current_actor())
    if not sent:
        form.fill(profile.card)
    return render_template(
        "network/show_profile.html",
        profile=profile,
        form=form,
        absence=absence,
        conflict=conflict,
    ), 422 if sent else 200


def _reading_form() -> ReadingForm:
    form = ReadingForm()
    form.offer()
    return form


def _kept_form() -> ReadingForm:
    """Return the form as it was kept, while another form of the page is being sent."""
    form = ReadingForm(None)
    form.offer()
    form.fill(profiles.show_profile(by=current_actor()).card)
    return form


def _absence_form(*, sent: bool) -> AbsenceForm:
    form = AbsenceForm(prefix="absence") if sent else AbsenceForm(None, prefix="absence")
    form.offer()
    return form


def _conflict_form() -> ConflictForm:
    form = ConflictForm(prefix="conflict")
    places = profiles.list_places(by=current_actor())
    form.department_id.choices = [
        SelectChoice("", gettext("None")),
        *(SelectChoice(str(place), name) for place, name in places),
    ]
    return form
