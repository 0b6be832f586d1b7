"""Which departments audit one another, and who reviews for them?"""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from peeraudit.extensions import Base


class Department(Base):
    """An imaging department or site."""

    __tablename__ = "department"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    city: Mapped[str] = mapped_column(String(80), default="")
    finess: Mapped[str | None] = mapped_column(String(9))
    language: Mapped[str] = mapped_column(String(2), default="fr")
    # Such as https://viewer.example/?study={accession}; shown to nobody who is blinded.
    viewer_url: Mapped[str] = mapped_column(String(300), default="")
    active: Mapped[bool] = mapped_column(default=True)


class Reviewer(Base):
    """A person who scores cases for a department."""

    __tablename__ = "reviewer"
    __table_args__ = (
        CheckConstraint("capacity >= 0", name="capacity"),
        CheckConstraint("weekly >= 1", name="weekly"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), unique=True)
    department_id: Mapped[UUID] = mapped_column(ForeignKey("department.id"), index=True)
    # Cases that the person will score in one campaign.
    capacity: Mapped[int] = mapped_column(default=60)
    # Cases that the person will take in a week, over all campaigns; None for no limit.
    weekly: Mapped[int | None]
    accepting: Mapped[bool] = mapped_column(default=True)
    adjudicates: Mapped[bool] = mapped_column(default=False)
    reads_children: Mapped[bool] = mapped_column(default=True)


class OwnLimit(Base):
    """Most cases of one campaign that a reviewer wants, below what the network allows."""

    __tablename__ = "own_limit"
    __table_args__ = (
        CheckConstraint("most >= 0", name="most"),
        UniqueConstraint("reviewer_id", "campaign_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("reviewer.id"))
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), index=True)
    most: Mapped[int]


class Speciality(Base):
    """A modality and a region that a reviewer reads; ``*`` stands for all."""

    __tablename__ = "speciality"
    __table_args__ = (UniqueConstraint("reviewer_id", "modality", "region"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("reviewer.id"), index=True)
    modality: Mapped[str] = mapped_column(String(8))
    region: Mapped[str] = mapped_column(String(24))


class Absence(Base):
    """Days on which a reviewer gets no new case."""

    __tablename__ = "absence"
    __table_args__ = (CheckConstraint("last_day >= first_day", name="order"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("reviewer.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    # The reader finishes what is there already; else it goes to others where it was not begun.
    finishes: Mapped[bool] = mapped_column(default=True)
    # When what falls due within it was moved.
    respected_at: Mapped[datetime | None]


class Conflict(Base):
    """A department or a colleague whose reports a reviewer must not score."""

    __tablename__ = "conflict"
    __table_args__ = (
        CheckConstraint("(department_id IS NULL) <> (colleague_id IS NULL)", name="one_of_two"),
        UniqueConstraint("reviewer_id", "department_id", "colleague_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("reviewer.id"), index=True)
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("department.id"))
    colleague_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    declared_at: Mapped[datetime]
