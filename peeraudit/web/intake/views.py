"""Reports coming in: send a file, follow its reading, see what became of each item."""

from collections.abc import Iterator
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import FileStorage
from wtforms.fields.choices import SelectChoice

from peeraudit.adapters.readers.detect import FORMATS
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, DomainError, NotAllowed
from peeraudit.domain.intake.layouts import label_of
from peeraudit.services import intake, intake_messages, intake_texts, intake_uploads
from peeraudit.services.intake import NewUpload
from peeraudit.web.errors import tell
from peeraudit.web.intake.blueprint import bp
from peeraudit.web.intake.forms import UploadForm
from peeraudit.web.intake.messages import shown_days
from peeraudit.web.jobs.lines import line_of
from peeraudit.web.login import current_actor
from peeraudit.web.security import needs

ITEMS_ON_A_PAGE = 100
FORMAT_NAMES = {
    "csv": lazy_gettext("CSV table"),
    "xlsx": lazy_gettext("Excel workbook (XLSX)"),
    "hl7v2": lazy_gettext("HL7 v2 messages"),
    "fhir": lazy_gettext("FHIR resources (JSON)"),
    "dicom-sr": lazy_gettext("DICOM structured reports"),
}


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
    return render_template(
        "intake/list_uploads.html",
        form=form,
        uploads=intake_uploads.list_uploads(by=actor),
        message_days=intake_messages.list_days(shown_days(), by=actor),
        wanted=intake_texts.count_wanted(by=actor),
    ), (422 if form.is_submitted() else 200)


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
        label_of=label_of,
        next_after=items[-1].position if len(items) == ITEMS_ON_A_PAGE else None,
    )


@bp.get("/<uuid:upload_id>/refused.csv")
@needs(Permission.READ_INTAKE)
def download_refused(upload_id: UUID) -> ResponseReturnValue:
    """Send the refused items with place and reason as a table."""
    lines = "".join(intake_uploads.refused_table(upload_id, by=current_actor()))
    return _as_csv(lines, "refused.csv")


@bp.post("/<uuid:upload_id>/again")
@needs(Permission.UPLOAD_REPORTS)
def read_again(upload_id: UUID) -> ResponseReturnValue:
    """Order a file that waits to be read once more."""
    try:
        with unit_of_work():
            intake.read_again(upload_id, by=current_actor())
    except DomainError as error:
        flash(tell(error), "danger")
    return redirect(url_for(".show_upload", upload_id=upload_id))


@bp.get("/wanted")
@needs(Permission.UPLOAD_REPORTS)
def list_wanted() -> ResponseReturnValue:
    """Show the drawn reports whose text is wanted."""
    wanted = intake_texts.list_wanted(by=current_actor())
    return render_template("intake/list_wanted.html", wanted=wanted)


@bp.get("/wanted.csv")
@needs(Permission.UPLOAD_REPORTS)
def download_wanted() -> ResponseReturnValue:
    """Send the list of wanted texts as a table that can be filled in and sent back."""
    lines = "".join(intake_texts.wanted_table(by=current_actor()))
    return _as_csv(lines, "wanted-texts.csv")


def _form() -> UploadForm:
    form = UploadForm()
    form.format.choices = [
        SelectChoice("", gettext("Recognise it")),
        *(SelectChoice(code, str(FORMAT_NAMES.get(code, code))) for code in FORMATS),
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
        frame_only=form.frame_only.data,
        look_first=form.look_first.data,
    )
    with unit_of_work():
        return intake.receive(new, _pieces(file), by=actor)


def _pieces(file: FileStorage) -> Iterator[bytes]:
    while piece := file.stream.read(1 << 20):
        yield piece


def _as_csv(lines: str, name: str) -> Response:
    answer = Response(lines, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
