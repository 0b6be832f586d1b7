"""Who was told what?"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from peeraudit.extensions import Base


class Message(Base):
    """One notice to one person: on the page, and by e-mail where mail is set up."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_inbox", "account_id", "read_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(String(40))
    # Tells one notice from the next: kind, recipient, object, version.
    effect_key: Mapped[str] = mapped_column(String(200), unique=True)
    # JSON of the values of the sentence: counts, codes and days; never a name or a score.
    params: Mapped[str] = mapped_column(String(1000), default="{}")
    path: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]


class MutedMail(Base):
    """A kind of notice that a person does not want by e-mail; on the page it stands still."""

    __tablename__ = "muted_mail"
    __table_args__ = (UniqueConstraint("account_id", "kind"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(String(40))
