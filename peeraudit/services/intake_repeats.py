"""Use cases: a file that comes again byte by byte, whose items are told without reading them."""

from collections import Counter
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, func, insert, literal, select

from peeraudit.domain.jobs import JobState
from peeraudit.extensions import db
from peeraudit.models.intake import IntakeItem, Upload
from peeraudit.models.jobs import Job
from peeraudit.services import intake_keeping
from peeraudit.services.sealed_layouts import layout_of

ITEMS_PER_BITE = 5000
# A file that came so often was nearly always read in one and the same way.
MOST_LOOKED_AT = 20


def find_earlier(upload: Upload) -> UUID | None:
    """Return an upload that took in the very same bytes in the same way, to its end.

    All that it holds is known since, so that each of its items is a duplicate. That is not so
    where items were refused (they may be read better today), put right, or not wanted then.

    Args:
        upload: the file that comes again.
    """
    if upload.dry_run:
        return None
    settled = and_(
        Upload.department_id == upload.department_id,
        Upload.sha256 == upload.sha256,
        Upload.size == upload.size,
        Upload.id != upload.id,
        Upload.dry_run.is_(False),
        Upload.frame_only == upload.frame_only,
        Upload.refused == 0,
        Upload.items > 0,
        Job.state == JobState.SUCCEEDED,
        ~_has_item(IntakeItem.mended_at.is_not(None)),
        ~_has_item(IntakeItem.reason_code == "unwanted"),
    )
    if upload.format != "auto":
        settled = and_(settled, Upload.format == upload.format)
    earlier = select(Upload).join(Job, Job.id == Upload.job_id).where(settled)
    layout = layout_of(upload)
    found = db.session.scalars(earlier.order_by(Upload.uploaded_at.desc()).limit(MOST_LOOKED_AT))
    return next((one.id for one in found if layout_of(one) == layout), None)


def repeat(upload: Upload, earlier_id: UUID) -> int:
    """Write down the next items of a repeated file as duplicates; return how many.

    Args:
        upload: the file that comes again.
        earlier_id: the upload that took it in.
    """
    place = IntakeItem.upload_id == earlier_id, IntakeItem.position > upload.items
    within = IntakeItem.position <= upload.items + ITEMS_PER_BITE
    # Not every driver tells how many rows a statement wrote.
    count = db.session.scalar(select(func.count()).where(*place, within)) or 0
    found = (
        select(
            _new_id(),
            literal(upload.id, Uuid()),
            IntakeItem.position,
            IntakeItem.locator,
            IntakeItem.sealed_names,
            literal("duplicate"),
            literal("duplicate"),
            literal(intake_keeping.REASON_OF["duplicate"]),
            literal("{}"),
            IntakeItem.report_id,
        )
        .where(*place, within)
        .order_by(IntakeItem.position)
    )
    names = ["id", "upload_id", "position", "locator", "sealed_names", "status", "reason_code"]
    names += ["reason", "reason_params", "report_id"]
    db.session.execute(insert(IntakeItem).from_select(names, found))
    intake_keeping.add_up(upload.id, Counter({"duplicate": count}))
    return count


def _has_item(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(IntakeItem.id).where(IntakeItem.upload_id == Upload.id, condition).exists()


def _new_id() -> ColumnElement[UUID]:
    """Return a random id as the database makes it for each row."""
    if db.engine.dialect.name == "sqlite":
        return func.lower(func.hex(func.randomblob(16)), type_=Uuid())
    return func.gen_random_uuid(type_=Uuid())
