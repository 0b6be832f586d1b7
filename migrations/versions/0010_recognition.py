"""Keep apart whom a reviewer recognised, and take well-formed blinding modes only.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.

A tick of the old sheet becomes a guess at the author that names nobody; what was not ticked was
not asked. The way down forgets the answers: they must not return to the reviews.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

RECOGNITIONS = ("no", "guess", "sure")
MODES = tuple(
    f"author{department},date:{date}{shifted}{priors}{first}"
    for department in (",department", "")
    for date in ("month", "hidden")
    for shifted in ("", ",shifted")
    for priors in ("", ",priors")
    for first in ("", ",read-first")
)
TICKED = """INSERT INTO recognition (assignment_id, recognition, about, answered_at)
SELECT assignment_id, 'guess', 'author', submitted_at FROM review
WHERE recognised <> '' AND version = 1"""

draft = sa.table("review_draft", sa.column("assignment_id", sa.Uuid), sa.column("sheet", sa.Text))


def upgrade():
    _add_recognition()
    op.create_table(
        "seen_identifier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_words", sa.LargeBinary(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["audit_case.id"], name="fk_seen_identifier_case_id_audit_case"
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignment.id"],
            name="fk_seen_identifier_assignment_id_assignment",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_seen_identifier"),
        sa.UniqueConstraint("assignment_id", name="uq_seen_identifier_assignment_id"),
    )
    op.create_index("ix_seen_identifier_case_id", "seen_identifier", ["case_id"])
    op.execute(TICKED)
    words = ", ".join(f"'{word}'" for word in MODES)
    with op.batch_alter_table("review") as batch:
        batch.drop_column("recognised")
        batch.create_check_constraint(
            op.f("ck_review_blinding_mode"), f"blinding_mode IN ({words})"
        )
    _guard_reviews()
    _each_sheet(lambda sheet: sheet.pop("recognised", None))


def downgrade():
    with op.batch_alter_table("review") as batch:
        batch.drop_constraint(op.f("ck_review_blinding_mode"), type_="check")
        batch.add_column(
            sa.Column("recognised", sa.String(length=12), nullable=False, server_default="")
        )
    _guard_reviews()
    _each_sheet(lambda sheet: sheet.setdefault("recognised", False))
    op.drop_table("seen_identifier")
    op.drop_table("recognition")


def _add_recognition():
    allowed = ", ".join(f"'{word}'" for word in RECOGNITIONS)
    op.create_table(
        "recognition",
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("recognition", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=12), nullable=False),
        sa.Column("sealed_guess", sa.LargeBinary()),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"recognition IN ({allowed})", name=op.f("ck_recognition_recognition")),
        sa.CheckConstraint(
            "about IN ('', 'author', 'department')", name=op.f("ck_recognition_about")
        ),
        sa.CheckConstraint(
            "(recognition = 'no') = (about = '')", name=op.f("ck_recognition_about_whom")
        ),
        sa.CheckConstraint(
            "recognition <> 'no' OR sealed_guess IS NULL",
            name=op.f("ck_recognition_no_names_nobody"),
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name="fk_recognition_assignment_id_assignment"
        ),
        sa.PrimaryKeyConstraint("assignment_id", name="pk_recognition"),
    )


def _guard_reviews():
    """Put back what SQLite loses with the old table; elsewhere the table stays the same."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER review_no_{act.lower()} BEFORE {act} ON review "
            "BEGIN SELECT RAISE(ABORT, 'review rows never change'); END"
        )


def _each_sheet(change):
    connection = op.get_bind()
    for assignment_id, text in connection.execute(sa.select(draft)).all():
        content = json.loads(text)
        change(content["sheet"])
        connection.execute(
            sa.update(draft)
            .where(draft.c.assignment_id == assignment_id)
            .values(sheet=json.dumps(content, ensure_ascii=False))
        )
