"""REST: how a table that waits seems to be written, and how it is."""

import json
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema, fields
from apiflask.fields import Boolean, Dict, Float, Integer, List, Raw, String

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.api.authentication import calling_actor, needs
from peeraudit.api.v1.intake import said
from peeraudit.domain.accounts import Permission
from peeraudit.domain.intake.layouts import TableLayout
from peeraudit.services import intake, intake_layouts

bp = APIBlueprint("api_layouts", __name__, url_prefix="/api/v1", tag="Intake")


class Layout(Schema):
    """How a table is written; the parts are those of the answer's layout.

    Of a workbook, ``more`` says how sheets with other headings are written, and ``left_out`` names
    the sheets that are not wanted. A sheet that nothing describes becomes a refused item.
    """

    layout = Dict(keys=String(), values=Raw(), required=True)


class Sheet(Schema):
    """A sheet of a workbook: the number of the table that it holds, from 0; null where none."""

    name = String(required=True)
    table = Integer(required=True, allow_none=True)
    is_hidden = Boolean(required=True)


class LayoutAnswer(Schema):
    """The layout as it was guessed, with the first rows."""

    upload_id = fields.UUID(required=True)
    layout = Dict(keys=String(), values=Raw(), required=True)
    confidence = Float(required=True)
    doubts = List(String(), required=True)
    preview = List(List(String()), required=True)
    sheets = List(String(), required=True)
    remembered = Boolean(required=True)
    workbook = List(fields.Nested(Sheet), required=True)


@bp.get("/uploads/<uuid:upload_id>/layout")
@needs(Permission.UPLOAD_REPORTS)
@bp.output(LayoutAnswer)
def show_layout(upload_id: UUID) -> dict[str, Any]:
    """Return how a table that waits seems to be written."""
    guess = intake_layouts.show_layout(upload_id, by=calling_actor()).guess
    return {
        "upload_id": upload_id,
        "layout": json.loads(guess.layout.to_json()),
        "confidence": guess.confidence,
        "doubts": [said(doubt) for doubt in guess.doubts],
        "preview": [list(row) for row in guess.preview],
        "sheets": list(guess.sheets),
        "remembered": guess.remembered,
        "workbook": [
            {"name": plan.name, "table": plan.kind, "is_hidden": plan.is_hidden}
            for plan in guess.plans
        ],
    }


@bp.post("/uploads/<uuid:upload_id>/layout")
@needs(Permission.UPLOAD_REPORTS)
@bp.input(Layout)
@bp.output({}, status_code=204)
def confirm_layout(upload_id: UUID, json_data: dict[str, Any]) -> str:
    """Say how a table is written; it is read, and remembered for the department."""
    layout = TableLayout.from_json(json.dumps(json_data["layout"]))
    with unit_of_work():
        intake.confirm_layout(upload_id, layout, by=calling_actor())
    return ""
