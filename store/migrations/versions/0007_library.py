"""The trainers' room: case library, coaching plans, comments on moments; an agent's calls in the order of time.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_index("ix_queue_agent_started_at", "queue", ["agent", "started_at"])
    op.create_table(
        "library_cases",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("rubric_hash", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("begins", sa.Double(), nullable=False),
        sa.Column("ends", sa.Double(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("covered", sa.JSON(), nullable=False),
        sa.Column("suggested", sa.Boolean(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("removed_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_library_cases"),
        sa.ForeignKeyConstraint(["sha256"], ["calls.sha256"], name="fk_library_cases_sha256", ondelete="CASCADE"),
        sa.CheckConstraint("kind IN ('good', 'bad')", name=op.f("ck_library_cases_kind")),
        sa.CheckConstraint("level IN ('', 'new', 'skilled', 'senior')", name=op.f("ck_library_cases_level")),
        sa.CheckConstraint("begins >= 0 AND begins < ends", name=op.f("ck_library_cases_stretch")),
    )
    op.create_index("ix_library_cases_sha256", "library_cases", ["sha256"])
    op.create_index("ix_library_cases_item_id", "library_cases", ["item", "id"])
    op.create_table(
        "library_tags",
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("case_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("tag", "case_id", name="pk_library_tags"),
        sa.ForeignKeyConstraint(["case_id"], ["library_cases.id"], name="fk_library_tags_case_id", ondelete="CASCADE"),
    )
    op.create_index("ix_library_tags_case_id", "library_tags", ["case_id"])
    op.create_table(
        "coaching_plans",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("agent_name", sa.Text()),
        sa.Column("team", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("coached_on", sa.Date()),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("acknowledged_at", INSTANT),
        sa.Column("closed_at", INSTANT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_coaching_plans"),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_coaching_plans_state")),
    )
    op.create_index("ix_coaching_plans_agent_id", "coaching_plans", ["agent", "id"])
    op.create_index("ix_coaching_plans_team_id", "coaching_plans", ["team", "id"])
    op.create_table(
        "coaching_goals",
        sa.Column("plan_id", NUMBER, nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rubric_hash", sa.Text(), nullable=False),
        sa.Column("target", sa.Double(), nullable=False),
        sa.Column("outcome", sa.JSON()),
        sa.PrimaryKeyConstraint("plan_id", "item", name="pk_coaching_goals"),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["coaching_plans.id"], name="fk_coaching_goals_plan_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "coaching_cases",
        sa.Column("plan_id", NUMBER, nullable=False),
        sa.Column("case_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "case_id", name="pk_coaching_cases"),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["coaching_plans.id"], name="fk_coaching_cases_plan_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["library_cases.id"], name="fk_coaching_cases_case_id", ondelete="CASCADE"),
    )
    op.create_index("ix_coaching_cases_case_id", "coaching_cases", ["case_id"])
    op.create_table(
        "coaching_notes",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("plan_id", NUMBER, nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_coaching_notes"),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["coaching_plans.id"], name="fk_coaching_notes_plan_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_coaching_notes_plan_id", "coaching_notes", ["plan_id"])
    op.create_table(
        "call_comments",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("second", sa.Double(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_call_comments"),
        sa.ForeignKeyConstraint(["sha256"], ["calls.sha256"], name="fk_call_comments_sha256", ondelete="CASCADE"),
    )
    op.create_index("ix_call_comments_sha256", "call_comments", ["sha256"])


def downgrade() -> None:
    for table in (
        "call_comments", "coaching_notes", "coaching_cases", "coaching_goals", "coaching_plans", "library_tags", "library_cases",
    ):
        op.drop_table(table)
    op.drop_index("ix_queue_agent_started_at", "queue")
