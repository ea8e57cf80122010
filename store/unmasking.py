"""Who has asked to see a call's personal data, and may therefore hear it: the audit log's own line is the permission.

It is the session's that asked, not the person's, and it ends: what nobody noted nobody hears.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from store import audit
from store.access import Right
from store.columns import now, plain
from store.desk_tables import AuditRow, QueueRow
from store.sessions import Visit

ACTION = "call.show"
LASTS = timedelta(minutes=15)  # beside the call's own length: it can be heard to its end, with rests

MOST = 86_400  # s: nobody hears a call for longer, whatever a damaged ledger says of its length


def note(session: Session, visit: Visit, row: QueueRow) -> None:
    """Note that a person looks at what is masked. Needs a writing session; the caller asked whether they may."""
    audit.note(session, visit.viewer.login, ACTION, row.sha256, call=row.call_id, browser=_mark(visit))


def holds(session: Session, visit: Visit, row: QueueRow) -> bool:
    """Whether this session has asked to see the call's personal data a short while ago, and the person still may."""
    if not visit.viewer.may(Right.SHOW):
        return False
    since = (now() - lasts(row)).isoformat(timespec="microseconds")
    lines = select(AuditRow.details).where(
        AuditRow.subject == row.sha256, AuditRow.actor == plain(visit.viewer.login), AuditRow.action == ACTION,
        AuditRow.at >= since,
    )  # fmt: skip
    return any(json.loads(details).get("browser") == _mark(visit) for details in session.scalars(lines))


def lasts(row: QueueRow) -> timedelta:
    """How long a call may be heard whole once that was asked for."""
    return LASTS + timedelta(seconds=row.duration if 0 < row.duration < MOST else 0)


def _mark(visit: Visit) -> str:
    """The session by a mark: who reads the log can tell sessions apart and learns nothing of their cookies."""
    return hashlib.sha256(f"show {visit.token}".encode()).hexdigest()[:16]
