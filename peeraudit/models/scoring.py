"""What did a reviewer say of a case?"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from peeraudit.domain.scoring import MODE_WORDS
from peeraudit.domain.workflow import Turn
from peeraudit.extensions import Base, checked

_MODES = ", ".join(f"'{word}'" for word in MODE_WORDS)


class ReviewDraft(Base):
    """A score sheet that is still being filled in; each saving raises the revision."""

    __tablename__ = "review_draft"

    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    sheet: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]


class BlindRead(Base):
    """What a reviewer found before the report was shown. The database refuses to change it."""

    __tablename__ = "blind_read"
    __table_args__ = (
        CheckConstraint("length(findings) >= 3", name="findings"),
        CheckConstraint("seconds >= 0", name="seconds"),
    )

    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    findings: Mapped[str] = mapped_column(Text)
    # Active time until the lock; that of the review goes on from it.
    seconds: Mapped[int] = mapped_column(default=0)
    locked_at: Mapped[datetime]


class Review(Base):
    """A submitted score sheet. The database refuses to change or delete it."""

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("assignment_id", "version"),
        CheckConstraint("score IN ('1', '2a', '2b', '3a', '3b')", name="score"),
        CheckConstraint("seconds >= 0", name="seconds"),
        CheckConstraint("version = 1 OR reason <> ''", name="reason_of_amendment"),
        CheckConstraint(f"blinding_mode IN ({_MODES})", name="blinding_mode"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("audit_case.id"), index=True)
    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("reviewer.id"), index=True)
    turn: Mapped[Turn] = mapped_column(checked(Turn, "turn"))
    version: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str] = mapped_column(String(300), default="")
    instrument: Mapped[str] = mapped_column(String(16))
    score: Mapped[str] = mapped_column(String(4))
    error_type: Mapped[str] = mapped_column(String(32), default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    urgent: Mapped[bool] = mapped_column(default=False)
    # The blinding mode under which it was given; modes are never pooled.
    blinding_mode: Mapped[str] = mapped_column(String(60))
    # Whether the allocation was random within what was eligible (statistics S1.09).
    allocation_random: Mapped[bool] = mapped_column(default=True)
    seconds: Mapped[int] = mapped_column(default=0)
    submitted_at: Mapped[datetime]
