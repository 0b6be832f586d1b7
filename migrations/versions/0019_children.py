"""Let examinations of children go to those who read them; of before nothing is known.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

COLUMNS = (
    ("report", "is_child", sa.false()),
    ("audit_case", "is_child", sa.false()),
    ("reviewer", "reads_children", sa.true()),
)


def upgrade() -> None:
    # Not in a batch: SQLite would make the tables anew without the triggers that guard them.
    for table, column, default in COLUMNS:
        op.add_column(
            table, sa.Column(column, sa.Boolean(), nullable=False, server_default=default)
        )


def downgrade() -> None:
    for table, column, _ in COLUMNS:
        op.drop_column(table, column)
