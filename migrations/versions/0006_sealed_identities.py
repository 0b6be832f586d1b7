"""Seal who stands behind a report and a case, and the reports as received.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.

The three steps are one here, and the application stands still meanwhile: a clear copy that
outlives the step would defeat it. Statements are short, since rows are sealed one bite at a time.
On PostgreSQL the old pages are only freed: run VACUUM FULL on these four tables afterwards.
"""

import hashlib
import hmac
import json
import secrets
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from peeraudit.adapters.passwords import installation_key
from peeraudit.adapters.sealing import blind_index, seal, unseal

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BITE = 500
INDEXES = ("report_index", "draw_index", "department_index", "author_index")

author = sa.table(
    "author",
    sa.column("id", sa.Uuid), sa.column("department_id", sa.Uuid),
    sa.column("author_key", sa.String), sa.column("name", sa.String),
    sa.column("author_index", sa.String), sa.column("sealed_name", sa.LargeBinary),
)  # fmt: skip
report = sa.table(
    "report",
    sa.column("id", sa.Uuid), sa.column("department_id", sa.Uuid), sa.column("text", sa.Text),
    sa.column("accession", sa.String), sa.column("has_text", sa.Boolean),
)  # fmt: skip
known = sa.table(
    "report_identity",
    sa.column("report_id", sa.Uuid), sa.column("author_id", sa.Uuid),
    sa.column("patient_key", sa.String), sa.column("birth_date", sa.Date),
    sa.column("known", sa.Text), sa.column("patient_index", sa.String),
    sa.column("sealed_known", sa.LargeBinary), sa.column("sealed_text", sa.LargeBinary),
)  # fmt: skip
identity = sa.table(
    "identity",
    sa.column("case_id", sa.Uuid), sa.column("report_id", sa.Uuid),
    sa.column("department_id", sa.Uuid), sa.column("author_id", sa.Uuid),
    sa.column("report_index", sa.String), sa.column("department_index", sa.String),
    sa.column("draw_index", sa.String),
    sa.column("author_index", sa.String), sa.column("sealed_link", sa.LargeBinary),
)  # fmt: skip
case = sa.table(
    "audit_case",
    sa.column("id", sa.Uuid), sa.column("campaign_id", sa.Uuid), sa.column("ticket", sa.String),
)  # fmt: skip


def upgrade():
    _forget_what_is_overwritten()
    _add_sealed_columns()
    _each(sa.select(author), author.c.id, _sealed_author)
    _each(_reports(), known.c.report_id, _sealed_known)
    _each(_links(), identity.c.case_id, _sealed_link)
    op.execute(sa.update(report).values(has_text=sa.func.length(report.c.text) > 0))
    secret = secrets.token_bytes(32)
    _each(sa.select(case), case.c.id, lambda row: {"ticket": _veiled(row.ticket, secret)})
    _drop_clear_columns()


def downgrade():
    _add_clear_columns()
    _each(sa.select(author), author.c.id, _clear_author)
    _each(_reports(), known.c.report_id, _clear_known)
    texts = sa.select(known.c.report_id.label("id"), known.c.sealed_text)
    _each(texts, report.c.id, lambda row: {"text": _open_text(row.id, row.sealed_text)})
    _each(_links(), identity.c.case_id, _clear_link)
    _drop_sealed_columns()


def _forget_what_is_overwritten():
    """Let SQLite overwrite what it deletes; its file would keep the names in free pages."""
    if op.get_bind().dialect.name == "sqlite":
        op.get_bind().exec_driver_sql("PRAGMA secure_delete=ON")


def _each(query, key, change):
    """Change each row of a query's table, a bite at a time, in the order of its key."""
    connection, name, last = op.get_bind(), key.name, None
    wanted = query.subquery()
    while True:
        rows = sa.select(wanted).order_by(wanted.c[name]).limit(BITE)
        rows = rows if last is None else rows.where(wanted.c[name] > last)
        found = connection.execute(rows).all()
        for row in found:
            last = getattr(row, name)
            update = sa.update(key.table).where(key == last)
            connection.execute(update.values(change(row)))
        if len(found) < BITE:
            return


def _reports():
    _add_missing_identities()
    return sa.select(
        known, report.c.department_id, *([report.c.text] if _has_column("report", "text") else [])
    ).join(report, report.c.id == known.c.report_id)


def _add_missing_identities():
    """Give every report a row, since the text goes there."""
    if not _has_column("report_identity", "known"):
        return
    bare = sa.select(report.c.id).where(report.c.id.not_in(sa.select(known.c.report_id)))
    rows = [
        {"report_id": report_id, "patient_key": "", "known": "{}"}
        for report_id in op.get_bind().scalars(bare).all()
    ]
    if rows:
        op.bulk_insert(known, rows)


