"""Departments and reviewers of the network."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.errors import DomainError
from peeraudit.domain.network import MODALITY_LABELS, REGION_LABELS
from peeraudit.services import network
from peeraudit.web.login import current_actor
from peeraudit.web.navigation import LANGUAGES
from peeraudit.web.network.forms import DepartmentForm, NewReviewerForm, ReviewerForm
from peeraudit.web.refusals import show_refusal
from peeraudit.web.security import needs

bp = Blueprint("network", __name__, url_prefix="/network")


@bp.app_template_filter()
def modality_name(code: str) -> str:
    """Return a modality in words; an unknown code as it is."""
    return gettext(MODALITY_LABELS[code]) if code in MODALITY_LABELS else code


@bp.app_template_filter()
def region_name(code: str) -> str:
    """Return a body region in words; an unknown code as it is."""
    return gettext(REGION_LABELS[code]) if code in REGION_LABELS else code


@bp.get("/departments")
@needs(Permission.MANAGE_NETWORK)
def list_departments() -> ResponseReturnValue:
    """Show the departments."""
    found = network.list_departments(by=current_actor())
    return render_template("network/list_departments.html", departments=found)


@bp.route("/departments/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_NETWORK)
def add_department() -> ResponseReturnValue:
    """Add a department."""
    form = _department_form()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                network.add_department(form.to_card(), by=current_actor())
            flash(gettext("%(name)s is part of the network.", name=form.name.data), "info")
            return redirect(url_for(".list_departments"))
        except DomainError as error:
            show_refusal(form, error)
    status = 422 if form.is_submitted() else 200
    return render_template("network/edit_department.html", form=form, department=None), status


@bp.route("/departments/<uuid:department_id>", methods=["GET", "POST"])
@needs(Permission.MANAGE_NETWORK)
def edit_department(department_id: UUID) -> ResponseReturnValue:
    """Show a department; on POST change it."""
    department = network.show_department(department_id, by=current_actor())
    form = _department_form(obj=department.card)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                network.edit_department(department_id, form.to_card(), by=current_actor())
            flash(gettext("The changes are kept."), "info")
            return redirect(url_for(".list_departments"))
        except DomainError as error:
            show_refusal(form, error)
    status = 422 if form.is_submitted() else 200
    return render_template("network/edit_department.html", form=form, department=department), status


@bp.get("/reviewers")
@needs(Permission.MANAGE_NETWORK)
def list_reviewers() -> ResponseReturnValue:
    """Show the reviewers, all or those of a department."""
    reviewers = network.list_reviewers(by=current_actor())
    codes = {one.department_code: one.department_name for one in reviewers}
    chosen = request.args.get("department", "")
    return render_template(
        "network/list_reviewers.html",
        reviewers=[one for one in reviewers if chosen in {"", one.department_code}],
        total=len(reviewers),
        departments=codes,
        chosen=chosen,
    )


@bp.route("/reviewers/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_NETWORK)
def add_reviewer() -> ResponseReturnValue:
    """Set a person up as a reviewer."""
    form = _new_reviewer_form()
    if form.validate_on_submit():
        try:
            card = form.to_card(adjudicates=form.adjudicates.data)
            with unit_of_work():
                network.make_reviewer(UUID(form.account.data), card, by=current_actor())
            flash(gettext("The reviewer can be given cases now."), "info")
            return redirect(url_for(".list_reviewers"))
        except DomainError as error:
            show_refusal(form, error)
    status = 422 if form.is_submitted() else 200
    return render_template("network/edit_reviewer.html", form=form, reviewer=None), status


@bp.route("/reviewers/<uuid:reviewer_id>", methods=["GET", "POST"])
@needs(Permission.MANAGE_NETWORK)
def edit_reviewer(reviewer_id: UUID) -> ResponseReturnValue:
    """Show a reviewer; on POST change how much and what the person reads."""
    reviewer, form = network.show_reviewer(reviewer_id, by=current_actor()), _reviewer_form()
    if not form.is_submitted():
        form.fill(reviewer.card)
        form.adjudicates.data = reviewer.card.adjudicates
    elif form.validate():
        try:
            card = form.to_card(adjudicates=form.adjudicates.data)
            with unit_of_work():
                network.edit_reviewer(reviewer_id, card, by=current_actor())
            flash(gettext("The changes are kept."), "info")
            return redirect(url_for(".list_reviewers"))
        except DomainError as error:
            show_refusal(form, error)
    status = 422 if form.is_submitted() else 200
    return render_template("network/edit_reviewer.html", form=form, reviewer=reviewer), status


def _department_form(**values: object) -> DepartmentForm:
    form = DepartmentForm(**values)
    form.language.choices = [SelectChoice(code, label) for code, label in LANGUAGES.items()]
    return form


def _reviewer_form() -> ReviewerForm:
    form = ReviewerForm()
    form.offer()
    return form


def _new_reviewer_form() -> NewReviewerForm:
    form = NewReviewerForm()
    form.offer()
    form.account.choices = [
        SelectChoice("", gettext("Choose a person")),
        *(
            SelectChoice(str(one.account_id), f"{one.name} ({one.department_name})")
            for one in network.list_candidates(by=current_actor())
        ),
    ]
    return form
