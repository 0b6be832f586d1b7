"""The protocol of a campaign: writing it while seeing what it will cost and yield."""

from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from peeraudit.adapters.clock import today
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.errors import DomainError
from peeraudit.domain.protocol import Protocol
from peeraudit.domain.sampling.forecasts import Forecast
from peeraudit.services import boards, campaigns, planning
from peeraudit.services.campaigns import CampaignView
from peeraudit.web.campaigns import rules
from peeraudit.web.campaigns.blueprint import bp
from peeraudit.web.campaigns.forms import ProtocolForm, rates_text
from peeraudit.web.errors import tell
from peeraudit.web.login import current_actor
from peeraudit.web.refusals import show_refusal
from peeraudit.web.security import needs


@bp.route("/new", methods=["GET", "POST"])
@needs(Permission.WRITE_PROTOCOL)
def new_campaign() -> ResponseReturnValue:
    """Write the rules of a new campaign."""
    form, kept = _form(), rules.first_protocol(today())
    if not form.is_submitted():
        rules.fill(form, kept, [place.id for place in campaigns.list_choices(by=current_actor())])
    elif form.validate() and not _only_recalculates():
        protocol, chosen = rules.to_protocol(form, kept), rules.departments_of(form)
        try:
            with unit_of_work():
                campaign_id = campaigns.create_campaign(protocol, chosen, by=current_actor())
            flash(gettext("The draft is kept. Nothing is binding before it is locked."), "info")
            return redirect(url_for(".show_campaign", campaign_id=campaign_id))
        except DomainError as error:
            show_refusal(form, error)
    return _page(form, kept, None)


@bp.route("/<uuid:campaign_id>/protocol/edit", methods=["GET", "POST"])
@needs(Permission.WRITE_PROTOCOL)
def edit_protocol(campaign_id: UUID) -> ResponseReturnValue:
    """Change the rules of a draft."""
    form, campaign = _form(), campaigns.show_campaign(campaign_id, by=current_actor())
    if not campaign.is_draft:
        return redirect(url_for(".show_protocol", campaign_id=campaign_id))
    if not form.is_submitted():
        rules.fill(form, campaign.protocol, [place.id for place in campaign.departments])
    elif form.validate() and not _only_recalculates():
        protocol, chosen = rules.to_protocol(form, campaign.protocol), rules.departments_of(form)
        try:
            with unit_of_work():
                campaigns.save_protocol(campaign_id, protocol, chosen, by=current_actor())
            flash(gettext("The draft is kept. Nothing is binding before it is locked."), "info")
            return redirect(url_for(".show_campaign", campaign_id=campaign_id))
        except DomainError as error:
            show_refusal(form, error)
    return _page(form, campaign.protocol, campaign)


@bp.post("/consequences.json")
@needs(Permission.WRITE_PROTOCOL)
def show_consequences() -> ResponseReturnValue:
    """Tell what the rules being typed would cost and yield; asked again while they change."""
    form, kept = _form(), rules.first_protocol(today())
    form.validate()
    forecast, problem = _forecast(form, kept)
    panel = render_template("campaigns/_forecast.html", forecast=forecast, problem=problem)
    return jsonify(panel=panel, is_known=forecast is not None)


def _page(form: ProtocolForm, kept: Protocol, campaign: CampaignView | None) -> ResponseReturnValue:
    forecast, problem = _forecast(form, kept)
    page = render_template(
        "campaigns/edit_protocol.html",
        form=form,
        campaign=campaign,
        earlier=[
            (one.campaign, rates_text(one.rates))
            for one in planning.list_earlier_rates(by=current_actor())
        ],
        forecast=forecast,
        problem=problem,
    )
    return page, 422 if form.errors else 200


def _forecast(form: ProtocolForm, kept: Protocol) -> tuple[Forecast | None, str]:
    """Return what is to be expected, or why nothing can be foretold yet."""
    if not _is_typed(form):
        return None, gettext("Fill in the numbers and the days to see the consequences.")
    try:
        protocol, chosen = rules.to_protocol(form, kept), rules.departments_of(form)
        return boards.foretell(protocol, chosen, rules.assumed(form), by=current_actor()), ""
    except DomainError as error:
        return None, tell(error)


def _is_typed(form: ProtocolForm) -> bool:
    chosen = (form.sampling_allocation, form.blinding_dates, form.assignment_allocation)
    return all(field.data is not None for field in form if field.flags.required) and all(
        field.data in {choice.value for choice in field.choices} for field in chosen
    )


def _only_recalculates() -> bool:
    return request.form.get("act") == "recalculate"


def _form() -> ProtocolForm:
    form = ProtocolForm()
    places = campaigns.list_choices(by=current_actor())
    form.offer([(str(place.id), place.name) for place in places])
    return form
