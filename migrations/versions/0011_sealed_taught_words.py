"""Seal the words that a department's coordinator taught: most are somebody's name.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.

The three steps are one here, as when the identities were sealed: a clear copy that outlives the
step would defeat it. A department teaches some dozens of words, so all rows go at once. On
PostgreSQL the old pages are only freed: run VACUUM FULL on this table afterwards.
"""

import sqlalchemy as sa
from alembic import op

from peeraudit.adapters.sealing import blind_index, seal, unseal
from peeraudit.domain.blinding.folding import fold

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

taught = sa.table(
    "taught_word",
    sa.column("id", sa.Uuid), sa.column("department_id", sa.Uuid),
    sa.column("words", sa.String), sa.column("folded", sa.String),
    sa.column("word_index", sa.String), sa.column("sealed_words", sa.LargeBinary),
)  # fmt: skip


def upgrade():
    if op.get_bind().dialect.name == "sqlite":
        # It would keep the names in free pages of its file.
        op.get_bind().exec_driver_sql("PRAGMA secure_delete=ON")
    op.add_column("taught_word", sa.Column("word_index", sa.String(64)))
    op.add_column("taught_word", sa.Column("sealed_words", sa.LargeBinary()))
    _each((taught.c.id, taught.c.department_id, taught.c.words), _sealed)
    with op.batch_alter_table("taught_word") as batch:
        batch.drop_constraint("uq_taught_word_department_id", type_="unique")
        # Named twice over by the revision that made it.
        batch.drop_constraint("ck_taught_word_folded", type_="check")
        batch.alter_column("word_index", existing_type=sa.String(64), nullable=False)
        batch.alter_column("sealed_words", existing_type=sa.LargeBinary(), nullable=False)
        batch.drop_column("words")
        batch.drop_column("folded")
        batch.create_unique_constraint(
            "uq_taught_word_department_id", ["department_id", "word_index"]
        )


def downgrade():
    op.add_column("taught_word", sa.Column("words", sa.String(200)))
    op.add_column("taught_word", sa.Column("folded", sa.String(200)))
    _each((taught.c.id, taught.c.sealed_words), _clear)
    with op.batch_alter_table("taught_word") as batch:
        batch.drop_constraint("uq_taught_word_department_id", type_="unique")
        batch.alter_column("words", existing_type=sa.String(200), nullable=False)
        batch.alter_column("folded", existing_type=sa.String(200), nullable=False)
        batch.drop_column("word_index")
        batch.drop_column("sealed_words")
        batch.create_unique_constraint("uq_taught_word_department_id", ["department_id", "folded"])
        batch.create_check_constraint("ck_taught_word_folded", "folded <> ''")


def _each(columns, change):
    connection = op.get_bind()
    for row in connection.execute(sa.select(*columns)).all():
        update = sa.update(taught).where(taught.c.id == row.id)
        connection.execute(update.values(change(row)))


def _sealed(row):
    return {
        "word_index": blind_index(f"taught_word/{row.department_id.hex}", fold(row.words)),
        "sealed_words": seal(row.words.encode(), f"taught_word/{row.id.hex}/words"),
    }


def _clear(row):
    words = unseal(row.sealed_words, f"taught_word/{row.id.hex}/words").decode()
    return {"words": words, "folded": fold(words)}
