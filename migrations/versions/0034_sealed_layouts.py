"""Seal how tables are written, and where in them items stand: sheets are called after patients.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.

As when the names of files were sealed, the three steps are one: a clear copy that outlives the
step would defeat it. On PostgreSQL the old pages are only freed: run VACUUM FULL on the tables
upload, remembered_layout and intake_item afterwards.
"""

import hashlib
import json

import sqlalchemy as sa
from alembic import op

from peeraudit.adapters.sealing import blind_index, seal, unseal
from peeraudit.domain.intake.headings import heading_key

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

BITE = 500
HIDDEN = "…"
# Places that name a line and something in it: a sheet, a column, or a field of a report.
PLACES = ('["line %(number)d, %(place)s"%', '["“%(member)s”, line %(number)d, %(place)s"%')
OWN_FIELDS = frozenset({
    "report_id", "accession", "status", "modality", "region", "exam_code", "exam_name",
    "performed", "reported", "urgency", "language", "text", "author", "patient", "clinicians",
    "identifiers", "places", "laterality", "derived",
})  # fmt: skip

upload = sa.table(
    "upload",
    sa.column("id", sa.Uuid), sa.column("sha256", sa.String), sa.column("layout", sa.Text),
    sa.column("sealed_layout", sa.LargeBinary),
)  # fmt: skip
remembered = sa.table(
    "remembered_layout",
    sa.column("id", sa.Uuid), sa.column("department_id", sa.Uuid),
    sa.column("signature", sa.String), sa.column("layout", sa.Text),
    sa.column("sealed_layout", sa.LargeBinary),
)  # fmt: skip
item = sa.table(
    "intake_item",
    sa.column("id", sa.Uuid), sa.column("upload_id", sa.Uuid), sa.column("position", sa.Integer),
    sa.column("locator", sa.String), sa.column("sealed_names", sa.LargeBinary),
)  # fmt: skip


def upgrade():
    if op.get_bind().dialect.name == "sqlite":
        # It would keep the names in free pages of its file.
        op.get_bind().exec_driver_sql("PRAGMA secure_delete=ON")
    for table in ("upload", "remembered_layout"):
        op.add_column(table, sa.Column("sealed_layout", sa.LargeBinary()))
    _each(upload, sa.select(upload).where(upload.c.layout != ""), _seal_layout)
    _each(remembered, sa.select(remembered), _seal_remembered)
    of_lines = sa.or_(*(item.c.locator.like(start) for start in PLACES))
    _each(item, _items().where(of_lines), _seal_place)
    with op.batch_alter_table("upload") as batch:
        batch.drop_column("layout")
    with op.batch_alter_table("remembered_layout") as batch:
        batch.alter_column("sealed_layout", existing_type=sa.LargeBinary(), nullable=False)
        batch.drop_column("layout")


def downgrade():
    op.add_column("upload", sa.Column("layout", sa.Text(), nullable=False, server_default=""))
    op.add_column("remembered_layout", sa.Column("layout", sa.Text()))
    _each(upload, sa.select(upload).where(upload.c.sealed_layout.is_not(None)), _open_layout)
    _each(remembered, sa.select(remembered), _open_remembered)
    _each(item, _items().where(item.c.sealed_names.is_not(None)), _open_place)
    with op.batch_alter_table("upload") as batch:
        batch.alter_column("layout", existing_type=sa.Text(), server_default=None)
        batch.drop_column("sealed_layout")
    with op.batch_alter_table("remembered_layout") as batch:
        batch.alter_column("layout", existing_type=sa.Text(), nullable=False)
        batch.drop_column("sealed_layout")


def _items():
    return sa.select(item, upload.c.sha256).join(upload, upload.c.id == item.c.upload_id)


def _each(table, wanted, change):
    connection, last = op.get_bind(), None
    rows = wanted.order_by(table.c.id).limit(BITE)
    while True:
        found = connection.execute(rows if last is None else rows.where(table.c.id > last)).all()
        for row in found:
            last = row.id
            values = change(row)
            if values:
                connection.execute(sa.update(table).where(table.c.id == row.id).values(**values))
        if len(found) < BITE:
            return


def _seal_layout(row):
    return {"sealed_layout": seal(row.layout.encode(), _of_upload(row))}


def _open_layout(row):
    return {"layout": unseal(row.sealed_layout, _of_upload(row)).decode()}


def _seal_remembered(row):
    column = f"remembered_layout/{row.department_id.hex}/signature"
    return {
        "sealed_layout": seal(row.layout.encode(), f"remembered_layout/{row.id.hex}"),
        "signature": blind_index(column, _headings(row.layout)),
    }


def _open_remembered(row):
    layout = unseal(row.sealed_layout, f"remembered_layout/{row.id.hex}").decode()
    return {
        "layout": layout,
        "signature": hashlib.sha256(_headings(layout).encode()).hexdigest(),
    }


def _headings(layout):
    """Return what stands for a layout's headings: as the code compares them that reads on."""
    headings = json.loads(layout)["headings"]
    return "\x1f".join(heading_key(heading) or heading.strip() for heading in headings)


def _seal_place(row):
    message, params = json.loads(row.locator)
    if str(params.get("place", "")) in OWN_FIELDS | {"", HIDDEN}:
        return {}
    names = _names(row) | {"place": params["place"]}
    return {
        "locator": json.dumps([message, params | {"place": HIDDEN}], ensure_ascii=False),
        "sealed_names": seal(json.dumps(names, ensure_ascii=False).encode(), _of_item(row)),
    }


def _open_place(row):
    names = _names(row)
    if "place" not in names:
        return {}
    message, params = json.loads(row.locator)
    params |= {"place": names.pop("place")}
    plain = json.dumps(names, ensure_ascii=False).encode()
    return {
        "locator": _fit([message, params]),
        "sealed_names": seal(plain, _of_item(row)) if names else None,
    }


def _fit(said):
    """Return a place as JSON that fits its column: a name that was sealed whole may be too long."""
    text = json.dumps(said, ensure_ascii=False)
    if len(text) <= 300:
        return text
    message, params = said
    return json.dumps([message, {k: str(v)[:60] for k, v in params.items()}], ensure_ascii=False)


def _names(row):
    if row.sealed_names is None:
        return {}
    return json.loads(unseal(row.sealed_names, _of_item(row)))


def _of_upload(row):
    return f"upload/{row.id.hex}/layout"


def _of_item(row):
    return f"upload/{row.sha256}/item/{row.position}"
