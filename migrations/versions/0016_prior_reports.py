"""Keep the masked earlier reports that a protocol shows beside a case.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "prior_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("modality", sa.String(length=8), nullable=False),
        sa.Column("region", sa.String(length=24), nullable=False),
        sa.Column("exam", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("months_before", sa.Integer()),
        sa.Column("masked_text", sa.Text(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_prior_report_number")),
        sa.CheckConstraint("months_before >= 0", name=op.f("ck_prior_report_months_before")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["audit_case.id"], name="fk_prior_report_case_id_audit_case"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_prior_report"),
        sa.UniqueConstraint("case_id", "number", name="uq_prior_report_case_id"),
    )


def downgrade():
    op.drop_table("prior_report")
