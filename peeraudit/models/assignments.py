"""Who has to score which case, and by when?"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from peeraudit.domain.workflow import AssignmentState, Turn
from peeraudit.extensions import Base, checked

# One live assignment a turn; a decision that was given lets another adjudicator reconsider it.
_LIVE = text(
    "state NOT IN ('declined', 'expired', 'replaced') "
    "AND NOT (turn = 'adjudicator' AND state = 'submitted')"
)
# What counts as somebody's load. A count that asks in these very words is read from an index.
COUNTED = text("turn IN ('first', 'second') AND state NOT IN ('declined', 'expired', 'replaced')")
_PUBLISHED = text("state = 'published'")


class Plan(Base):
    """A proposal of who scores what; reviewers see nothing of it until it is published."""

    __tablename__ = "plan"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'published', 'superseded')", name="state"),
        UniqueConstraint("campaign_id", "number"),
        Index(
            "uq_plan_published",
            "campaign_id",
            unique=True,
            sqlite_where=_PUBLISHED,
            postgresql_where=_PUBLISHED,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default="draft")
    seed: Mapped[str] = mapped_column(String(256))
    # JSON: status, loads, unplaced with reasons, overlap, seconds.
    report: Mapped[str] = mapped_column(Text, default="{}")
    # JSON: the proposed (case, turn, reviewer, reason).
    entries: Mapped[str] = mapped_column(Text, default="[]")
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class Assignment(Base):
    """One case given to one reviewer for one turn."""

    __tablename__ = "assignment"
    __table_args__ = (
        # The reviewer never gets the same case twice, whatever became of the first time.
        UniqueConstraint("case_id", "reviewer_id"),
        Index(
            "uq_assignment_live_turn",
            "case_id",
            "turn",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        CheckConstraint("origin IN ('plan', 'random', 'routing', 'replacement')", name="origin"),
        Index("ix_assignment_reviewer_state", "reviewer_id", "state"),
        # What each holds is counted from the index alone, while somebody waits: it has the
        # very rows that count, so that none of them need be looked at.
        Index(
            "ix_assignment_campaign_load",
            "campaign_id",
            "reviewer_id",
            # SQLite reads no row only where the index has all that is named.
            "turn",
            "state",
            sqlite_where=COUNTED,
            postgresql_where=COUNTED,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("audit_case.id"))
    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("reviewer.id"))
    plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("plan.id"))
    turn: Mapped[Turn] = mapped_column(checked(Turn, "turn"))
    state: Mapped[AssignmentState] = mapped_column(checked(AssignmentState, "state"))
    # Why the second reading exists (random or routing); never shown to the reviewer.
    origin: Mapped[str] = mapped_column(String(12), default="plan")
    reason: Mapped[str] = mapped_column(String(300), default="")
    decline_reason: Mapped[str] = mapped_column(String(40), default="")
    due_at: Mapped[datetime]
    offered_at: Mapped[datetime | None]
    # Until when the offer waits for its answer; without it, until the review is due.
    answer_by: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class SentReminder(Base):
    """A reminder that went out; the key keeps each from going out twice."""

    __tablename__ = "sent_reminder"
    __table_args__ = (
        CheckConstraint("kind IN ('before_due', 'at_due', 'after_due', 'to_answer')", name="kind"),
        CheckConstraint("number >= 1", name="number"),
        UniqueConstraint("assignment_id", "kind", "number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    kind: Mapped[str] = mapped_column(String(12))
    number: Mapped[int]
    sent_at: Mapped[datetime]
