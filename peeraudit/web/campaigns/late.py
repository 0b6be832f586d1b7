"""Who and what holds a campaign up, and why."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.services import campaigns, giving_back, lateness
from peeraudit.services.giving_back import GivenBack
from peeraudit.web.campaigns.blueprint import bp
from peeraudit.web.handed_on import moved_words
from peeraudit.web.login import current_actor
from peeraudit.web.security import needs


@bp.get("/<uuid:campaign_id>/late")
@needs(Permission.READ_CAMPAIGN)
def show_lateness(campaign_id: UUID) -> ResponseReturnValue:
    """Show who holds the campaign up and why; to a coordinator the own department's cases."""
    actor = current_actor()
    return render_template(
        "campaigns/show_lateness.html",
        campaign=campaigns.show_campaign(campaign_id, by=actor),
        lateness=lateness.show_lateness(campaign_id, by=actor),
    )


@bp.post("/<uuid:campaign_id>/late/<uuid:reviewer_id>")
@needs(Permission.PUBLISH_ASSIGNMENT)
def pass_on(campaign_id: UUID, reviewer_id: UUID) -> ResponseReturnValue:
    """Give what a reviewer has not begun to others."""
    count = request.form.get("count", type=int) or 1
    with unit_of_work():
        given = giving_back.give_back_for(campaign_id, reviewer_id, count, by=current_actor())
    flash(_given(given))
    return redirect(url_for(".show_lateness", campaign_id=campaign_id))


def _given(given: GivenBack) -> str:
    told = moved_words(given.moved)
    if given.stayed:
        told += " " + ngettext(
            "For one, nobody else is free.", "For %(num)s, nobody else is free.", given.stayed
        )
    return told
