"""Let identities end: purged cases and reports hold nothing, and never get an identity again.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.

The closing of campaigns that are closed already is looked up in the trail, since their retention
counts from it.
"""

from typing import NamedTuple

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KINDS = ("intake", "masking", "assignment", "statistics", "rotation")
CLOSED = "(state = 'closed') = (closed_at IS NOT NULL)"
EMPTY_CASE = (
    "state <> 'purged' OR (masked_text = '' AND spans = '[]' AND exam = '' "
    "AND shown_date = '' AND checked_at IS NULL AND checked_by IS NULL)"
)
EMPTY_REPORT = (
    "purged_at IS NULL OR (report_key = '' AND content_hash = '' AND exam = '' "
    "AND region = '' AND signed_at IS NULL AND NOT has_text AND NOT awaits_text)"
)
CLOSED_AT = (
    "UPDATE campaign SET closed_at = COALESCE((SELECT MAX(at) FROM trail_entry "
    "WHERE act = 'close_campaign' AND object_id = campaign.id), frozen_at, created_at) "
    "WHERE state = 'closed'"
)


class Refusal(NamedTuple):
    """What a trigger refuses: an act on a table, when and where the query finds something."""

    name: str
    table: str
    act: str
    found: str
    message: str
    when: str = ""


REFUSALS = (
    Refusal(
        "identity_of_purged_case",
        "identity",
        "INSERT",
        "SELECT 1 FROM audit_case WHERE id = NEW.case_id AND state = 'purged'",
        "a purged case gets no identity",
    ),
    Refusal(
        "identity_of_purged_report",
        "report_identity",
        "INSERT",
        "SELECT 1 FROM report WHERE id = NEW.report_id AND purged_at IS NOT NULL",
        "a purged report gets no identity",
    ),
    Refusal(
        "case_purged_for_good",
        "audit_case",
        "UPDATE OF state",
        "SELECT 1",
        "a purged case stays purged",
        "OLD.state = 'purged' AND NEW.state <> 'purged'",
    ),
    Refusal(
        "case_purged_with_identity",
        "audit_case",
        "UPDATE OF state",
        "SELECT 1 FROM identity WHERE case_id = NEW.id",
        "a purged case has no identity",
        "NEW.state = 'purged'",
    ),
    Refusal(
        "report_purged_for_good",
        "report",
        "UPDATE OF purged_at",
        "SELECT 1",
        "a purged report stays purged",
        "OLD.purged_at IS NOT NULL AND NEW.purged_at IS NULL",
    ),
    Refusal(
        "report_purged_with_identity",
        "report",
        "UPDATE OF purged_at",
        "SELECT 1 FROM report_identity WHERE report_id = NEW.id",
        "a purged report has no identity",
        "NEW.purged_at IS NOT NULL",
    ),
)


def upgrade():
    with op.batch_alter_table("campaign") as batch:
        batch.add_column(sa.Column("closed_at", sa.DateTime(timezone=True)))
    op.execute(CLOSED_AT)
    with op.batch_alter_table("campaign") as batch:
        batch.create_check_constraint(op.f("ck_campaign_closed_when"), sa.text(CLOSED))
    with op.batch_alter_table("audit_case") as batch:
        batch.create_check_constraint(
            op.f("ck_audit_case_purged_holds_nothing"), sa.text(EMPTY_CASE)
        )
    with op.batch_alter_table("report") as batch:
        batch.add_column(sa.Column("purged_at", sa.DateTime(timezone=True)))
        batch.create_check_constraint(op.f("ck_report_purged_holds_nothing"), sa.text(EMPTY_REPORT))
    where = sa.text("purged_at IS NOT NULL")
    op.create_index(
        "ix_report_purged", "report", ["department_id"], sqlite_where=where, postgresql_where=where
    )
    op.create_table(
        "snapshot_reviews",
        sa.Column("snapshot_id", sa.Uuid(), nullable=False),
        sa.Column("reviews", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["snapshot.id"],
            name=op.f("fk_snapshot_reviews_snapshot_id_snapshot"),
        ),
        sa.PrimaryKeyConstraint("snapshot_id", name=op.f("pk_snapshot_reviews")),
    )
    _never_changes("snapshot_reviews")
    op.create_table(
        "kept_guesses",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_kept_guesses_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_kept_guesses")),
    )
    _never_changes("kept_guesses")
    for refusal in REFUSALS:
        _refuse(refusal)
    _allow((*KINDS, "purge"))


def downgrade():
    op.execute(sa.text("DELETE FROM job WHERE kind = 'purge'"))
    _allow(KINDS)
    for refusal in REFUSALS:
        _let(refusal.name, refusal.table)
    _let_change("kept_guesses")
    op.drop_table("kept_guesses")
    _let_change("snapshot_reviews")
    op.drop_table("snapshot_reviews")
    op.drop_index("ix_report_purged", table_name="report")
    with op.batch_alter_table("report") as batch:
        batch.drop_constraint(op.f("ck_report_purged_holds_nothing"), type_="check")
        batch.drop_column("purged_at")
    with op.batch_alter_table("audit_case") as batch:
        batch.drop_constraint(op.f("ck_audit_case_purged_holds_nothing"), type_="check")
    with op.batch_alter_table("campaign") as batch:
        batch.drop_constraint(op.f("ck_campaign_closed_when"), type_="check")
        batch.drop_column("closed_at")


def _refuse(one):
    if _is_sqlite():
        condition = " AND ".join(filter(None, (one.when, f"EXISTS ({one.found})")))
        op.execute(
            f"CREATE TRIGGER {one.name} BEFORE {one.act} ON {one.table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{one.message}'); END"
        )
        return
    # Who purges meanwhile is waited for; the next statement then sees what became of the row.
    held = f"PERFORM {one.found.removeprefix('SELECT ').split(' AND ')[0]} FOR SHARE; "
    wait = held if one.act == "INSERT" else ""
    condition = f" WHEN ({one.when})" if one.when else ""
    op.execute(
        f"CREATE FUNCTION {one.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {wait}"
        f"IF EXISTS ({one.found}) THEN RAISE EXCEPTION '{one.message}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {one.name} BEFORE {one.act} ON {one.table} FOR EACH ROW{condition} "
        f"EXECUTE FUNCTION {one.name}()"
    )


def _let(name, table):
    if _is_sqlite():
        op.execute(f"DROP TRIGGER {name}")
        return
    op.execute(f"DROP TRIGGER {name} ON {table}")
    op.execute(f"DROP FUNCTION {name}()")


def _never_changes(table):
    if _is_sqlite():
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} rows never change'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_never_changes BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def _let_change(table):
    if _is_sqlite():
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{act}")
        return
    op.execute(f"DROP TRIGGER {table}_never_changes ON {table}")


def _allow(kinds):
    names = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("job") as batch:
        batch.drop_constraint(op.f("ck_job_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_job_kind"), sa.text(f"kind IN ({names})"))


def _is_sqlite():
    return op.get_bind().dialect.name == "sqlite"
