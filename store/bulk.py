"""Many evaluations in one transaction, by the fastest way each database has: COPY, or one statement for all rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, exists, select, text
from sqlalchemy.orm import Session

from scoring.evaluation import Answer, Evaluation
from store import history, rows
from store.codec import to_json
from store.columns import plain
from store.tables import EvaluationRow, FailureRow, RunRow

ANSWERS = (
    "id", "evaluation_key", "position", "rubric_hash", "item", "section", "status", "points", "potential", "confidence",
    "why", "evidence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """An evaluation of a stored call, ready to be kept: see `Ledger.save_evaluation`."""

    key: str
    run_id: str
    sha256: str
    path: str
    transcript_key: str
    signals_key: str
    evaluation: Evaluation
    record: Mapping[str, Any]
    models: Mapping[str, str]
    settings: Mapping[str, Any]


def save(session: Session, judged: Sequence[Judged]) -> int:
    """Keep those whose keys are not there yet, with answers and evidence. How many were new."""
    if not judged:
        return 0
    connection = session.connection()
    statement = rows.insert_into(session)(EvaluationRow.__table__).on_conflict_do_nothing()
    values = [
        {
            "key": j.key, "sha256": j.sha256, "run_id": j.run_id, "transcript_key": j.transcript_key,
            "signals_key": j.signals_key, "record": rows.kept_record(j.record, j.transcript_key),
            "models": dict(j.models), "settings": dict(j.settings), **rows.evaluation_values(j.evaluation),
        }
        for j in judged
    ]  # fmt: skip
    new = set(connection.execute(statement.returning(EvaluationRow.__table__.c.key), values).scalars())
    add_answers(session, [(j.key, j.evaluation) for j in judged if j.key in new])
    _settle(session, judged)
    return len(new)


def add_answers(session: Session, made: Sequence[tuple[str, Evaluation]]) -> None:
    """Write the answers of evaluations, by key, each with its evidence."""
    connection = session.connection()
    numbers = _ids(connection, "answers", sum(len(evaluation.answers) for _, evaluation in made))
    values = [
        (next(numbers), key, position, evaluation.rubric_hash, *_answer(a))
        for key, evaluation in made
        for position, a in enumerate(evaluation.answers)
    ]
    _insert_all(connection, "answers", ANSWERS, values)


def _answer(a: Answer) -> tuple[Any, ...]:
    """As plain numbers: SQLite keeps numpy's as bytes."""
    shown = [
        {
            "role": e.role, "turn": e.turn, "start": round(float(e.start), 3), "end": round(float(e.end), 3),
            "quote": plain(e.quote), "detector": e.detector, "why": plain(e.why),
        }
        for e in a.evidence
    ]  # fmt: skip
    numbers = (float(a.points), float(a.potential), float(a.confidence))
    return a.item, a.section, a.status.value, *numbers, plain(a.why), to_json(shown)


def _ids(connection: Connection, table: str, count: int) -> Iterator[int]:
    """Numbers for new rows of a table that nobody else will take."""
    if connection.dialect.name == "sqlite":  # this transaction is the only one that writes
        last = connection.execute(text(f"SELECT coalesce(max(id), 0) FROM {table}")).scalar_one()  # noqa: S608
        return iter(range(last + 1, last + 1 + count))
    statement = text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)")
    return iter(connection.execute(statement, {"table": table, "count": count}).scalars().all())


def _insert_all(connection: Connection, table: str, columns: Sequence[str], values: list[tuple[Any, ...]]) -> None:
    if not values:
        return
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)  # noqa: S608
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in values:
            copy.write_row(row)


def _settle(session: Session, judged: Sequence[Judged]) -> None:
    """What is evaluated has not failed. Hardly ever is there a failure to close, so that is asked first."""
    for rubric_hash in {j.evaluation.rubric_hash for j in judged}:
        failed = exists().where(
            FailureRow.run_id == RunRow.id, RunRow.rubric_hash == rubric_hash, FailureRow.closed_at.is_(None)
        )
        if not session.scalar(select(failed)):
            continue
        for j in judged:
            if j.evaluation.rubric_hash == rubric_hash:
                rows.forget_failures(session, j.key, j.run_id, j.path)
                history.close_failures(session, rubric_hash, path=j.path, sha256=j.sha256)
