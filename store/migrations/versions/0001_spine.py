"""The spine: runs, calls, transcripts, signals, evaluations, answers, evidence, failures.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Written out, not imported from store: a migration must not change when the code does.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("rubric_hash", sa.Text(), nullable=False),
        sa.Column("models", sa.JSON(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sa.CheckConstraint(
            "outcome IN ('running', 'completed', 'partly_failed', 'failed', 'interrupted')", name=op.f("ck_runs_outcome")
        ),
    )
    op.create_table(
        "calls",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("duration", sa.Double(), nullable=False),
        sa.Column("metadata", sa.JSON(), nullable=False),
        sa.Column("agent", sa.Text()),
        sa.Column("team", sa.Text()),
        sa.Column("scenario", sa.Text()),
        sa.Column("direction", sa.Text()),
        sa.Column("started_at", sa.DateTime()),
        sa.Column("customer_phone", sa.Text()),
        sa.Column("csat", sa.Double()),
        sa.Column("hold_seconds", sa.Double()),
        sa.Column("transferred", sa.Boolean()),
        sa.Column("ticket_id", sa.Text()),
        sa.Column("first_seen", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_calls"),
    )
    op.create_index("ix_calls_call_id", "calls", ["call_id"])
    op.create_table(
        "transcripts",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("turns", sa.JSON(), nullable=False),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.Column("models", sa.JSON(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("seconds_spent", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_transcripts"),
        sa.ForeignKeyConstraint(["sha256"], ["calls.sha256"], name="fk_transcripts_sha256"),
    )
    op.create_index("ix_transcripts_sha256", "transcripts", ["sha256"])
    op.create_table(
        "signals",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("transcript_key", sa.Text(), nullable=False),
        sa.Column("signals", sa.JSON(), nullable=False),
        sa.Column("models", sa.JSON(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_signals"),
        sa.ForeignKeyConstraint(["transcript_key"], ["transcripts.key"], name="fk_signals_transcript_key"),
    )
    op.create_index("ix_signals_transcript_key", "signals", ["transcript_key"])
    op.create_table(
        "evaluations",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("transcript_key", sa.Text()),
        sa.Column("signals_key", sa.Text()),
        sa.Column("rubric_id", sa.Text(), nullable=False),
        sa.Column("rubric_version", sa.Text(), nullable=False),
        sa.Column("rubric_hash", sa.Text(), nullable=False),
        sa.Column("score", sa.Double()),
        sa.Column("potential", sa.Double(), nullable=False),
        sa.Column("grade", sa.Text()),
        sa.Column("fatal", sa.Boolean(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("models", sa.JSON(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_evaluations"),
        sa.ForeignKeyConstraint(["sha256"], ["calls.sha256"], name="fk_evaluations_sha256"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_evaluations_run_id"),
        sa.ForeignKeyConstraint(["transcript_key"], ["transcripts.key"], name="fk_evaluations_transcript_key"),
        sa.ForeignKeyConstraint(["signals_key"], ["signals.key"], name="fk_evaluations_signals_key"),
    )
    for column in ("sha256", "call_id", "run_id", "rubric_hash", "score"):
        op.create_index(f"ix_evaluations_{column}", "evaluations", [column])
    op.create_table(
        "answers",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("evaluation_key", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rubric_hash", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("potential", sa.Double(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answers"),
        sa.ForeignKeyConstraint(
            ["evaluation_key"], ["evaluations.key"], name="fk_answers_evaluation_key", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("evaluation_key", "position", name="uq_answers_evaluation_key_position"),
    )
    op.create_index("ix_answers_rubric_hash_item_status", "answers", ["rubric_hash", "item", "status"])
    op.create_table(
        "evidence",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("answer_id", NUMBER, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text()),
        sa.Column("turn", sa.Integer()),
        sa.Column("start", sa.Double(), nullable=False),
        sa.Column("end", sa.Double(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("detector", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name="fk_evidence_answer_id", ondelete="CASCADE"),
        sa.UniqueConstraint("answer_id", "position", name="uq_evidence_answer_id_position"),
    )
    op.create_table(
        "failures",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text()),
        sa.Column("call_id", sa.Text()),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("key", sa.Text()),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_failures"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_failures_run_id"),
    )
    op.create_index("ix_failures_run_id", "failures", ["run_id"])
    op.create_index("ix_failures_key", "failures", ["key"])


def downgrade() -> None:
    for table in ("failures", "evidence", "answers", "evaluations", "signals", "transcripts", "calls", "runs"):
        op.drop_table(table)
