"""The command that takes in whatever is put into a folder."""

import json
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import click

from peeraudit.adapters import folders
from peeraudit.adapters.folders import Folder, TakenFile
from peeraudit.adapters.unit_of_work import unit_of_work
from peeraudit.adapters.wording import in_words
from peeraudit.cli.intake import group
from peeraudit.cli.work import carry_out_due
from peeraudit.domain.errors import DomainError, NotFound
from peeraudit.domain.jobs import JobState
from peeraudit.domain.sentences import Sentence
from peeraudit.services import accounts, intake, intake_uploads
from peeraudit.services.intake import NewUpload
from peeraudit.services.intake_uploads import UploadView

logger = logging.getLogger(__name__)
REFUSED_LISTED = 1000


@group.command("watch")
@click.argument(
    "folder",
    envvar="WATCH_DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option("--department", help="Code of the department; else each subfolder bears one.")
@click.option("--every", default=5.0, show_default=True, help="Seconds between two looks.")
@click.option("--once", is_flag=True, help="Take what is complete, read it and end.")
def watch(folder: Path, department: str | None, every: float, *, once: bool) -> None:
    """Take in every complete file of FOLDER, and move it to done/ or refused/ once it was read.

    A file is complete when it did not change between two looks. The result is written beside it.
    """
    known: dict[Path, Folder] = {}
    looks = 0
    while True:
        for place, watched in _watched(folder, department, known):
            watched.take_complete()
            _follow(watched, place)
        looks += 1
        if once and looks > 1:
            carry_out_due()
            for place, watched in _watched(folder, department, known):
                _follow(watched, place)
            return
        time.sleep(every)


def _watched(
    path: Path, department: str | None, known: dict[Path, Folder]
) -> Iterator[tuple[UUID, Folder]]:
    """Yield each folder with the department whose reports it holds."""
    codes = {path: department} if department else {p: p.name for p in folders.subfolders(path)}
    for place, code in codes.items():
        try:
            department_id = accounts.find_place(code).id
        except NotFound as error:
            if department:
                raise click.ClickException(str(error)) from None
            if place not in known:
                logger.warning("the folder %s is passed over: %s", place.name, error)
                known[place] = Folder(place)
            continue
        if place not in known:
            known[place] = Folder(place)
        known[place].prepare()
        yield department_id, known[place]


def _follow(watched: Folder, department_id: UUID) -> None:
    """Hand over the files that were taken, and put away those that were read."""
    for file in watched.taken():
        try:
            upload = _upload(file, department_id)
        except DomainError as error:
            message = in_words(Sentence(error.message, error.params))
            said = _as_json({"file": file.name, "state": "refused", "message": message})
            watched.put_away(file, said, refused=True)
            continue
        if upload.job is not None and upload.job.state.is_over:
            refused = upload.job.state is not JobState.SUCCEEDED
            watched.put_away(file, _as_json(_result(file, upload)), refused=refused)


def _upload(file: TakenFile, department_id: UUID) -> UploadView:
    """Return the upload that a file is; it becomes one here, once, whoever was killed before."""
    try:
        return intake_uploads.show_upload(file.id, by=None)
    except NotFound:
        new = NewUpload(department_id, file.name, channel="folder", id=file.id)
    with unit_of_work():
        intake.receive(new, file.pieces(), by=None)
    return intake_uploads.show_upload(file.id, by=None)


def _result(file: TakenFile, upload: UploadView) -> dict[str, object]:
    job = upload.job
    items = intake_uploads.list_items(
        upload.id, by=None, status="refused", after=0, limit=REFUSED_LISTED
    )
    return {
        "file": file.name,
        "upload_id": str(upload.id),
        "format": upload.format,
        "state": job.state.value if job else "",
        "message": in_words(Sentence(job.error, job.error_params)) if job and job.error else "",
        "counts": upload.counts,
        "refused": [
            {
                "position": item.position,
                "place": in_words(item.place),
                "reason_code": item.reason_code,
                "reason": in_words(item.reason) if item.reason else "",
            }
            for item in items
        ],
    }


def _as_json(result: dict[str, object]) -> str:
    return json.dumps(result, ensure_ascii=False, indent=2) + "\n"
