"""Keep each campaign's secret by which the days in its texts move.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "shift_key",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name="fk_shift_key_campaign_id_campaign"
        ),
        sa.PrimaryKeyConstraint("campaign_id", name="pk_shift_key"),
    )


def downgrade():
    op.drop_table("shift_key")
