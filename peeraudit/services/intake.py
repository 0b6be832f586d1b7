"""Use cases: taking reports in, one job a file, every item accepted or refused with its reason."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import cast
from uuid import UUID, uuid4

from sqlalchemy import func, select, update

from peeraudit.adapters import storage
from peeraudit.adapters.clock import now
from peeraudit.adapters.queue import TaskName
from peeraudit.adapters.readers.detect import open_reports
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, InvalidInput, NotFound
from peeraudit.domain.intake.classification import KnownReport, Outcome, classify
from peeraudit.domain.intake.reports import (
    Accepted,
    IncomingReport,
    Item,
    Status,
    content_hash,
)
from peeraudit.domain.jobs import JobKind
from peeraudit.domain.sentences import Sentence
from peeraudit.extensions import db
from peeraudit.models.intake import IntakeItem, Report, Upload
from peeraudit.models.network import Department
from peeraudit.services import blinding, jobs, trail
from peeraudit.services.jobs import JobOrder, JobView

# Small enough that a bite ends within a second or two, so that a cancel is felt at once.
ITEMS_PER_BITE = 200
STATUSES = ("accepted", "updated", "duplicate", "excluded", "refused")
_STATUS_OF: dict[Outcome, str] = {
    "accepted": "accepted",
    "updated": "updated",
    "confirmed": "updated",
    "outdated": "updated",
    "duplicate": "duplicate",
    "cancelled": "excluded",
}
_REASON_OF: dict[Outcome, str] = {
    "accepted": "",
    "updated": N_("A new version of a report that is known."),
    "confirmed": N_("The same text as before, now with a later status."),
    "outdated": N_("An older version than the one that is known; kept as history."),
    "duplicate": N_("This report is known already; nothing was changed."),
    "cancelled": N_("The sender cancelled this report; it will not be drawn."),
}


@dataclass(frozen=True, slots=True)
class NewUpload:
    """A file that comes in.

    Attributes:
        declared_format: ``csv`` or ``hl7v2``; empty lets it be recognised.
        dry_run: only say what would become of each item; keep no report.
    """

    department_id: UUID
    file_name: str
    declared_format: str = ""
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class UploadView:
    """An upload, how far it is, and how many items ended in each way."""

    id: UUID
    department_id: UUID
    department_name: str
    file_name: str
    format: str
    size: int
    dry_run: bool
    uploaded_at: datetime
    job: JobView | None
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class ItemView:
    """What became of one item."""

    position: int
    place: Sentence
    status: str
    reason_code: str
    reason: Sentence | None


def receive(new: NewUpload, pieces: Iterable[bytes], *, by: Actor) -> UUID:
    """Keep a file and order its reading; return the upload's id.

    Raises:
        NotAllowed: the actor does not upload for this department.
        NotFound: there is no such department.
        InvalidInput: the file has no byte.
    """
    by.require(Permission.UPLOAD_REPORTS, department_id=new.department_id)
    if db.session.get(Department, new.department_id) is None:
        raise NotFound(N_("There is no such department."))
    upload_id = uuid4()
    sha256, size = storage.put(upload_id, pieces)
    if not size:
        storage.delete(upload_id)
        raise InvalidInput(
            N_("“%(name)s” is empty. Check the export and send the file again."),
            name=new.file_name,
        )
    upload = Upload(
        id=upload_id,
        department_id=new.department_id,
        file_name=new.file_name[:255],
        sha256=sha256,
        size=size,
        format=new.declared_format or "auto",
        dry_run=new.dry_run,
        uploaded_by=by.account_id,
        uploaded_at=now(),
    )
    db.session.add(upload)
    db.session.flush()  # the job refers to the upload
    upload.job_id = jobs.order(
        JobOrder(
            kind=JobKind.INTAKE,
            task=TaskName.RUN_INTAKE,
            lock_key=f"intake:{upload_id}",
            subject_id=upload_id,
            department_id=new.department_id,
            requested_by=by.account_id,
        )
    )
    details = {"size": size, "sha256": sha256, "dry_run": new.dry_run}
    trail.record("upload", by, object_kind="report", object_id=upload_id, details=details)
    return upload_id


def read_upload(job_id: UUID) -> Iterator[None]:
    """Read the upload of a job in bites, going on after the last item that was written down.

    Raises:
        InvalidInput: the file as a whole cannot be read.
        JobCancelled: somebody asked it to stop.
    """
    upload_id = _subject(job_id)
    upload = db.session.get_one(Upload, upload_id)
    declared = None if upload.format == "auto" else upload.format
    found, items = open_reports(storage.path_of(upload_id), upload.file_name, declared)
    upload.format = found
    done = _written(upload_id)
    rest = islice(items, done, None)
    yield
    while bite := list(islice(rest, ITEMS_PER_BITE)):
        _take_in(db.session.get_one(Upload, upload_id), bite, done)
        done += len(bite)
        jobs.report_progress(job_id, done, total=done, cursor=str(done))
        yield
    counts = _counts([upload_id]).get(upload_id, {})
    if not done:
        raise InvalidInput(
            N_("“%(name)s” holds no report. Check the export and send the file again."),
            name=db.session.get_one(Upload, upload_id).file_name,
        )
    jobs.succeed(job_id, counts)
    yield


def list_uploads(*, by: Actor, limit: int = 50) -> list[UploadView]:
    """Return the newest uploads of the actor's department."""
    by.require(Permission.READ_INTAKE)
    statement = (
        select(Upload, Department.name)
        .join(Department, Department.id == Upload.department_id)
        .order_by(Upload.uploaded_at.desc(), Upload.id)
        .limit(limit)
    )
    if by.department_id is not None:
        statement = statement.where(Upload.department_id == by.department_id)
    rows = db.session.execute(statement).all()
    counts = _counts([upload.id for upload, _ in rows])
    return [_view(upload, name, counts.get(upload.id, {})) for upload, name in rows]


