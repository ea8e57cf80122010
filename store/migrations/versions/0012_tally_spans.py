"""Figures of the dashboards by week and month too; all are counted anew.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FACTS = ("calls", "seconds", "scored", "score", "score_squared", "passed", "fatal", "flagged")


def upgrade() -> None:
    _anew(
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("cell", sa.BigInteger(), nullable=False),
        sa.Column("rubric_hash", sa.Text(), nullable=False),
        sa.Column("whose", sa.Text(), nullable=False),
        sa.Column("span", sa.Text(), nullable=False),
        sa.UniqueConstraint("cell", name="uq_tallies_cell"),
        sa.CheckConstraint("span IN ('day', 'week', 'month')", name=op.f("ck_tallies_span")),
    )
    op.create_index("ix_tallies_day", "tallies", ["rubric_hash", "whose", "span", "day"])
    op.create_index("ix_tallies_team", "tallies", ["rubric_hash", "whose", "span", "team", "agent", "day"])
    op.create_index("ix_tallies_agent", "tallies", ["rubric_hash", "whose", "span", "agent", "day"])
    op.create_index(
        "ix_queue_reviewed", "queue", ["review", "rubric_hash", "started_at", "team", "agent", "scenario"]
    )


def downgrade() -> None:
    op.drop_index("ix_queue_reviewed", "queue")
    _anew(
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("rubric_hash", sa.Text(), nullable=False),
        sa.Column("whose", sa.Text(), nullable=False),
    )
    op.create_index("ix_tallies_day", "tallies", ["rubric_hash", "whose", "day"])
    op.create_index("ix_tallies_team", "tallies", ["rubric_hash", "whose", "team", "day"])
    op.create_index("ix_tallies_agent", "tallies", ["rubric_hash", "whose", "agent", "day"])


def _anew(*first: sa.schema.SchemaItem) -> None:
    """An empty table; what it held follows from the queue, whose calls are all news again."""
    op.drop_table("tallies")
    op.create_table(
        "tallies",
        *first,
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("day", "team", "agent", "scenario")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in FACTS),
        sa.Column("sums", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tallies"),
        sa.CheckConstraint("whose IN ('team', 'agent')", name=op.f("ck_tallies_whose")),
    )
    op.execute("DELETE FROM tallied")
    op.execute("INSERT INTO queue_pending (sha256) SELECT sha256 FROM queue")
