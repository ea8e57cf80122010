"""Which evaluation of a call holds is told apart from when it was made: a run may give an earlier one again.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_evaluations_rubric_hash_sha256_created_at_key", "evaluations")
    at = sa.DateTime(timezone=True)
    op.add_column("evaluations", sa.Column("held_at", at, nullable=False, server_default="1970-01-01 00:00:00+00:00"))
    op.execute("UPDATE evaluations SET held_at = created_at")
    op.create_index(
        "ix_evaluations_rubric_hash_sha256_held_at_key", "evaluations", ["rubric_hash", "sha256", "held_at", "key"]
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER queue_held AFTER UPDATE OF held_at ON evaluations"
            " BEGIN INSERT INTO queue_pending (sha256) VALUES (NEW.sha256); END"
        )
    else:
        op.execute(
            "CREATE TRIGGER queue_held AFTER UPDATE OF held_at ON evaluations"
            " FOR EACH ROW EXECUTE FUNCTION queue_news()"
        )


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("DROP TRIGGER queue_held" + ("" if sqlite else " ON evaluations"))
    op.drop_index("ix_evaluations_rubric_hash_sha256_held_at_key", "evaluations")
    op.drop_column("evaluations", "held_at")
    op.create_index(
        "ix_evaluations_rubric_hash_sha256_created_at_key", "evaluations",
        ["rubric_hash", "sha256", "created_at", "key"],
    )
