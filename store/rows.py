"""Between the domain and rows: what the ledger writes of a call and its evaluation, and how it reads them back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from scoring.call import Call, Metadata
from scoring.evaluation import Evaluation
from scoring.record import measures_record, metadata_record
from store.codec import (
    measures_from_json,
    measures_to_json,
    metadata_from_json,
    metadata_to_json,
    turns_from_json,
    turns_to_json,
    words_to_text,
)
from store.results import Transcript
from store.tables import Base, CallRow, EvaluationRow, FailureRow, TranscriptRow

IN_TRANSCRIPT = ("turns", "measures")  # parts of a record


def add(session: Session, row: type[Base], **values: Any) -> bool:
    """Insert a row unless its key is there already. Whether it was new."""
    key = row.__mapper__.primary_key[0]
    statement = insert_into(session)(row).values(**values).on_conflict_do_nothing().returning(key)
    return session.execute(statement).first() is not None


def known(session: Session, row: type[EvaluationRow], key: str) -> bool:
    """Whether the key is there."""
    return session.execute(select(row.key).where(row.key == key)).first() is not None


def upsert_call(session: Session, call: Call, sha256: str, path: str) -> None:
    """Write what is known of a recording; what came last holds, but for when it was first seen."""
    values = {"path": path, "duration": float(call.duration)} | known_values(call.id, call.metadata)
    statement = insert_into(session)(CallRow.__table__).values(sha256=sha256, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["sha256"], set_=values))


def known_values(call_id: str, m: Metadata) -> dict[str, Any]:
    """Columns of a call that come from its metadata."""
    return {
        "call_id": call_id,
        "metadata": metadata_to_json(m),
        "agent": m.agent,
        "team": m.team,
        "scenario": m.scenario.value if m.scenario else None,
        "direction": m.direction,
        "started_at": m.started_at.replace(tzinfo=None) if m.started_at else None,
        "customer_phone": m.customer_phone,
        "csat": m.csat,
        "hold_seconds": m.hold_seconds,
        "transferred": m.transferred,
        "ticket_id": m.ticket_id,
    }


def transcript_values(call: Call) -> dict[str, Any]:
    """Columns of a transcript that come from the call."""
    return {
        "language": call.language,
        "turns": turns_to_json(call.turns),
        "words": words_to_text(call.turns),
        "measures": measures_to_json(call.measures),
    }


def evaluation_values(evaluation: Evaluation) -> dict[str, Any]:
    """Columns of an evaluation that come from the judgement; as plain numbers, since SQLite keeps numpy's as bytes."""
    return {
        "call_id": evaluation.call_id,
        "rubric_id": evaluation.rubric_id,
        "rubric_version": evaluation.rubric_version,
        "rubric_hash": evaluation.rubric_hash,
        "score": None if evaluation.score is None else float(evaluation.score),
        "potential": float(evaluation.potential),
        "grade": evaluation.grade,
        "fatal": bool(evaluation.fatal),
    }


def forget_failures(session: Session, key: str, run_id: str, path: str) -> None:
    """An input that was evaluated has not failed: neither this work, nor this file in this run."""
    session.execute(delete(FailureRow).where(FailureRow.key == key))
    forget_failure_in(session, run_id, path)


def forget_failure_in(session: Session, run_id: str, path: str) -> None:
    """A file fails once a run: what a retried task says last holds."""
    session.execute(delete(FailureRow).where(FailureRow.run_id == run_id, FailureRow.path == path))


def kept_record(record: Mapping[str, Any], transcript_key: str | None) -> dict[str, Any]:
    """What of a record its row keeps: turns and measures are the transcript's, where that is stored."""
    return dict(record) if transcript_key is None else {k: v for k, v in record.items() if k not in IN_TRANSCRIPT}


def record(
    stored: Mapping[str, Any], call: CallRow, turns: list[Any] | None = None, measures: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A record as it is published: whole, and its recording lies where it was last given.

    turns, measures: of the stored transcript. Records of the first ledgers lack the name of the agent and the
    metadata; the call has them.
    """
    filled: dict[str, Any] = {}
    if "metadata" not in stored:
        known = metadata_from_json(call.known)
        filled = {"agent_name": known.agent_name, "metadata": metadata_record(known)}
    if "turns" not in stored and turns is not None and measures is not None:
        heard = Call("", 0.0, "", (), measures=measures_from_json(measures))
        filled |= {"turns": [_turn_record(turn) for turn in turns], "measures": measures_record(heard)}
    return {**stored, **filled, "audio": call.path}


def _turn_record(turn: Mapping[str, Any]) -> dict[str, Any]:
    """As `scoring.record.turn_record`, straight from what is stored: the words are not needed."""
    return {
        "role": turn["role"],
        "start": round(turn["start"], 2),
        "end": round(turn["end"], 2),
        "text": turn["text"],
        "confidence": round(turn["confidence"], 3),
    }


def transcript(row: TranscriptRow, call: CallRow) -> Transcript:
    """A transcript as it was before it was stored."""
    return Transcript(
        sha256=row.sha256,
        call_id=call.call_id,
        path=call.path,
        duration=call.duration,
        metadata=metadata_from_json(call.known),
        language=row.language,
        turns=turns_from_json(row.turns, row.words),
        measures=measures_from_json(row.measures),
    )


def failure_record(row: FailureRow) -> dict[str, Any]:
    """A failure as failures.jsonl has it."""
    return {
        "path": row.path,
        "call_id": row.call_id,
        "sha256": row.sha256,
        "stage": row.stage,
        "reason": row.reason,
        "remedy": row.remedy,
        "run_id": row.run_id,
        "created_at": row.created_at.isoformat(timespec="seconds"),
    }


def insert_into(session: Session) -> Any:
    """Both databases know ON CONFLICT; SQLAlchemy keeps it in their dialects."""
    return {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[session.get_bind().dialect.name]
