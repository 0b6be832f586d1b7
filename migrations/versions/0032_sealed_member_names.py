"""Seal the names of files inside received archives: many are called after the patient in them.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.

As when the names of whole files were sealed, filling follows adding at once: a clear copy that
outlives the step would defeat it. The code before it goes on writing names in the clear until it
is stopped. On PostgreSQL the old rows are only freed: run VACUUM FULL on the table intake_item
afterwards.
"""

import json

import sqlalchemy as sa
from alembic import op

from peeraudit.adapters.sealing import seal, unseal

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

BITE = 500
HIDDEN = "…"
# Reasons whose sentence names a file, or the sheets of a workbook, and no field of a report.
OF_FILES = ("cannot_open", "unreadable_file")
NAMING = ("name", "sheet", "known")

upload = sa.table("upload", sa.column("id", sa.Uuid), sa.column("sha256", sa.String))
item = sa.table(
    "intake_item",
    sa.column("id", sa.Uuid), sa.column("upload_id", sa.Uuid), sa.column("position", sa.Integer),
    sa.column("locator", sa.String), sa.column("reason_code", sa.String),
    sa.column("reason_params", sa.String), sa.column("sealed_names", sa.LargeBinary),
)  # fmt: skip


def upgrade():
    if op.get_bind().dialect.name == "sqlite":
        # It would keep the names in free pages of its file.
        op.get_bind().exec_driver_sql("PRAGMA secure_delete=ON")
    op.add_column("intake_item", sa.Column("sealed_names", sa.LargeBinary()))
    named = item.c.locator.like('%"member": "%') | item.c.reason_code.in_(OF_FILES)
    _each(named, _seal)


def downgrade():
    _each(item.c.sealed_names.is_not(None), _open)
    op.drop_column("intake_item", "sealed_names")


def _each(wanted, change):
    connection, last = op.get_bind(), None
    rows = (
        sa.select(item, upload.c.sha256)
        .join(upload, upload.c.id == item.c.upload_id)
        .where(wanted)
        .order_by(item.c.id)
        .limit(BITE)
    )
    while True:
        found = connection.execute(rows if last is None else rows.where(item.c.id > last)).all()
        for row in found:
            last = row.id
            values = change(row)
            if values:
                connection.execute(sa.update(item).where(item.c.id == row.id).values(**values))
        if len(found) < BITE:
            return


def _seal(row):
    (message, place), params = json.loads(row.locator), json.loads(row.reason_params)
    names = {"member": place["member"]} if "member" in place else {}
    if row.reason_code in OF_FILES:
        names |= {key: str(params[key]) for key in NAMING if key in params}
    if not names:
        return {}
    place |= {"member": HIDDEN} if "member" in names else {}
    params |= {key: HIDDEN for key in NAMING if key in names}
    plain = json.dumps(names, ensure_ascii=False).encode()
    return {
        "locator": json.dumps([message, place], ensure_ascii=False),
        "reason_params": json.dumps(params, ensure_ascii=False),
        "sealed_names": seal(plain, _place(row)),
    }


def _open(row):
    (message, place), params = json.loads(row.locator), json.loads(row.reason_params)
    names = json.loads(unseal(row.sealed_names, _place(row)))
    place |= {"member": names["member"]} if "member" in names else {}
    params |= {key: names[key] for key in NAMING if key in names}
    return {"locator": _fit([message, place], 300, 60), "reason_params": _fit(params, 500, 80)}


def _fit(said, most, each):
    """Return JSON that fits its column: names that were sealed whole may be too long for it."""
    text = json.dumps(said, ensure_ascii=False)
    if len(text) <= most:
        return text
    params = said[-1] if isinstance(said, list) else said
    for key, value in params.items():
        params[key] = str(value)[:each]
    return json.dumps(said, ensure_ascii=False)


def _place(row):
    return f"upload/{row.sha256}/item/{row.position}"
