"""REST: refused items put right, and the texts that drawn reports wait for."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema, fields
from apiflask.fields import Date, DateTime, Dict, Integer, List, Nested, String
from apiflask.validators import Length, OneOf
from flask import Response

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.api.authentication import calling_actor, needs
from peeraudit.api.v1.intake import said
from peeraudit.domain.accounts import Permission
from peeraudit.domain.intake.mending import FIELDS
from peeraudit.services import intake_mending, intake_texts, intake_uploads
from peeraudit.services.intake_mending import CONTENT_MAXIMUM

bp = APIBlueprint("api_mending", __name__, url_prefix="/api/v1", tag="Intake")


class RefusedAnswer(Schema):
    """A refused item, with what it held."""

    id = fields.UUID(required=True)
    upload_id = fields.UUID(required=True)
    position = Integer(required=True)
    place = String(required=True)
    reason_code = String(required=True)
    reason = String(required=True)
    fields_ = Dict(keys=String(), values=String(), data_key="fields", required=True)
    content = String(required=True)
    kept_until = DateTime(required=True)
    next_id = fields.UUID(allow_none=True)


class Mending(Schema):
    """What the item should say: its fields, or the whole item in its own format."""

    fields_ = Dict(
        keys=String(validate=OneOf(list(FIELDS))),
        values=String(validate=Length(max=CONTENT_MAXIMUM)),
        data_key="fields",
        load_default=dict,
    )
    content = String(load_default="", validate=Length(max=CONTENT_MAXIMUM))


class MendedAnswer(Schema):
    """What became of the item."""

    status = String(required=True)
    reason = String(required=True)
    next_id = fields.UUID(allow_none=True)


class WantedText(Schema):
    """A drawn report whose text is wanted."""

    accession = String(required=True)
    report_id = String(required=True)
    performed_on = Date(required=True)
    modality = String(required=True)
    exam = String(required=True)
    campaign = String(required=True)


class WantedTexts(Schema):
    """The drawn reports whose text is wanted."""

    reports = List(Nested(WantedText), required=True)


@bp.get("/refused-items/<uuid:item_id>")
@needs(Permission.UPLOAD_REPORTS)
@bp.output(RefusedAnswer)
def show_refused(item_id: UUID) -> dict[str, Any]:
    """Return what a refused item held, while it is kept."""
    item = intake_mending.show_refused(item_id, by=calling_actor())
    return {
        "id": item.id,
        "upload_id": item.upload_id,
        "position": item.position,
        "place": said(item.place),
        "reason_code": item.reason_code,
        "reason": said(item.reason),
        "fields_": dict(item.fields),
        "content": item.content,
        "kept_until": item.kept_until,
        "next_id": item.next_id,
    }


@bp.post("/refused-items/<uuid:item_id>")
@needs(Permission.UPLOAD_REPORTS)
@bp.input(Mending)
@bp.output(MendedAnswer)
def try_again(item_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Try a refused item again as it is put right; refused again, it is kept as it is sent."""
    with unit_of_work():
        mended = intake_mending.try_again(
            item_id,
            changes=json_data["fields_"],
            content=json_data["content"],
            by=calling_actor(),
        )
    return {"status": mended.status, "reason": said(mended.reason), "next_id": mended.next_id}


@bp.get("/uploads/<uuid:upload_id>/refused.csv")
@needs(Permission.READ_INTAKE)
def download_refused(upload_id: UUID) -> Response:
    """Return the refused items of a file with place and reason, as CSV."""
    lines = "".join(intake_uploads.refused_table(upload_id, by=calling_actor()))
    return Response(lines, mimetype="text/csv")


@bp.get("/wanted-texts")
@needs(Permission.UPLOAD_REPORTS)
@bp.output(WantedTexts)
def list_wanted() -> dict[str, Any]:
    """Return the drawn reports whose text is wanted; send these texts as any file of reports."""
    return {"reports": intake_texts.list_wanted(by=calling_actor())}
