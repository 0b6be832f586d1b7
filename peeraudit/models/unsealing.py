"""Who asked for the identity behind a case, why, and who let it be shown?"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from peeraudit.extensions import Base


class Unsealing(Base):
    """A request to see who is behind a case: asked by one person, decided by another."""

    __tablename__ = "unsealing"
    __table_args__ = (
        CheckConstraint("decided_by <> asked_by", name="two_people"),
        CheckConstraint("length(reason) >= 10", name="reason"),
        CheckConstraint(
            "(granted IS NULL) = (decided_at IS NULL) AND (granted IS NULL) = (decided_by IS NULL)",
            name="decision",
        ),
        CheckConstraint("opened_at IS NULL OR granted", name="opened_when_granted"),
        Index("ix_unsealing_case_asked", "case_id", "asked_by"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("audit_case.id"))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    # The department for which it was asked, which is that of the case.
    department_id: Mapped[UUID] = mapped_column(ForeignKey("department.id"), index=True)
    reason: Mapped[str] = mapped_column(String(300))
    asked_at: Mapped[datetime]
    granted: Mapped[bool | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str] = mapped_column(String(300), default="")
    opened_at: Mapped[datetime | None]
