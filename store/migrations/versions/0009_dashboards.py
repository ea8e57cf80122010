"""Figures of the dashboards: tallies by day, and what each call was counted as.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FACTS = ("calls", "seconds", "scored", "score", "score_squared", "passed", "fatal", "flagged")


def upgrade() -> None:
    op.create_table(
        "tallies",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("rubric_hash", "whose", "day", "team", "agent", "scenario")
        ),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in FACTS),
        sa.Column("sums", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tallies"),
        sa.CheckConstraint("whose IN ('team', 'agent')", name=op.f("ck_tallies_whose")),
    )
    op.create_index("ix_tallies_day", "tallies", ["rubric_hash", "whose", "day"])
    op.create_index("ix_tallies_team", "tallies", ["rubric_hash", "whose", "team", "day"])
    op.create_index("ix_tallies_agent", "tallies", ["rubric_hash", "whose", "agent", "day"])
    op.create_table(
        "tallied",
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("sha256", "rubric_hash", "day", "team", "agent", "scenario")
        ),
        sa.Column("counted", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_tallied"),
    )
    op.create_table(
        "tally_items",
        sa.Column("rubric_hash", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("rubric_hash", "item", name="pk_tally_items"),
    )
    op.create_table(
        "tally_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tally_state"),
    )
    # A call that leaves the queue is news too: its figures are taken away.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER tallies_gone AFTER DELETE ON queue"
            " BEGIN INSERT INTO queue_pending (sha256) VALUES (OLD.sha256); END"
        )
    else:
        op.execute(
            "CREATE FUNCTION tallies_gone() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN INSERT INTO queue_pending (sha256) VALUES (OLD.sha256); RETURN NULL; END $$"
        )
        op.execute("CREATE TRIGGER tallies_gone AFTER DELETE ON queue FOR EACH ROW EXECUTE FUNCTION tallies_gone()")
    op.execute("INSERT INTO queue_pending (sha256) SELECT sha256 FROM queue")


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("DROP TRIGGER tallies_gone" + ("" if sqlite else " ON queue"))
    if not sqlite:
        op.execute("DROP FUNCTION tallies_gone()")
    for table in ("tally_state", "tally_items", "tallied", "tallies"):
        op.drop_table(table)
