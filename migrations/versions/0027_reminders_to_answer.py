"""Keep which offers were recalled before they lapse.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.
"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

NAME = "ck_sent_reminder_kind"
BEFORE = "kind IN ('before_due', 'at_due', 'after_due')"
AFTER = "kind IN ('before_due', 'at_due', 'after_due', 'to_answer')"


def upgrade() -> None:
    _replace(AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM sent_reminder WHERE kind = 'to_answer'")
    _replace(BEFORE)


def _replace(condition: str) -> None:
    with op.batch_alter_table("sent_reminder") as batch:
        batch.drop_constraint(op.f(NAME), type_="check")
        batch.create_check_constraint(op.f(NAME), condition)
