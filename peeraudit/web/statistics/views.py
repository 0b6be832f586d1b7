"""The numbers of a campaign, computed when asked for; its board freezes and publishes them."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.services import statistics
from peeraudit.web.login import current_actor
from peeraudit.web.security import needs
from peeraudit.web.statistics.change import change_of
from peeraudit.web.statistics.pages import page_of

bp = Blueprint("statistics", __name__, url_prefix="/campaigns")


@bp.get("/<uuid:campaign_id>/statistics")
@needs(Permission.COMPUTE_STATISTICS)
def show_statistics(campaign_id: UUID) -> ResponseReturnValue:
    """Show the numbers of a campaign, as far as they may be told beyond the departments."""
    chosen = request.args.get("snapshot", type=int)
    page = page_of(campaign_id, chosen, by=current_actor())
    return render_template("statistics/show_statistics.html", page=page)


@bp.post("/<uuid:campaign_id>/statistics")
@needs(Permission.COMPUTE_STATISTICS)
def order_statistics(campaign_id: UUID) -> ResponseReturnValue:
    """Order the numbers as they stand today."""
    with unit_of_work():
        statistics.order_statistics(campaign_id, by=current_actor())
    return redirect(url_for(".show_statistics", campaign_id=campaign_id))


@bp.get("/<uuid:campaign_id>/statistics/change")
@needs(Permission.COMPUTE_STATISTICS)
def show_change(campaign_id: UUID) -> ResponseReturnValue:
    """Show whether departments changed since the campaign that says what is usual."""
    page = change_of(campaign_id, by=current_actor())
    return render_template("statistics/show_change.html", page=page)
