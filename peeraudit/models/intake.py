"""What came in, what became of each item, and which reports are there?"""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from peeraudit.extensions import Base

_CURRENT = text("is_current")
_PURGED = text("purged_at IS NOT NULL")


class Upload(Base):
    """A file that came in; its bytes lie in the storage under its id."""

    __tablename__ = "upload"
    __table_args__ = (
        CheckConstraint("size >= 0", name="size"),
        CheckConstraint("channel IN ('page', 'api', 'command', 'folder', 'mllp')", name="channel"),
        # Whatever is read ends in exactly one way: the sums agree, or nothing is written.
        CheckConstraint("items = accepted + updated + duplicate + excluded + refused", name="sums"),
        CheckConstraint(
            "accepted >= 0 AND updated >= 0 AND duplicate >= 0 AND excluded >= 0 AND refused >= 0",
            name="counts",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    department_id: Mapped[UUID] = mapped_column(ForeignKey("department.id"), index=True)
    # JSON: the file's name, and the one that tells of its failure; often a patient's.
    sealed_names: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    format: Mapped[str] = mapped_column(String(16), default="auto")
    dry_run: Mapped[bool] = mapped_column(default=False)
    uploaded_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    uploaded_at: Mapped[datetime]
    job_id: Mapped[UUID | None] = mapped_column(ForeignKey("job.id"))
    channel: Mapped[str] = mapped_column(String(12), default="page")
    # A list of what there is to draw from: reports without text are expected.
    frame_only: Mapped[bool] = mapped_column(default=False)
    # JSON of the layout by which a table is read: sheets and headings may be patients' names.
    # NULL while it is guessed.
    sealed_layout: Mapped[bytes | None] = mapped_column(LargeBinary)
    # The layout is not certain: somebody must look at it before the file is read.
    asks_layout: Mapped[bool] = mapped_column(default=False)
    # The file itself is kept until then, to be read again; NULL when nothing of it is needed.
    kept_until: Mapped[datetime | None] = mapped_column(index=True)
    items: Mapped[int] = mapped_column(default=0)
    accepted: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    duplicate: Mapped[int] = mapped_column(default=0)
    excluded: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)


class RememberedLayout(Base):
    """How a department's tables with certain headings are read, as a person confirmed it."""

    __tablename__ = "remembered_layout"
    __table_args__ = (UniqueConstraint("department_id", "signature"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    department_id: Mapped[UUID] = mapped_column(ForeignKey("department.id"))
    # Keyed hash of the headings, in order.
    signature: Mapped[str] = mapped_column(String(64))
    sealed_layout: Mapped[bytes] = mapped_column(LargeBinary)
    confirmed_at: Mapped[datetime]
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class IntakeItem(Base):
    """One item of an upload and what became of it."""

    __tablename__ = "intake_item"
    __table_args__ = (
        UniqueConstraint("upload_id", "position"),
        CheckConstraint(
            "status IN ('accepted', 'updated', 'duplicate', 'excluded', 'refused')", name="status"
        ),
        Index("ix_intake_item_upload_status", "upload_id", "status"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    upload_id: Mapped[UUID] = mapped_column(ForeignKey("upload.id"))
    # Counted from 1 in the order of the file.
    position: Mapped[int]
    # Where a person finds it (line, message, segment): JSON of a template and its values, without
    # the names of a file inside an archive, of a sheet, and of a table's own columns.
    locator: Mapped[str] = mapped_column(String(300))
    # The names in its place and its reason, sealed; empty where there are none.
    sealed_names: Mapped[bytes | None] = mapped_column(LargeBinary)
    status: Mapped[str] = mapped_column(String(12))
    reason_code: Mapped[str] = mapped_column(String(40), default="")
    # The reason as a template and its values, so that it is told in the reader's language.
    reason: Mapped[str] = mapped_column(String(500), default="")
    reason_params: Mapped[str] = mapped_column(String(500), default="{}")
    report_id: Mapped[UUID | None] = mapped_column(ForeignKey("report.id"))
    # When it was refused at first and a person put it right.
    mended_at: Mapped[datetime | None]
    mended_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class RefusedItem(Base):
    """What a refused item held, sealed, until it is put right or its time is over."""

    __tablename__ = "refused_item"

    item_id: Mapped[UUID] = mapped_column(ForeignKey("intake_item.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    kept_until: Mapped[datetime] = mapped_column(index=True)


class Report(Base):
    """A radiology report as received: one row for each version."""

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("department_id", "accession", "version"),
        CheckConstraint("version >= 1", name="version"),
        Index("ix_report_department_content", "department_id", "content_hash"),
        Index("ix_report_frame", "department_id", "is_current", "performed_on"),
        # One examination has one version that counts, whoever else writes at the same time.
        Index(
            "uq_report_current",
            "department_id",
            "accession",
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
        CheckConstraint("NOT (awaits_text AND has_text)", name="awaits_text"),
        # Triggers see to the rest: a purged report has no identity, gets none, and stays purged.
        CheckConstraint(
            "purged_at IS NULL OR (report_key = '' AND content_hash = '' AND exam = '' "
            "AND region = '' AND signed_at IS NULL AND NOT has_text AND NOT awaits_text)",
            name="purged_holds_nothing",
        ),
        Index(
            "ix_report_purged",
            "department_id",
            sqlite_where=_PURGED,
            postgresql_where=_PURGED,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    department_id: Mapped[UUID] = mapped_column(ForeignKey("department.id"))
    accession: Mapped[str] = mapped_column(String(64))
    # The sender's own id of this version.
    report_key: Mapped[str] = mapped_column(String(128), index=True)
    version: Mapped[int] = mapped_column(default=1)
    is_current: Mapped[bool] = mapped_column(default=True)
    status: Mapped[str] = mapped_column(String(16))
    excluded_reason: Mapped[str] = mapped_column(String(60), default="")
    modality: Mapped[str] = mapped_column(String(8))
    region: Mapped[str] = mapped_column(String(24))
    # Names of the fields above that were worked out and not given, separated by spaces.
    derived: Mapped[str] = mapped_column(String(100), default="")
    exam: Mapped[str] = mapped_column(String(200), default="")
    urgency: Mapped[str] = mapped_column(String(24), default="")
    # The side that was examined: left, right, bilateral, or empty where none is named.
    laterality: Mapped[str] = mapped_column(String(12), default="")
    # The patient was under 18 on the day of the examination, as far as the sender told.
    is_child: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(2))
    performed_on: Mapped[date] = mapped_column(index=True)
    signed_at: Mapped[datetime | None]
    # The text itself is sealed: see models.identities.
    has_text: Mapped[bool]
    # Announced without its text, which is asked for only if it is drawn.
    awaits_text: Mapped[bool] = mapped_column(default=False)
    content_hash: Mapped[str] = mapped_column(String(64))
    format: Mapped[str] = mapped_column(String(16))
    received_at: Mapped[datetime]
    # From then on the row only counts: what stands for its accession tells no examination.
    purged_at: Mapped[datetime | None]
