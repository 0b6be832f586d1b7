"""Notices for authors who cannot sign in: which to hand over, the paper, and that it was done."""

from collections.abc import Iterable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.services import handover
from peeraudit.services.handover import Named
from peeraudit.web.handover.forms import LinkForm
from peeraudit.web.login import current_actor
from peeraudit.web.security import needs

bp = Blueprint("handover", __name__, url_prefix="/handover")


@bp.get("/")
@needs(Permission.CHECK_DEIDENTIFICATION)
def list_handovers() -> ResponseReturnValue:
    """Show which notices the department has to hand over."""
    actor = current_actor()
    return render_template(
        "handover/list_handovers.html",
        notices=handover.list_handovers(by=actor),
        form=_form(actor),
    )


@bp.post("/accounts")
@needs(Permission.CHECK_DEIDENTIFICATION)
def link_account() -> ResponseReturnValue:
    """Say under which account an author signs in."""
    actor = current_actor()
    form = _form(actor)
    if not form.validate_on_submit():
        notices = handover.list_handovers(by=actor)
        return render_template("handover/list_handovers.html", notices=notices, form=form), 422
    with unit_of_work():
        handover.link_account(UUID(form.author.data), UUID(form.account.data), by=actor)
    flash(gettext("The author now reads the feedback under this account."))
    return redirect(url_for(".list_handovers"))


@bp.get("/<uuid:campaign_id>/<uuid:author_id>")
@needs(Permission.CHECK_DEIDENTIFICATION)
def show_handover(campaign_id: UUID, author_id: UUID) -> ResponseReturnValue:
    """Show one notice, to be printed."""
    notice = handover.show_handover(campaign_id, author_id, by=current_actor())
    return render_template("handover/show_handover.html", notice=notice)


@bp.post("/<uuid:campaign_id>/<uuid:author_id>")
@needs(Permission.CHECK_DEIDENTIFICATION)
def confirm_handover(campaign_id: UUID, author_id: UUID) -> ResponseReturnValue:
    """Note that the notice was handed over."""
    with unit_of_work():
        handover.confirm_handover(campaign_id, author_id, by=current_actor())
    flash(gettext("Noted. The author’s time to reply runs from today."))
    return redirect(url_for(".list_handovers"))


def _form(actor: Actor) -> LinkForm:
    form, unlinked = LinkForm(), handover.list_unlinked(by=actor)
    form.author.choices = _choices(unlinked.authors)
    form.account.choices = _choices(unlinked.accounts)
    return form


def _choices(people: Iterable[Named]) -> list[SelectChoice]:
    return [SelectChoice(str(one.id), one.name) for one in people]
