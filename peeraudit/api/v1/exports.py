"""REST: taking along what the numbers of a campaign follow from."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema
from apiflask.fields import String
from flask import Response

from peeraudit.adapters.bundles import pack
from peeraudit.adapters.export_words import how_to_compute
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.adapters.wording import speaking
from peeraudit.api.authentication import calling_actor, needs
from peeraudit.api.description import a_file
from peeraudit.api.v1.summaries import LanguageQuery
from peeraudit.domain.accounts import Permission
from peeraudit.services import snapshot_exports
from peeraudit.services.snapshot_exports import (
    PURPOSE_MAXIMUM,
    PURPOSE_MINIMUM,
    NumbersExport,
)
from peeraudit.services.statistics_export import SnapshotExport

bp = APIBlueprint("api_exports", __name__, url_prefix="/api/v1/campaigns", tag="Statistics")
ARCHIVE = "application/zip"


class PurposeInput(Schema):
    """What single reviews are needed for; the trail keeps it."""

    purpose = String(
        required=True, metadata={"minLength": PURPOSE_MINIMUM, "maxLength": PURPOSE_MAXIMUM}
    )


@bp.post("/<uuid:campaign_id>/export/numbers")
@needs(Permission.EXPORT_NUMBERS)
@bp.input(LanguageQuery, location="query")
@bp.doc(responses=a_file("numbers.csv, told.json, result.json, README.txt", ARCHIVE))
def export_numbers(campaign_id: UUID, query_data: dict[str, Any]) -> Response:
    """Give the frozen numbers that the caller may be told, with their counts.

    `statistics compute numbers.csv --protocol told.json` computes them again.
    """
    with unit_of_work():
        found = snapshot_exports.export_numbers(campaign_id, by=calling_actor())
    return _archive(found, query_data["language"])


@bp.post("/<uuid:campaign_id>/export/reviews")
@needs(Permission.EXPORT_REVIEWS)
@bp.input(LanguageQuery, location="query")
@bp.input(PurposeInput, location="json")
@bp.doc(responses=a_file("reviews.csv, protocol.json, result.json, README.txt", ARCHIVE))
def export_reviews(
    campaign_id: UUID, query_data: dict[str, Any], json_data: dict[str, Any]
) -> Response:
    """Give the frozen reviews line by line; nothing small is hidden in them.

    `statistics compute reviews.csv --protocol protocol.json` gives the snapshot byte for byte.
    """
    with unit_of_work():
        found = snapshot_exports.export_reviews(
            campaign_id, purpose=json_data["purpose"], by=calling_actor()
        )
    return _archive(found, query_data["language"])


def _archive(found: NumbersExport | SnapshotExport, language: str) -> Response:
    with speaking(language):
        content = pack((*found.files, how_to_compute(*found.arguments)))
    headers = {"Content-Disposition": f'attachment; filename="{found.name}.zip"'}
    return Response(content, mimetype=ARCHIVE, headers=headers)
