"""The numbers of a campaign: compute them, freeze the data, publish the summaries."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.errors import DomainError
from peeraudit.services import statistics, summaries
from peeraudit.web.errors import tell
from peeraudit.web.login import current_actor
from peeraudit.web.security import needs
from peeraudit.web.statistics.forms import FreezeForm
from peeraudit.web.statistics.pages import page_of

bp = Blueprint("statistics", __name__, url_prefix="/campaigns")


@bp.get("/<uuid:campaign_id>/statistics")
@needs(Permission.COMPUTE_STATISTICS)
def show_statistics(campaign_id: UUID) -> ResponseReturnValue:
    """Show the numbers of a campaign, as far as they may be told beyond the departments."""
    chosen = request.args.get("snapshot", type=int)
    page = page_of(campaign_id, chosen, by=current_actor())
    return render_template("statistics/show_statistics.html", page=page, form=FreezeForm())


@bp.post("/<uuid:campaign_id>/statistics")
@needs(Permission.COMPUTE_STATISTICS)
def order_statistics(campaign_id: UUID) -> ResponseReturnValue:
    """Order the numbers as they stand today."""
    with unit_of_work():
        statistics.order_statistics(campaign_id, by=current_actor())
    return redirect(url_for(".show_statistics", campaign_id=campaign_id))


@bp.post("/<uuid:campaign_id>/freeze")
@needs(Permission.COMPUTE_STATISTICS)
def freeze_campaign(campaign_id: UUID) -> ResponseReturnValue:
    """Freeze the data for good and order the final numbers."""
    form, actor = FreezeForm(), current_actor()
    try:
        with unit_of_work():
            statistics.freeze_campaign(campaign_id, reason=form.reason.data or "", by=actor)
        return redirect(url_for(".show_statistics", campaign_id=campaign_id))
    except DomainError as error:
        form.form_errors.append(tell(error))
    page = page_of(campaign_id, None, by=actor)
    return render_template("statistics/show_statistics.html", page=page, form=form), 422


@bp.post("/<uuid:campaign_id>/summaries")
@needs(Permission.COMPUTE_STATISTICS)
def publish_summaries(campaign_id: UUID) -> ResponseReturnValue:
    """Publish the summary of each department and tell its quality leads."""
    with unit_of_work():
        found = summaries.publish_summaries(campaign_id, by=current_actor())
    flash(gettext("%(count)d summaries are published.", count=len(found)), "info")
    return redirect(url_for("summaries.list_summaries"))
