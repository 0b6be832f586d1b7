"""Let an identity be shown to one person once another has agreed.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

DECISION = "(granted IS NULL) = (decided_at IS NULL) AND (granted IS NULL) = (decided_by IS NULL)"


def upgrade():
    op.create_table(
        "unsealing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted", sa.Boolean()),
        sa.Column("decided_by", sa.Uuid()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decision_reason", sa.String(300), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("decided_by <> asked_by", name=op.f("ck_unsealing_two_people")),
        sa.CheckConstraint("length(reason) >= 10", name=op.f("ck_unsealing_reason")),
        sa.CheckConstraint(DECISION, name=op.f("ck_unsealing_decision")),
        sa.CheckConstraint(
            "opened_at IS NULL OR granted", name=op.f("ck_unsealing_opened_when_granted")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["audit_case.id"], name=op.f("fk_unsealing_case_id_audit_case")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["account.id"], name=op.f("fk_unsealing_asked_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_unsealing_department_id_department")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_unsealing_decided_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsealing")),
    )
    op.create_index("ix_unsealing_case_asked", "unsealing", ["case_id", "asked_by"])
    op.create_index("ix_unsealing_asked_by", "unsealing", ["asked_by"])
    op.create_index("ix_unsealing_department_id", "unsealing", ["department_id"])


def downgrade():
    op.drop_table("unsealing")
