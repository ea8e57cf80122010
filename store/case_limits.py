"""How long a compliance case may take, by kind: the standards' limits unless the house has set its own.

The standards speak of complaints. 服务规章制度 一(3): 24 小时内给予回复, 48 小时内解决; 三(3): 24 小时内启动调查,
72 小时内给出解决方案. Which of the three a kind of flag gets is our reading: the graver, the shorter. A limit that is
changed holds for cases that open from then on; nobody's deadline moves behind their back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scoring.errors import UsageError
from store import audit
from store.access import Viewer
from store.compliance_tables import KINDS, LimitRow

MOST_HOURS = 24 * 90
MOST_CLAUSE = 200  # characters


@dataclass(frozen=True, slots=True)
class Limit:
    """Hours from the moment a call is taken into the queue, and the clause they come from. by, at: who set it."""

    hours: int
    clause: str
    by: str | None = None
    at: datetime | None = None


STANDARD = {
    "fatal": Limit(24, "服务规章制度 三(3) 24小时内启动调查；一(3) 24小时内给予回复"),
    "high": Limit(48, "服务规章制度 一(3) 48小时内解决客户问题"),
    "medium": Limit(72, "服务规章制度 三(3) 72小时内给出解决方案"),
    "low": Limit(72, "服务规章制度 三(3) 72小时内给出解决方案"),
}


def limits(session: Session) -> dict[str, Limit]:
    """The limit of every kind that holds now."""
    return {kind: limit(session, kind) for kind in KINDS}


def limit(session: Session, kind: str) -> Limit:
    """The limit of a kind that holds now."""
    row = session.scalar(select(LimitRow).where(LimitRow.kind == kind).order_by(LimitRow.id.desc()).limit(1))
    return Limit(row.hours, row.clause, row.actor, row.at) if row else STANDARD[kind]


def change(session: Session, viewer: Viewer, kind: str, hours: int, clause: str) -> bool:
    """Set the limit of a kind; whether that is news. Raises UsageError: out of range, no clause."""
    clause = clause.strip()
    if kind not in KINDS or not 1 <= hours <= MOST_HOURS or not 1 <= len(clause) <= MOST_CLAUSE:
        raise UsageError(
            f"{kind}: {hours} h is no limit", remedy=f"give 1 to {MOST_HOURS} hours, and the clause that says so"
        )
    old = limit(session, kind)
    if (old.hours, old.clause) == (hours, clause):
        return False
    session.add(LimitRow(kind=kind, hours=hours, clause=clause, actor=viewer.login))
    audit.note(session, viewer.login, "limit.change", kind, hours=hours, clause=clause, before=old.hours)
    return True
