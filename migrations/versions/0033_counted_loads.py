"""Keep in the index of loads the very assignments that count, and nothing to test them by.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

# A decline counts what everybody holds while somebody waits, up to 200,000 assignments.
LOADS = "ix_assignment_campaign_load"
COUNTED = sa.text(
    "turn IN ('first', 'second') AND state NOT IN ('declined', 'expired', 'replaced')"
)


COLUMNS = ("campaign_id", "reviewer_id", "turn", "state")


def upgrade() -> None:
    op.drop_index(LOADS, "assignment")
    op.create_index(LOADS, "assignment", COLUMNS, sqlite_where=COUNTED, postgresql_where=COUNTED)


def downgrade() -> None:
    op.drop_index(LOADS, "assignment")
    op.create_index(LOADS, "assignment", COLUMNS)
