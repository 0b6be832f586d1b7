"""How far is the long work, and how did it end?"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from peeraudit.domain.jobs import JobKind, JobState
from peeraudit.extensions import Base, checked

_LIVE = text("state IN ('queued', 'running')")


class Job(Base):
    """One piece of long work that shows its progress."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("done >= 0 AND total >= 0", name="counts"),
        # One live job of a kind at a time for one subject.
        Index(
            "uq_job_live",
            "lock_key",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[JobKind] = mapped_column(checked(JobKind, "kind"))
    state: Mapped[JobState] = mapped_column(checked(JobState, "state"), default=JobState.QUEUED)
    lock_key: Mapped[str] = mapped_column(String(100))
    subject_id: Mapped[UUID | None] = mapped_column(index=True)
    campaign_id: Mapped[UUID | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("department.id"), index=True)
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    # Where a resumed run goes on; its meaning is the kind's own.
    cursor: Mapped[str] = mapped_column(String(200), default="")
    result: Mapped[str] = mapped_column(Text, default="{}")
    error: Mapped[str] = mapped_column(String(500), default="")
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
