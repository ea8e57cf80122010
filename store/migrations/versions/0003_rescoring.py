"""Several forms judge one call: forms are kept, words lie apart from turns, evidence lies with its answer, indexes
find the last word of each.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

EVIDENCE = ("role", "turn", "start", "end", "quote", "detector", "why")
PAIRS = ", ".join(f"'{name}', e.\"{name}\"" for name in EVIDENCE)
GATHER = {
    "sqlite": f"SELECT json_group_array(json_object({PAIRS})) FROM "
    "(SELECT * FROM evidence WHERE answer_id = answers.id ORDER BY position) e",
    "postgresql": f"SELECT coalesce(json_agg(json_build_object({PAIRS}) ORDER BY e.position), '[]'::json) "
    "FROM evidence e WHERE e.answer_id = answers.id",
}
SCATTER = {
    "sqlite": f"""
        INSERT INTO evidence (answer_id, position, role, turn, start, "end", quote, detector, why)
        SELECT a.id, e.key, {", ".join(f"json_extract(e.value, '$.{name}')" for name in EVIDENCE)}
        FROM answers a, json_each(a.evidence) e
    """,
    "postgresql": """
        INSERT INTO evidence (answer_id, position, role, turn, start, "end", quote, detector, why)
        SELECT a.id, e.n - 1, e.v ->> 'role', (e.v ->> 'turn')::int, (e.v ->> 'start')::float, (e.v ->> 'end')::float,
        e.v ->> 'quote', e.v ->> 'detector', e.v ->> 'why'
        FROM answers a, json_array_elements(a.evidence) WITH ORDINALITY e(v, n)
    """,
}
# The long values; pglz, PostgreSQL's own choice, takes ten times as long to pack them.
LONG = {"transcripts": ("turns", "words", "measures"), "signals": ("signals",), "evaluations": ("record",)}
PACK = """
DO $$ BEGIN {} EXCEPTION WHEN feature_not_supported OR invalid_parameter_value OR syntax_error THEN NULL; END $$
"""


def upgrade() -> None:
    op.create_table(
        "rubrics",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("rubric_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_rubrics"),
    )
    op.add_column("transcripts", sa.Column("words", sa.Text()))  # early turns keep theirs inside
    dialect = op.get_bind().dialect.name
    op.add_column("answers", sa.Column("evidence", sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
    op.execute(sa.text(f"UPDATE answers SET evidence = ({GATHER[dialect].replace(':', chr(92) + ':')})"))
    op.drop_table("evidence")
    if dialect == "postgresql":
        packed = (f"ALTER TABLE {t} ALTER COLUMN {c} SET COMPRESSION lz4;" for t, cs in LONG.items() for c in cs)
        op.execute(PACK.format(" ".join(packed)))
    op.drop_index("ix_evaluations_rubric_hash", "evaluations")
    op.create_index(
        "ix_evaluations_rubric_hash_sha256_created_at_key", "evaluations", ["rubric_hash", "sha256", "created_at", "key"]
    )
    op.drop_index("ix_transcripts_sha256", "transcripts")
    op.create_index("ix_transcripts_sha256_created_at_key", "transcripts", ["sha256", "created_at", "key"])


def downgrade() -> None:
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
    op.execute(sa.text(SCATTER[op.get_bind().dialect.name].replace(":", chr(92) + ":")))
    op.drop_column("answers", "evidence")
    op.drop_index("ix_transcripts_sha256_created_at_key", "transcripts")
    op.create_index("ix_transcripts_sha256", "transcripts", ["sha256"])
    op.drop_index("ix_evaluations_rubric_hash_sha256_created_at_key", "evaluations")
    op.create_index("ix_evaluations_rubric_hash", "evaluations", ["rubric_hash"])
    op.drop_column("transcripts", "words")
    op.drop_table("rubrics")
