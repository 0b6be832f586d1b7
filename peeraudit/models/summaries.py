"""What was computed, from which data, and what was each department told?"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from peeraudit.extensions import Base


class Snapshot(Base):
    """Frozen numbers with the data they come from; the database refuses to change it."""

    __tablename__ = "snapshot"
    __table_args__ = (UniqueConstraint("campaign_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    number: Mapped[int]
    # Interim snapshots come from a running campaign, the last one from its freeze.
    is_final: Mapped[bool]
    # Canonical JSON of the counts from which everything follows, and its hash.
    data: Mapped[str] = mapped_column(Text)
    data_sha256: Mapped[str] = mapped_column(String(64))
    results: Mapped[str] = mapped_column(Text)
    methods: Mapped[str] = mapped_column(String(400))
    computed_at: Mapped[datetime]


class SnapshotReviews(Base):
    """The readings that a final snapshot was counted from; the database refuses to change it.

    One line each, under names that lead to no case, author or reviewer: so the numbers can be
    computed again when the identities are destroyed.
    """

    __tablename__ = "snapshot_reviews"

    snapshot_id: Mapped[UUID] = mapped_column(ForeignKey("snapshot.id"), primary_key=True)
    # The table that is handed out, as CSV.
    reviews: Mapped[str] = mapped_column(Text)
    # JSON: the strata under the names that stand in the table, where they are not by modality
    # alone; NULL where they are those of the frame.
    strata: Mapped[str | None] = mapped_column(Text)


class Summary(Base):
    """The numbered audit summary of one department, frozen."""

    __tablename__ = "summary"
    __table_args__ = (UniqueConstraint("snapshot_id", "department_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), index=True)
    snapshot_id: Mapped[UUID] = mapped_column(ForeignKey("snapshot.id"))
    department_id: Mapped[UUID] = mapped_column(ForeignKey("department.id"), index=True)
    # Canonical JSON of what is told: page, PDF and API read these same numbers.
    content: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[datetime]
