"""What machine and people answered to the same questions, counted by the database for agreement 一致性.

Only the evaluation that a call has now counts, and of its reviews the newest submitted one: whoever changes an answer,
by a new review or on an appeal, changes the agreement.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from sqlalchemy import ColumnElement, Subquery, func, select
from sqlalchemy.orm import Session, aliased

from scoring.evaluation import Status
from store.access import Viewer, visible
from store.desk_tables import QueueRow, ReviewAnswerRow, ReviewRow
from store.reviews import FIRST, SECOND

Pairs = Counter[tuple[Status, Status]]


def stamp(session: Session) -> int:
    """Grows with every version of a review: figures of the same stamp are the same, but for new evaluations."""
    return session.scalar(select(func.max(ReviewRow.id))) or 0


def machine_and_people(session: Session, viewer: Viewer, rubric_hash: str, round: str = FIRST) -> dict[str, Pairs]:
    """By item how often each (machine, human) pair was given, over calls that the person may see: items that somebody
    looked at, not those accepted together with the rest."""
    answer, newest = ReviewAnswerRow, _newest(round)
    counted = (
        select(answer.item, answer.machine, answer.human, func.count())
        .join(newest, newest.c.id == answer.review_id)
        .join(QueueRow, QueueRow.evaluation_key == newest.c.evaluation_key)
        .where(*_of(viewer, rubric_hash), answer.looked, answer.human.is_not(None))
        .group_by(answer.item, answer.machine, answer.human)
    )
    return _by_item(session.execute(counted))


def two_people(session: Session, viewer: Viewer, rubric_hash: str) -> dict[str, Pairs]:
    """By item how often each (first, second reviewer's) pair was given. Of the first what a reviewer had submitted
    before the second did: whatever was changed with both in view, or on appeal, says nothing of two people."""
    one, other, before = aliased(ReviewAnswerRow), aliased(ReviewAnswerRow), aliased(ReviewRow)
    second = _newest(SECOND)
    first = (
        select(func.max(before.id))
        .where(
            before.evaluation_key == second.c.evaluation_key, before.round == FIRST, before.state == "submitted",
            before.origin.is_(None), before.id < second.c.id,
        )
        .correlate(second)
        .scalar_subquery()
    )  # fmt: skip
    counted = (
        select(one.item, one.human, other.human, func.count())
        .select_from(second)
        .join(QueueRow, QueueRow.evaluation_key == second.c.evaluation_key)
        .join(one, one.review_id == first)
        .join(other, (other.review_id == second.c.id) & (other.item == one.item))
        .where(*_of(viewer, rubric_hash), one.looked, one.human.is_not(None), other.human.is_not(None))
        .group_by(one.item, one.human, other.human)
    )
    return _by_item(session.execute(counted))


def many_people(session: Session, viewer: Viewer, rubric_hash: str) -> dict[str, list[tuple[Status, ...]]]:
    """By item what all participants of calibration sessions answered, call by call."""
    newest, answer = _newest("calibration:", begins=True), ReviewAnswerRow
    chosen = (
        select(answer.item, newest.c.evaluation_key, newest.c.round, answer.human)
        .join(newest, newest.c.id == answer.review_id)
        .join(QueueRow, QueueRow.evaluation_key == newest.c.evaluation_key)
        .where(*_of(viewer, rubric_hash), answer.human.is_not(None))
    )
    units: dict[tuple[str, str, str], list[Status]] = defaultdict(list)
    for item, key, name, human in session.execute(chosen):
        units[item, key, name.split(":")[1]].append(Status(str(human)))
    found: dict[str, list[tuple[Status, ...]]] = defaultdict(list)
    for (item, _, _), answers in units.items():
        found[item].append(tuple(answers))
    return dict(found)


def forms_used(session: Session, viewer: Viewer) -> dict[str, int]:
    """Forms of the calls that the person may see, with how many calls each judged."""
    counted = select(QueueRow.rubric_hash, func.count()).where(visible(viewer)).group_by(QueueRow.rubric_hash)
    return {row[0]: row[1] for row in session.execute(counted)}


def _of(viewer: Viewer, rubric_hash: str) -> tuple[ColumnElement[bool], ...]:
    return QueueRow.rubric_hash == rubric_hash, visible(viewer)


def _newest(round: str, *, begins: bool = False) -> Subquery:
    """The newest submitted version of each evaluation and round. begins: rounds that begin so."""
    which = ReviewRow.round.startswith(round) if begins else ReviewRow.round == round
    # Versions of a round are numbered in the order they are kept: the highest id is the newest.
    return (
        select(func.max(ReviewRow.id).label("id"), ReviewRow.evaluation_key, ReviewRow.round)
        .where(which, ReviewRow.state == "submitted")
        .group_by(ReviewRow.evaluation_key, ReviewRow.round)
        .subquery()
    )


def _by_item(rows: Iterable[tuple[str, str | None, str | None, int]]) -> dict[str, Pairs]:
    found: dict[str, Pairs] = defaultdict(Counter)
    for item, one, other, times in rows:
        found[item][Status(str(one)), Status(str(other))] += times
    return dict(found)
