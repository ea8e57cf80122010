"""Compliance: cases of fatal and flagged calls with their trail, and the limits by kind.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
GROWING = ("case_versions", "case_limits")  # rows are added, never changed
KINDS = "kind IN ('fatal', 'high', 'medium', 'low')"


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("evaluation_key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("owner", sa.Text()),
        sa.Column("owner_name", sa.Text()),
        sa.Column("disposition", sa.Text()),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("done_at", INSTANT),
        sa.PrimaryKeyConstraint("number", name="pk_cases"),
        sa.UniqueConstraint("sha256", name="uq_cases_sha256"),
        sa.CheckConstraint(KINDS, name=op.f("ck_cases_kind")),
        sa.CheckConstraint("status IN ('open', 'in_hand', 'done')", name=op.f("ck_cases_status")),
        sa.CheckConstraint(
            "disposition IN ('confirmed', 'not_confirmed', 'coaching', 'remedied', 'referred')",
            name=op.f("ck_cases_disposition"),
        ),
    )
    op.create_index("ix_cases_due", "cases", ["done", "due_at", "number"])
    op.create_index("ix_cases_kind_due", "cases", ["kind", "done", "due_at", "number"])
    op.create_index("ix_cases_owner_due", "cases", ["owner", "done", "due_at", "number"])
    op.create_index("ix_cases_done_at", "cases", ["done_at", "kind"])
    op.create_table(
        "case_flags",
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("item", "number", name="pk_case_flags"),
        sa.ForeignKeyConstraint(["number"], ["cases.number"], name="fk_case_flags_number"),
    )
    op.create_index("ix_case_flags_number", "case_flags", ["number"])
    op.create_table(
        "case_versions",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text()),
        sa.Column("owner_name", sa.Text()),
        sa.Column("disposition", sa.Text()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("evaluation_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_versions"),
        sa.UniqueConstraint("number", "version", name="uq_case_versions_number_version"),
    )
    op.create_table(
        "case_limits",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_limits"),
        sa.CheckConstraint(KINDS, name=op.f("ck_case_limits_kind")),
    )
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
    # Calls that are in the queue already: it takes them up once more, and they get their cases.
    op.execute("INSERT INTO queue_pending (sha256) SELECT sha256 FROM queue WHERE fatal OR severity IS NOT NULL")


def downgrade() -> None:
    for table in ("case_limits", "case_versions", "case_flags", "cases"):
        op.drop_table(table)
