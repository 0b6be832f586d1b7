"""Use cases: taking reports in, one job a file, every item accepted or refused with its reason."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from uuid import UUID, uuid4

from peeraudit.adapters import clock, storage
from peeraudit.adapters.clock import now
from peeraudit.adapters.queue import TaskName
from peeraudit.adapters.readers.batches import Wanted, open_upload
from peeraudit.adapters.readers.passing import pass_over
from peeraudit.adapters.storage import StoredFile
from peeraudit.domain.accounts import Permission
from peeraudit.domain.actors import Actor
from peeraudit.domain.errors import N_, Conflicting, DomainError, InvalidInput, NotFound
from peeraudit.domain.intake.layouts import TableLayout
from peeraudit.domain.intake.mending import KEPT_DAYS
from peeraudit.domain.intake.reports import Item
from peeraudit.domain.jobs import JobKind
from peeraudit.extensions import db
from peeraudit.models.intake import Upload
from peeraudit.models.network import Department
from peeraudit.services import (
    blinding_intake,
    intake_keeping,
    intake_layouts,
    intake_refused,
    intake_repeats,
    intake_texts,
    jobs,
    sealed_layouts,
    trail,
)
from peeraudit.services.intake_keeping import STATUSES, Arrived
from peeraudit.services.intake_names import keep_name, names_of, without_name
from peeraudit.services.jobs import JobOrder

# Small enough that a bite ends within a second, so that a cancel is felt at once, and is held in
# memory; large enough that looking up what is known and writing it down are paid for by many.
ITEMS_PER_BITE = 1000
CHARACTERS_PER_BITE = 2_000_000
# What was written down is passed over: in a table for a tenth of its cost, else for about a half.
SKIPPED_PER_BITE = 2000


@dataclass(frozen=True, slots=True)
class NewUpload:
    """A file that comes in.

    Attributes:
        declared_format: as ``open_reports`` knows them; empty lets it be recognised.
        dry_run: only say what would become of each item; keep no report.
        channel: ``page``, ``api``, ``command``, ``folder`` or ``mllp``.
        frame_only: a list of what there is to draw from, whose reports come without texts.
        layout: how a table is written; None lets it be found out.
        look_first: read no table before somebody has seen its columns, however sure they are.
        id: the row to be, where the sender must be able to send twice and count once.
    """

    department_id: UUID
    file_name: str
    declared_format: str = ""
    dry_run: bool = False
    channel: str = "page"
    frame_only: bool = False
    layout: TableLayout | None = None
    look_first: bool = False
    id: UUID | None = None


class _Reading:
    """A file that is read ahead, bite by bite, while no transaction is open."""

    def __init__(self, upload: Upload) -> None:
        self._file: StoredFile = storage.stored(upload.id)
        self._name = names_of(upload).file
        # A layout that a person gave says what the file is, whatever it looks like.
        self._declared = "" if upload.format == "auto" or upload.sealed_layout else upload.format
        self._frame_only, self._dry_run = upload.frame_only, upload.dry_run
        self._department_id = upload.department_id
        self.authors: dict[str, UUID] = {}
        self._layout = sealed_layouts.layout_of(upload)
        self._items: Iterator[Item] = iter(())
        self._bite: list[Arrived] | None = None
        self.format = upload.format
        self.error: DomainError | None = None
        self.bytes_read = 0

    def open(self) -> None:
        """Find out how the file is written; what forbids reading it is kept as the error."""
        try:
            # A sender that names no zone means the clock on its wall.
            wanted = Wanted(zone=clock.ZONE, layout=self._layout, frame_only=self._frame_only)
            self.format, self._items = open_upload(self._file, self._name, self._declared, wanted)
        except DomainError as error:
            self.error = error

    def skip(self, count: int) -> None:
        """Pass over items that were written down before."""
        pass_over(self._items, count)
        self._look()

    def ahead(self) -> None:
        """Read the next bite; what was read before an error is part of it."""
        self._bite, left = [], CHARACTERS_PER_BITE
        sealing = None if self._dry_run else blinding_intake.sealing_for(self._department_id)
        try:
            for item in islice(self._items, ITEMS_PER_BITE):
                one = Arrived.of(item, frame_only=self._frame_only)
                self._bite.append(one.sealed(sealing, self.authors) if sealing else one)
                left -= item.size
                if left < 0:
                    break
        except DomainError as error:
            self.error = error
        self._look()

    def take(self) -> list[Arrived]:
        """Return the next bite, empty at the end."""
        if self._bite is None:
            self.ahead()
        bite, self._bite = self._bite or [], None
        return bite

    def _look(self) -> None:
        # At its end a reader closes the file; how far it was by then is not forgotten.
        self.bytes_read = max(self.bytes_read, self._file.bytes_read)


def receive(new: NewUpload, pieces: Iterable[bytes], *, by: Actor | None) -> UUID:
    """Keep a file and order its reading; return the upload's id.

    Args:
        new: what is known of it.
        pieces: its bytes, in order.
        by: who sends it; None is the system itself, for a watched folder or a listener.

    Raises:
        NotAllowed: the actor does not upload for this department.
        NotFound: there is no such department.
        InvalidInput: the file has no byte.
    """
    if by is not None:
        by.require(Permission.UPLOAD_REPORTS, department_id=new.department_id)
    if db.session.get(Department, new.department_id) is None:
        raise NotFound(N_("There is no such department."))
    upload_id = new.id or uuid4()
    if db.session.get(Upload, upload_id) is not None:
        return upload_id
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
        sha256=sha256,
        size=size,
        format=new.declared_format or "auto",
        dry_run=new.dry_run,
        channel=new.channel,
        frame_only=new.frame_only,
        uploaded_by=by.account_id if by else None,
        uploaded_at=now(),
        kept_until=now() + timedelta(days=KEPT_DAYS),
    )
    keep_name(upload, new.file_name)
    db.session.add(upload)
    db.session.flush()  # the job refers to the upload
    if intake_layouts.settle(upload, new.layout, look_first=new.look_first):
        _order_reading(upload, by)
    details = {"size": size, "sha256": sha256, "dry_run": new.dry_run}
    trail.record("upload", by, object_kind="report", object_id=upload_id, details=details)
    return upload_id


def confirm_layout(
    upload_id: UUID, layout: TableLayout, *, left_out: Sequence[TableLayout] = (), by: Actor
) -> None:
    """Settle how a table that waits is written, and order its reading.

    Args:
        upload_id: the file.
        layout: how it is read.
        left_out: how the tables of a workbook are written of which no sheet is read.
        by: the department's coordinator.

    Raises:
        NotFound: there is no such file in the actor's department.
        Conflicting: its layout is settled already.
        InvalidInput: no report can be read by this layout.
    """
    upload = intake_layouts.confirm(upload_id, layout, left_out=left_out, by=by)
    _order_reading(upload, by)


def read_again(upload_id: UUID, *, declared_format: str = "", by: Actor) -> None:
    """Order a file that could not be read, or whose reading was cancelled, to be read once more.

    Args:
        upload_id: the file; reading goes on after the last item that was written down.
        declared_format: what it is, where recognising it was what failed; empty recognises it.
        by: the department's coordinator.

    Raises:
        NotFound: there is no such file in the actor's department, or nothing is left of it.
        Conflicting: it is being read, or was read to its end.
    """
    by.require(Permission.UPLOAD_REPORTS)
    upload = db.session.get(Upload, upload_id, with_for_update=True)
    if upload is None or not by.is_for(upload.department_id):
        raise NotFound(N_("There is no such upload."))
    if upload.kept_until is None or not storage.path_of(upload_id).exists():
        raise NotFound(N_("The file itself is kept no longer. Send it again."))
    job = jobs.view(upload.job_id) if upload.job_id else None
    if job is not None and not (job.state.is_over and job.state.name != "SUCCEEDED"):
        raise Conflicting(N_("This file is being read, or was read to its end."))
    if declared_format or not upload.items:
        upload.format = declared_format or "auto"
    _order_reading(upload, by)
    trail.record("read_again", by, object_kind="report", object_id=upload_id)


def cancel_reading(upload_id: UUID, *, by: Actor) -> None:
    """Ask the reading of a file to stop; it does so at its next bite, and what was read stays.

    Raises:
        NotFound: there is no such file in the actor's department.
    """
    by.require(Permission.UPLOAD_REPORTS)
    upload = db.session.get(Upload, upload_id)
    if upload is None or not by.is_for(upload.department_id):
        raise NotFound(N_("There is no such upload."))
    if upload.job_id is not None:
        jobs.cancel(upload.job_id)


def read_upload(job_id: UUID) -> Iterator[Callable[[], object] | None]:
    """Read the upload of a job in bites, going on after the last item that was written down.

    Raises:
        InvalidInput: the file as a whole cannot be read.
        JobCancelled: somebody asked it to stop.
    """
    upload_id = _subject(job_id)
    upload = _row(upload_id)
    earlier_id = intake_repeats.find_earlier(upload)
    if earlier_id is not None:
        yield from _repeat(job_id, upload_id, earlier_id)
        return
    reading, done, size = _Reading(upload), upload.items, upload.size
    yield reading.open
    for start in range(0, done if reading.error is None else 0, SKIPPED_PER_BITE):
        jobs.report_progress(job_id, reading.bytes_read, total=size)
        count = min(SKIPPED_PER_BITE, done - start)
        yield lambda count=count: reading.skip(count)  # type: ignore[misc]
    _row(upload_id).format = reading.format
    yield reading.ahead
    while bite := reading.take():
        reading.authors |= intake_keeping.take_in(_row(upload_id), bite, first=done + 1)
        done += len(bite)
        bite = []  # written down: not held beside the next one
        jobs.report_progress(job_id, reading.bytes_read, total=size, cursor=str(done))
        yield reading.ahead
    _finish(job_id, _row(upload_id), reading)
    yield None


def _repeat(job_id: UUID, upload_id: UUID, earlier_id: UUID) -> Iterator[None]:
    """Take in a file that came before, byte by byte, without reading it."""
    earlier = _row(earlier_id)
    total = earlier.items
    _row(upload_id).format = earlier.format
    while intake_repeats.repeat(_row(upload_id), earlier_id):
        done = _row(upload_id).items
        share = _row(upload_id).size * done // total
        jobs.report_progress(job_id, share, total=_row(upload_id).size, cursor=str(done))
        yield None
    upload = _row(upload_id)
    jobs.succeed(job_id, {status: getattr(upload, status) for status in STATUSES})
    upload.kept_until = now()
    yield None


def _finish(job_id: UUID, upload: Upload, reading: _Reading) -> None:
    error = reading.error
    if error is None and not upload.items:
        error = InvalidInput(
            N_("“%(name)s” holds no report. Check the export and send the file again."),
            name=names_of(upload).file,
        )
    intake_texts.order_masking_of(upload)
    if error is not None:
        # The file waits as it came, to be read again.
        jobs.fail(job_id, without_name(upload, error))
        return
    jobs.succeed(job_id, {status: getattr(upload, status) for status in STATUSES})
    if upload.dry_run or intake_refused.holds_all(upload.id):
        # Everything of it that is needed is kept elsewhere: the next purge destroys it.
        upload.kept_until = now()


def _order_reading(upload: Upload, by: Actor | None) -> None:
    upload.job_id = jobs.order(
        JobOrder(
            kind=JobKind.INTAKE,
            task=TaskName.RUN_INTAKE,
            lock_key=f"intake:{upload.id}",
            subject_id=upload.id,
            department_id=upload.department_id,
            requested_by=by.account_id if by else None,
            total=upload.size,
        )
    )


def _row(upload_id: UUID) -> Upload:
    return db.session.get_one(Upload, upload_id)


def _subject(job_id: UUID) -> UUID:
    subject = jobs.view(job_id).subject_id
    if subject is None:
        raise NotFound(N_("There is no such upload."))
    return subject
