"""Let a token carry every permission there is: their names outgrew the column.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

NARROW, WIDE = sa.String(400), sa.String(1000)


def upgrade():
    with op.batch_alter_table("access_token") as batch:
        batch.alter_column("scopes", existing_type=NARROW, type_=WIDE, existing_nullable=False)


def downgrade():
    # Where a token carries more than fits, PostgreSQL refuses: cut off, it would say another thing.
    with op.batch_alter_table("access_token") as batch:
        batch.alter_column("scopes", existing_type=WIDE, type_=NARROW, existing_nullable=False)
