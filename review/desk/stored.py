"""What the ledger holds of a call in the queue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scoring.call import Turn
from store import codec, rows
from store.desk import Desk
from store.desk_tables import QueueRow
from store.tables import CallRow, EvaluationRow, TranscriptRow


@dataclass(frozen=True, slots=True)
class Whole:
    """All of a call. turns: with their words, empty where no transcript was kept; path: where the recording was last
    given; phone: the customer's number, as the contact centre's systems know it."""

    record: dict[str, Any]
    turns: tuple[Turn, ...]
    path: str
    phone: str | None


def whole_of(session: Session, row: QueueRow) -> Whole:
    """Everything of the evaluation that the queue speaks of, in one look: a call's page needs it all."""
    chosen = (
        select(EvaluationRow.record, CallRow, TranscriptRow.turns, TranscriptRow.measures, TranscriptRow.words)
        .join(CallRow, CallRow.sha256 == EvaluationRow.sha256)
        .outerjoin(TranscriptRow, TranscriptRow.key == EvaluationRow.transcript_key)
        .where(EvaluationRow.key == row.evaluation_key)
    )
    kept, call, turns, measures, words = session.execute(chosen).one()
    said = codec.turns_from_json(turns, words) if turns is not None else ()
    return Whole(rows.record(kept, call, turns, measures), said, call.path, call.customer_phone)


def record_of(desk: Desk, row: QueueRow) -> dict[str, Any]:
    """The record of the evaluation that the queue speaks of (`scoring.record`)."""
    return record_at(desk, row.evaluation_key)


def record_at(desk: Desk, evaluation_key: str) -> dict[str, Any]:
    """The record of an evaluation, the last of its call or not. StopIteration where the ledger has none."""
    return next(desk.ledger.records([evaluation_key]))


def turns_of(desk: Desk, row: QueueRow) -> tuple[Turn, ...]:
    """The call's turns with their words; empty where no transcript was kept."""
    return turns_at(desk, row.evaluation_key)


def turns_at(desk: Desk, evaluation_key: str) -> tuple[Turn, ...]:
    """The turns that an evaluation judged."""
    with desk.reading() as session:
        evaluation = session.get_one(EvaluationRow, evaluation_key)
    transcript = desk.ledger.transcript(evaluation.transcript_key) if evaluation.transcript_key else None
    return transcript.turns if transcript else ()


def recording_path(desk: Desk, row: QueueRow) -> str:
    """Where the recording was last given."""
    with desk.reading() as session:
        return session.get_one(CallRow, row.sha256).path


def customer_phone(desk: Desk, row: QueueRow) -> str | None:
    """The customer's number, as the contact centre's systems know it."""
    with desk.reading() as session:
        return session.get_one(CallRow, row.sha256).customer_phone
