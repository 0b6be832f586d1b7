"""Which words has a department's coordinator taught, so that they are masked from then on?"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from peeraudit.domain.blinding.spans import KINDS
from peeraudit.extensions import Base

_KINDS = ", ".join(f"'{kind}'" for kind in KINDS)


class TaughtWord(Base):
    """Words that lead to somebody of one department; for its own coordinator and masking alone."""

    __tablename__ = "taught_word"
    __table_args__ = (
        UniqueConstraint("department_id", "folded"),
        CheckConstraint("folded <> ''", name="folded"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    department_id: Mapped[UUID] = mapped_column(ForeignKey("department.id"))
    words: Mapped[str] = mapped_column(String(200))
    # In small letters, without accents: two spellings are one word.
    folded: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16))
    taught_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    taught_at: Mapped[datetime]
