"""Count what each reviewer of a campaign holds from an index alone.

Rules: one step at a time (add nullable, fill in bites, then require); each must work with the
code before it; raw SQL or local tables, never peeraudit.models; write and test the way down;
raise lock_timeout or statement_timeout here only, with the reason.
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# A decline counts them while somebody waits, and a campaign has up to 200,000 assignments.
LOADS = "ix_assignment_campaign_load"


def upgrade() -> None:
    op.create_index(LOADS, "assignment", ["campaign_id", "reviewer_id", "turn", "state"])


def downgrade() -> None:
    op.drop_index(LOADS, "assignment")
