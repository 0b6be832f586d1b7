"""Commands that take reports in."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import click
from flask import Flask
from flask.cli import AppGroup
from flask_babel import gettext

from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.adapters.wording import in_words
from peeraudit.cli.work import carry_out_due
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import DomainError
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
@click.option("--format", "declared", type=click.Choice(["csv", "hl7v2"]), help="Not recognised.")
@click.option("--dry-run", is_flag=True, help="Say what would become of it; keep no report.")
def send(file: Path, department: str, email: str, declared: str | None, *, dry_run: bool) -> None:
    """Read FILE (CSV or HL7 v2) and say what became of each report."""
    try:
        place = accounts.find_place(department)
        actor = _coordinator(email, place.id)
        new = NewUpload(place.id, file.name, declared or "", dry_run)
        with unit_of_work():
            upload_id = intake.receive(new, _pieces(file), by=actor)
    except DomainError as error:
        raise click.ClickException(gettext(error.message, **error.params)) from None
    # Where a worker runs, either it or this command reads the file; never both.
    carry_out_due()
    _tell(intake_uploads.show_upload(upload_id, by=actor), actor)


def _coordinator(email: str, department_id: UUID) -> Actor:
    person = accounts.find_person(accounts.find_account_id(email))
    actor = person.find_actor(Permission.UPLOAD_REPORTS, department_id) if person else None
    if actor is None:
        raise click.ClickException(f"{email} sends no reports in for this department.")
    return actor


def _tell(upload: UploadView, actor: Actor) -> None:
    job = upload.job
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