def show_upload(upload_id: UUID, *, by: Actor) -> UploadView:
    """Return one upload.

    Raises:
        NotFound: there is none, or it is another department's.
    """
    by.require(Permission.READ_INTAKE)
    upload = db.session.get(Upload, upload_id)
    if upload is None or not by.is_for(upload.department_id):
        raise NotFound(N_("There is no such upload."))
    name = db.session.get_one(Department, upload.department_id).name
    return _view(upload, name, _counts([upload_id]).get(upload_id, {}))


def list_items(
    upload_id: UUID, *, by: Actor, status: str = "", after: int = 0, limit: int = 100
) -> list[ItemView]:
    """Return what became of an upload's items, in the order of the file."""
    show_upload(upload_id, by=by)
    statement = (
        select(IntakeItem)
        .where(IntakeItem.upload_id == upload_id, IntakeItem.position > after)
        .order_by(IntakeItem.position)
        .limit(limit)
    )
    if status in STATUSES:
        statement = statement.where(IntakeItem.status == status)
    return [
        ItemView(
            position=row.position,
            place=Sentence.from_json(row.locator),
            status=row.status,
            reason_code=row.reason_code,
            reason=Sentence(row.reason, json.loads(row.reason_params)) if row.reason else None,
        )
        for row in db.session.scalars(statement)
    ]


def _take_in(upload: Upload, bite: Sequence[Item], done: int) -> None:
    for number, item in enumerate(bite, start=done + 1):
        row = IntakeItem(
            id=uuid4(),
            upload_id=upload.id,
            position=number,
            locator=Sentence(*item.position.label).to_json()[:300],
        )
        if isinstance(item, Accepted):
            _keep(upload, item.report, row)
        else:
            row.status, row.reason_code = "refused", item.code
            row.reason = item.message
            row.reason_params = json.dumps(item.params, ensure_ascii=False, default=str)[:500]
        db.session.add(row)
    db.session.flush()  # the next bite counts on these rows


