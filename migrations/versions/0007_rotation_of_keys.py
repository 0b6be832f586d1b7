"""Let a job seal the identities anew under a new key.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BEFORE = ("intake", "masking", "assignment", "statistics")
AFTER = (*BEFORE, "rotation")


def upgrade():
    _allow(AFTER)


def downgrade():
    op.execute(sa.text("DELETE FROM job WHERE kind = 'rotation'"))
    _allow(BEFORE)


def _allow(kinds):
    names = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("job") as batch:
        batch.drop_constraint(op.f("ck_job_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_job_kind"), sa.text(f"kind IN ({names})"))
