"""Let the sums of an upload always agree, keep what is refused, await texts of drawn reports.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WAYS = ("accepted", "updated", "duplicate", "excluded", "refused")
SUMS = "items = accepted + updated + duplicate + excluded + refused"
COUNTS = "accepted >= 0 AND updated >= 0 AND duplicate >= 0 AND excluded >= 0 AND refused >= 0"
CHANNELS = "channel IN ('page', 'api', 'command', 'folder', 'mllp')"


def upgrade():
    if op.get_bind().dialect.name != "sqlite":
        # The items of past uploads are counted and the versions looked through once.
        op.execute("SET LOCAL statement_timeout = '60s'")
    _extend_uploads()
    _extend_reports()
    with op.batch_alter_table("audit_case") as batch:
        batch.add_column(_flag("awaits_text"))
    with op.batch_alter_table("intake_item") as batch:
        batch.add_column(sa.Column("mended_at", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("mended_by", sa.Uuid()))
        batch.create_foreign_key(
            "fk_intake_item_mended_by_account", "account", ["mended_by"], ["id"]
        )
    op.create_table(
        "refused_item",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["intake_item.id"], name="fk_refused_item_item_id_intake_item"
        ),
        sa.PrimaryKeyConstraint("item_id", name="pk_refused_item"),
    )
    op.create_index("ix_refused_item_kept_until", "refused_item", ["kept_until"])
    op.create_table(
        "remembered_layout",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name="fk_remembered_layout_department_id_department",
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name="fk_remembered_layout_confirmed_by_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_remembered_layout"),
        sa.UniqueConstraint(
            "department_id", "signature", name="uq_remembered_layout_department_id"
        ),
    )


def downgrade():
    op.drop_table("remembered_layout")
    op.drop_table("refused_item")
    with op.batch_alter_table("intake_item") as batch:
        batch.drop_constraint("fk_intake_item_mended_by_account", type_="foreignkey")
        batch.drop_column("mended_by")
        batch.drop_column("mended_at")
    with op.batch_alter_table("audit_case") as batch:
        batch.drop_column("awaits_text")
    op.drop_index("uq_report_current", table_name="report")
    with op.batch_alter_table("report") as batch:
        batch.drop_constraint("ck_report_awaits_text", type_="check")
        batch.drop_column("awaits_text")
    op.drop_index("ix_upload_kept_until", table_name="upload")
    with op.batch_alter_table("upload") as batch:
        for name in ("sums", "counts", "channel"):
            batch.drop_constraint(f"ck_upload_{name}", type_="check")
        for name in (*WAYS, "items", "kept_until", "asks_layout", "layout"):
            batch.drop_column(name)
        batch.drop_column("frame_only")
        batch.drop_column("channel")


def _extend_uploads():
    with op.batch_alter_table("upload") as batch:
        batch.add_column(
            sa.Column("channel", sa.String(length=12), nullable=False, server_default="page")
        )
        batch.add_column(_flag("frame_only"))
        batch.add_column(sa.Column("layout", sa.Text(), nullable=False, server_default=""))
        batch.add_column(_flag("asks_layout"))
        batch.add_column(sa.Column("kept_until", sa.DateTime(timezone=True)))
        for name in ("items", *WAYS):
            batch.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_upload_kept_until", "upload", ["kept_until"])
    items = "FROM intake_item WHERE intake_item.upload_id = upload.id"
    for name in WAYS:
        op.execute(
            f"UPDATE upload SET {name} = "  # noqa: S608 - names of our own columns
            f"(SELECT count(*) {items} AND intake_item.status = '{name}')"
        )
    op.execute(f"UPDATE upload SET items = (SELECT count(*) {items})")  # noqa: S608 - likewise
    with op.batch_alter_table("upload") as batch:
        batch.create_check_constraint("ck_upload_sums", SUMS)
        batch.create_check_constraint("ck_upload_counts", COUNTS)
        batch.create_check_constraint("ck_upload_channel", CHANNELS)


def _extend_reports():
    op.execute(
        "UPDATE report SET is_current = false WHERE is_current AND EXISTS ("
        "SELECT 1 FROM report AS later WHERE later.department_id = report.department_id "
        "AND later.accession = report.accession AND later.is_current "
        "AND later.version > report.version)"
    )
    with op.batch_alter_table("report") as batch:
        batch.add_column(_flag("awaits_text"))
        batch.create_check_constraint("ck_report_awaits_text", "NOT (awaits_text AND text <> '')")
    op.create_index(
        "uq_report_current",
        "report",
        ["department_id", "accession"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )


def _flag(name):
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
