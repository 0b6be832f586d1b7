"""Who reads what: plan, look at it, edit it, publish it."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.assignment.editing import LineProblem
from peeraudit.domain.errors import DomainError
from peeraudit.domain.jobs import JobKind
from peeraudit.services import (
    assignment,
    assignment_preview,
    assignment_sheets,
    campaigns,
    jobs,
    plan_insight,
)
from peeraudit.services.assignment import EditRefused
from peeraudit.web.assignment.forms import EmptyForm, SheetForm
from peeraudit.web.assignment.pictures import load_picture
from peeraudit.web.assignment.sheets import as_file, wishes_of
from peeraudit.web.assignment.words import examination, reason
from peeraudit.web.errors import tell
from peeraudit.web.jobs.lines import line_of
from peeraudit.web.login import current_actor
from peeraudit.web.security import needs

bp = Blueprint("assignment", __name__, url_prefix="/campaigns/<uuid:campaign_id>/assignment")


@bp.get("/")
@needs(Permission.PLAN_ASSIGNMENT)
def show_plan(campaign_id: UUID) -> ResponseReturnValue:
    """Show what the newest plan would do, and what waits for a reader."""
    return _page(campaign_id, SheetForm())


@bp.post("/plan")
@needs(Permission.PLAN_ASSIGNMENT)
def order_plan(campaign_id: UUID) -> ResponseReturnValue:
    """Order a plan, which takes the place of an earlier draft."""
    try:
        with unit_of_work():
            assignment.order_plan(campaign_id, by=current_actor())
    except DomainError as error:
        flash(tell(error), "error")
    return _back(campaign_id)


@bp.get("/plans/<uuid:plan_id>.csv")
@needs(Permission.PLAN_ASSIGNMENT)
def download_plan(campaign_id: UUID, plan_id: UUID) -> ResponseReturnValue:
    """Hand out a plan as a table to look at or to edit."""
    actor = current_actor()
    campaign = campaigns.show_campaign(campaign_id, by=actor)
    plan = assignment_preview.show_plan_by_id(plan_id, by=actor)
    entries = assignment_preview.list_entries(plan_id, by=actor)
    return as_file(entries, f"plan-{campaign.code}-{plan.number}.csv")


@bp.post("/plans/<uuid:plan_id>/sheet")
@needs(Permission.PLAN_ASSIGNMENT)
def edit_plan(campaign_id: UUID, plan_id: UUID) -> ResponseReturnValue:
    """Take an edited table in place of a draft; refuse it line by line."""
    form, problems = SheetForm(), tuple[LineProblem, ...]()
    if form.validate_on_submit():
        try:
            wishes = wishes_of(form.file.data)
            with unit_of_work():
                assignment_sheets.take_sheet(plan_id, wishes, by=current_actor())
            flash(gettext("Your changes are kept as a new plan. It is not published yet."))
            return _back(campaign_id)
        except DomainError as error:
            form.form_errors.append(tell(error))
            problems = error.problems if isinstance(error, EditRefused) else ()
    return _page(campaign_id, form, problems), 422


@bp.route("/plans/<uuid:plan_id>/publish", methods=["GET", "POST"])
@needs(Permission.PUBLISH_ASSIGNMENT)
def publish_plan(campaign_id: UUID, plan_id: UUID) -> ResponseReturnValue:
    """Ask before the reviewers are told; on POST offer them their cases."""
    actor, form = current_actor(), EmptyForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                count = assignment.publish_plan(plan_id, by=actor)
            flash(_offered(count))
        except DomainError as error:
            flash(tell(error), "error")
        return _back(campaign_id)
    plan = assignment_preview.show_plan_by_id(plan_id, by=actor)
    campaign = campaigns.show_campaign(campaign_id, by=actor)
    if plan.state != "draft":
        return _back(campaign_id)
    return render_template("assignment/publish_plan.html", campaign=campaign, plan=plan, form=form)


def _page(campaign_id: UUID, form: SheetForm, problems: Sequence[LineProblem] = ()) -> str:
    actor = current_actor()
    campaign = campaigns.show_campaign(campaign_id, by=actor)
    job = jobs.latest(JobKind.ASSIGNMENT, subject_id=campaign_id)
    # A finished job says nothing that its plan does not.
    is_told = job is not None and job.state.value != "succeeded"
    plan = assignment.show_plan(campaign_id, by=actor)
    return render_template(
        "assignment/show_plan.html",
        campaign=campaign,
        plan=plan,
        insight=plan_insight.show_insight(plan.id, by=actor) if plan else None,
        picture=load_picture(plan.loads) if plan else None,
        waiting=assignment_preview.show_waiting(campaign_id, by=actor),
        may_plan=campaign.state in assignment.PLANNABLE,
        job=line_of(job) if job and is_told else None,
        is_planning=job is not None and not job.state.is_over,
        form=form,
        problems=problems,
        examination=examination,
        reason=reason,
    )


def _back(campaign_id: UUID) -> ResponseReturnValue:
    return redirect(url_for(".show_plan", campaign_id=campaign_id))


def _offered(count: int) -> str:
    return ngettext(
        "%(num)s reading is offered. Its reviewer has been told.",
        "%(num)s readings are offered. Their reviewers have been told.",
        count,
    )
