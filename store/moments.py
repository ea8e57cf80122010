"""The best and worst moments that the machine found of an item, and those it was least sure of.

Looked for among the last calls that a person may see, so that it takes as long with a hundred thousand calls as with
one thousand: an answer is found by its evaluation and its place in the form, which is an index.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Session

from scoring.evaluation import Status
from store import blind, reviews
from store.access import Viewer, visible
from store.desk_tables import QueueRow
from store.tables import AnswerRow

RECENT = 1000  # calls looked at
LONGEST = 60.0  # s; evidence that lasts longer is no moment
LISTS = ("best", "worst", "doubtful")


@dataclass(frozen=True, slots=True)
class Moment:
    """An answer with evidence that can be heard. begins, ends: s, of its first evidence."""

    call: QueueRow
    status: Status
    confidence: float
    why: str
    quote: str
    begins: float
    ends: float


def moments(session: Session, viewer: Viewer, rubric_hash: str, item: str, most: int = 5) -> dict[str, list[Moment]]:
    """best: met, the surest first; worst: missed, likewise; doubtful: either, the least sure first."""
    place = _position(session, rubric_hash, item)
    if place is None:
        return {name: [] for name in LISTS}
    recent = _recent(viewer)
    answered = session.execute(
        select(AnswerRow.id, QueueRow.number, AnswerRow.status, AnswerRow.confidence)
        .select_from(recent)
        .join(QueueRow, QueueRow.number == recent.c.number)
        .join(AnswerRow, AnswerRow.evaluation_key == QueueRow.evaluation_key)
        .where(
            QueueRow.rubric_hash == rubric_hash,
            AnswerRow.position == place,
            AnswerRow.item == item,
            AnswerRow.status.in_((Status.MET, Status.MISSED)),
            QueueRow.sha256.not_in(blind.held_by(viewer)),
        )
    ).all()
    surest = sorted(answered, key=lambda a: (-a.confidence, -a.number))
    return {
        "best": _heard(session, item, [a for a in surest if a.status == Status.MET], most),
        "worst": _heard(session, item, [a for a in surest if a.status == Status.MISSED], most),
        "doubtful": _heard(session, item, surest[::-1], most),
    }


def forms(session: Session, viewer: Viewer) -> dict[str, int]:
    """Hashes of the forms that judged the last calls, with how many of them."""
    recent = _recent(viewer)
    chosen = select(QueueRow.rubric_hash, func.count()).join(recent, recent.c.number == QueueRow.number)
    return {row[0]: row[1] for row in session.execute(chosen.group_by(QueueRow.rubric_hash))}


def _recent(viewer: Viewer) -> Subquery:
    """Numbers of the last calls; nothing but an index is read for them."""
    return select(QueueRow.number).where(visible(viewer)).order_by(QueueRow.number.desc()).limit(RECENT).subquery()


def _position(session: Session, rubric_hash: str, item: str) -> int | None:
    chosen = select(AnswerRow.position).where(AnswerRow.rubric_hash == rubric_hash, AnswerRow.item == item)
    return session.scalar(chosen.limit(1))


def _heard(session: Session, item: str, answered: Sequence[Any], most: int) -> list[Moment]:
    """The first of them that have evidence one can hear and that no person has answered otherwise."""
    wanted = {a.id: a.number for a in answered[: 6 * most]}
    answers = {row.id: row for row in session.scalars(select(AnswerRow).where(AnswerRow.id.in_(wanted)))}
    calls = {row.number: row for row in session.scalars(select(QueueRow).where(QueueRow.number.in_(wanted.values())))}
    found: list[Moment] = []
    for key, number in wanted.items():
        answer, call = answers[key], calls[number]
        place = next((e for e in answer.evidence if _is_moment(e, call)), None)
        if place is None or _overruled(session, call, item, answer.status):
            continue
        found.append(
            Moment(
                call, Status(answer.status), answer.confidence, answer.why, place["quote"], place["start"], place["end"]
            )
        )
        if len(found) == most:
            break
    return found


def _is_moment(evidence: Mapping[str, Any], call: QueueRow) -> bool:
    return bool(evidence["end"] - evidence["start"] <= min(LONGEST, 0.9 * call.duration))


def _overruled(session: Session, call: QueueRow, item: str, machine: str) -> bool:
    if call.review != "submitted":
        return False
    counted = reviews.submitted(session, call.evaluation_key)
    decision = counted.of(item) if counted else None
    return decision is not None and decision.human is not None and decision.human != machine
