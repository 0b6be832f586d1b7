"""What a reviewer answers to the offers of a campaign, and what the person gives back."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.errors import DomainError
from peeraudit.services import acceptances, giving_back
from peeraudit.services.giving_back import GivenBack
from peeraudit.web.errors import tell
from peeraudit.web.handed_on import moved_words
from peeraudit.web.login import current_actor
from peeraudit.web.scoring.blueprint import bp
from peeraudit.web.scoring.forms import GiveBackForm
from peeraudit.web.security import needs


@bp.post("/offers/<uuid:campaign_id>/accept")
@needs(Permission.SCORE_CASES)
def accept_offers(campaign_id: UUID) -> ResponseReturnValue:
    """Accept all that a campaign offers."""
    with unit_of_work():
        count = acceptances.accept_offers(campaign_id, by=current_actor())
    flash(_accepted(count))
    return redirect(url_for(".show_queue"))


@bp.get("/give-back")
@needs(Permission.SCORE_CASES)
def list_unbegun() -> ResponseReturnValue:
    """Show what the reviewer has not begun, and let the person give it back."""
    found = giving_back.list_unbegun(by=current_actor())
    parts = [(one, _form(one.campaign_id, one.count)) for one in found]
    return render_template("scoring/list_unbegun.html", parts=parts)


@bp.post("/give-back/<uuid:campaign_id>")
@needs(Permission.SCORE_CASES)
def give_back(campaign_id: UUID) -> ResponseReturnValue:
    """Give cases that were not begun to others."""
    form = GiveBackForm(prefix=str(campaign_id))
    if not form.validate_on_submit():
        flash(gettext("Say how many cases are to go to others: one at least."), "error")
        return redirect(url_for(".list_unbegun"))
    try:
        with unit_of_work():
            given = giving_back.give_back(campaign_id, form.count.data, by=current_actor())
        flash(_given(given))
    except DomainError as error:
        flash(tell(error), "error")
    return redirect(url_for(".show_queue"))


def _form(campaign_id: UUID, count: int) -> GiveBackForm:
    return GiveBackForm(None, prefix=str(campaign_id), count=count)


def _given(given: GivenBack) -> str:
    told = moved_words(given.moved)
    if not given.stayed:
        return told
    stayed = ngettext(
        "For one, nobody else is free: it stays yours.",
        "For %(num)s, nobody else is free: they stay yours.",
        given.stayed,
    )
    return f"{told} {stayed}"


def _accepted(count: int) -> str:
    if not count:
        return gettext("Nothing waited for your answer any more.")
    return ngettext(
        "You have accepted one report. Thank you.",
        "You have accepted %(num)s reports. Thank you.",
        count,
    )
