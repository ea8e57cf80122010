"""Tables of further looks at a review: second reviews, calibration sessions, appeals.

What people answered lies in `reviews`, each look a round of its own; here is who looks, why, and what was decided.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Number, now
from store.desk_tables import Base

LOOK_STATES = ("open", "done", "withdrawn")
APPEAL_STATES = ("filed", "decided", "escalated", "closed")
STEPS = ("filed", "decided", "escalated", "judged")


class SecondRuleRow(Base):
    """A sampling rule of second reviews; the newest holds. share: of first submissions, 0..1; seed: of the draw."""

    __tablename__ = "second_rules"

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    share: Mapped[float]
    seed: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)


class SecondLookRow(Base):
    """A second review 二次复核 of an evaluation, asked for by a person or drawn.

    drawn: the number that fell below the rule's share, None where a person asked. reviewer: who took it.
    """

    __tablename__ = "second_looks"
    __table_args__ = (
        CheckConstraint(f"state IN {LOOK_STATES}", name="state"),
        Index("ix_second_looks_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    sha256: Mapped[str]
    evaluation_key: Mapped[str] = mapped_column(unique=True)
    call_id: Mapped[str]
    asked_by: Mapped[str | None]
    rule_id: Mapped[int | None] = mapped_column(Number, ForeignKey("second_rules.id"))
    drawn: Mapped[float | None]
    state: Mapped[str] = mapped_column(default="open")
    reviewer: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime] = mapped_column(default=now)
    done_at: Mapped[datetime | None]


class SeenReviewRow(Base):
    """Who was shown somebody else's review of an evaluation: they cannot be the second reviewer any more."""

    __tablename__ = "seen_reviews"

    evaluation_key: Mapped[str] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)


class CalibrationRow(Base):
    """A calibration session 校准. expert: the login whose answers the others are compared with."""

    __tablename__ = "calibrations"

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    name: Mapped[str]
    expert: Mapped[str]
    made_by: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    closed_by: Mapped[str | None]
    closed_at: Mapped[datetime | None]


class CalibrationCallRow(Base):
    """A call of a session, by the evaluation that held when the session was made."""

    __tablename__ = "calibration_calls"

    calibration_id: Mapped[int] = mapped_column(Number, ForeignKey("calibrations.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    evaluation_key: Mapped[str] = mapped_column(index=True)
    call_id: Mapped[str]
    rubric_hash: Mapped[str]


class CalibrationPersonRow(Base):
    """Who takes part in a session, the expert too."""

    __tablename__ = "calibration_people"

    calibration_id: Mapped[int] = mapped_column(Number, ForeignKey("calibrations.id"), primary_key=True)
    login: Mapped[str] = mapped_column(primary_key=True, index=True)
    name: Mapped[str]


class AppealRow(Base):
    """An appeal 申诉 of an agent. against: the review's version, 0: the machine's evaluation; reviewer: who made it.

    due_at: when the state's next step must be taken by: the leader's decision, the agent's escalation, the judgement.
    """

    __tablename__ = "appeals"
    __table_args__ = (
        CheckConstraint(f"state IN {APPEAL_STATES}", name="state"),
        Index("ix_appeals_state", "state", "due_at"),
        Index("ix_appeals_agent", "agent", "id"),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    sha256: Mapped[str] = mapped_column(index=True)
    evaluation_key: Mapped[str]
    call_id: Mapped[str]
    agent: Mapped[str]
    team: Mapped[str | None]
    against: Mapped[int]
    reviewer: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="filed")
    due_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class AppealItemRow(Base):
    """An item that is appealed against: once per evaluation and no more. answer: that stood."""

    __tablename__ = "appeal_items"
    __table_args__ = (UniqueConstraint("evaluation_key", "item"),)

    appeal_id: Mapped[int] = mapped_column(Number, ForeignKey("appeals.id"), primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    evaluation_key: Mapped[str]
    answer: Mapped[str]


class AppealStepRow(Base):
    """A step of an appeal's trail. review_version: of the review that it made, where an answer was changed."""

    __tablename__ = "appeal_steps"
    __table_args__ = (
        UniqueConstraint("appeal_id", "number"),
        CheckConstraint(f"kind IN {STEPS}", name="kind"),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    appeal_id: Mapped[int] = mapped_column(Number, ForeignKey("appeals.id"))
    number: Mapped[int]
    kind: Mapped[str]
    by: Mapped[str]
    by_name: Mapped[str]
    comment: Mapped[str]
    review_version: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(default=now)


class AppealWordRow(Base):
    """What a step says of an item: the agent's reason, or the ruling with its answer and reason."""

    __tablename__ = "appeal_words"

    step_id: Mapped[int] = mapped_column(Number, ForeignKey("appeal_steps.id"), primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[str | None]
    reason: Mapped[str]
