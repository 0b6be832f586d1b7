"""Use cases: what came in, how far its reading is, and what became of each item."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from peeraudit.adapters.csv_table import MARK, csv_line
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, NotAllowed, NotFound
from peeraudit.domain.intake.layouts import TableLayout
from peeraudit.domain.jobs import JobState
from peeraudit.domain.sentences import Sentence
from peeraudit.extensions import db
from peeraudit.models.intake import IntakeItem, RefusedItem, Upload
from peeraudit.models.network import Department
from peeraudit.services import intake_members, intake_refused, jobs
from peeraudit.services.intake_keeping import STATUSES
from peeraudit.services.intake_names import names_of
from peeraudit.services.jobs import JobView
from peeraudit.services.sealed_layouts import layout_of


@dataclass(frozen=True, slots=True)
class UploadView:
    """An upload, how far it is, and how many items ended in each way.

    Attributes:
        format: as it was declared or recognised; ``auto`` while it is not known.
        channel: the door through which it came.
        frame_only: whether it is a list whose reports come without texts.
        kept_until: until when the file itself waits; None where nothing of it is needed.
        asks_layout: whether somebody must first say how the table is written.
        layout: how the table is read; None where it is no table, or not settled.
        may_read_again: whether it waits to be read once more.
    """

    id: UUID
    department_id: UUID
    department_name: str
    file_name: str
    format: str
    size: int
    dry_run: bool
    channel: str
    frame_only: bool
    uploaded_at: datetime
    kept_until: datetime | None
    may_read_again: bool
    asks_layout: bool
    layout: TableLayout | None
    job: JobView | None
    counts: dict[str, int]

    @property
    def total(self) -> int:
        """Return the items read so far."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class ItemView:
    """What became of one item.

    Attributes:
        can_be_mended: whether what it held is still kept, to be put right.
        mended_at: when a person put it right; None where nobody had to.
    """

    id: UUID
    position: int
    place: Sentence
    status: str
    reason_code: str
    reason: Sentence | None
    can_be_mended: bool
    mended_at: datetime | None


def list_uploads(*, by: Actor, limit: int = 50) -> list[UploadView]:
    """Return the newest files of the actor's department; single messages are none."""
    by.require(Permission.READ_INTAKE)
    statement = (
        select(Upload, Department.name)
        .join(Department, Department.id == Upload.department_id)
        .where(Upload.channel != "mllp")
        .order_by(Upload.uploaded_at.desc(), Upload.id)
        .limit(limit)
    )
    if by.department_id is None:
        raise NotAllowed(N_("Only a department’s own coordinator sees its reports."))
    statement = statement.where(Upload.department_id == by.department_id)
    return [_view(upload, name) for upload, name in db.session.execute(statement).all()]


def as_views(uploads: Sequence[Upload]) -> list[UploadView]:
    """Return uploads as they are shown, in the same order."""
    names = {one.id: one.name for one in db.session.scalars(select(Department)).all()}
    return [_view(upload, names[upload.department_id]) for upload in uploads]


def show_upload(upload_id: UUID, *, by: Actor | None) -> UploadView:
    """Return one upload.

    Args:
        upload_id: which.
        by: who asks; None is the system itself.

    Raises:
        NotFound: there is none, or it is another department's.
    """
    if by is not None:
        by.require(Permission.READ_INTAKE)
    upload = db.session.get(Upload, upload_id)
    if upload is None or (by is not None and not by.is_for(upload.department_id)):
        raise NotFound(N_("There is no such upload."))
    return _view(upload, db.session.get_one(Department, upload.department_id).name)


def list_items(
    upload_id: UUID, *, by: Actor | None, status: str = "", after: int = 0, limit: int = 100
) -> list[ItemView]:
    """Return what became of an upload's items, in the order of the file."""
    show_upload(upload_id, by=by)
    upload = db.session.get_one(Upload, upload_id)
    rows = db.session.execute(_items(upload_id, status, after).limit(limit))
    return [_item(row, held, upload) for row, held in rows]


def refused_table(upload_id: UUID, *, by: Actor) -> Iterator[str]:
    """Yield the refused items of an upload as the lines of a CSV table.

    Places and reasons are in English, so that the table reads the same for everybody.
    """
    show_upload(upload_id, by=by)
    upload = db.session.get_one(Upload, upload_id)
    yield MARK + csv_line(["position", "place", "reason_code", "reason"])
    rows = db.session.execute(_items(upload_id, "refused", 0).execution_options(yield_per=1000))
    for row, held in rows:
        item = _item(row, held, upload)
        cells = [str(item.position), str(item.place), item.reason_code, str(item.reason or "")]
        yield csv_line(cells)


def _items(upload_id: UUID, status: str, after: int) -> Select[IntakeItem, RefusedItem | None]:
    statement = (
        select(IntakeItem, RefusedItem)
        .outerjoin(RefusedItem, RefusedItem.item_id == IntakeItem.id)
        .where(IntakeItem.upload_id == upload_id, IntakeItem.position > after)
        .order_by(IntakeItem.position)
    )
    return statement.where(IntakeItem.status == status) if status in STATUSES else statement


def _item(row: IntakeItem, held: RefusedItem | None, upload: Upload) -> ItemView:
    # What a reason quotes is sealed with the item; afterwards its form is all that is told.
    quoted = intake_refused.open_held(held).quoted if held is not None else {}
    return ItemView(
        id=row.id,
        position=row.position,
        place=intake_members.place_of(row, upload),
        status=row.status,
        reason_code=row.reason_code,
        reason=intake_members.reason_of(row, upload, quoted) if row.reason else None,
        can_be_mended=held is not None and row.status == "refused",
        mended_at=row.mended_at,
    )


def _view(upload: Upload, department_name: str) -> UploadView:
    job, names = jobs.view(upload.job_id) if upload.job_id else None, names_of(upload)
    if job is not None and names.of_failure:
        job = replace(job, error_params={**job.error_params, **names.of_failure})
    stopped = job is not None and job.state in {JobState.FAILED, JobState.CANCELLED}
    return UploadView(
        id=upload.id,
        department_id=upload.department_id,
        department_name=department_name,
        file_name=names.file,
        format=upload.format,
        size=upload.size,
        dry_run=upload.dry_run,
        channel=upload.channel,
        frame_only=upload.frame_only,
        uploaded_at=upload.uploaded_at,
        kept_until=upload.kept_until,
        may_read_again=stopped and upload.kept_until is not None,
        asks_layout=upload.asks_layout,
        layout=layout_of(upload),
        job=job,
        counts={status: getattr(upload, status) for status in STATUSES},
    )
