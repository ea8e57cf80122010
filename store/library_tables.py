"""Tables of the trainers' room: the case library 案例库, coaching plans 辅导计划 and comments on moments of calls.

Cases and comments go when their call goes. What was said in a case is kept masked, as pages show it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Number, now
from store.tables import Base

KINDS = ("good", "bad")
LEVELS = ("", "new", "skilled", "senior")
PLAN_STATES = ("open", "closed")


class LibraryCaseRow(Base):
    """A stretch of a call worth hearing again. begins, ends: s; item: of the form, empty for none.

    level: the agent's when it was added, as who added it knew; said: turns of the stretch, masked, as [role, s, text];
    covered: stretches, s, in which a number is spoken; version: counts changes, for who edits at the same time.
    """

    __tablename__ = "library_cases"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"level IN {LEVELS}", name="level"),
        CheckConstraint("begins >= 0 AND begins < ends", name="stretch"),
        Index(None, "item", "id"),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("calls.sha256", ondelete="CASCADE"), index=True)
    rubric_hash: Mapped[str]
    item: Mapped[str]
    kind: Mapped[str]
    begins: Mapped[float]
    ends: Mapped[float]
    comment: Mapped[str]
    level: Mapped[str]
    said: Mapped[list[Any]]
    covered: Mapped[list[Any]]
    suggested: Mapped[bool]
    author: Mapped[str]
    author_name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column(default=1)
    removed_at: Mapped[datetime | None]


class LibraryTagRow(Base):
    """A tag of a case. A tag is also a playlist: what bears it is heard, shared and exported together."""

    __tablename__ = "library_tags"

    tag: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(
        Number, ForeignKey("library_cases.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class PlanRow(Base):
    """A coaching plan of an agent. coached_on: the day of the talk; due: until when the goals are to be reached."""

    __tablename__ = "coaching_plans"
    __table_args__ = (
        CheckConstraint(f"state IN {PLAN_STATES}", name="state"),
        Index(None, "agent", "id"),
        Index(None, "team", "id"),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    agent: Mapped[str]
    agent_name: Mapped[str | None]
    team: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="open")
    coached_on: Mapped[date | None] = mapped_column(Date())
    due: Mapped[date] = mapped_column(Date())
    author: Mapped[str]
    author_name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    acknowledged_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class GoalRow(Base):
    """What a plan wants of an item. target: share of met, 0..1; outcome: what was found when the plan was closed."""

    __tablename__ = "coaching_goals"

    plan_id: Mapped[int] = mapped_column(Number, ForeignKey("coaching_plans.id", ondelete="CASCADE"), primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    rubric_hash: Mapped[str]
    target: Mapped[float]
    outcome: Mapped[dict[str, Any] | None]


class PlanCaseRow(Base):
    """A case that a plan works with."""

    __tablename__ = "coaching_cases"

    plan_id: Mapped[int] = mapped_column(Number, ForeignKey("coaching_plans.id", ondelete="CASCADE"), primary_key=True)
    case_id: Mapped[int] = mapped_column(
        Number, ForeignKey("library_cases.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class PlanNoteRow(Base):
    """A note to a plan. shared: the agent reads it too."""

    __tablename__ = "coaching_notes"

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    plan_id: Mapped[int] = mapped_column(Number, ForeignKey("coaching_plans.id", ondelete="CASCADE"), index=True)
    author: Mapped[str]
    author_name: Mapped[str]
    text: Mapped[str]
    shared: Mapped[bool]
    at: Mapped[datetime] = mapped_column(default=now)


class CallCommentRow(Base):
    """A comment on a moment of a call. second: of the recording; shared: the agent reads it too."""

    __tablename__ = "call_comments"

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("calls.sha256", ondelete="CASCADE"), index=True)
    second: Mapped[float]
    author: Mapped[str]
    author_name: Mapped[str]
    text: Mapped[str]
    shared: Mapped[bool]
    written_at: Mapped[datetime] = mapped_column(default=now)
    withdrawn_at: Mapped[datetime | None]
