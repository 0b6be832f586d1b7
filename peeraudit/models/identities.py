"""Who stands behind a report and a case? The tables that blinding hides."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from peeraudit.extensions import Base


class Author(Base):
    """A radiologist who signs reports of a department."""

    __tablename__ = "author"
    __table_args__ = (UniqueConstraint("department_id", "author_key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    department_id: Mapped[UUID] = mapped_column(ForeignKey("department.id"), index=True)
    # The sender's id of the author, or the folded name where there is none.
    author_key: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(160))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)


class ReportIdentity(Base):
    """What a message said of patient and clinicians: all that must be masked in its text."""

    __tablename__ = "report_identity"

    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"), primary_key=True)
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("author.id"), index=True)
    # Keyed hash of the patient's id: tells two reports of one patient, and nothing else.
    patient_key: Mapped[str] = mapped_column(String(64), index=True)
    birth_date: Mapped[date | None]
    # JSON of the known names, numbers, addresses: see domain.blinding.
    known: Mapped[str] = mapped_column(Text)


class Identity(Base):
    """The sealed link from a case to its report, department and author."""

    __tablename__ = "identity"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("audit_case.id"), primary_key=True)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"), index=True)
    department_id: Mapped[UUID] = mapped_column(ForeignKey("department.id"), index=True)
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("author.id"), index=True)
