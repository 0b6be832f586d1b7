"""From which reports was drawn, and with which seed?"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from peeraudit.domain.sampling.targeting import TargetReason
from peeraudit.extensions import Base, checked


class Frame(Base):
    """The frozen list of eligible reports of a campaign; its hash is public before the seed."""

    __tablename__ = "frame"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    # JSON: stratum → {"frame": N_h, "sample": n_h}
    allocation: Mapped[str] = mapped_column(Text)
    # Key of the pseudonyms in the list; entrusted to the network lead, never published.
    pseudonym_key: Mapped[str] = mapped_column(String(64))
    checks: Mapped[str] = mapped_column(Text, default="[]")
    frozen_at: Mapped[datetime]
    frozen_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class FrameEntry(Base):
    """One report of a frame, eligible or excluded for a reason."""

    __tablename__ = "frame_entry"
    __table_args__ = (
        UniqueConstraint("frame_id", "item_key"),
        UniqueConstraint("frame_id", "report_id", name="uq_frame_entry_report"),
        CheckConstraint("(stratum = '') = (excluded_reason <> '')", name="stratum_or_reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    frame_id: Mapped[UUID] = mapped_column(ForeignKey("frame.id"), index=True)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"))
    item_key: Mapped[str] = mapped_column(String(128))
    stratum: Mapped[str] = mapped_column(String(128))
    excluded_reason: Mapped[str] = mapped_column(String(60), default="")


class Draw(Base):
    """The seeded sample of a frame."""

    __tablename__ = "draw"
    __table_args__ = (CheckConstraint("drawn_at >= frame_frozen_at", name="frame_before_seed"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), unique=True)
    frame_id: Mapped[UUID] = mapped_column(ForeignKey("frame.id"), unique=True)
    frame_frozen_at: Mapped[datetime]
    seed: Mapped[str] = mapped_column(String(256))
    seed_sha256: Mapped[str] = mapped_column(String(64))
    algorithm: Mapped[str] = mapped_column(String(32))
    # JSON: item keys drawn, in ticket order, for each stratum.
    result: Mapped[str] = mapped_column(Text)
    drawn_at: Mapped[datetime]
    drawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class DrawReplacement(Base):
    """A report that proved unusable, and the next one in ticket order, drawn in its place."""

    __tablename__ = "draw_replacement"
    __table_args__ = (
        UniqueConstraint("draw_id", "number"),
        UniqueConstraint("draw_id", "removed_key", name="uq_draw_replacement_removed"),
        UniqueConstraint("draw_id", "added_key", name="uq_draw_replacement_added"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("reason <> ''", name="reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    draw_id: Mapped[UUID] = mapped_column(ForeignKey("draw.id"))
    # Within its draw, in the order in which reports were replaced.
    number: Mapped[int]
    stratum: Mapped[str] = mapped_column(String(128))
    removed_key: Mapped[str] = mapped_column(String(128))
    added_key: Mapped[str] = mapped_column(String(128))
    reason: Mapped[str] = mapped_column(String(60))
    replaced_at: Mapped[datetime]
    replaced_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class DrawExtension(Base):
    """A draw that was made larger: what came to each stratum, why, when and by whom."""

    __tablename__ = "draw_extension"
    __table_args__ = (
        UniqueConstraint("draw_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("after >= 0", name="after"),
        CheckConstraint("target >= 1", name="target"),
        CheckConstraint("reason <> ''", name="reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    draw_id: Mapped[UUID] = mapped_column(ForeignKey("draw.id"))
    number: Mapped[int]
    # How many replacements had been made before it.
    after: Mapped[int]
    # Reports in all that were asked for.
    target: Mapped[int]
    # JSON: stratum → n_h from then on.
    sizes: Mapped[str] = mapped_column(Text)
    # JSON: item keys that came to each stratum that grew, in ticket order.
    added: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(300))
    extended_at: Mapped[datetime]
    extended_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class TargetedCase(Base):
    """A case that a department named, which teaches and counts in no rate."""

    __tablename__ = "targeted_case"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("audit_case.id"), primary_key=True)
    reason: Mapped[TargetReason] = mapped_column(checked(TargetReason, "reason"))
    named_at: Mapped[datetime]
    named_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    # A ticket that came to it later drew it as any other: it counts from then on.
    drawn_at: Mapped[datetime | None]
