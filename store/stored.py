"""Calls as they lie in the ledger, read in pages by address: re-scoring needs neither audio nor models.

All of them never are in memory at once: a range of addresses (`cut`) is walked page by page, and what was said in a
call is read when it is its turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from scoring.call import Call, Metadata
from store.codec import measures_from_json, metadata_from_json, signals_from_json, turns_from_json
from store.tables import CallRow, SignalsRow, TranscriptRow


@dataclass(frozen=True, slots=True)
class Stretch:
    """Calls whose sha256 lies after `after` and not after `until`, in the database's order."""

    after: str
    until: str


@dataclass(frozen=True, slots=True)
class Cut:
    """Calls that were chosen, and the stretches they are walked in."""

    total: int
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """A call without what was said. transcript, signals: keys of the newest that are there. duration: s."""

    sha256: str
    call_id: str
    path: str
    duration: float
    metadata: Metadata
    transcript: str | None
    signals: str | None


@dataclass(frozen=True, slots=True)
class Heard:
    """A call with what was said, and the models and settings that heard it."""

    call: Call
    models: Mapping[str, str]
    settings: Mapping[str, Any]


def cut(session: Session, chosen: Sequence[ColumnElement[bool]], size: int) -> Cut:
    """The calls that were chosen, in stretches of `size`."""
    ids = select(CallRow.sha256).where(*chosen).order_by(CallRow.sha256)
    total, last, stretches = 0, "", []
    after = ""
    for last in session.scalars(ids, execution_options={"yield_per": 1000}):
        total += 1
        if total % size == 0:
            stretches.append(Stretch(after, last))
            after = last
    if total % size:
        stretches.append(Stretch(after, last))
    return Cut(total, tuple(stretches))


def page(session: Session, chosen: Sequence[ColumnElement[bool]], stretch: Stretch, size: int) -> list[Stored]:
    """The first `size` calls of a stretch."""
    rows = session.execute(
        select(CallRow.sha256, CallRow.call_id, CallRow.path, CallRow.duration, CallRow.known)
        .where(CallRow.sha256 > stretch.after, CallRow.sha256 <= stretch.until, *chosen)
        .order_by(CallRow.sha256)
        .limit(size)
    ).all()
    keys = _newest(session, [row.sha256 for row in rows])
    return [
        Stored(sha256, call_id, path, duration, metadata_from_json(known), *keys.get(sha256, (None, None)))
        for sha256, call_id, path, duration, known in rows
    ]


def heard(session: Session, calls: Sequence[Stored]) -> Iterator[tuple[Stored, Heard]]:
    """What was said in calls that have transcript and signals, one call at a time."""
    by_transcript = {c.transcript: c for c in calls}
    rows = session.execute(
        select(
            TranscriptRow.key, TranscriptRow.language, TranscriptRow.turns, TranscriptRow.words, TranscriptRow.measures,
            TranscriptRow.models, TranscriptRow.settings, SignalsRow.signals,
        )
        .join(SignalsRow, SignalsRow.transcript_key == TranscriptRow.key)
        .where(TranscriptRow.key.in_(by_transcript), SignalsRow.key.in_(c.signals for c in calls))
    )  # fmt: skip
    for key, language, turns, words, measures, models, settings, signals in rows:
        c = by_transcript[key]
        call = Call(
            c.call_id, c.duration, language, turns_from_json(turns, words), signals_from_json(signals),
            measures_from_json(measures), c.metadata,
        )  # fmt: skip
        yield c, Heard(call, models, settings)


def _newest(session: Session, ids: Sequence[str]) -> dict[str, tuple[str, str | None]]:
    """Of each recording the newest transcript that has signals, or else the newest."""
    found: dict[str, tuple[str, str | None]] = {}
    rows = session.execute(
        select(TranscriptRow.sha256, TranscriptRow.key, SignalsRow.key)
        .outerjoin(SignalsRow, SignalsRow.transcript_key == TranscriptRow.key)
        .where(TranscriptRow.sha256.in_(ids))
        .order_by(TranscriptRow.sha256, TranscriptRow.created_at, TranscriptRow.key)
    )
    for sha256, transcript, signals in rows:
        if signals is not None or found.get(sha256, (None, None))[1] is None:
            found[sha256] = (transcript, signals)
    return found
