"""How often an agent met items in a stretch of time: counted from the answers themselves, at most some calls of it.

The calls come from the index on agent and time, their answers from the index on evaluations; no record is read. So a
corrected or repeated evaluation counts as it stands now, and nothing has to be kept up to date beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scoring.before_after import Share
from scoring.evaluation import Status
from store.access import Viewer, visible
from store.desk_tables import QueueRow
from store.tables import AnswerRow

MOST = 400  # calls counted: the interval of a share is then at most 10 % wide
JUDGED = (Status.MET, Status.PARTLY_MET, Status.MISSED)


@dataclass(frozen=True, slots=True)
class Counted:
    """An item in a stretch of time. share: of the calls in which it was judged, those that met it in full.

    forms: hashes of the forms that judged: under another form the same item may ask something else.
    """

    share: Share
    forms: frozenset[str]


def counted(
    session: Session, viewer: Viewer, agent: str, since: date, until: date, items: Sequence[str] | None = None,
    *, latest: bool,
) -> dict[str, Counted]:  # fmt: skip
    """By item, of the agent's calls from `since` to `until`, both within; of more than MOST the first or the latest.

    items: None for all.
    """
    order = QueueRow.started_at.desc() if latest else QueueRow.started_at
    calls = (
        select(QueueRow.evaluation_key)
        .where(
            visible(viewer), QueueRow.agent == agent, QueueRow.started_at >= datetime.combine(since, time.min),
            QueueRow.started_at < datetime.combine(until, time.min) + timedelta(days=1),
        )
        .order_by(order)
        .limit(MOST)
        .subquery()
    )  # fmt: skip
    chosen = (
        select(AnswerRow.item, AnswerRow.status, AnswerRow.rubric_hash, func.count())
        .join(calls, calls.c.evaluation_key == AnswerRow.evaluation_key)
        .where(AnswerRow.status.in_(JUDGED))
        .group_by(AnswerRow.item, AnswerRow.status, AnswerRow.rubric_hash)
    )
    if items is not None:
        chosen = chosen.where(AnswerRow.item.in_(items))
    found: dict[str, Counted] = {}
    for item, status, form, n in session.execute(chosen):
        old = found.get(item, Counted(Share(0, 0), frozenset()))
        share = Share(old.share.hits + (n if status == Status.MET else 0), old.share.n + n)
        found[item] = Counted(share, old.forms | {form})
    return found


def last_call(session: Session, viewer: Viewer, agent: str) -> QueueRow | None:
    """The agent's last call that the person may see: it has their name, team and form."""
    chosen = select(QueueRow).where(visible(viewer), QueueRow.agent == agent)
    dated = session.scalar(chosen.where(QueueRow.started_at.is_not(None)).order_by(QueueRow.started_at.desc()).limit(1))
    return dated or session.scalar(chosen.limit(1))
