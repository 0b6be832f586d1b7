"""Keep by how much a draw was made larger, why, when and by whom.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


TABLE = "draw_extension"


def upgrade():
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("sizes", sa.Text(), nullable=False),
        sa.Column("added", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("extended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("extended_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_draw_extension_number")),
        sa.CheckConstraint("after >= 0", name=op.f("ck_draw_extension_after")),
        sa.CheckConstraint("target >= 1", name=op.f("ck_draw_extension_target")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_draw_extension_reason")),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["draw.id"], name=op.f("fk_draw_extension_draw_id_draw")
        ),
        sa.ForeignKeyConstraint(
            ["extended_by"], ["account.id"], name=op.f("fk_draw_extension_extended_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_extension")),
        sa.UniqueConstraint("draw_id", "number", name=op.f("uq_draw_extension_draw_id")),
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
