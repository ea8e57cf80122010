"""What the desk asks most often is told by indexes alone.

Agents' figures of some weeks no longer need the rows, which are long. PostgreSQL does not count that a text to be looked
into is fetched and unpacked first, and so reads the texts of all calls where the index of words would do: a function
has it use that index.

Revision ID: 0013
Revises: 0012
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

FACTS = ("calls", "seconds", "scored", "score", "score_squared", "passed", "fatal", "flagged")


def upgrade() -> None:
    op.create_index(
        "ix_tallies_facts", "tallies", ["rubric_hash", "whose", "span", "day", "agent", "team", "scenario", *FACTS]
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION queue_said(asked tsquery, most bigint) RETURNS SETOF bigint LANGUAGE sql STABLE ROWS 5000"
            " SET enable_seqscan = off SET enable_indexscan = off"
            " AS $$ SELECT number FROM queue_search WHERE tokens @@ asked LIMIT most $$"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION queue_said(tsquery, bigint)")
    op.drop_index("ix_tallies_facts", "tallies")
