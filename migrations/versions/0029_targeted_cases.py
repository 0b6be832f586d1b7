"""Keep why a case was named by its department, and let no named case count unless it was drawn.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

TABLE = "targeted_case"
REASONS = "reason IN ('safety_event', 'complaint', 'follow_up', 'teaching')"
# A case becomes a random one only where it is written down that a ticket drew it.
TURNED = "OLD.channel <> NEW.channel"
DRAWN = (
    "NEW.channel = 'random' AND EXISTS "
    "(SELECT 1 FROM targeted_case WHERE case_id = NEW.id AND drawn_at IS NOT NULL)"
)
SAID = "a case keeps the channel that it came by"


def upgrade():
    op.create_table(
        TABLE,
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_by", sa.Uuid(), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(REASONS, name=op.f("ck_targeted_case_reason")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["audit_case.id"], name=op.f("fk_targeted_case_case_id_audit_case")
        ),
        sa.ForeignKeyConstraint(
            ["named_by"], ["account.id"], name=op.f("fk_targeted_case_named_by_account")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_targeted_case")),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER audit_case_keeps_channel BEFORE UPDATE OF channel ON audit_case "
            f"WHEN {TURNED} AND NOT ({DRAWN}) BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_other_channel() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {TURNED} AND NOT ({DRAWN}) THEN RAISE EXCEPTION '{SAID}'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_case_keeps_channel BEFORE UPDATE OF channel ON audit_case "
        "FOR EACH ROW EXECUTE FUNCTION refuse_other_channel()"
    )


def downgrade():
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_case_keeps_channel")
    else:
        op.execute("DROP TRIGGER audit_case_keeps_channel ON audit_case")
        op.execute("DROP FUNCTION refuse_other_channel()")
    op.drop_table(TABLE)
