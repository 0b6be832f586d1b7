"""Which audits are run, and under which locked rules?"""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from peeraudit.domain.workflow import CampaignState
from peeraudit.extensions import Base, checked


class Campaign(Base):
    """One run of the audit, under one protocol."""

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint("(state = 'draft') = (protocol_sha256 IS NULL)", name="hash_when_locked"),
        CheckConstraint("period_end >= period_start", name="period"),
        # What identifies people is kept for so long from then on.
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_when"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    title: Mapped[str] = mapped_column(String(160))
    state: Mapped[CampaignState] = mapped_column(
        checked(CampaignState, "state"), default=CampaignState.DRAFT
    )
    period_start: Mapped[date]
    period_end: Mapped[date]
    # Canonical JSON of domain.protocol.Protocol.
    protocol: Mapped[str] = mapped_column(Text)
    protocol_sha256: Mapped[str | None] = mapped_column(String(64))
    predecessor_id: Mapped[UUID | None] = mapped_column(ForeignKey("campaign.id"))
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    locked_at: Mapped[datetime | None]
    frozen_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class CampaignDepartment(Base):
    """A department that takes part in a campaign."""

    __tablename__ = "campaign_department"

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    department_id: Mapped[UUID] = mapped_column(ForeignKey("department.id"), primary_key=True)
