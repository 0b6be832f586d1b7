"""Reports that a department names to teach from, beside those that chance drew."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.errors import DomainError
from peeraudit.domain.sampling.targeting import TARGET_LABELS, TargetReason
from peeraudit.services import campaigns, targeting
from peeraudit.services.targeting import NAMEABLE
from peeraudit.web.login import current_actor
from peeraudit.web.refusals import show_refusal
from peeraudit.web.sampling.forms import NameForm
from peeraudit.web.sampling.views import bp
from peeraudit.web.security import needs


@bp.get("/named")
@needs(Permission.NAME_CASES)
def list_named(campaign_id: UUID) -> ResponseReturnValue:
    """Show what the department named, and the way to name one more."""
    return _named_page(campaign_id, NameForm(None))


@bp.post("/named")
@needs(Permission.NAME_CASES)
def name_report(campaign_id: UUID) -> ResponseReturnValue:
    """Have a report of the department read, to teach from."""
    form = NameForm()
    form.offer()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                reason = TargetReason(form.reason.data)
                targeting.name_report(campaign_id, form.accession.data, reason, by=current_actor())
            flash(
                gettext("The report is named. It goes the way of all cases, and counts in no rate.")
            )
            return redirect(url_for(".list_named", campaign_id=campaign_id))
        except DomainError as error:
            show_refusal(form, error)
    return _named_page(campaign_id, form)


def _named_page(campaign_id: UUID, form: NameForm) -> ResponseReturnValue:
    actor = current_actor()
    form.offer()
    campaign = campaigns.show_campaign(campaign_id, by=actor)
    page = render_template(
        "sampling/list_named.html",
        campaign=campaign,
        lines=targeting.list_named(campaign_id, by=actor),
        labels=TARGET_LABELS,
        form=form,
        may_name=campaign.state in NAMEABLE,
    )
    return page, 422 if form.errors else 200
