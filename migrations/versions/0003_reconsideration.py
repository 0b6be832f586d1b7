"""Let an author ask once for reconsideration, and a second adjudicator decide.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INDEX = "uq_assignment_live_turn"
LIVE = "state NOT IN ('declined', 'expired', 'replaced')"
# A decision that was given no longer keeps another adjudicator from the case.
OPEN_TURN = f"{LIVE} AND NOT (turn = 'adjudicator' AND state = 'submitted')"


def upgrade():
    op.add_column(
        "reply",
        sa.Column("asks_reconsideration", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("outcome", sa.Column("reconsidered_at", sa.DateTime(timezone=True)))
    _remake_index(OPEN_TURN)


def downgrade():
    _remake_index(LIVE)
    op.drop_column("outcome", "reconsidered_at")
    op.drop_column("reply", "asks_reconsideration")


def _remake_index(condition):
    op.drop_index(INDEX, table_name="assignment")
    op.create_index(
        INDEX,
        "assignment",
        ["case_id", "turn"],
        unique=True,
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )
