"""Keep what becomes of the cases that fall due within an absence.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Absences of before changed no due day: whoever declared one finished what was there.
    op.add_column(
        "absence",
        sa.Column("finishes", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.add_column("absence", sa.Column("respected_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("absence", "respected_at")
    op.drop_column("absence", "finishes")