def _keep(upload: Upload, report: IncomingReport, row: IntakeItem) -> None:
    versions = _versions(upload.department_id, report)
    outcome = classify([_known(v) for v in versions], report)
    row.status, row.reason = _STATUS_OF[outcome], _REASON_OF[outcome]
    row.reason_code = "" if outcome == "accepted" else outcome
    if upload.dry_run:
        return
    current = next((v for v in versions if v.is_current), None)
    if outcome in {"accepted", "updated", "outdated", "cancelled"}:
        row.report_id = _add_version(upload, report, versions, outcome)
    elif outcome == "confirmed" and current is not None:
        current.status, current.signed_at = report.status, report.signed_at
        row.report_id = current.id
    else:
        row.report_id = current.id if current else None


def _add_version(
    upload: Upload, report: IncomingReport, versions: Sequence[Report], outcome: Outcome
) -> UUID:
    replaces = outcome != "outdated"
    if replaces and versions:
        db.session.execute(
            update(Report).where(Report.id.in_([v.id for v in versions])).values(is_current=False)
        )
    version = Report(
        id=uuid4(),
        department_id=upload.department_id,
        accession=report.accession,
        report_key=report.report_id,
        version=len(versions) + 1,
        is_current=replaces,
        status=report.status,
        excluded_reason="cancelled" if outcome == "cancelled" else "",
        modality=report.modality,
        region=report.region,
        derived=" ".join(report.derived),
        exam=report.exam[:200],
        urgency=report.urgency,
        language=report.language,
        performed_on=report.performed_on or (report.signed_at or now()).date(),
        signed_at=report.signed_at,
        text=report.text,
        content_hash=content_hash(report),
        format=upload.format,
        received_at=now(),
    )
    db.session.add(version)
    db.session.flush()  # the identity refers to the report, and the next item may repeat it
    blinding.remember_identity(version.id, report, department_id=upload.department_id)
    return version.id


def _versions(department_id: UUID, report: IncomingReport) -> Sequence[Report]:
    return db.session.scalars(
        select(Report)
        .where(
            Report.department_id == department_id,
            (Report.accession == report.accession) | (Report.report_key == report.report_id),
        )
        .order_by(Report.version, Report.id)
    ).all()


def _known(version: Report) -> KnownReport:
    return KnownReport(
        report_id=version.report_key,
        accession=version.accession,
        status=cast("Status", version.status),
        content_hash=version.content_hash,
        signed_at=version.signed_at,
    )


def _subject(job_id: UUID) -> UUID:
    subject = jobs.view(job_id).subject_id
    if subject is None:
        raise NotFound(N_("There is no such upload."))
    return subject


def _written(upload_id: UUID) -> int:
    counted = select(func.count()).where(IntakeItem.upload_id == upload_id)
    return db.session.scalar(counted) or 0


def _counts(upload_ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    rows = db.session.execute(
        select(IntakeItem.upload_id, IntakeItem.status, func.count())
        .where(IntakeItem.upload_id.in_(upload_ids))
        .group_by(IntakeItem.upload_id, IntakeItem.status)
    )
    found: dict[UUID, dict[str, int]] = {}
    for upload_id, status, count in rows:
        found.setdefault(upload_id, dict.fromkeys(STATUSES, 0))[status] = count
    return found


def _view(upload: Upload, department_name: str, counts: dict[str, int]) -> UploadView:
    return UploadView(
        id=upload.id,
        department_id=upload.department_id,
        department_name=department_name,
        file_name=upload.file_name,
        format=upload.format,
        size=upload.size,
        dry_run=upload.dry_run,
        uploaded_at=upload.uploaded_at,
        job=jobs.view(upload.job_id) if upload.job_id else None,
        counts=counts or dict.fromkeys(STATUSES, 0),
    )
