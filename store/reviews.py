"""Reviews 复核: what people answered, version upon version, beside what the machine had said and never merged with it.

Optimistic locking: who saves names the version that was on the screen; if there is a newer one nothing is written and
`Overtaken` says so; `latest` tells whose it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from scoring.evaluation import Status
from store import audit
from store.access import Viewer
from store.desk_tables import QueueRow, ReviewAnswerRow, ReviewRow

FIRST = "first"
SECOND = "second"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is reviewed: a recording's evaluation, be it the last one or not."""

    sha256: str
    evaluation_key: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person answered to one item. human: None where nothing was decided yet.

    looked: the item was decided on by itself, not accepted with the rest: only such answers measure the machine.
    """

    item: str
    machine: Status
    human: Status | None
    looked: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """One version of a review. origin: what made it if not a reviewer's saving, such as `appeal:7`; else empty."""

    version: int
    state: str
    reviewer: str
    reviewer_name: str
    comment: str
    score: float | None
    at: datetime
    decisions: tuple[Decision, ...]
    origin: str = ""

    def of(self, item: str) -> Decision | None:
        return next((d for d in self.decisions if d.item == item), None)


class Overtaken(Exception):
    """Somebody saved a newer version meanwhile; nothing was written."""


def save(
    session: Session,
    viewer: Viewer,
    row: QueueRow | Subject,
    decisions: Sequence[Decision],
    *,
    based_on: int,
    state: str,
    comment: str,
    score: float | None,
    round: str = FIRST,
    origin: str | None = None,
) -> int:
    """Keep a new version; its number. based_on: the version that was on the screen, 0 for none. Raises Overtaken.

    Only the first round's state is the call's state in the queue.
    """
    newest = newest_version(session, row.evaluation_key, round)
    if newest != based_on:
        raise Overtaken(row.evaluation_key)
    review = ReviewRow(
        sha256=row.sha256, evaluation_key=row.evaluation_key, round=round, version=newest + 1, state=state,
        reviewer=viewer.login, reviewer_name=viewer.name, comment=comment, score=score,
        origin=origin,
    )  # fmt: skip
    session.add(review)
    try:
        session.flush()
    except IntegrityError:  # PostgreSQL: both read the same newest version
        raise Overtaken(row.evaluation_key) from None
    session.add_all(
        ReviewAnswerRow(
            review_id=review.id, item=d.item, position=i, machine=d.machine.value,
            human=d.human.value if d.human else None, looked=d.looked, reason=d.reason,
        )
        for i, d in enumerate(decisions)
    )  # fmt: skip
    if round == FIRST:
        session.execute(
            update(QueueRow)
            .where(QueueRow.evaluation_key == row.evaluation_key)
            .values(review="submitted" if state == "submitted" else _state(session, row.evaluation_key, round))
        )
    changed = [d.item for d in decisions if d.human and d.human != d.machine]
    audit.note(
        session, viewer.login, f"review.{state}", row.sha256,
        evaluation=row.evaluation_key, round=round, version=review.version, changed=changed,
    )  # fmt: skip
    return review.version


def latest(session: Session, evaluation_key: str, round: str = FIRST) -> Review | None:
    """The newest version, or None."""
    return next(iter(versions(session, evaluation_key, round, most=1)), None)


def versions(session: Session, evaluation_key: str, round: str = FIRST, *, most: int = 50) -> list[Review]:
    """The versions of a review, newest first."""
    chosen = select(ReviewRow).where(ReviewRow.evaluation_key == evaluation_key, ReviewRow.round == round)
    rows = session.scalars(chosen.order_by(ReviewRow.version.desc()).limit(most)).all()
    return [_review(session, row) for row in rows]


def submitted(session: Session, evaluation_key: str, round: str = FIRST) -> Review | None:
    """The newest version that was submitted: what counts, and what the agent may see."""
    chosen = select(ReviewRow).where(
        ReviewRow.evaluation_key == evaluation_key, ReviewRow.round == round, ReviewRow.state == "submitted"
    )
    row = session.scalar(chosen.order_by(ReviewRow.version.desc()).limit(1))
    return _review(session, row) if row else None


def state_of(session: Session, evaluation_key: str) -> str:
    """`open`, `draft` or `submitted`."""
    return _state(session, evaluation_key, FIRST) if newest_version(session, evaluation_key, FIRST) else "open"


def authors(session: Session, evaluation_key: str, round: str = FIRST) -> set[str]:
    """Who saved a version, drafts too."""
    chosen = select(ReviewRow.reviewer).where(ReviewRow.evaluation_key == evaluation_key, ReviewRow.round == round)
    return set(session.scalars(chosen.distinct()))


def newest_version(session: Session, evaluation_key: str, round: str = FIRST) -> int:
    """The number of the newest version, drafts too; 0 where there is none."""
    chosen = select(func.max(ReviewRow.version))
    return session.scalar(chosen.where(ReviewRow.evaluation_key == evaluation_key, ReviewRow.round == round)) or 0


def _state(session: Session, evaluation_key: str, round: str) -> str:
    """A draft upon a submitted review leaves it submitted."""
    return "submitted" if submitted(session, evaluation_key, round) else "draft"


def _review(session: Session, row: ReviewRow) -> Review:
    answers = session.scalars(
        select(ReviewAnswerRow).where(ReviewAnswerRow.review_id == row.id).order_by(ReviewAnswerRow.position)
    )
    decisions = tuple(
        Decision(a.item, Status(a.machine), Status(a.human) if a.human else None, a.looked, a.reason) for a in answers
    )
    return Review(
        row.version, row.state, row.reviewer, row.reviewer_name, row.comment, row.score, row.at, decisions,
        row.origin or "",
    )  # fmt: skip
