"""How much a reviewer wants to read at most, below what the network asks for."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.errors import DomainError
from peeraudit.services import own_limits
from peeraudit.services.giving_back import GivenBack
from peeraudit.services.own_limits import Limits
from peeraudit.web.login import current_actor
from peeraudit.web.network.forms import CampaignLimitForm, WeeklyForm
from peeraudit.web.network.views import bp
from peeraudit.web.refusals import show_refusal
from peeraudit.web.security import needs


@bp.get("/profile/limits")
@needs(Permission.DECLARE_PROFILE)
def show_limits() -> ResponseReturnValue:
    """Show the own limits, a week's and each campaign's."""
    return _page(own_limits.show_limits(by=current_actor()))


@bp.post("/profile/limits/weekly")
@needs(Permission.DECLARE_PROFILE)
def set_weekly() -> ResponseReturnValue:
    """Take the limit of a week; an empty one is none."""
    actor, form = current_actor(), WeeklyForm(prefix="weekly")
    if form.validate():
        try:
            with unit_of_work():
                own_limits.set_weekly(form.weekly.data, by=actor)
            flash(gettext("Your weekly limit is kept. It counts from the next case on."))
            return redirect(url_for(".show_limits"))
        except DomainError as error:
            show_refusal(form, error)
    return _page(own_limits.show_limits(by=actor), weekly=form), 422


@bp.post("/profile/limits/<uuid:campaign_id>")
@needs(Permission.DECLARE_PROFILE)
def set_limit(campaign_id: UUID) -> ResponseReturnValue:
    """Take the limit of a campaign; what goes beyond it goes to others."""
    actor, form = current_actor(), CampaignLimitForm(prefix=str(campaign_id))
    if form.validate():
        try:
            with unit_of_work():
                given = own_limits.set_campaign_limit(campaign_id, form.most.data, by=actor)
            flash(_kept(given))
            return redirect(url_for(".show_limits"))
        except DomainError as error:
            show_refusal(form, error)
    return _page(own_limits.show_limits(by=actor), sent={campaign_id: form}), 422


def _page(
    limits: Limits,
    *,
    weekly: WeeklyForm | None = None,
    sent: dict[UUID, CampaignLimitForm] | None = None,
) -> str:
    parts = [
        (one, (sent or {}).get(one.campaign_id) or _form(one.campaign_id, one.most))
        for one in limits.campaigns
    ]
    weekly = weekly or WeeklyForm(None, prefix="weekly", weekly=limits.weekly)
    return render_template("network/show_limits.html", weekly=weekly, parts=parts)


def _form(campaign_id: UUID, most: int | None) -> CampaignLimitForm:
    return CampaignLimitForm(None, prefix=str(campaign_id), most=most)


def _kept(given: GivenBack) -> str:
    told = gettext("Your limit is kept.")
    if given.moved:
        told += " " + ngettext(
            "One case beyond it went to another reviewer.",
            "%(num)s cases beyond it went to other reviewers.",
            given.moved,
        )
    if given.stayed:
        told += " " + ngettext(
            "One stays yours although it goes beyond: nobody else is free for it.",
            "%(num)s stay yours although they go beyond: nobody else is free for them.",
            given.stayed,
        )
    return told
