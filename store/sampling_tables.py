"""Tables of the desk's work on the queue: sampling plans and draws, who has taken which call, and saved views.

`sample_draws` and `sample_calls` only grow: the database refuses to change or delete what was drawn.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Number, now
from store.tables import Base

MODES = ("random", "targeted")


class PlanRow(Base):
    """A sampling plan 抽检计划. It never changes: another rule is another plan. rules: of `scoring.sampling.Rules`.

    filters: of the population, as a query string of the queue's page.
    """

    __tablename__ = "sample_plans"
    __table_args__ = (CheckConstraint(f"mode IN {MODES}", name="mode"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    name: Mapped[str]
    mode: Mapped[str]
    rules: Mapped[dict[str, Any]]
    filters: Mapped[str]
    made_by: Mapped[str]
    made_by_name: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(default=now)
    retired_at: Mapped[datetime | None]


class DrawRow(Base):
    """One draw by a plan, with all that is needed to do it again. since, until: days, both within.

    population, outside: calls that could be drawn, and those that could not because agent or time are unknown.
    strata: [{stratum, population, expected, drawn}]. frame: the population as it was, compressed
    (`scoring.sampling_frame`); frame_hash, result_hash: sha256 of it and of what was drawn; audit_number: the line of
    the audit log that has both.
    """

    __tablename__ = "sample_draws"

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    plan_id: Mapped[int] = mapped_column(Number, ForeignKey("sample_plans.id"), index=True)
    mode: Mapped[str]
    rules: Mapped[dict[str, Any]]
    filters: Mapped[str]
    since: Mapped[date] = mapped_column(Date())
    until: Mapped[date] = mapped_column(Date())
    seed: Mapped[str]
    seed_given: Mapped[bool]
    drawn_by: Mapped[str]
    drawn_by_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    population: Mapped[int]
    outside: Mapped[int]
    agents: Mapped[int]
    new_agents: Mapped[list[Any]]
    drawn: Mapped[int]
    strata: Mapped[list[Any]]
    frame: Mapped[bytes] = mapped_column(LargeBinary(), deferred=True)
    frame_hash: Mapped[str]
    result_hash: Mapped[str]
    audit_number: Mapped[int] = mapped_column(Number)


class DrawnRow(Base):
    """A call that was drawn. week: ISO, 2026-W10; probability: that the draw would take it, None where it was chosen
    by its risk and not by chance."""

    __tablename__ = "sample_calls"

    draw_id: Mapped[int] = mapped_column(Number, ForeignKey("sample_draws.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True, index=True)
    mode: Mapped[str]
    agent: Mapped[str]
    week: Mapped[str]
    stratum: Mapped[str]
    weight: Mapped[int]
    probability: Mapped[float | None]


class ClaimRow(Base):
    """Who has a call of the queue in hand. until: when a claim lapses; None where somebody assigned it.

    batch: of one assignment of many, so that it can be undone together.
    """

    __tablename__ = "queue_claims"

    number: Mapped[int] = mapped_column(
        Number, ForeignKey("queue.number", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    holder: Mapped[str] = mapped_column(index=True)
    holder_name: Mapped[str]
    given_by: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    until: Mapped[datetime | None]
    batch: Mapped[str] = mapped_column(index=True)


class ViewRow(Base):
    """A saved view of the queue: filters and order as a query string, one's own or for everybody."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("owner", "name"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    owner: Mapped[str]
    owner_name: Mapped[str]
    name: Mapped[str]
    query: Mapped[str]
    shared: Mapped[bool]
    made_at: Mapped[datetime] = mapped_column(default=now)
