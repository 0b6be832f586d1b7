"""Use cases: sealing everything anew under the newest key, while the work goes on."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, LargeBinary, func, or_, select

from peeraudit.adapters import storage
from peeraudit.adapters.queue import TaskName, enqueue
from peeraudit.adapters.sealing import header_bytes, keyring, newest_header, version_of
from peeraudit.domain.errors import N_, Conflicting, InvalidInput
from peeraudit.domain.jobs import JobKind
from peeraudit.extensions import db
from peeraudit.models.identities import (
    Author,
    Identity,
    RecognitionRow,
    ReportChange,
    ReportIdentity,
    SeenIdentifier,
    ShiftKey,
)
from peeraudit.models.intake import IntakeItem, RefusedItem, RememberedLayout, Report, Upload
from peeraudit.models.masking import TaughtWord
from peeraudit.services import (
    blinding_changes,
    blinding_days,
    blinding_recognition,
    blinding_seen,
    intake_members,
    intake_names,
    intake_refused,
    jobs,
    sealed_layouts,
    teaching,
    trail,
)
from peeraudit.services import blinding_records as records
from peeraudit.services.jobs import JobOrder, JobView

# Some 50 ms a bite: others wait no longer than that for the lock of SQLite.
ROWS_PER_BITE = 500
LOCK_KEY = "identity-keys"


@dataclass(frozen=True, slots=True)
class Part:
    """A table with sealed columns.

    Attributes:
        name: its word, in counts and in the cursor.
        model: its class.
        key: its primary key.
        columns: the sealed columns; a row is stale when one of them is.
        reseal: seals each of some rows anew, their indexes included.
    """

    name: str
    model: type[Any]
    key: Any
    columns: tuple[Any, ...]
    reseal: Callable[[Sequence[Any]], None]


def order_rotation() -> UUID:
    """Order that everything be sealed under the newest key; return the job's id.

    Raises:
        Conflicting: a rotation is under way already.
        InvalidInput: the newest key sealed everything already.
    """
    stale = _count_stale()
    if not stale:
        raise InvalidInput(
            N_("Everything is sealed under key %(version)d already."), version=keyring().newest
        )
    job_id = jobs.order(
        JobOrder(kind=JobKind.ROTATION, task=TaskName.ROTATE_KEYS, lock_key=LOCK_KEY, total=stale)
    )
    details = {"number": keyring().newest, "count": stale}
    trail.record("rotate_keys", None, object_kind="identity", details=details)
    return job_id


def rotate_keys(job_id: UUID) -> Iterator[None]:
    """Seal everything anew in bites, going on where an earlier run was cut off.

    Reads and writes go on meanwhile: every row opens under its own key, and what is written is
    sealed under the newest.

    Raises:
        CannotUnseal: a key is missing, or a value was changed.
        Conflicting: another process went on sealing under an older key.
        JobCancelled: somebody asked it to stop.
    """
    done = jobs.view(job_id).done
    for part in PARTS:
        last: UUID | None = None
        while rows := _stale_rows(part, last):
            part.reseal(rows)
            last = getattr(rows[-1], part.key.key)
            done += len(rows)
            jobs.report_progress(job_id, done, total=jobs.view(job_id).total)
            yield
    for upload_id in _stale_files():
        storage.reseal(upload_id)
        done += 1
        jobs.report_progress(job_id, done, total=jobs.view(job_id).total)
        yield
    if _count_stale():
        raise Conflicting(
            N_(
                "A process that does not know the newest key sealed something meanwhile. Restart "
                "all of PeerAudit, then rotate once more."
            )
        )
    jobs.succeed(job_id, {"sealed": done, "version": keyring().newest})
    yield


def duty_of_rotation() -> UUID:
    """Return the duty to carry out the newest rotation, for who does not wait for a worker."""
    return enqueue(TaskName.ROTATE_KEYS, latest_rotation().id)


def latest_rotation() -> JobView:
    """Return how far the newest rotation is.

    Raises:
        NotFound: there was none.
    """
    # What was read before belongs to an older state of the data.
    db.session.expire_all()
    return jobs.newest(JobKind.ROTATION)


def count_uses() -> dict[int, dict[str, int]]:
    """Return how many values each key sealed.

    Returns:
        Key version → word of the table → values; version 0 are files that are not sealed yet.
        All versions of the keyring are there.
    """
    found: dict[int, Counter[str]] = {version: Counter() for version in keyring().versions}
    for part in PARTS:
        for column in part.columns:
            header = _header(column)
            rows = select(header, func.count()).where(column.is_not(None)).group_by(header)
            for start, number in db.session.execute(rows):
                found.setdefault(version_of(bytes(start)), Counter())[part.name] += number
    for upload_id in db.session.scalars(select(Upload.id)).all():
        version = storage.version_of(upload_id)
        if version is not None:
            found.setdefault(version, Counter())["upload"] += 1
    return {version: dict(counts) for version, counts in found.items()}


def check_unused(version: int) -> None:
    """Refuse to let a key go that something still needs.

    Raises:
        InvalidInput: it is the newest one.
        Conflicting: something is sealed under it.
    """
    if version == keyring().newest:
        raise InvalidInput(
            N_("Key %(version)d is the newest: it seals what is written."), version=version
        )
    uses = sum(count_uses().get(version, {}).values())
    if uses:
        raise Conflicting(
            N_(
                "%(count)d values are still sealed under key %(version)d: rotate first, and keep "
                "the key until then."
            ),
            count=uses,
            version=version,
        )


def _header(column: Any) -> ColumnElement[bytes]:  # noqa: ANN401 - a column of any of our models
    return func.substr(column, 1, header_bytes(), type_=LargeBinary)


def _is_stale(part: Part) -> ColumnElement[bool]:
    # Nothing is sealed in an empty column, and a comparison with nothing is not true.
    return or_(*(_header(column) != newest_header() for column in part.columns))


def _stale_rows(part: Part, last: UUID | None) -> Sequence[Any]:
    wanted = select(part.model).where(_is_stale(part)).order_by(part.key).limit(ROWS_PER_BITE)
    if last is not None:
        wanted = wanted.where(part.key > last)
    return db.session.scalars(wanted.with_for_update()).all()


def _stale_files() -> Iterator[UUID]:
    for upload_id in db.session.scalars(select(Upload.id).order_by(Upload.id)).all():
        if storage.version_of(upload_id) not in {None, keyring().newest}:
            yield upload_id


def _count_stale() -> int:
    rows = 0
    for part in PARTS:
        counted = select(func.count()).select_from(part.model).where(_is_stale(part))
        rows += db.session.scalar(counted) or 0
    return rows + sum(1 for _ in _stale_files())


def _reseal_authors(rows: Sequence[Author]) -> None:
    for row in rows:
        records.seal_author(row, *records.open_author(row))


def _reseal_reports(rows: Sequence[ReportIdentity]) -> None:
    places: Mapping[UUID, UUID] = dict(
        db.session.execute(
            select(Report.id, Report.department_id).where(
                Report.id.in_([row.report_id for row in rows])
            )
        ).all()
    )
    for row in rows:
        records.seal_known(row, records.open_known(row), places[row.report_id])
        records.seal_text(row, records.open_text(row))


def _reseal_links(rows: Sequence[Identity]) -> None:
    for row in rows:
        records.seal_link(row, records.open_link(row))


PARTS: Sequence[Part] = (
    Part("author", Author, Author.id, (Author.sealed_name,), _reseal_authors),
    Part(
        "report",
        ReportIdentity,
        ReportIdentity.report_id,
        (ReportIdentity.sealed_known, ReportIdentity.sealed_text),
        _reseal_reports,
    ),
    Part(
        "refused",
        RefusedItem,
        RefusedItem.item_id,
        (RefusedItem.content,),
        intake_refused.seal_anew,
    ),
    Part("name", Upload, Upload.id, (Upload.sealed_names,), intake_names.seal_anew),
    Part("layout", Upload, Upload.id, (Upload.sealed_layout,), sealed_layouts.seal_anew),
    Part(
        "remembered",
        RememberedLayout,
        RememberedLayout.id,
        (RememberedLayout.sealed_layout,),
        sealed_layouts.seal_remembered_anew,
    ),
    Part("member", IntakeItem, IntakeItem.id, (IntakeItem.sealed_names,), intake_members.seal_anew),
    Part("taught", TaughtWord, TaughtWord.id, (TaughtWord.sealed_words,), teaching.seal_anew),
    Part("shift", ShiftKey, ShiftKey.campaign_id, (ShiftKey.sealed_key,), blinding_days.seal_keys),
    Part("identity", Identity, Identity.case_id, (Identity.sealed_link,), _reseal_links),
    Part(
        "recognition",
        RecognitionRow,
        RecognitionRow.assignment_id,
        (RecognitionRow.sealed_guess,),
        blinding_recognition.seal_anew,
    ),
    Part(
        "seen",
        SeenIdentifier,
        SeenIdentifier.id,
        (SeenIdentifier.sealed_words,),
        blinding_seen.seal_anew,
    ),
    Part(
        "change",
        ReportChange,
        ReportChange.id,
        (ReportChange.sealed_versions,),
        blinding_changes.seal_anew,
    ),
)
