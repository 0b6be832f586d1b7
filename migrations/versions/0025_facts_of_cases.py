"""Tell with a case which side was examined and how urgently, and what of it was worked out.

A case that was drawn before tells neither: what leads from it to its report is sealed.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

COLUMNS = (("laterality", 12), ("urgency", 24), ("derived", 100))


def upgrade():
    for name, length in COLUMNS:
        column = sa.Column(name, sa.String(length=length), nullable=False, server_default="")
        op.add_column("audit_case", column)


def downgrade():
    for name, _ in COLUMNS:
        op.drop_column("audit_case", name)
