"""Failures are closed by a later word on the same recording.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# What earlier versions left open: a later failure, or a later evaluation, of the same file or audio under one rubric.
SUPERSEDED = """
UPDATE failures SET closed_at = CURRENT_TIMESTAMP
WHERE EXISTS (
    SELECT 1 FROM failures later
    JOIN runs ON runs.id = failures.run_id
    JOIN runs later_runs ON later_runs.id = later.run_id AND later_runs.rubric_hash = runs.rubric_hash
    WHERE later.id > failures.id AND (later.path = failures.path OR later.sha256 = failures.sha256)
) OR EXISTS (
    SELECT 1 FROM evaluations
    JOIN calls ON calls.sha256 = evaluations.sha256
    JOIN runs ON runs.id = failures.run_id AND runs.rubric_hash = evaluations.rubric_hash
    WHERE evaluations.created_at > failures.created_at
    AND (calls.path = failures.path OR calls.sha256 = failures.sha256)
)
"""


def upgrade() -> None:
    op.add_column("failures", sa.Column("closed_at", sa.DateTime(timezone=True)))
    op.create_index("ix_failures_path", "failures", ["path"])
    op.create_index("ix_failures_sha256", "failures", ["sha256"])
    op.execute(SUPERSEDED)


def downgrade() -> None:
    op.drop_index("ix_failures_sha256", "failures")
    op.drop_index("ix_failures_path", "failures")
    op.drop_column("failures", "closed_at")
