"""Keep which reminders went out, so that each goes out once.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "sent_reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('before_due', 'at_due', 'after_due')", name=op.f("ck_sent_reminder_kind")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_sent_reminder_number")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name="fk_sent_reminder_assignment_id_assignment"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sent_reminder"),
        sa.UniqueConstraint(
            "assignment_id", "kind", "number", name="uq_sent_reminder_assignment_id"
        ),
    )


def downgrade():
    op.drop_table("sent_reminder")
