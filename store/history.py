"""What holds now, of all that the ledger was told: the last word on every recording, and the runs that had it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from store.columns import now
from store.results import Run, Verdict
from store.tables import CallRow, EvaluationRow, FailureRow, RunRow


def latest(rubric_hash: str) -> Select[str, str, float]:
    """Key, run and seconds of the last evaluation of every call under a rubric, by call id."""
    return (
        select(EvaluationRow.key, EvaluationRow.run_id, CallRow.duration)
        .join(CallRow, CallRow.sha256 == EvaluationRow.sha256)
        .where(EvaluationRow.rubric_hash == rubric_hash, ~_superseded())
        .order_by(EvaluationRow.call_id, EvaluationRow.key)
    )


def hold_again(session: Session, keys: Sequence[str]) -> set[str]:
    """Have evaluations that others took the place of hold again; which of the keys those are."""
    old = set(session.scalars(select(EvaluationRow.key).where(EvaluationRow.key.in_(keys), _superseded())))
    session.execute(update(EvaluationRow).where(EvaluationRow.key.in_(old)).values(held_at=now()))
    return old


def _superseded() -> ColumnElement[bool]:
    """Whether another evaluation of the call under the same rubric holds."""
    later = aliased(EvaluationRow)
    after = or_(
        later.held_at > EvaluationRow.held_at,
        and_(later.held_at == EvaluationRow.held_at, later.key > EvaluationRow.key),
    )
    return exists().where(later.sha256 == EvaluationRow.sha256, later.rubric_hash == EvaluationRow.rubric_hash, after)


def verdicts(session: Session, rubric_hash: str, ids: Sequence[str]) -> Iterator[Verdict]:
    """The last evaluation under a rubric of each of the recordings that has one."""
    made = (
        select(EvaluationRow.sha256, EvaluationRow.key)
        .where(EvaluationRow.rubric_hash == rubric_hash, EvaluationRow.sha256.in_(ids))
        .order_by(EvaluationRow.sha256, EvaluationRow.held_at, EvaluationRow.key)
    )
    last = {row.sha256: row.key for row in session.execute(made)}
    rows = select(EvaluationRow.sha256, EvaluationRow.transcript_key, EvaluationRow.signals_key, EvaluationRow.record)
    for row in session.execute(rows.where(EvaluationRow.key.in_(last.values()))):
        yield Verdict(*row)


def open_failures(rubric_hash: str) -> Select[FailureRow]:
    """Failures of runs under a rubric that are not closed, in the order they came."""
    joined = select(FailureRow).join(RunRow, RunRow.id == FailureRow.run_id)
    return joined.where(RunRow.rubric_hash == rubric_hash, FailureRow.closed_at.is_(None)).order_by(FailureRow.id)


def close_failures(session: Session, rubric_hash: str, *, path: str, sha256: str | None) -> None:
    """What is said now of a file or its audio, under a rubric, takes the place of what earlier runs said."""
    same = FailureRow.path == path if sha256 is None else or_(FailureRow.path == path, FailureRow.sha256 == sha256)
    runs = select(RunRow.id).where(RunRow.rubric_hash == rubric_hash)
    stale = update(FailureRow).where(FailureRow.closed_at.is_(None), same, FailureRow.run_id.in_(runs))
    session.execute(stale.values(closed_at=now()), execution_options={"synchronize_session": False})


def runs(session: Session, ids: Sequence[str]) -> list[Run]:
    """Those of the runs that are known."""
    last: dict[str, datetime] = {}
    for table in (FailureRow, EvaluationRow):
        times = select(table.run_id, func.max(table.created_at)).where(table.run_id.in_(ids)).group_by(table.run_id)
        for run_id, at in session.execute(times):
            last[run_id] = max(at, last.get(run_id, at))
    return [_run(row, last.get(row.id)) for row in session.scalars(select(RunRow).where(RunRow.id.in_(ids)))]


def _run(row: RunRow, last: datetime | None) -> Run:
    ended = row.finished_at or max(last or row.started_at, row.started_at)
    return Run(row.id, row.started_at, ended, row.outcome, row.models, row.settings, row.counts)
