"""Tables of the dashboards' figures: what calls of a day have in common, added up; and what each call was counted as.

All of it follows from the queue, the calls and their answers, and can be made anew from them (`store.tallies`).
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Number
from store.tables import Base
from store.tally import FACTS

WHOSE = ("team", "agent")
SPANS = ("day", "week", "month")


class TallyRow(Base):
    """Calls of one span of days by one form, team and scenario; whose: of the whole team, or of one of its agents.

    Teams have figures by day, week and month, agents by day and month: a page reads as few rows as will do. cell: made
    from what the calls have in common (`store.tally.Cell.id`). day: the span's first, ISO; empty where the call's is
    not known, as are team, agent and scenario. Counts are whole numbers, so that adding and taking away is exact:
    seconds and score in tenths, squares likewise squared. sums: see `store.tally.Layout`. Rows lie in the order in
    which they were made, mostly that of the days: those of some weeks lie together.
    """

    __tablename__ = "tallies"
    __table_args__ = (
        CheckConstraint(f"whose IN {WHOSE}", name="whose"),
        CheckConstraint(f"span IN {SPANS}", name="span"),
        Index("ix_tallies_day", "rubric_hash", "whose", "span", "day"),
        Index("ix_tallies_team", "rubric_hash", "whose", "span", "team", "agent", "day"),
        Index("ix_tallies_agent", "rubric_hash", "whose", "span", "agent", "day"),
        # What agents are listed with is told by the index alone: rows are long.
        Index("ix_tallies_facts", "rubric_hash", "whose", "span", "day", "agent", "team", "scenario", *FACTS),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    cell: Mapped[int] = mapped_column(BigInteger, unique=True)
    rubric_hash: Mapped[str]
    whose: Mapped[str]
    span: Mapped[str]
    day: Mapped[str]
    team: Mapped[str]
    agent: Mapped[str]
    scenario: Mapped[str]
    calls: Mapped[int] = mapped_column(BigInteger)
    seconds: Mapped[int] = mapped_column(BigInteger)
    scored: Mapped[int] = mapped_column(BigInteger)
    score: Mapped[int] = mapped_column(BigInteger)
    score_squared: Mapped[int] = mapped_column(BigInteger)
    passed: Mapped[int] = mapped_column(BigInteger)
    fatal: Mapped[int] = mapped_column(BigInteger)
    flagged: Mapped[int] = mapped_column(BigInteger)
    sums: Mapped[bytes] = mapped_column(LargeBinary)


class TalliedRow(Base):
    """What a call was counted as, so that it can be taken away again when it is judged anew. counted: compressed."""

    __tablename__ = "tallied"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    rubric_hash: Mapped[str]
    day: Mapped[str]
    team: Mapped[str]
    agent: Mapped[str]
    scenario: Mapped[str]
    counted: Mapped[bytes] = mapped_column(LargeBinary)


class TallyItemRow(Base):
    """Where in `tallies.sums` the answers to an item of a form are counted."""

    __tablename__ = "tally_items"

    rubric_hash: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int]


class TallyStateRow(Base):
    """One row. version: one more with every change of the figures, so that what was made of them may be kept."""

    __tablename__ = "tally_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(BigInteger)
