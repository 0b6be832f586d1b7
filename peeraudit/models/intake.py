"""What came in, what became of each item, and which reports are there?"""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from peeraudit.extensions import Base


class Upload(Base):
    """A file that came in; its bytes lie in the storage under its id."""

    __tablename__ = "upload"
    __table_args__ = (CheckConstraint("size >= 0", name="size"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    department_id: Mapped[UUID] = mapped_column(ForeignKey("department.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    format: Mapped[str] = mapped_column(String(16), default="auto")
    dry_run: Mapped[bool] = mapped_column(default=False)
    uploaded_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    uploaded_at: Mapped[datetime]
    job_id: Mapped[UUID | None] = mapped_column(ForeignKey("job.id"))


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
    # Where a person finds it (line, message, segment): JSON of a template and its values.
    locator: Mapped[str] = mapped_column(String(300))
    status: Mapped[str] = mapped_column(String(12))
    reason_code: Mapped[str] = mapped_column(String(40), default="")
    # The reason as a template and its values, so that it is told in the reader's language.
    reason: Mapped[str] = mapped_column(String(500), default="")
    reason_params: Mapped[str] = mapped_column(String(500), default="{}")
    report_id: Mapped[UUID | None] = mapped_column(ForeignKey("report.id"))


class Report(Base):
    """A radiology report as received: one row for each version."""

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("department_id", "accession", "version"),
        CheckConstraint("version >= 1", name="version"),
        Index("ix_report_department_content", "department_id", "content_hash"),
        Index("ix_report_frame", "department_id", "is_current", "performed_on"),
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
    language: Mapped[str] = mapped_column(String(2))
    performed_on: Mapped[date] = mapped_column(index=True)
    signed_at: Mapped[datetime | None]
    text: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64))
    format: Mapped[str] = mapped_column(String(16))
    received_at: Mapped[datetime]