def _links():
    return sa.select(identity, case.c.campaign_id).join(case, case.c.id == identity.c.case_id)


def _has_column(table, name):
    return name in {column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)}


def _sealed_author(row):
    plain = json.dumps([row.author_key, row.name], ensure_ascii=False).encode()
    return {
        "author_index": blind_index(f"author/key/{row.department_id.hex}", row.author_key),
        "sealed_name": seal(plain, f"author/{row.id.hex}/name"),
    }


def _clear_author(row):
    key, name = json.loads(unseal(row.sealed_name, f"author/{row.id.hex}/name"))
    return {"author_key": key, "name": name}


def _sealed_known(row):
    words = json.loads(row.known)
    patient = _patient_id(row, words)
    content = {
        "author": row.author_id.hex if row.author_id else "",
        "patient": patient,
        "words": words,
    }
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
    place = f"report_identity/{row.report_id.hex}"
    return {
        "patient_index": blind_index(f"report_identity/patient/{row.department_id.hex}", patient),
        "sealed_known": seal(plain, f"{place}/known"),
        "sealed_text": seal(row.text.encode(), f"{place}/text") if row.text else None,
    }


def _patient_id(row, words):
    """Return the patient's id, found again among the known ones by its old hash."""
    for word in words.get("identifiers", []):
        if _old_key(row.department_id, word) == row.patient_key:
            return word
    return row.patient_key


def _old_key(department_id, word):
    text = f"patient:{department_id}:{word}".encode()
    return hmac.new(installation_key("identities"), text, hashlib.sha256).hexdigest()


def _clear_known(row):
    plain = unseal(row.sealed_known, f"report_identity/{row.report_id.hex}/known")
    content = json.loads(plain)
    births = content["words"].get("birth_date", [])
    return {
        "author_id": UUID(content["author"]) if content["author"] else None,
        "patient_key": _old_key(row.department_id, content["patient"]),
        "birth_date": date.fromisoformat(births[0]) if births else None,
        "known": json.dumps(content["words"], ensure_ascii=False, sort_keys=True),
    }


def _open_text(report_id, sealed):
    if sealed is None:
        return ""
    return unseal(sealed, f"report_identity/{report_id.hex}/text").decode()


def _sealed_link(row):
    ids = [row.report_id, row.department_id, row.campaign_id, row.author_id]
    plain = b"".join(one.bytes for one in ids if one)
    return {
        "report_index": blind_index("identity/report", row.report_id.hex),
        "draw_index": blind_index(f"identity/draw/{row.campaign_id.hex}", row.report_id.hex),
        "department_index": blind_index("identity/department", row.department_id.hex),
        "author_index": blind_index("identity/author", row.author_id.hex)
        if row.author_id
        else None,
        "sealed_link": seal(plain, f"identity/{row.case_id.hex}/link"),
    }


def _clear_link(row):
    plain = unseal(row.sealed_link, f"identity/{row.case_id.hex}/link")
    ids = [UUID(bytes=plain[i : i + 16]) for i in range(0, len(plain), 16)]
    return {
        "report_id": ids[0],
        "department_id": ids[1],
        "author_id": ids[3] if len(ids) > 3 else None,
    }


def _veiled(ticket, secret):
    return hmac.new(secret, ticket.encode(), hashlib.sha256).hexdigest()


def _add_sealed_columns():
    op.add_column("author", sa.Column("author_index", sa.String(64)))
    op.add_column("author", sa.Column("sealed_name", sa.LargeBinary()))
    op.add_column("report_identity", sa.Column("patient_index", sa.String(64)))
    op.add_column("report_identity", sa.Column("sealed_known", sa.LargeBinary()))
    op.add_column("report_identity", sa.Column("sealed_text", sa.LargeBinary()))
    op.add_column("report", sa.Column("has_text", sa.Boolean()))
    for name in INDEXES:
        op.add_column("identity", sa.Column(name, sa.String(64)))
    op.add_column("identity", sa.Column("sealed_link", sa.LargeBinary()))


