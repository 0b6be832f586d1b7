"""Keep which notices a person does not want by e-mail.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "muted_mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_muted_mail_account_id_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_muted_mail"),
        sa.UniqueConstraint("account_id", "kind", name="uq_muted_mail_account_id"),
    )


def downgrade() -> None:
    op.drop_table("muted_mail")
