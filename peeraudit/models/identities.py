"""Who stands behind a report and a case? The tables that blinding hides, and that are sealed."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from peeraudit.domain.intake.changes import CHOICES, Decision
from peeraudit.domain.recognition import Recognition
from peeraudit.extensions import Base, checked

_UNDECIDED = text("decision IS NULL")
_CHOSEN = ", ".join(f"'{choice.value}'" for choice in CHOICES)


class Author(Base):
    """A radiologist who signs reports of a department."""

    __tablename__ = "author"
    __table_args__ = (UniqueConstraint("department_id", "author_index"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    department_id: Mapped[UUID] = mapped_column(ForeignKey("department.id"), index=True)
    # Keyed hash of the sender's id of the author, or of the folded name where there is none.
    author_index: Mapped[str] = mapped_column(String(64))
    # JSON: the key that is hashed above, and the name.
    sealed_name: Mapped[bytes] = mapped_column(LargeBinary)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)


class ReportIdentity(Base):
    """What a message said of patient and clinicians, and its text, which names them too."""

    __tablename__ = "report_identity"

    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"), primary_key=True)
    # Keyed hash of the patient's id: tells two reports of one patient, and nothing else.
    patient_index: Mapped[str] = mapped_column(String(64), index=True)
    # JSON: the author's row, the patient's id, and the known names, numbers, addresses.
    sealed_known: Mapped[bytes] = mapped_column(LargeBinary)
    # The report as received; nothing where the list came without texts.
    sealed_text: Mapped[bytes | None] = mapped_column(LargeBinary)


class ShiftKey(Base):
    """The secret by which the days in a campaign's texts move; without it none is moved back.

    It is the campaign's own, so that a change of the keys that seal changes no text.
    """

    __tablename__ = "shift_key"

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    # 32 random bytes.
    sealed_key: Mapped[bytes] = mapped_column(LargeBinary)


class Identity(Base):
    """The sealed link from a case to its report, department and author.

    The row's own columns tell which cases share a department or an author, never which one.
    """

    __tablename__ = "identity"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("audit_case.id"), primary_key=True)
    report_index: Mapped[str] = mapped_column(String(64), index=True)
    # Keyed hash of report and campaign: a report is drawn once in a campaign.
    draw_index: Mapped[str] = mapped_column(String(64), unique=True)
    department_index: Mapped[str] = mapped_column(String(64), index=True)
    author_index: Mapped[str | None] = mapped_column(String(64), index=True)
    # Keyed hash of campaign and stratum; NULL where strata are by modality alone, which the case
    # tells itself, and where a department named the case.
    stratum_index: Mapped[str | None] = mapped_column(String(64))
    # The ids of report, department and campaign, and of the author where there is one; and the
    # stratum's name where it has an index.
    sealed_link: Mapped[bytes] = mapped_column(LargeBinary)


class RecognitionRow(Base):
    """Whom a reviewer believes to have recognised; kept apart from the review and its score.

    A guess is often right: the row tells that there is one, never which.
    """

    __tablename__ = "recognition"
    __table_args__ = (
        CheckConstraint("about IN ('', 'author', 'department')", name="about"),
        CheckConstraint("(recognition = 'no') = (about = '')", name="about_whom"),
        CheckConstraint("recognition <> 'no' OR sealed_guess IS NULL", name="no_names_nobody"),
    )

    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    recognition: Mapped[Recognition] = mapped_column(checked(Recognition, "recognition"))
    about: Mapped[str] = mapped_column(String(12), default="")
    # JSON: the department and the name that were given; nothing where none was.
    sealed_guess: Mapped[bytes | None] = mapped_column(LargeBinary)
    answered_at: Mapped[datetime]


class KeptGuesses(Base):
    """How often the reviewers of a campaign guessed right, once their guesses were destroyed."""

    __tablename__ = "kept_guesses"

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    # JSON of domain.recognition.GuessCounts.
    counts: Mapped[str] = mapped_column(Text)


class SeenIdentifier(Base):
    """The words in which a reader saw who it is; for the department's own coordinator."""

    __tablename__ = "seen_identifier"
    __table_args__ = (UniqueConstraint("assignment_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("audit_case.id"), index=True)
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    sealed_words: Mapped[bytes] = mapped_column(LargeBinary)
    seen_at: Mapped[datetime]


class ReportChange(Base):
    """A version that came after its report was drawn, and what was decided on it.

    Which reports they are is sealed: the row would else lead from the case to its report. Nor
    does it say when the version came, which would tell the report as well.
    """

    __tablename__ = "report_change"
    __table_args__ = (
        UniqueConstraint("case_id", "version_index"),
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided"),
        # A person decides what a person may choose, and nothing else.
        CheckConstraint(
            f"(COALESCE(decision, '') IN ({_CHOSEN})) = (decided_by IS NOT NULL)", name="by_whom"
        ),
        CheckConstraint("COALESCE(decision, '') <> 'kept' OR reason <> ''", name="reason"),
        # One version of a case waits at a time; a later one overtakes it. A trigger sees to the
        # rest: what was decided never changes.
        Index(
            "uq_report_change_waiting",
            "case_id",
            unique=True,
            sqlite_where=_UNDECIDED,
            postgresql_where=_UNDECIDED,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("audit_case.id"))
    # Keyed hash of the version within its case.
    version_index: Mapped[str] = mapped_column(String(64))
    # The ids of the version that the case was made of then, and of the one that came.
    sealed_versions: Mapped[bytes] = mapped_column(LargeBinary)
    # NULL while it waits for the coordinator.
    decision: Mapped[Decision | None] = mapped_column(checked(Decision, "decision"))
    reason: Mapped[str] = mapped_column(String(40), default="")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
