"""Which words has a department's coordinator taught, so that they are masked from then on?"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from peeraudit.domain.blinding.spans import KINDS
from peeraudit.extensions import Base

_KINDS = ", ".join(f"'{kind}'" for kind in KINDS)


class TaughtWord(Base):
    """Words that lead to somebody of one department; for its own coordinator and masking alone."""

    __tablename__ = "taught_word"
    __table_args__ = (
        UniqueConstraint("department_id", "word_index"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    department_id: Mapped[UUID] = mapped_column(ForeignKey("department.id"))
    # Keyed hash of the words in small letters, without accents: two spellings are one word.
    word_index: Mapped[str] = mapped_column(String(64))
    # As they were taught: most are somebody's name.
    sealed_words: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[str] = mapped_column(String(16))
    taught_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    taught_at: Mapped[datetime]
