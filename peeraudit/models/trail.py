"""Who did what, when, in which role, and why?"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from peeraudit.extensions import Base


class TrailEntry(Base):
    """One act; the database refuses to change or delete it."""

    __tablename__ = "trail_entry"

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    at: Mapped[datetime]
    # None is the system itself.
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str] = mapped_column(String(32), default="")
    act: Mapped[str] = mapped_column(String(60))
    object_kind: Mapped[str] = mapped_column(String(32))
    object_id: Mapped[UUID | None] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(String(300), default="")
    details: Mapped[str] = mapped_column(String(2000), default="{}")
