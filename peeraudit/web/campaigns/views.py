"""Campaigns: where each stands, what moves it on, and under which rules."""

from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.errors import DomainError
from peeraudit.domain.protocol_checks import find_problems
from peeraudit.domain.sampling.forecasts import WhatIf
from peeraudit.domain.workflow import CampaignEvent
from peeraudit.services import boards, campaigns
from peeraudit.web.campaigns.acts import act_of, links_of, stations
from peeraudit.web.campaigns.blueprint import bp
from peeraudit.web.campaigns.steps import STEP_WORDS, StepForm
from peeraudit.web.errors import tell
from peeraudit.web.jobs.lines import line_of
from peeraudit.web.login import current_actor
from peeraudit.web.security import needs


@bp.get("/")
@needs(Permission.READ_CAMPAIGN)
def list_campaigns() -> ResponseReturnValue:
    """Show the campaigns."""
    actor = current_actor()
    return render_template(
        "campaigns/list_campaigns.html",
        campaigns=campaigns.list_campaigns(by=actor),
        may_write=actor.may(Permission.WRITE_PROTOCOL),
    )


@bp.get("/<uuid:campaign_id>")
@needs(Permission.READ_CAMPAIGN)
def show_campaign(campaign_id: UUID) -> ResponseReturnValue:
    """Show the board of a campaign."""
    return _board(campaign_id, StepForm(None)), 200


@bp.post("/<uuid:campaign_id>/step")
@needs(Permission.COMPUTE_STATISTICS)
def take_step(campaign_id: UUID) -> ResponseReturnValue:
    """Close the reading, freeze the data, publish the summaries or close the campaign."""
    form = StepForm()
    if form.validate_on_submit():
        event = CampaignEvent(form.event.data)
        try:
            with unit_of_work():
                boards.take_step(
                    campaign_id, event, reason=form.reason.data or "", by=current_actor()
                )
            flash(str(STEP_WORDS[event]), "info")
            return redirect(url_for(".show_campaign", campaign_id=campaign_id))
        except DomainError as error:
            form.form_errors.append(tell(error))
    return _board(campaign_id, form), 422


@bp.route("/<uuid:campaign_id>/lock", methods=["GET", "POST"])
@needs(Permission.LOCK_PROTOCOL)
def lock_campaign(campaign_id: UUID) -> ResponseReturnValue:
    """Show what will bind everybody; on POST lock it."""
    actor, problem = current_actor(), ""
    if request.method == "POST":
        try:
            with unit_of_work():
                campaigns.lock_campaign(campaign_id, by=actor)
            flash(gettext("The rules are locked. Their hash is on this page."), "info")
            return redirect(url_for(".show_campaign", campaign_id=campaign_id))
        except DomainError as error:
            problem = tell(error)
    campaign = campaigns.show_campaign(campaign_id, by=actor)
    if not campaign.is_draft and not problem:
        return redirect(url_for(".show_protocol", campaign_id=campaign_id))
    ids = [place.id for place in campaign.departments]
    return render_template(
        "campaigns/lock_campaign.html",
        campaign=campaign,
        problem=problem,
        forecast=None
        if find_problems(campaign.protocol)
        else boards.foretell(campaign.protocol, ids, WhatIf(), by=actor),
    ), 422 if problem else 200


@bp.get("/<uuid:campaign_id>/protocol")
@needs(Permission.READ_CAMPAIGN)
def show_protocol(campaign_id: UUID) -> ResponseReturnValue:
    """Show the rules of a campaign in words."""
    campaign = campaigns.show_campaign(campaign_id, by=current_actor())
    return render_template("campaigns/show_protocol.html", campaign=campaign)


@bp.get("/<uuid:campaign_id>/protocol.json")
@needs(Permission.READ_CAMPAIGN)
def download_protocol(campaign_id: UUID) -> ResponseReturnValue:
    """Send the very text whose SHA-256 is the hash of the rules."""
    campaign = campaigns.show_campaign(campaign_id, by=current_actor())
    name = f"protocol-{campaign.code}.json"
    return Response(
        campaign.protocol.to_canonical_json(),
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _board(campaign_id: UUID, form: StepForm) -> str:
    actor = current_actor()
    board = boards.show_board(campaign_id, by=actor)
    return render_template(
        "campaigns/show_campaign.html",
        board=board,
        campaign=board.campaign,
        act=act_of(board, actor),
        stations=stations(board.campaign.state),
        links=links_of(board, actor),
        jobs=[line_of(job) for job in board.jobs],
        form=form,
    )
