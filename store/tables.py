"""The ledger's tables. Change one here and write a migration for it: a test compares the two.

Keys are content addresses given by the caller (sha256 of audio, settings, weights, rubric hash). Models are
name -> sha256 of the weights. Every evaluation carries rubric hash, models and settings; its answers and evidence
hang below it, transcripts and signals carry the models and settings that made them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, DateTime, ForeignKey, Index, MetaData, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from store.columns import Instant, Number, Plain, now

OUTCOMES = ("running", "completed", "partly_failed", "failed", "interrupted")


class Base(DeclarativeBase):
    """Base of all tables; constraints are named so that migrations can change them."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a plain class attribute
        str: Plain(),
        datetime: Instant(),
        dict[str, Any]: JSON(none_as_null=True),
        list[Any]: JSON(none_as_null=True),
    }


class RunRow(Base):
    """One start of the inspection. outcome: one of OUTCOMES; a killed run stays `running` until somebody marks it."""

    __tablename__ = "runs"
    __table_args__ = (CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(default="running")
    rubric_hash: Mapped[str]
    models: Mapped[dict[str, Any]]
    settings: Mapped[dict[str, Any]]
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)


class RubricRow(Base):
    """A form 评分表 that judged calls of this ledger, whole: files change, what judged is kept."""

    __tablename__ = "rubrics"

    hash: Mapped[str] = mapped_column(primary_key=True)
    rubric_id: Mapped[str]
    version: Mapped[str]
    form: Mapped[dict[str, Any]]
    first_seen: Mapped[datetime] = mapped_column(default=now)


class CallRow(Base):
    """A recording 录音 and what is known of it. path: where it was last given. duration, hold_seconds: s.

    started_at is the contact centre's wall clock, for reports by day and hour; `metadata` has it with its zone.
    """

    __tablename__ = "calls"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(index=True)
    path: Mapped[str]
    duration: Mapped[float]
    # The attribute cannot be called `metadata`: that is the declarative base's own.
    known: Mapped[dict[str, Any]] = mapped_column("metadata")
    agent: Mapped[str | None]
    team: Mapped[str | None]
    scenario: Mapped[str | None]
    direction: Mapped[str | None]
    started_at: Mapped[datetime | None] = mapped_column(DateTime())
    customer_phone: Mapped[str | None]
    csat: Mapped[float | None]
    hold_seconds: Mapped[float | None]
    transferred: Mapped[bool | None]
    ticket_id: Mapped[str | None]
    first_seen: Mapped[datetime] = mapped_column(default=now)


class TranscriptRow(Base):
    """Turns with words, and measures, of one recording by one set of models. seconds_spent: s of work.

    words: those of each turn on a line (store.codec.words_to_text); NULL in early ledgers, whose turns hold them.
    """

    __tablename__ = "transcripts"
    # Which is the last of a recording is told by the index alone: rows are long.
    __table_args__ = (Index(None, "sha256", "created_at", "key"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("calls.sha256"))
    language: Mapped[str]
    turns: Mapped[list[Any]]
    words: Mapped[str | None]
    measures: Mapped[dict[str, Any]]
    models: Mapped[dict[str, Any]]
    settings: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now)
    seconds_spent: Mapped[float]


class SignalsRow(Base):
    """Signals of one transcript by one set of models."""

    __tablename__ = "signals"

    key: Mapped[str] = mapped_column(primary_key=True)
    transcript_key: Mapped[str] = mapped_column(ForeignKey("transcripts.key"), index=True)
    signals: Mapped[list[Any]]
    models: Mapped[dict[str, Any]]
    settings: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now)


class EvaluationRow(Base):
    """An evaluation 质检结果. `key` is the work key; `record` is the line of evaluations.jsonl as it was then.

    Turns and measures are in the record only where no transcript is kept (and in early ledgers): a call that is judged
    by ten forms would have them ten times. A call has one evaluation for each combination of rubric, models, settings
    and metadata; under a rubric, the one that a run gave last is its word, whether it was made then or before
    (`held_at`).
    """

    __tablename__ = "evaluations"
    # The last evaluation of every call under a rubric is found by the index alone.
    __table_args__ = (Index(None, "rubric_hash", "sha256", "held_at", "key"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("calls.sha256"), index=True)
    call_id: Mapped[str] = mapped_column(index=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id"), index=True)
    transcript_key: Mapped[str | None] = mapped_column(ForeignKey("transcripts.key"))
    signals_key: Mapped[str | None] = mapped_column(ForeignKey("signals.key"))
    rubric_id: Mapped[str]
    rubric_version: Mapped[str]
    rubric_hash: Mapped[str]
    score: Mapped[float | None] = mapped_column(index=True)
    potential: Mapped[float]
    grade: Mapped[str | None]
    fatal: Mapped[bool]
    record: Mapped[dict[str, Any]]
    models: Mapped[dict[str, Any]]
    settings: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now)
    held_at: Mapped[datetime] = mapped_column(default=now)


class AnswerRow(Base):
    """The answer to one item, at `position` of the form.

    evidence 证据: stretches of the recording that show it, each with role, turn (index; null where nobody spoke), start
    and end (s, to 1 ms), quote, detector and why. In one value: as rows they were most of what re-scoring wrote.
    """

    __tablename__ = "answers"
    __table_args__ = (
        UniqueConstraint("evaluation_key", "position"),
        Index(None, "rubric_hash", "item", "status"),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    evaluation_key: Mapped[str] = mapped_column(ForeignKey("evaluations.key", ondelete="CASCADE"))
    position: Mapped[int]
    rubric_hash: Mapped[str]
    item: Mapped[str]
    section: Mapped[str]
    status: Mapped[str]
    points: Mapped[float]
    potential: Mapped[float]
    confidence: Mapped[float]
    why: Mapped[str]
    evidence: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))


class FailureRow(Base):
    """An input that could not be evaluated, at which stage, why, and what a person can do. key: its work key.

    closed_at: when a later word on the same file or the same audio, under the same rubric, took its place.
    """

    __tablename__ = "failures"

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id"), index=True)
    path: Mapped[str] = mapped_column(index=True)
    sha256: Mapped[str | None] = mapped_column(index=True)
    call_id: Mapped[str | None]
    stage: Mapped[str]
    reason: Mapped[str]
    remedy: Mapped[str]
    key: Mapped[str | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    closed_at: Mapped[datetime | None]
