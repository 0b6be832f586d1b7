"""REST: sending reports in, and what became of each."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema, fields
from apiflask.fields import Boolean, DateTime, Dict, File, Integer, List, Nested, String
from apiflask.validators import OneOf, Range
from werkzeug.datastructures import FileStorage

from peeraudit.adapters.readers.detect import FORMATS
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.adapters.wording import in_words
from peeraudit.api.authentication import calling_actor, needs
from peeraudit.domain.accounts import Permission
from peeraudit.domain.sentences import Sentence
from peeraudit.services import intake, intake_uploads
from peeraudit.services.intake import NewUpload
from peeraudit.services.intake_keeping import STATUSES
from peeraudit.services.intake_uploads import UploadView

bp = APIBlueprint("api_intake", __name__, url_prefix="/api/v1", tag="Intake")


class UploadFile(Schema):
    """The file of reports."""

    file = File(required=True)


class UploadOptions(Schema):
    """How to read the file."""

    department_id = fields.UUID(required=True)
    format = String(load_default="", validate=OneOf(["", *FORMATS]))
    dry_run = Boolean(load_default=False)
    frame_only = Boolean(load_default=False)
    look_first = Boolean(
        load_default=False,
        metadata={"description": "Read no table before its layout is confirmed, however sure."},
    )


class AgainOptions(Schema):
    """How to read a file once more."""

    format = String(load_default="", validate=OneOf(["", *FORMATS]))


class UploadAnswer(Schema):
    """An upload and how far its reading is."""

    id = fields.UUID(required=True)
    department_id = fields.UUID(required=True)
    file_name = String(required=True)
    format = String(required=True)
    dry_run = Boolean(required=True)
    frame_only = Boolean(required=True)
    uploaded_at = DateTime(required=True)
    job_id = fields.UUID(allow_none=True)
    state = String(required=True)
    size = Integer(required=True)
    bytes_read = Integer(required=True)
    done = Integer(required=True)
    eta_seconds = Integer(allow_none=True)
    kept_until = DateTime(allow_none=True)
    message = String(required=True)
    counts = Dict(keys=String(), values=Integer(), required=True)


class ItemQuery(Schema):
    """Which items to return."""

    status = String(load_default="", validate=OneOf(["", *STATUSES]))
    after = Integer(load_default=0, validate=Range(min=0))
    limit = Integer(load_default=100, validate=Range(min=1, max=1000))


class ItemAnswer(Schema):
    """What became of one item."""

    id = fields.UUID(required=True)
    position = Integer(required=True)
    place = String(required=True)
    status = String(required=True)
    reason_code = String(required=True)
    reason = String(required=True)
    can_be_mended = Boolean(required=True)


class ItemsAnswer(Schema):
    """What became of the items."""

    items = List(Nested(ItemAnswer), required=True)


@bp.post("/uploads")
@needs(Permission.UPLOAD_REPORTS)
@bp.input(UploadFile, location="files")
@bp.input(UploadOptions, location="query")
@bp.output(UploadAnswer, status_code=202)
def send_file(files_data: dict[str, Any], query_data: dict[str, Any]) -> dict[str, Any]:
    """Send a file of reports; it is read by a job."""
    department_id: UUID = query_data["department_id"]
    actor = calling_actor(department_id)
    file: FileStorage = files_data["file"]
    new = NewUpload(
        department_id,
        file.filename or "",
        query_data["format"],
        query_data["dry_run"],
        channel="api",
        frame_only=query_data["frame_only"],
        look_first=query_data["look_first"],
    )
    with unit_of_work():
        upload_id = intake.receive(new, _pieces(file), by=actor)
    return _answer(intake_uploads.show_upload(upload_id, by=actor))


@bp.get("/uploads/<uuid:upload_id>")
@needs(Permission.READ_INTAKE)
@bp.output(UploadAnswer)
def show_upload(upload_id: UUID) -> dict[str, Any]:
    """Tell how far the reading of a file is."""
    return _answer(intake_uploads.show_upload(upload_id, by=calling_actor()))


@bp.get("/uploads/<uuid:upload_id>/items")
@needs(Permission.READ_INTAKE)
@bp.input(ItemQuery, location="query")
@bp.output(ItemsAnswer)
def list_items(upload_id: UUID, query_data: dict[str, Any]) -> dict[str, Any]:
    """Tell what became of each item of a file."""
    items = intake_uploads.list_items(upload_id, by=calling_actor(), **query_data)
    return {
        "items": [
            {
                "id": item.id,
                "position": item.position,
                "place": said(item.place),
                "status": item.status,
                "reason_code": item.reason_code,
                "reason": said(item.reason),
                "can_be_mended": item.can_be_mended,
            }
            for item in items
        ]
    }


@bp.post("/uploads/<uuid:upload_id>/cancel")
@needs(Permission.UPLOAD_REPORTS)
@bp.output(UploadAnswer, status_code=202)
def cancel_reading(upload_id: UUID) -> dict[str, Any]:
    """Ask the reading of a file to stop; what was read stays, and the file can be read again."""
    actor = calling_actor()
    with unit_of_work():
        intake.cancel_reading(upload_id, by=actor)
    return _answer(intake_uploads.show_upload(upload_id, by=actor))


@bp.post("/uploads/<uuid:upload_id>/again")
@needs(Permission.UPLOAD_REPORTS)
@bp.input(AgainOptions, location="query")
@bp.output(UploadAnswer, status_code=202)
def read_again(upload_id: UUID, query_data: dict[str, Any]) -> dict[str, Any]:
    """Read a file that failed or was cancelled once more, after its last item."""
    actor = calling_actor()
    with unit_of_work():
        intake.read_again(upload_id, declared_format=query_data["format"], by=actor)
    return _answer(intake_uploads.show_upload(upload_id, by=actor))


def _answer(upload: UploadView) -> dict[str, Any]:
    job = upload.job
    return {
        "id": upload.id,
        "department_id": upload.department_id,
        "file_name": upload.file_name,
        "format": upload.format,
        "dry_run": upload.dry_run,
        "frame_only": upload.frame_only,
        "uploaded_at": upload.uploaded_at,
        "job_id": job.id if job else None,
        "state": _state(upload),
        "size": upload.size,
        "bytes_read": job.done if job else 0,
        "done": upload.total,
        "eta_seconds": job.eta_seconds if job else None,
        "kept_until": upload.kept_until,
        "message": said(Sentence(job.error, job.error_params)) if job and job.error else "",
        "counts": upload.counts,
    }


def _state(upload: UploadView) -> str:
    if upload.asks_layout:
        return "asks_layout"
    return upload.job.state.value if upload.job else "queued"


def said(sentence: Sentence | None) -> str:
    """Return a sentence in the caller's language, empty where there is none."""
    return in_words(sentence) if sentence else ""


def _pieces(file: FileStorage) -> Iterator[bytes]:
    while piece := file.stream.read(1 << 20):
        yield piece
