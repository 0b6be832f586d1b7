"""Taking along what the numbers of a campaign follow from, as far as the person may be told."""

from uuid import UUID

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from peeraudit.adapters.bundles import pack
from peeraudit.adapters.export_words import how_to_compute
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.errors import DomainError
from peeraudit.services import snapshot_exports
from peeraudit.web.exports.forms import ReviewsForm
from peeraudit.web.login import current_actor
from peeraudit.web.refusals import show_refusal
from peeraudit.web.security import needs

bp = Blueprint("exports", __name__, url_prefix="/campaigns/<uuid:campaign_id>/export")


@bp.get("")
@needs(Permission.EXPORT_NUMBERS)
def show_export(campaign_id: UUID) -> ResponseReturnValue:
    """Show what the person may take along, and what is in it."""
    return _page(campaign_id, ReviewsForm(None))


@bp.post("/numbers")
@needs(Permission.EXPORT_NUMBERS)
def download_numbers(campaign_id: UUID) -> ResponseReturnValue:
    """Give the numbers that may be told, with their counts."""
    with unit_of_work():
        found = snapshot_exports.export_numbers(campaign_id, by=current_actor())
    content = pack((*found.files, how_to_compute(*found.arguments)))
    return _archive(content, f"{found.name}.zip")


@bp.post("/reviews")
@needs(Permission.EXPORT_REVIEWS)
def download_reviews(campaign_id: UUID) -> ResponseReturnValue:
    """Give the frozen reviews line by line, once it is said what for."""
    form = ReviewsForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                found = snapshot_exports.export_reviews(
                    campaign_id, purpose=form.purpose.data, by=current_actor()
                )
            content = pack((*found.files, how_to_compute(*found.arguments)))
            return _archive(content, f"{found.name}.zip")
        except DomainError as error:
            show_refusal(form, error)
    return _page(campaign_id, form)


def _page(campaign_id: UUID, form: ReviewsForm) -> ResponseReturnValue:
    offer = snapshot_exports.offer_export(campaign_id, by=current_actor())
    page = render_template("exports/show_export.html", offer=offer, form=form)
    return page, 422 if form.errors else 200


def _archive(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype="application/zip", headers=headers)
