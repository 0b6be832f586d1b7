"""Keep how much a reviewer wants to read at most.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("reviewer") as batch:
        batch.add_column(sa.Column("weekly", sa.Integer(), nullable=True))
        batch.create_check_constraint(op.f("ck_reviewer_weekly"), "weekly >= 1")
    op.create_table(
        "own_limit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.CheckConstraint("most >= 0", name=op.f("ck_own_limit_most")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name="fk_own_limit_campaign_id_campaign"
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["reviewer.id"], name="fk_own_limit_reviewer_id_reviewer"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_own_limit"),
        sa.UniqueConstraint("reviewer_id", "campaign_id", name="uq_own_limit_reviewer_id"),
    )
    op.create_index("ix_own_limit_campaign_id", "own_limit", ["campaign_id"])


def downgrade() -> None:
    op.drop_index("ix_own_limit_campaign_id", "own_limit")
    op.drop_table("own_limit")
    with op.batch_alter_table("reviewer") as batch:
        batch.drop_constraint(op.f("ck_reviewer_weekly"), type_="check")
        batch.drop_column("weekly")
