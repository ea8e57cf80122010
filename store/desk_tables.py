"""Tables of the desk: who may come in, what they did, the list of calls they work through, and their reviews.

Kept apart from `store.tables`: an inspection never needs them. `audit`, `reviews` and `review_answers` only grow; the
database itself refuses to change or delete their rows (triggers in migration 0004).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Number, now
from store.tables import Base as Base  # with these tables; for migrations
from store.tally_tables import TallyRow as TallyRow

ROLES = ("admin", "qa", "team_leader", "trainer", "compliance", "agent")
REVIEW_STATES = ("draft", "submitted")


class UserRow(Base):
    """A person who may log in. agent: their name in the calls' metadata; teams: those a team leader answers for."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint(f"role IN {ROLES}", name="role"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password: Mapped[str]
    agent: Mapped[str | None]
    teams: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime] = mapped_column(default=now)
    disabled_at: Mapped[datetime | None]


class SessionRow(Base):
    """A browser that is logged in. token: sha256 of what its cookie holds; csrf: what its forms must carry."""

    __tablename__ = "sessions"

    token: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(Number, ForeignKey("users.id"), index=True)
    csrf: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)


class LoginFailureRow(Base):
    """A password that was wrong, for slowing down whoever guesses."""

    __tablename__ = "login_failures"

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    login: Mapped[str] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(default=now)


class AuditRow(Base):
    """A line of the audit log 审计日志. hash: over this line and the hash of the one before (see `store.audit`)."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_actor", "actor", "number"), Index("ix_audit_subject", "subject", "number"))

    number: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    at: Mapped[str]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    details: Mapped[str]
    previous: Mapped[str]
    hash: Mapped[str]


class PendingRow(Base):
    """A recording with news that the queue has not taken up. Triggers write it, whoever evaluates."""

    __tablename__ = "queue_pending"

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    sha256: Mapped[str]


class QueueRow(Base):
    """A call in the queue 质检队列: of its last evaluation what lists, filters and rights need.

    urgency: see `store.queue`; rank: the score, 101 where there is none. number: of its text in the search index.
    unjudged: share of the applicable items that the machine left to a person. moment: started_at as s since 1970 of the
    same clock, 0 where it is not known.
    """

    __tablename__ = "queue"
    __table_args__ = (
        Index("ix_queue_order", "urgency", "rank", "sha256"),
        Index("ix_queue_team_order", "team", "urgency", "rank", "sha256"),
        Index("ix_queue_agent_order", "agent", "urgency", "rank", "sha256"),
        Index("ix_queue_review_order", "review", "urgency", "rank", "sha256"),
        Index("ix_queue_started_at", "started_at"),
        # How many are reviewed is told by the index alone.
        Index("ix_queue_reviewed", "review", "rubric_hash", "started_at", "team", "agent", "scenario"),
        Index("ix_queue_agent_started_at", "agent", "started_at"),
        Index("ix_queue_moment", "moment", "sha256"),
        Index("ix_queue_rank", "rank", "sha256"),
        Index("ix_queue_unjudged", "unjudged"),
        Index("ix_queue_rubric_hash", "rubric_hash"),
    )

    number: Mapped[int] = mapped_column(Number, primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("calls.sha256", ondelete="CASCADE"), unique=True)
    evaluation_key: Mapped[str] = mapped_column(ForeignKey("evaluations.key", ondelete="CASCADE"), index=True)
    call_id: Mapped[str]
    rubric_hash: Mapped[str]
    urgency: Mapped[int]
    rank: Mapped[float]
    score: Mapped[float | None]
    grade: Mapped[str | None]
    fatal: Mapped[bool]
    severity: Mapped[str | None]
    missed: Mapped[int]
    flags: Mapped[list[Any]]
    agent: Mapped[str | None]
    agent_name: Mapped[str | None]
    team: Mapped[str | None]
    scenario: Mapped[str | None]
    language: Mapped[str]
    started_at: Mapped[datetime | None] = mapped_column(DateTime())
    duration: Mapped[float]
    review: Mapped[str] = mapped_column(default="open")
    unjudged: Mapped[float] = mapped_column(default=0.0, server_default=text("0"))
    moment: Mapped[float] = mapped_column(default=0.0, server_default=text("0"))


class QueueMarkRow(Base):
    """What a call can be filtered by beside its columns: `missed:<item>`, `flag:<item>`, `drawn:<mode of a plan>`."""

    __tablename__ = "queue_marks"

    mark: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(
        Number, ForeignKey("queue.number", ondelete="CASCADE"), primary_key=True, index=True
    )


class ReviewRow(Base):
    """One version of a review 复核 of an evaluation; a later one never takes the place of an earlier.

    round: `first`, or the name of another look at the same evaluation (`second`, `calibration:1:login`).
    origin: what made this version if not a reviewer's saving: `appeal:7`.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("evaluation_key", "round", "version"),
        CheckConstraint(f"state IN {REVIEW_STATES}", name="state"),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    sha256: Mapped[str] = mapped_column(index=True)
    evaluation_key: Mapped[str]
    round: Mapped[str] = mapped_column(default="first")
    version: Mapped[int]
    state: Mapped[str]
    reviewer: Mapped[str]
    reviewer_name: Mapped[str]
    comment: Mapped[str]
    score: Mapped[float | None]
    at: Mapped[datetime] = mapped_column(default=now)
    origin: Mapped[str | None]


class ReviewAnswerRow(Base):
    """What a person answered to one item, beside what the machine had said. looked: the item itself was decided on,
    not accepted together with the rest."""

    __tablename__ = "review_answers"

    review_id: Mapped[int] = mapped_column(Number, ForeignKey("reviews.id"), primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    machine: Mapped[str]
    human: Mapped[str | None]
    looked: Mapped[bool]
    reason: Mapped[str]
