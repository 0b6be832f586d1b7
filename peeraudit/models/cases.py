"""What does a reviewer read, and where does it stand?"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from peeraudit.domain.workflow import CaseState
from peeraudit.extensions import Base, checked


class Case(Base):
    """One drawn report, de-identified, under a random code.

    It holds neither report nor department nor author: the sealed identity does.
    """

    __tablename__ = "audit_case"
    __table_args__ = (
        UniqueConstraint("campaign_id", "ticket"),
        CheckConstraint("channel IN ('random', 'targeted')", name="channel"),
        CheckConstraint("doubt >= 0 AND doubt <= 1", name="doubt"),
        # Triggers see to the rest: a purged case has no identity, gets none, and stays purged.
        CheckConstraint(
            "state <> 'purged' OR (masked_text = '' AND spans = '[]' AND exam = '' "
            "AND shown_date = '' AND checked_at IS NULL AND checked_by IS NULL)",
            name="purged_holds_nothing",
        ),
        Index("ix_audit_case_campaign_state", "campaign_id", "state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    code: Mapped[str] = mapped_column(String(16), unique=True)
    state: Mapped[CaseState] = mapped_column(checked(CaseState, "state"), default=CaseState.DRAWN)
    # Its report was announced without a text; it is masked once that has come.
    awaits_text: Mapped[bool] = mapped_column(default=False)
    channel: Mapped[str] = mapped_column(String(12), default="random")
    ticket: Mapped[str] = mapped_column(String(64))
    # Designated by its ticket for a second reading before any score existed.
    is_double_read: Mapped[bool] = mapped_column(default=False)
    modality: Mapped[str] = mapped_column(String(8))
    region: Mapped[str] = mapped_column(String(24))
    # An examination of somebody under 18, for those who read such ones.
    is_child: Mapped[bool] = mapped_column(default=False)
    laterality: Mapped[str] = mapped_column(String(12), default="")
    urgency: Mapped[str] = mapped_column(String(24), default="")
    # Names of the fields above that were worked out and not given, separated by spaces.
    derived: Mapped[str] = mapped_column(String(100), default="")
    exam: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(2))
    # What the protocol lets a reviewer know of the date: a month such as 2026-10, or nothing.
    shown_date: Mapped[str] = mapped_column(String(10), default="")
    masked_text: Mapped[str] = mapped_column(Text, default="")
    # JSON: the spans masked in the original text, as last corrected.
    spans: Mapped[str] = mapped_column(Text, default="[]")
    doubt: Mapped[float] = mapped_column(default=0.0)
    excluded_reason: Mapped[str] = mapped_column(String(60), default="")
    checked_at: Mapped[datetime | None]
    checked_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]


class PriorReport(Base):
    """An earlier report of a case's patient, masked; nothing leads from it to the report."""

    __tablename__ = "prior_report"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("months_before >= 0", name="months_before"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("audit_case.id"))
    # From 1, the latest.
    number: Mapped[int]
    modality: Mapped[str] = mapped_column(String(8))
    region: Mapped[str] = mapped_column(String(24))
    exam: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(2))
    # Calendar months before the case's examination; nothing where the protocol hides dates.
    months_before: Mapped[int | None]
    masked_text: Mapped[str] = mapped_column(Text)
