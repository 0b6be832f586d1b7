"""Keep what a reviewer found before the report was shown, so that nothing ever changes it.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "blind_read",
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(findings) >= 3", name=op.f("ck_blind_read_findings")),
        sa.CheckConstraint("seconds >= 0", name=op.f("ck_blind_read_seconds")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name="fk_blind_read_assignment_id_assignment"
        ),
        sa.PrimaryKeyConstraint("assignment_id", name="pk_blind_read"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER blind_read_no_{act.lower()} BEFORE {act} ON blind_read "
                "BEGIN SELECT RAISE(ABORT, 'blind_read rows never change'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER blind_read_never_changes BEFORE UPDATE OR DELETE ON blind_read "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def downgrade():
    op.drop_table("blind_read")