def _drop_clear_columns():
    with op.batch_alter_table("author") as batch:
        batch.drop_constraint("uq_author_department_id", type_="unique")
        batch.alter_column("author_index", existing_type=sa.String(64), nullable=False)
        batch.alter_column("sealed_name", existing_type=sa.LargeBinary(), nullable=False)
        batch.drop_column("author_key")
        batch.drop_column("name")
        batch.create_unique_constraint("uq_author_department_id", ["department_id", "author_index"])
    with op.batch_alter_table("report_identity") as batch:
        batch.drop_index("ix_report_identity_author_id")
        batch.drop_index("ix_report_identity_patient_key")
        batch.alter_column("patient_index", existing_type=sa.String(64), nullable=False)
        batch.alter_column("sealed_known", existing_type=sa.LargeBinary(), nullable=False)
        for name in ("author_id", "patient_key", "birth_date", "known"):
            batch.drop_column(name)
        batch.create_index("ix_report_identity_patient_index", ["patient_index"])
    op.drop_index("uq_report_current", table_name="report")
    with op.batch_alter_table("report") as batch:
        # Named twice over by the revision before.
        batch.drop_constraint("ck_report_awaits_text", type_="check")
        batch.alter_column("has_text", existing_type=sa.Boolean(), nullable=False)
        batch.drop_column("text")
        batch.create_check_constraint(
            op.f("ck_report_awaits_text"), "NOT (awaits_text AND has_text)"
        )
    _keep_one_current()
    with op.batch_alter_table("identity") as batch:
        for name in ("report_id", "department_id", "author_id"):
            batch.drop_index(f"ix_identity_{name}")
            batch.drop_column(name)
        for name in ("report_index", "draw_index", "department_index"):
            batch.alter_column(name, existing_type=sa.String(64), nullable=False)
        batch.alter_column("sealed_link", existing_type=sa.LargeBinary(), nullable=False)
        batch.create_unique_constraint("uq_identity_draw_index", ["draw_index"])
        batch.create_index("ix_identity_report_index", ["report_index"])
        batch.create_index("ix_identity_department_index", ["department_index"])
        batch.create_index("ix_identity_author_index", ["author_index"])


def _keep_one_current():
    """Make the partial index anew, which a table that SQLite rebuilds would forget half of."""
    op.create_index(
        "uq_report_current",
        "report",
        ["department_id", "accession"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )


def _add_clear_columns():
    op.add_column("author", sa.Column("author_key", sa.String(120)))
    op.add_column("author", sa.Column("name", sa.String(160)))
    op.add_column("report_identity", sa.Column("author_id", sa.Uuid()))
    op.add_column("report_identity", sa.Column("patient_key", sa.String(64)))
    op.add_column("report_identity", sa.Column("birth_date", sa.Date()))
    op.add_column("report_identity", sa.Column("known", sa.Text()))
    op.add_column("report", sa.Column("text", sa.Text(), nullable=False, server_default=""))
    for name in ("report_id", "department_id", "author_id"):
        op.add_column("identity", sa.Column(name, sa.Uuid()))


def _drop_sealed_columns():
    with op.batch_alter_table("author") as batch:
        batch.drop_constraint("uq_author_department_id", type_="unique")
        batch.alter_column("author_key", existing_type=sa.String(120), nullable=False)
        batch.alter_column("name", existing_type=sa.String(160), nullable=False)
        batch.drop_column("author_index")
        batch.drop_column("sealed_name")
        batch.create_unique_constraint("uq_author_department_id", ["department_id", "author_key"])
    with op.batch_alter_table("report_identity") as batch:
        batch.drop_index("ix_report_identity_patient_index")
        batch.alter_column("patient_key", existing_type=sa.String(64), nullable=False)
        batch.alter_column("known", existing_type=sa.Text(), nullable=False)
        for name in ("patient_index", "sealed_known", "sealed_text"):
            batch.drop_column(name)
        batch.create_index("ix_report_identity_author_id", ["author_id"])
        batch.create_index("ix_report_identity_patient_key", ["patient_key"])
        batch.create_foreign_key(
            "fk_report_identity_author_id_author", "author", ["author_id"], ["id"]
        )
    op.drop_index("uq_report_current", table_name="report")
    with op.batch_alter_table("report") as batch:
        batch.drop_constraint(op.f("ck_report_awaits_text"), type_="check")
        batch.alter_column("text", existing_type=sa.Text(), server_default=None)
        batch.drop_column("has_text")
        batch.create_check_constraint("ck_report_awaits_text", "NOT (awaits_text AND text <> '')")
    _keep_one_current()
    _drop_sealed_links()


def _drop_sealed_links():
    with op.batch_alter_table("identity") as batch:
        batch.drop_constraint("uq_identity_draw_index", type_="unique")
        batch.drop_index("ix_identity_report_index")
        batch.drop_index("ix_identity_department_index")
        batch.drop_index("ix_identity_author_index")
        for name in (*INDEXES, "sealed_link"):
            batch.drop_column(name)
        for name in ("report_id", "department_id"):
            batch.alter_column(name, existing_type=sa.Uuid(), nullable=False)
        for name, table in (
            ("report_id", "report"), ("department_id", "department"), ("author_id", "author"),
        ):  # fmt: skip
            batch.create_index(f"ix_identity_{name}", [name])
            batch.create_foreign_key(f"fk_identity_{name}_{table}", table, [name], ["id"])
