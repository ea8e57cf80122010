"""A stored call by any of its names, as it was before it was stored: ready to be judged without its audio."""

from __future__ import annotations

from pathlib import PurePath

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from scoring.call import Call
from store import rows
from store.codec import signals_from_json
from store.desk_tables import QueueRow
from store.tables import CallRow, SignalsRow, TranscriptRow

MOST = 20  # calls of one name that are told apart
SHORTEST = 8  # characters of the start of a sha256


def calls_named(session: Session, name: str) -> list[tuple[str, Call]]:
    """sha256 and call of the recordings with this call id, file name or start of sha256, as they were heard last."""
    names = [CallRow.call_id == name, CallRow.path == name, CallRow.path.endswith(f"/{name}", autoescape=True)]
    if len(name) >= SHORTEST:
        names.append(CallRow.sha256.startswith(name, autoescape=True))
    found = list(session.scalars(select(CallRow).where(or_(*names)).order_by(CallRow.sha256).limit(MOST)))
    exact = [row for row in found if row.call_id == name] or [row for row in found if PurePath(row.path).name == name]
    return [(row.sha256, call) for row in exact or found if (call := _heard(session, row)) is not None]


def queued_named(session: Session, name: str) -> list[QueueRow]:
    """The calls of the queue with this call id, file name or start of sha256. For commands: it asks nobody's rights."""
    files = select(CallRow.sha256).where(CallRow.path.endswith(f"/{name}", autoescape=True) | (CallRow.path == name))
    names = [QueueRow.call_id == name, QueueRow.sha256.in_(files)]
    if len(name) >= SHORTEST:
        names.append(QueueRow.sha256.startswith(name, autoescape=True))
    return list(session.scalars(select(QueueRow).where(or_(*names)).order_by(QueueRow.sha256).limit(MOST)))


def _heard(session: Session, row: CallRow) -> Call | None:
    """The call with its last transcript and signals; None where it was never read."""
    newest = (
        select(TranscriptRow, SignalsRow)
        .join(SignalsRow, SignalsRow.transcript_key == TranscriptRow.key)
        .where(TranscriptRow.sha256 == row.sha256)
        .order_by(SignalsRow.created_at.desc(), SignalsRow.key)
        .limit(1)
    )
    found = session.execute(newest).first()
    if found is None:
        return None
    t = rows.transcript(found[0], row)
    signals = signals_from_json(found[1].signals)
    return Call(t.call_id, t.duration, t.language, t.turns, signals, t.measures, t.metadata)
