"""Second reviews, calibration sessions, appeals; where a version of a review comes from.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
GROWING = ("second_rules", "appeal_items", "appeal_steps", "appeal_words")  # rows are added, never changed


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def upgrade() -> None:
    op.add_column("reviews", sa.Column("origin", sa.Text()))
    op.create_index("ix_queue_rubric_hash", "queue", ["rubric_hash"])
    op.create_table(
        "second_rules",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        *_text("seed", "by"),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_second_rules"),
    )
    op.create_table(
        "second_looks",
        sa.Column("id", NUMBER, nullable=False),
        *_text("sha256", "evaluation_key", "call_id"),
        sa.Column("asked_by", sa.Text()),
        sa.Column("rule_id", NUMBER),
        sa.Column("drawn", sa.Double()),
        *_text("state"),
        sa.Column("reviewer", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("done_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_second_looks"),
        sa.UniqueConstraint("evaluation_key", name="uq_second_looks_evaluation_key"),
        sa.ForeignKeyConstraint(["rule_id"], ["second_rules.id"], name="fk_second_looks_rule_id"),
        sa.CheckConstraint("state IN ('open', 'done', 'withdrawn')", name=op.f("ck_second_looks_state")),
    )
    op.create_index("ix_second_looks_state", "second_looks", ["state", "id"])
    op.create_table(
        "seen_reviews",
        *_text("evaluation_key", "login"),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("evaluation_key", "login", name="pk_seen_reviews"),
    )
    _calibrations()
    _appeals()
    for table in GROWING:
        if op.get_bind().dialect.name == "sqlite":
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table}"
                    f" BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
                )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION only_grows()"
            )


def _calibrations() -> None:
    op.create_table(
        "calibrations",
        sa.Column("id", NUMBER, nullable=False),
        *_text("name", "expert", "made_by"),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("closed_by", sa.Text()),
        sa.Column("closed_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_calibrations"),
    )
    op.create_table(
        "calibration_calls",
        sa.Column("calibration_id", NUMBER, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        *_text("sha256", "evaluation_key", "call_id", "rubric_hash"),
        sa.PrimaryKeyConstraint("calibration_id", "place", name="pk_calibration_calls"),
        sa.ForeignKeyConstraint(
            ["calibration_id"], ["calibrations.id"], name="fk_calibration_calls_calibration_id"
        ),
    )
    op.create_index("ix_calibration_calls_evaluation_key", "calibration_calls", ["evaluation_key"])
    op.create_table(
        "calibration_people",
        sa.Column("calibration_id", NUMBER, nullable=False),
        *_text("login", "name"),
        sa.PrimaryKeyConstraint("calibration_id", "login", name="pk_calibration_people"),
        sa.ForeignKeyConstraint(
            ["calibration_id"], ["calibrations.id"], name="fk_calibration_people_calibration_id"
        ),
    )
    op.create_index("ix_calibration_people_login", "calibration_people", ["login"])


def _appeals() -> None:
    op.create_table(
        "appeals",
        sa.Column("id", NUMBER, nullable=False),
        *_text("sha256", "evaluation_key", "call_id", "agent"),
        sa.Column("team", sa.Text()),
        sa.Column("against", sa.Integer(), nullable=False),
        sa.Column("reviewer", sa.Text()),
        *_text("state"),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_appeals"),
        sa.CheckConstraint("state IN ('filed', 'decided', 'escalated', 'closed')", name=op.f("ck_appeals_state")),
    )
    op.create_index("ix_appeals_sha256", "appeals", ["sha256"])
    op.create_index("ix_appeals_state", "appeals", ["state", "due_at"])
    op.create_index("ix_appeals_agent", "appeals", ["agent", "id"])
    op.create_table(
        "appeal_items",
        sa.Column("appeal_id", NUMBER, nullable=False),
        *_text("item", "evaluation_key", "answer"),
        sa.PrimaryKeyConstraint("appeal_id", "item", name="pk_appeal_items"),
        sa.UniqueConstraint("evaluation_key", "item", name="uq_appeal_items_evaluation_key_item"),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name="fk_appeal_items_appeal_id"),
    )
    op.create_table(
        "appeal_steps",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("appeal_id", NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *_text("kind", "by", "by_name", "comment"),
        sa.Column("review_version", sa.Integer()),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_appeal_steps"),
        sa.UniqueConstraint("appeal_id", "number", name="uq_appeal_steps_appeal_id_number"),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name="fk_appeal_steps_appeal_id"),
        sa.CheckConstraint(
            "kind IN ('filed', 'decided', 'escalated', 'judged')", name=op.f("ck_appeal_steps_kind")
        ),
    )
    op.create_table(
        "appeal_words",
        sa.Column("step_id", NUMBER, nullable=False),
        *_text("item"),
        sa.Column("answer", sa.Text()),
        *_text("reason"),
        sa.PrimaryKeyConstraint("step_id", "item", name="pk_appeal_words"),
        sa.ForeignKeyConstraint(["step_id"], ["appeal_steps.id"], name="fk_appeal_words_step_id"),
    )


def downgrade() -> None:
    for table in (
        "appeal_words", "appeal_steps", "appeal_items", "appeals", "calibration_people", "calibration_calls",
        "calibrations", "seen_reviews", "second_looks", "second_rules",
    ):  # fmt: skip
        op.drop_table(table)
    op.drop_index("ix_queue_rubric_hash", "queue")
    op.drop_column("reviews", "origin")
