"""What a reviewer answers to the offers of a campaign."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.services import acceptances
from peeraudit.web.login import current_actor
from peeraudit.web.scoring.blueprint import bp
from peeraudit.web.security import needs


@bp.post("/offers/<uuid:campaign_id>/accept")
@needs(Permission.SCORE_CASES)
def accept_offers(campaign_id: UUID) -> ResponseReturnValue:
    """Accept all that a campaign offers."""
    with unit_of_work():
        count = acceptances.accept_offers(campaign_id, by=current_actor())
    flash(_accepted(count))
    return redirect(url_for(".show_queue"))


def _accepted(count: int) -> str:
    if not count:
        return gettext("Nothing waited for your answer any more.")
    return ngettext(
        "You have accepted one report. Thank you.",
        "You have accepted %(num)s reports. Thank you.",
        count,
    )
