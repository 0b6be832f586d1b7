"""Keep from which stratum a case was drawn, where strata are not by modality alone.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade():
    # Nothing is to be filled in: all frames before were by department and modality.
    op.add_column("identity", sa.Column("stratum_index", sa.String(length=64), nullable=True))
    op.add_column("snapshot_reviews", sa.Column("strata", sa.Text(), nullable=True))


def downgrade():
    op.drop_column("snapshot_reviews", "strata")
    op.drop_column("identity", "stratum_index")
