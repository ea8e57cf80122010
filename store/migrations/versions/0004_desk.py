"""The desk: users, sessions, audit log, queue with its search index, reviews.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
GROWING = ("audit", "reviews", "review_answers")  # rows are added, never changed


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text()),
        sa.Column("teams", sa.JSON(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("disabled_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("login", name="uq_users_login"),
        sa.CheckConstraint(
            "role IN ('admin', 'qa', 'team_leader', 'trainer', 'compliance', 'agent')", name=op.f("ck_users_role")
        ),
    )
    op.create_table(
        "sessions",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("csrf", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_sessions"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sessions_user_id"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "login_failures",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_login_failures"),
    )
    op.create_index("ix_login_failures_login", "login_failures", ["login"])
    op.create_index("ix_login_failures_address", "login_failures", ["address"])
    op.create_table(
        "audit",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("at", "actor", "action", "subject", "details", "previous", "hash")
        ),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
    )
    op.create_table(
        "queue_pending",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_queue_pending"),
    )
    op.create_table(
        "queue",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("evaluation_key", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("rubric_hash", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Double(), nullable=False),
        sa.Column("score", sa.Double()),
        sa.Column("grade", sa.Text()),
        sa.Column("fatal", sa.Boolean(), nullable=False),
        sa.Column("severity", sa.Text()),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("agent", sa.Text()),
        sa.Column("agent_name", sa.Text()),
        sa.Column("team", sa.Text()),
        sa.Column("scenario", sa.Text()),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime()),
        sa.Column("duration", sa.Double(), nullable=False),
        sa.Column("review", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_queue"),
        sa.UniqueConstraint("sha256", name="uq_queue_sha256"),
        sa.ForeignKeyConstraint(["sha256"], ["calls.sha256"], name="fk_queue_sha256", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["evaluation_key"], ["evaluations.key"], name="fk_queue_evaluation_key", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_queue_evaluation_key", "queue", ["evaluation_key"])
    op.create_index("ix_queue_order", "queue", ["urgency", "rank", "sha256"])
    for column in ("team", "agent", "review"):
        op.create_index(f"ix_queue_{column}_order", "queue", [column, "urgency", "rank", "sha256"])
    op.create_index("ix_queue_started_at", "queue", ["started_at"])
    op.create_table(
        "queue_marks",
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("mark", "number", name="pk_queue_marks"),
        sa.ForeignKeyConstraint(["number"], ["queue.number"], name="fk_queue_marks_number", ondelete="CASCADE"),
    )
    op.create_index("ix_queue_marks_number", "queue_marks", ["number"])
    op.create_table(
        "reviews",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("evaluation_key", sa.Text(), nullable=False),
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("reviewer_name", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("score", sa.Double()),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
        sa.UniqueConstraint("evaluation_key", "round", "version", name="uq_reviews_evaluation_key_round_version"),
        sa.CheckConstraint("state IN ('draft', 'submitted')", name=op.f("ck_reviews_state")),
    )
    op.create_index("ix_reviews_sha256", "reviews", ["sha256"])
    op.create_table(
        "review_answers",
        sa.Column("review_id", NUMBER, nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("human", sa.Text()),
        sa.Column("looked", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("review_id", "item", name="pk_review_answers"),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name="fk_review_answers_review_id"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()
    op.execute("INSERT INTO queue_pending (sha256) SELECT DISTINCT sha256 FROM evaluations")


def _sqlite() -> None:
    op.execute("CREATE VIRTUAL TABLE queue_search USING fts5(tokens, tokenize = \"unicode61 remove_diacritics 0\")")
    op.execute(
        "CREATE TRIGGER queue_news AFTER INSERT ON evaluations"
        " BEGIN INSERT INTO queue_pending (sha256) VALUES (NEW.sha256); END"
    )
    op.execute(
        "CREATE TRIGGER queue_known AFTER UPDATE ON calls WHEN NEW.metadata IS NOT OLD.metadata"
        " OR NEW.call_id IS NOT OLD.call_id BEGIN INSERT INTO queue_pending (sha256) VALUES (NEW.sha256); END"
    )
    op.execute(
        "CREATE TRIGGER queue_gone AFTER DELETE ON queue BEGIN DELETE FROM queue_search WHERE rowid = OLD.number; END"
    )
    for table in GROWING:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
            )


def _postgresql() -> None:
    op.execute("CREATE TABLE queue_search (number BIGINT PRIMARY KEY, tokens TSVECTOR NOT NULL)")
    op.execute("CREATE INDEX ix_queue_search_tokens ON queue_search USING GIN (tokens)")
    op.execute(
        "CREATE FUNCTION queue_news() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN INSERT INTO queue_pending (sha256) VALUES (NEW.sha256); RETURN NULL; END $$"
    )
    op.execute("CREATE TRIGGER queue_news AFTER INSERT ON evaluations FOR EACH ROW EXECUTE FUNCTION queue_news()")
    op.execute(
        "CREATE TRIGGER queue_known AFTER UPDATE ON calls FOR EACH ROW"
        " WHEN (NEW.metadata::text IS DISTINCT FROM OLD.metadata::text OR NEW.call_id <> OLD.call_id)"
        " EXECUTE FUNCTION queue_news()"
    )
    op.execute(
        "CREATE FUNCTION queue_gone() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN DELETE FROM queue_search WHERE number = OLD.number; RETURN NULL; END $$"
    )
    op.execute("CREATE TRIGGER queue_gone AFTER DELETE ON queue FOR EACH ROW EXECUTE FUNCTION queue_gone()")
    op.execute(
        "CREATE FUNCTION only_grows() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME; END $$"
    )
    for table in GROWING:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION only_grows()"
        )


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("DROP TRIGGER queue_news" + ("" if sqlite else " ON evaluations"))
    op.execute("DROP TRIGGER queue_known" + ("" if sqlite else " ON calls"))
    for table in ("review_answers", "reviews", "queue_marks", "queue", "queue_search", "queue_pending", "audit"):
        op.drop_table(table)
    for table in ("login_failures", "sessions", "users"):
        op.drop_table(table)
    if not sqlite:
        for function in ("queue_news", "queue_gone", "only_grows"):
            op.execute(f"DROP FUNCTION {function}()")
