"""Refused items: see what one held, put it right, try it again."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.errors import DomainError
from peeraudit.services import intake_mending
from peeraudit.services.intake_mending import Mended, MendingView
from peeraudit.web.errors import tell
from peeraudit.web.intake.blueprint import bp
from peeraudit.web.intake.forms import MendForm
from peeraudit.web.login import current_actor
from peeraudit.web.security import needs

# The field to look at first, by the reason of the refusal.
FIELD_OF = {
    "missing_accession": "accession",
    "no_text": "text",
    "text_too_long": "text",
    "unreadable_date": "performed",
    "missing_date": "performed",
    "ambiguous_date": "performed",
    "unknown_status": "status",
}


@bp.route("/items/<uuid:item_id>", methods=["GET", "POST"])
@needs(Permission.UPLOAD_REPORTS)
def mend_item(item_id: UUID) -> ResponseReturnValue:
    """Show a refused item; on POST try it again as it was put right."""
    actor = current_actor()
    item = intake_mending.show_refused(item_id, by=actor)
    form = MendForm(data={**item.fields, "content": item.content})
    status = 200
    if form.validate_on_submit():
        try:
            with unit_of_work():
                mended = intake_mending.try_again(
                    item_id, changes=_changes(form, item), content=form.content.data or "", by=actor
                )
        except DomainError as error:
            form.form_errors.append(tell(error))
            status = 422
        else:
            return _go_on(item, mended)
    return render_template(
        "intake/mend_item.html", item=item, form=form, first=FIELD_OF.get(item.reason_code, "")
    ), status


def _changes(form: MendForm, item: MendingView) -> dict[str, str]:
    """Return the fields that now say something else."""
    typed = {name: form[name].data or "" for name in item.fields}
    return {
        name: value
        for name, value in typed.items()
        if value.replace("\r\n", "\n") != item.fields[name].replace("\r\n", "\n")
    }


def _go_on(item: MendingView, mended: Mended) -> ResponseReturnValue:
    """Return to the item that is still refused, or go to the next one, or back to the file."""
    if mended.status == "refused":
        flash(gettext("Still refused; what you changed is kept. See why below."), "attention")
        return redirect(url_for(".mend_item", item_id=item.id))
    flash(gettext("Item %(number)s was taken in.", number=item.position), "info")
    if mended.next_id is not None:
        return redirect(url_for(".mend_item", item_id=mended.next_id))
    return redirect(url_for(".show_upload", upload_id=item.upload_id))
