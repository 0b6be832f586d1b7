"""Commands that take reports in."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID

import click
from flask import Flask
from flask.cli import AppGroup
from flask_babel import gettext

from peeraudit.adapters.readers.detect import FORMATS
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.adapters.wording import in_words
from peeraudit.cli.work import carry_out_due
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import DomainError
from peeraudit.domain.intake.layouts import TableLayout
from peeraudit.domain.sentences import Sentence
from peeraudit.services import accounts, intake, intake_uploads
from peeraudit.services.intake import NewUpload
from peeraudit.services.intake_uploads import ItemView, UploadView

PIECE = 1 << 20
LISTED = 20
group = AppGroup("intake", help="Take reports in.")


def register(app: Flask) -> None:
    """Attach the commands."""
    app.cli.add_command(group)


@group.command("send")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--department", required=True, help="Code of the department that sends it.")
@click.option("--as", "email", required=True, help="E-mail address of its coordinator.")
@click.option("--format", "declared", type=click.Choice(FORMATS), help="Not recognised.")
@click.option("--layout", type=click.File(encoding="utf-8"), help="How a table is written (JSON).")
@click.option("--frame-only", is_flag=True, help="A list without texts: they come later.")
@click.option("--dry-run", is_flag=True, help="Say what would become of it; keep no report.")
def send(file: Path, department: str, email: str, **options: Any) -> None:  # noqa: ANN401 - click's
    """Read FILE, whatever its format, and say what became of each report."""
    try:
        place = accounts.find_place(department)
        actor = _coordinator(email, place.id)
        new = _new(file, place.id, options)
        with unit_of_work():
            upload_id = intake.receive(new, _pieces(file), by=actor)
    except DomainError as error:
        raise click.ClickException(gettext(error.message, **error.params)) from None
    # Where a worker runs, either it or this command reads the file; never both.
    carry_out_due()
    _tell(intake_uploads.show_upload(upload_id, by=actor), actor)


def _new(file: Path, department_id: UUID, options: Mapping[str, Any]) -> NewUpload:
    layout: TextIO | None = options["layout"]
    return NewUpload(
        department_id,
        file.name,
        options["declared"] or "",
        options["dry_run"],
        channel="command",
        frame_only=options["frame_only"],
        layout=TableLayout.from_json(layout.read()) if layout else None,
    )


def _coordinator(email: str, department_id: UUID) -> Actor:
    person = accounts.find_person(accounts.find_account_id(email))
    actor = person.find_actor(Permission.UPLOAD_REPORTS, department_id) if person else None
    if actor is None:
        raise click.ClickException(f"{email} sends no reports in for this department.")
    return actor


def _tell(upload: UploadView, actor: Actor) -> None:
    job = upload.job
    if upload.asks_layout:
        raise click.ClickException(
            "How this table is written is not certain. Confirm it on the page of the file, or "
            "send the file again with --layout."
        )
    if job is not None and job.error:
        raise click.ClickException(in_words(Sentence(job.error, job.error_params)))
    if job is not None and not job.state.is_over:
        click.echo("A worker is reading the file; its page shows how far it is.")
    for status, count in sorted(upload.counts.items()):
        click.echo(f"{count:8}  {status}")
    for item in intake_uploads.list_items(
        upload.id, by=actor, status="refused", after=0, limit=LISTED
    ):
        click.echo(_line(item))


def _line(item: ItemView) -> str:
    reason = in_words(item.reason) if item.reason else item.reason_code
    return f"{in_words(item.place)}: {reason}"


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while piece := stream.read(PIECE):
            yield piece
