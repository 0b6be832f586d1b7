"""Let a version that comes after its report was drawn wait for the coordinator's decision.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLE = "report_change"
WAITING = sa.text("decision IS NULL")
CHOSEN = "'kept', 'replaced', 'excluded'"
DECIDED = "decision, reason, decided_at, decided_by"


def upgrade():
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("version_index", sa.String(length=64), nullable=False),
        sa.Column("sealed_versions", sa.LargeBinary(), nullable=False),
        sa.Column("decision", sa.String(length=32)),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by", sa.Uuid()),
        sa.CheckConstraint(
            f"decision IN ({CHOSEN}, 'overtaken', 'frozen')", name=op.f("ck_report_change_decision")
        ),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL)", name=op.f("ck_report_change_decided")
        ),
        sa.CheckConstraint(
            f"(COALESCE(decision, '') IN ({CHOSEN})) = (decided_by IS NOT NULL)",
            name=op.f("ck_report_change_by_whom"),
        ),
        sa.CheckConstraint(
            "COALESCE(decision, '') <> 'kept' OR reason <> ''",
            name=op.f("ck_report_change_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["audit_case.id"], name=op.f("fk_report_change_case_id_audit_case")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_report_change_decided_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_change")),
        sa.UniqueConstraint("case_id", "version_index", name=op.f("uq_report_change_case_id")),
    )
    op.create_index(
        "uq_report_change_waiting",
        TABLE,
        ["case_id"],
        unique=True,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            f"CREATE TRIGGER {TABLE}_stands BEFORE UPDATE OF {DECIDED} ON {TABLE} "
            "FOR EACH ROW WHEN (OLD.decision IS NOT NULL) EXECUTE FUNCTION refuse_change()"
        )
        return
    op.execute(
        f"CREATE TRIGGER {TABLE}_stands BEFORE UPDATE OF {DECIDED} ON {TABLE} "
        "WHEN OLD.decision IS NOT NULL "
        f"BEGIN SELECT RAISE(ABORT, '{TABLE} rows never change'); END"
    )


def downgrade():
    op.drop_table(TABLE)
