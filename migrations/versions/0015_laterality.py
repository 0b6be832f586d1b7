"""Keep the side that was examined; reports of before name none.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade():
    # Not in a batch: SQLite would make the table anew without the triggers that guard it.
    op.add_column(
        "report",
        sa.Column("laterality", sa.String(length=12), nullable=False, server_default=""),
    )


def downgrade():
    op.drop_column("report", "laterality")
