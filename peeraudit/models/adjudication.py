"""How was a case settled, and what did its author answer?"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from peeraudit.extensions import Base


class Outcome(Base):
    """The settled result of a case."""

    __tablename__ = "outcome"
    __table_args__ = (
        CheckConstraint("score IN ('1', '2a', '2b', '3a', '3b')", name="score"),
        CheckConstraint("basis IN ('single', 'agreement', 'adjudicated')", name="basis"),
        # A 2b, 3a or 3b is never final before its author was notified.
        CheckConstraint(
            "final_at IS NULL OR score IN ('1', '2a') OR author_notified_at IS NOT NULL",
            name="author_first",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("audit_case.id"), unique=True)
    score: Mapped[str] = mapped_column(String(4))
    basis: Mapped[str] = mapped_column(String(12))
    error_type: Mapped[str] = mapped_column(String(32), default="")
    # What the author is told, without a word of who said it.
    comment: Mapped[str] = mapped_column(Text, default="")
    proposed_at: Mapped[datetime]
    author_notified_at: Mapped[datetime | None]
    reply_due_at: Mapped[datetime | None]
    # When a second adjudicator decided anew because the author had asked for it.
    reconsidered_at: Mapped[datetime | None]
    final_at: Mapped[datetime | None]


class Reply(Base):
    """What the author answered: once to the outcome."""

    __tablename__ = "reply"
    __table_args__ = (CheckConstraint("stance IN ('agree', 'disagree')", name="stance"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    outcome_id: Mapped[UUID] = mapped_column(ForeignKey("outcome.id"), unique=True)
    stance: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text, default="")
    asks_reconsideration: Mapped[bool] = mapped_column(default=False, server_default=false())
    replied_at: Mapped[datetime]
