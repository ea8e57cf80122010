"""Work on the queue: sampling plans and draws, claims, saved views; more orders of the queue.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
GROWING = ("sample_draws", "sample_calls")  # rows are added, never changed
UNJUDGED = """
    UPDATE queue SET unjudged = coalesce((
        SELECT avg(CASE WHEN status = 'cannot_judge' THEN 1.0 ELSE 0.0 END) FROM answers
        WHERE evaluation_key = queue.evaluation_key AND status <> 'not_applicable'), 0)
"""


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for column in ("unjudged", "moment"):
        op.add_column("queue", sa.Column(column, sa.Double(), nullable=False, server_default="0"))
    op.execute(UNJUDGED)
    epoch = "CAST(strftime('%s', started_at) AS REAL)" if sqlite else "extract(epoch FROM started_at)"
    op.execute(f"UPDATE queue SET moment = coalesce({epoch}, 0)")
    op.create_index("ix_queue_moment", "queue", ["moment", "sha256"])
    op.create_index("ix_queue_rank", "queue", ["rank", "sha256"])
    op.create_index("ix_queue_unjudged", "queue", ["unjudged"])
    op.create_table(
        "sample_plans",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("filters", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("retired_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_sample_plans"),
        sa.CheckConstraint("mode IN ('random', 'targeted')", name=op.f("ck_sample_plans_mode")),
    )
    op.create_table(
        "sample_draws",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("plan_id", NUMBER, nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("filters", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("seed_given", sa.Boolean(), nullable=False),
        sa.Column("drawn_by", sa.Text(), nullable=False),
        sa.Column("drawn_by_name", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("outside", sa.Integer(), nullable=False),
        sa.Column("agents", sa.Integer(), nullable=False),
        sa.Column("new_agents", sa.JSON(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("strata", sa.JSON(), nullable=False),
        sa.Column("frame", sa.LargeBinary(), nullable=False),
        sa.Column("frame_hash", sa.Text(), nullable=False),
        sa.Column("result_hash", sa.Text(), nullable=False),
        sa.Column("audit_number", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sample_draws"),
        sa.ForeignKeyConstraint(["plan_id"], ["sample_plans.id"], name="fk_sample_draws_plan_id"),
    )
    op.create_index("ix_sample_draws_plan_id", "sample_draws", ["plan_id"])
    op.create_table(
        "sample_calls",
        sa.Column("draw_id", NUMBER, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("stratum", sa.Text(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("probability", sa.Double()),
        sa.PrimaryKeyConstraint("draw_id", "sha256", name="pk_sample_calls"),
        sa.ForeignKeyConstraint(["draw_id"], ["sample_draws.id"], name="fk_sample_calls_draw_id"),
    )
    op.create_index("ix_sample_calls_sha256", "sample_calls", ["sha256"])
    op.create_table(
        "queue_claims",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("holder_name", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("until", INSTANT),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_queue_claims"),
        sa.ForeignKeyConstraint(["number"], ["queue.number"], name="fk_queue_claims_number", ondelete="CASCADE"),
    )
    for column in ("holder", "batch"):
        op.create_index(f"ix_queue_claims_{column}", "queue_claims", [column])
    op.create_table(
        "saved_views",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("owner_name", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_views"),
        sa.UniqueConstraint("owner", "name", name="uq_saved_views_owner_name"),
    )
    for table in GROWING:
        if not sqlite:
            op.execute(
                f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION only_grows()"
            )
            continue
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
            )


def downgrade() -> None:
    for table in ("saved_views", "queue_claims", "sample_calls", "sample_draws", "sample_plans"):
        op.drop_table(table)
    for index in ("ix_queue_unjudged", "ix_queue_rank", "ix_queue_moment"):
        op.drop_index(index, "queue")
    for column in ("moment", "unjudged"):
        op.drop_column("queue", column)
