"""Seal the names of received files: many are called after the patient in them.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.

The three steps are one here, as when the identities were sealed: a clear copy that outlives the
step would defeat it. On PostgreSQL the old pages are only freed: run VACUUM FULL on the tables
upload and job afterwards.
"""

import json

import sqlalchemy as sa
from alembic import op

from peeraudit.adapters.sealing import seal, unseal

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

BITE = 500
HIDDEN = "…"

upload = sa.table(
    "upload",
    sa.column("id", sa.Uuid), sa.column("job_id", sa.Uuid),
    sa.column("file_name", sa.String), sa.column("sealed_names", sa.LargeBinary),
)  # fmt: skip
job = sa.table("job", sa.column("id", sa.Uuid), sa.column("result", sa.Text))


def upgrade():
    if op.get_bind().dialect.name == "sqlite":
        # It would keep the names in free pages of its file.
        op.get_bind().exec_driver_sql("PRAGMA secure_delete=ON")
    op.add_column("upload", sa.Column("sealed_names", sa.LargeBinary()))
    _each(_seal)
    with op.batch_alter_table("upload") as batch:
        batch.alter_column("sealed_names", existing_type=sa.LargeBinary(), nullable=False)
        batch.drop_column("file_name")


def downgrade():
    op.add_column("upload", sa.Column("file_name", sa.String(255)))
    _each(_open)
    with op.batch_alter_table("upload") as batch:
        batch.alter_column("file_name", existing_type=sa.String(255), nullable=False)
        batch.drop_column("sealed_names")


def _each(change):
    connection, last = op.get_bind(), None
    wanted = (
        sa.select(upload, job.c.result)
        .outerjoin(job, job.c.id == upload.c.job_id)
        .order_by(upload.c.id)
        .limit(BITE)
    )
    while True:
        rows = connection.execute(wanted if last is None else wanted.where(upload.c.id > last))
        found = rows.all()
        for row in found:
            last = row.id
            change(connection, row)
        if len(found) < BITE:
            return


def _seal(connection, row):
    result = json.loads(row.result or "{}")
    told = result.get("error_params", {}).get("name", "")
    plain = json.dumps([row.file_name, told], ensure_ascii=False).encode()
    sealed = seal(plain, _place(row.id))
    connection.execute(sa.update(upload).where(upload.c.id == row.id).values(sealed_names=sealed))
    if told:
        _tell(connection, row.job_id, result, HIDDEN)


def _open(connection, row):
    name, told = json.loads(unseal(row.sealed_names, _place(row.id)))
    connection.execute(sa.update(upload).where(upload.c.id == row.id).values(file_name=name))
    if told:
        _tell(connection, row.job_id, json.loads(row.result), told)


def _tell(connection, job_id, result, name):
    result["error_params"]["name"] = name
    text = json.dumps(result)
    connection.execute(sa.update(job).where(job.c.id == job_id).values(result=text))


def _place(upload_id):
    return f"upload/{upload_id.hex}/names"
