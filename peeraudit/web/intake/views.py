"""Reports coming in: send a file, follow its reading, see what became of each item."""

from collections.abc import Iterator
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import FileStorage
from wtforms.fields.choices import SelectChoice

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, DomainError, NotAllowed
from peeraudit.services import intake, intake_uploads
from peeraudit.services.intake import NewUpload
from peeraudit.web.errors import tell
from peeraudit.web.intake.forms import UploadForm
from peeraudit.web.jobs.lines import line_of
from peeraudit.web.login import current_actor
from peeraudit.web.security import needs

bp = Blueprint("intake", __name__, url_prefix="/intake")
ITEMS_ON_A_PAGE = 100


@bp.route("/", methods=["GET", "POST"])
@needs(Permission.READ_INTAKE)
def list_uploads() -> ResponseReturnValue:
    """Show what came in; on POST take a file."""
    form, actor = _form(), current_actor()
    if form.validate_on_submit():
        try:
            upload_id = _receive(form, actor)
            return redirect(url_for(".show_upload", upload_id=upload_id))
        except DomainError as error:
            form.form_errors.append(tell(error))
    uploads = intake_uploads.list_uploads(by=actor)
    status = 422 if form.is_submitted() else 200
    return render_template("intake/list_uploads.html", form=form, uploads=uploads), status


@bp.get("/<uuid:upload_id>")
@needs(Permission.READ_INTAKE)
def show_upload(upload_id: UUID) -> ResponseReturnValue:
    """Show what became of an upload's items."""
    actor = current_actor()
    status, after = request.args.get("status", ""), request.args.get("after", 0, type=int)
    upload = intake_uploads.show_upload(upload_id, by=actor)
    items = intake_uploads.list_items(
        upload_id, by=actor, status=status, after=after, limit=ITEMS_ON_A_PAGE
    )
    return render_template(
        "intake/show_upload.html",
        upload=upload,
        job=line_of(upload.job) if upload.job else None,
        items=items,
        chosen=status,
        next_after=items[-1].position if len(items) == ITEMS_ON_A_PAGE else None,
    )


def _form() -> UploadForm:
    form = UploadForm()
    form.format.choices = [
        SelectChoice("", gettext("Recognise it")),
        SelectChoice("csv", gettext("CSV table")),
        SelectChoice("hl7v2", gettext("HL7 v2 messages")),
    ]
    return form


def _receive(form: UploadForm, actor: Actor) -> UUID:
    if actor.department_id is None:
        raise NotAllowed(N_("Your present role is for another department."))
    file: FileStorage = form.file.data
    new = NewUpload(
        department_id=actor.department_id,
        file_name=file.filename or "",
        declared_format=form.format.data or "",
        dry_run=form.dry_run.data,
    )
    with unit_of_work():
        return intake.receive(new, _pieces(file), by=actor)


def _pieces(file: FileStorage) -> Iterator[bytes]:
    while piece := file.stream.read(1 << 20):
        yield piece
