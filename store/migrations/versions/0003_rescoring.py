"""Several forms judge one call: forms are kept, words lie apart from turns, indexes find the last word of each.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rubrics",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("rubric_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_rubrics"),
    )
    op.add_column("transcripts", sa.Column("words", sa.Text()))  # early turns keep theirs inside
    op.drop_index("ix_evaluations_rubric_hash", "evaluations")
    op.create_index(
        "ix_evaluations_rubric_hash_sha256_created_at_key", "evaluations", ["rubric_hash", "sha256", "created_at", "key"]
    )
    op.drop_index("ix_transcripts_sha256", "transcripts")
    op.create_index("ix_transcripts_sha256_created_at_key", "transcripts", ["sha256", "created_at", "key"])


def downgrade() -> None:
    op.drop_index("ix_transcripts_sha256_created_at_key", "transcripts")
    op.create_index("ix_transcripts_sha256", "transcripts", ["sha256"])
    op.drop_index("ix_evaluations_rubric_hash_sha256_created_at_key", "evaluations")
    op.create_index("ix_evaluations_rubric_hash", "evaluations", ["rubric_hash"])
    op.drop_column("transcripts", "words")
    op.drop_table("rubrics")
