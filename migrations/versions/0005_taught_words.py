"""Keep the words that a department's coordinator teaches the masking.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KINDS = (
    "kind IN ('patient', 'clinician', 'person', 'date', 'age', 'id', 'phone', 'email', 'url',"
    " 'address', 'place', 'department', 'signature', 'other')"
)


def upgrade():
    op.create_table(
        "taught_word",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("folded", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("taught_by", sa.Uuid(), nullable=False),
        sa.Column("taught_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("folded <> ''", name="ck_taught_word_folded"),
        sa.CheckConstraint(KINDS, name="ck_taught_word_kind"),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name="fk_taught_word_department_id_department"
        ),
        sa.ForeignKeyConstraint(
            ["taught_by"], ["account.id"], name="fk_taught_word_taught_by_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_taught_word"),
        sa.UniqueConstraint("department_id", "folded", name="uq_taught_word_department_id"),
    )


def downgrade():
    op.drop_table("taught_word")
