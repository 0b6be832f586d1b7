"""Write down which report took the place of an unusable one in a draw.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLE = "draw_replacement"


def upgrade():
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stratum", sa.String(length=128), nullable=False),
        sa.Column("removed_key", sa.String(length=128), nullable=False),
        sa.Column("added_key", sa.String(length=128), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by", sa.Uuid()),
        sa.CheckConstraint("number >= 1", name=op.f("ck_draw_replacement_number")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_draw_replacement_reason")),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["draw.id"], name=op.f("fk_draw_replacement_draw_id_draw")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by"], ["account.id"], name=op.f("fk_draw_replacement_replaced_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_replacement")),
        sa.UniqueConstraint("draw_id", "number", name=op.f("uq_draw_replacement_draw_id")),
        sa.UniqueConstraint("draw_id", "removed_key", name="uq_draw_replacement_removed"),
        sa.UniqueConstraint("draw_id", "added_key", name="uq_draw_replacement_added"),
    )
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            f"CREATE TRIGGER {TABLE}_never_changes BEFORE UPDATE OR DELETE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {TABLE}_no_{act.lower()} BEFORE {act} ON {TABLE} "
            f"BEGIN SELECT RAISE(ABORT, '{TABLE} rows never change'); END"
        )


def downgrade():
    op.drop_table(TABLE)
