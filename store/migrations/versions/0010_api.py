"""The desk's API: tokens; and the audit log by person and by subject.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT),
        sa.Column("used_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_api_tokens"),
        sa.UniqueConstraint("digest", name="uq_api_tokens_digest"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_api_tokens_user_id"),
        sa.CheckConstraint("scope IN ('read', 'read+review')", name=op.f("ck_api_tokens_scope")),
    )
    op.create_index("ix_api_tokens_user_id", "api_tokens", ["user_id"])
    for column in ("actor", "subject"):
        op.create_index(f"ix_audit_{column}", "audit", [column, "number"])


def downgrade() -> None:
    for column in ("actor", "subject"):
        op.drop_index(f"ix_audit_{column}", "audit")
    op.drop_table("api_tokens")
