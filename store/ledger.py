"""The ledger 台账: every run, call, transcript, evaluation and failure, in SQLite or PostgreSQL.

    with Ledger.open("out/callqa.sqlite") as ledger:
        run = ledger.begin_run(rubric.hash, models, settings)
        todo = set(keys) - ledger.done(keys)

Every method is one transaction and may be called from many threads and processes. Every method raises OutputError,
with a remedy, where the disk or the server refuses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from sqlalchemy import Engine, Select, func, select, update
from sqlalchemy.orm import Session, load_only

from scoring.call import Call, Metadata, Signal
from scoring.evaluation import Evaluation
from scoring.rubric import Rubric
from store import bulk, codec, forms, history, lookup, rows, stored, where
from store.bulk import Judged
from store.columns import now, plain
from store.connect import WRITES, connect, explained
from store.forms import Form
from store.results import Latest, Progress, Run, Transcript, Verdict
from store.stored import Cut, Heard, Stored, Stretch
from store.tables import OUTCOMES, CallRow, EvaluationRow, FailureRow, RunRow, SignalsRow, TranscriptRow
from store.where import Condition

KEYS_AT_ONCE = 500  # SQLite takes some 32,000 values in a statement; this many plan quickly
RECORDS_AT_ONCE = 20  # memory: a record of a long call has hundreds of kB, and more as Python objects


class Ledger:
    """Open it with `Ledger.open`; close it, or use it as a context."""

    def __init__(self, engine: Engine, where: str) -> None:
        self.where = where
        self._engine = engine
        self._writer = engine.execution_options(**{WRITES: True})

    @classmethod
    def open(cls, url: str | Path) -> Self:
        """A ledger by path of an SQLite file or by URL; made when new, upgraded when older. Raises OutputError."""
        return cls(*connect(url))

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def begin_run(self, rubric_hash: str, models: Mapping[str, str], settings: Mapping[str, Any]) -> str:
        """Note that a run begins. Its id."""
        run_id = uuid4().hex
        with self._writing() as session:
            session.add(RunRow(id=run_id, rubric_hash=rubric_hash, models=dict(models), settings=dict(settings)))
        return run_id

    def finish_run(
        self,
        run_id: str,
        outcome: str,
        counts: Mapping[str, Any],
        *,
        models: Mapping[str, str] | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        """Note how a run ended. outcome: one of OUTCOMES, else ValueError; an unknown run: KeyError.

        models, settings: where they are known only now, as of a run over what others had heard.
        """
        if outcome not in OUTCOMES:
            raise ValueError(f"outcome {outcome!r} is none of {', '.join(OUTCOMES)}")
        with self._writing() as session:
            run = session.get(RunRow, run_id)
            if run is None:
                raise KeyError(run_id)
            run.outcome, run.counts, run.finished_at = str(outcome), dict(counts), now()
            if models is not None:
                run.models = dict(models)
            if settings is not None:
                run.settings = dict(settings)

    def done(self, keys: Iterable[str]) -> set[str]:
        """Those of the work keys that are evaluated already."""
        found: set[str] = set()
        with self._reading() as session:
            for some in _chunks(keys, KEYS_AT_ONCE):
                found.update(session.scalars(select(EvaluationRow.key).where(EvaluationRow.key.in_(some))))
        return found

    def transcript(self, key: str) -> Transcript | None:
        """The stored transcript, or None."""
        with self._reading() as session:
            joined = select(TranscriptRow, CallRow).join(CallRow, CallRow.sha256 == TranscriptRow.sha256)
            found = session.execute(joined.where(TranscriptRow.key == key)).one_or_none()
            return None if found is None else rows.transcript(*found)

    def signals_of(self, key: str) -> tuple[Signal, ...] | None:
        """The stored signals, or None."""
        with self._reading() as session:
            row = session.get(SignalsRow, key)
            return None if row is None else codec.signals_from_json(row.signals)

    def calls_named(self, name: str) -> list[tuple[str, Call]]:
        """sha256 and call of the recordings with this call id, file name or start of sha256, ready to be judged."""
        with self._reading() as session:
            return lookup.calls_named(session, name)

    def save_transcript(
        self,
        key: str,
        *,
        call: Call,
        sha256: str,
        path: str | Path,
        models: Mapping[str, str],
        settings: Mapping[str, Any],
        seconds_spent: float = 0.0,
    ) -> bool:
        """Keep language, turns and measures of a call (its signals are not looked at). Whether the key was new."""
        with self._writing() as session:
            rows.upsert_call(session, call, sha256, str(path))
            values = rows.transcript_values(call) | {"seconds_spent": float(seconds_spent)}
            return rows.add(
                session, TranscriptRow, key=key, sha256=sha256, models=dict(models), settings=dict(settings), **values
            )

    def save_signals(
        self,
        key: str,
        *,
        transcript_key: str,
        signals: Sequence[Signal],
        models: Mapping[str, str],
        settings: Mapping[str, Any],
    ) -> bool:
        """Keep the signals of a stored transcript. Whether the key was new."""
        with self._writing() as session:
            return rows.add(
                session,
                SignalsRow,
                key=key,
                transcript_key=transcript_key,
                signals=codec.signals_to_json(signals),
                models=dict(models),
                settings=dict(settings),
            )

    def save_evaluation(
        self,
        key: str,
        *,
        run_id: str,
        call: Call,
        evaluation: Evaluation,
        record: Mapping[str, Any],
        sha256: str,
        path: str | Path,
        transcript_key: str | None,
        signals_key: str | None,
        models: Mapping[str, str],
        settings: Mapping[str, Any],
    ) -> bool:
        """Keep an evaluation with its answers and evidence, all or nothing. Whether the key was new.

        A key that is there stays as it is. Earlier failures of the key, and of the path in this run, are forgotten;
        those of other runs are closed.
        transcript_key, signals_key: of what is stored already, None where it is not kept.
        """
        with self._writing() as session:
            rows.forget_failures(session, key, run_id, str(path))
            history.close_failures(session, evaluation.rubric_hash, path=str(path), sha256=sha256)
            if rows.known(session, EvaluationRow, key):
                return False
            rows.upsert_call(session, call, sha256, str(path))
            new = rows.add(
                session,
                EvaluationRow,
                key=key,
                sha256=sha256,
                run_id=run_id,
                transcript_key=transcript_key,
                signals_key=signals_key,
                record=rows.kept_record(record, transcript_key),
                models=dict(models),
                settings=dict(settings),
                **rows.evaluation_values(evaluation),
            )
            if new:
                bulk.add_answers(session, [(key, evaluation)])
            return new

    def record_failure(
        self,
        run_id: str,
        path: str | Path,
        stage: str,
        reason: str,
        remedy: str,
        sha256: str | None = None,
        call_id: str | None = None,
        key: str | None = None,
    ) -> None:
        """Note that an input of a run could not be evaluated; a later word on the same path replaces it."""
        with self._writing() as session:
            rows.forget_failure_in(session, run_id, str(path))
            if run := session.get(RunRow, run_id):
                history.close_failures(session, run.rubric_hash, path=str(path), sha256=sha256)
            session.add(
                FailureRow(
                    run_id=run_id, path=str(path), stage=stage, reason=reason, remedy=remedy,
                    sha256=sha256, call_id=call_id, key=key,
                )
            )  # fmt: skip

    def seen_again(self, run_id: str, places: Mapping[str, str | Path]) -> None:
        """Note where a run found recordings that are evaluated: sha256 -> path. Their calls move there, and earlier
        failures of theirs are closed. An unknown run: KeyError."""
        told = {sha256: plain(str(path)) for sha256, path in places.items()}
        with self._writing() as session:
            run = session.get(RunRow, run_id)
            if run is None:
                raise KeyError(run_id)
            for some in _chunks(told, KEYS_AT_ONCE):
                known = session.execute(select(CallRow.sha256, CallRow.path).where(CallRow.sha256.in_(some)))
                moved = [{"sha256": s, "path": told[s]} for s, path in known if path != told[s]]
                if moved:
                    session.execute(update(CallRow), moved)
            paths = set(told.values())
            for failure in session.scalars(history.open_failures(run.rubric_hash)):
                if failure.path in paths or failure.sha256 in told:
                    failure.closed_at = now()

    def hold_again(self, known: Mapping[str, tuple[str, str, Metadata]]) -> None:
        """Evaluations made before are a run's results again: they hold, and what they knew of their calls, though
        others were made since. known: key of the evaluation -> recording (sha256), call id, metadata."""
        calls: Any = CallRow.__table__
        with self._writing() as session:
            for some in _chunks(known, KEYS_AT_ONCE):
                for key in history.hold_again(session, some):
                    sha256, call_id, metadata = known[key]
                    values = rows.known_values(call_id, metadata)
                    session.execute(update(calls).where(CallRow.sha256 == sha256).values(values))

    def keep_rubric(self, rubric: Rubric) -> None:
        """Keep what a rubric asks, so that its results can be explained when its file has changed."""
        with self._writing() as session:
            forms.keep(session, rubric)

    def forms(self) -> list[Form]:
        """The forms that judged calls here or were kept, the one used last first."""
        with self._reading() as session:
            return forms.forms(session)

    def cut(
        self, conditions: Sequence[Condition], size: int, *, under: str | None = None, except_under: Sequence[str] = ()
    ) -> Cut:
        """The calls that meet all conditions (see `store.where.clauses`), in stretches of `size`."""
        chosen = where.clauses(conditions, self._engine.dialect.name, under=under, except_under=except_under)
        with self._reading() as session:
            return stored.cut(session, chosen, size)

    def calls(
        self,
        stretch: Stretch,
        conditions: Sequence[Condition],
        size: int,
        *,
        under: str | None = None,
        except_under: Sequence[str] = (),
    ) -> Iterator[list[Stored]]:
        """The calls of a stretch that meet all conditions, `size` at a time, without what was said."""
        chosen = where.clauses(conditions, self._engine.dialect.name, under=under, except_under=except_under)
        while True:
            with self._reading() as session:
                found = stored.page(session, chosen, stretch, size)
            if found:
                yield found
            if len(found) < size:
                return
            stretch = Stretch(found[-1].sha256, stretch.until)

    def heard(self, calls: Sequence[Stored]) -> Iterator[tuple[Stored, Heard]]:
        """What was said in calls that have transcript and signals, one call at a time."""
        with self._reading() as session:
            yield from stored.heard(session, calls)

    def judged(self, rubric_hash: str, ids: Sequence[str]) -> dict[str, Verdict]:
        """The last evaluation under a rubric of each recording (sha256) that has one."""
        with self._reading() as session:
            return {v.sha256: v for v in history.verdicts(session, rubric_hash, ids)}

    def save_judged(self, judged: Sequence[Judged]) -> int:
        """Keep evaluations of stored calls, all or none; keys that are there stay as they are. How many were new."""
        with self._writing() as session:
            return bulk.save(session, judged)

    def counted(self, run_ids: Sequence[str]) -> int:
        """How many evaluations runs have made so far; quicker than `progress`."""
        with self._reading() as session:
            chosen = select(func.count()).select_from(EvaluationRow).where(EvaluationRow.run_id.in_(run_ids))
            return session.scalar(chosen) or 0

    def progress(self, run_id: str) -> Progress:
        """How far a run is; zeros for an unknown one."""
        evaluated = (
            select(func.count(), func.coalesce(func.sum(CallRow.duration), 0.0))
            .select_from(EvaluationRow)
            .join(CallRow, CallRow.sha256 == EvaluationRow.sha256)
            .where(EvaluationRow.run_id == run_id)
        )
        with self._reading() as session:
            count, seconds = session.execute(evaluated).one()
            failed = session.scalar(select(func.count()).select_from(FailureRow).where(FailureRow.run_id == run_id))
        return Progress(count, failed or 0, float(seconds))

    def records(
        self, keys: Sequence[str] | None = None, *, run_id: str | None = None, rubric_hash: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Stored records, read as they are asked for: of `keys` in their order (unknown ones are passed over), or all
        by key. run_id, rubric_hash: only those. A call may have several: see `latest`."""
        chosen = select(EvaluationRow, CallRow, TranscriptRow.turns, TranscriptRow.measures)
        chosen = chosen.join(CallRow, CallRow.sha256 == EvaluationRow.sha256)
        chosen = chosen.outerjoin(TranscriptRow, TranscriptRow.key == EvaluationRow.transcript_key)
        chosen = chosen.options(load_only(EvaluationRow.key, EvaluationRow.record))
        if run_id is not None:
            chosen = chosen.where(EvaluationRow.run_id == run_id)
        if rubric_hash is not None:
            chosen = chosen.where(EvaluationRow.rubric_hash == rubric_hash)
        for page in self._pages(chosen) if keys is None else self._pages_of(chosen, keys):
            yield from page

    def latest(self, rubric_hash: str) -> list[Latest]:
        """The last evaluation of every call under a rubric, by call id; earlier ones stay in the ledger."""
        with self._reading() as session:
            return [Latest(*row) for row in session.execute(history.latest(rubric_hash))]

    def runs(self, ids: Iterable[str]) -> list[Run]:
        """Those of the runs that are known, in the order they began."""
        with self._reading() as session:
            found = [run for some in _chunks(dict.fromkeys(ids), KEYS_AT_ONCE) for run in history.runs(session, some)]
        return sorted(found, key=lambda run: (run.started_at, run.id))

    def open_failures(self, rubric_hash: str) -> list[dict[str, Any]]:
        """Failures under a rubric on which no later run has had another word, in the order they came."""
        with self._reading() as session:
            return [rows.failure_record(row) for row in session.scalars(history.open_failures(rubric_hash))]

    def failures(self, run_id: str) -> list[dict[str, Any]]:
        """The failures of a run, in the order they came."""
        with self._reading() as session:
            chosen = select(FailureRow).where(FailureRow.run_id == run_id).order_by(FailureRow.id)
            return [rows.failure_record(row) for row in session.scalars(chosen)]

    # Pages are short reads, not one long one: an open read would keep SQLite from ever emptying its journal.

    def _pages(self, chosen: Select[Any]) -> Iterator[list[dict[str, Any]]]:
        last = ""
        while True:
            with self._reading() as session:
                page = chosen.where(EvaluationRow.key > last).order_by(EvaluationRow.key).limit(RECORDS_AT_ONCE)
                found = session.execute(page).all()
            if not found:
                return
            last = found[-1][0].key
            yield [rows.record(evaluation.record, *rest) for evaluation, *rest in found]

    def _pages_of(self, chosen: Select[Any], keys: Sequence[str]) -> Iterator[list[dict[str, Any]]]:
        for some in _chunks(keys, RECORDS_AT_ONCE):
            with self._reading() as session:
                rows_of = session.execute(chosen.where(EvaluationRow.key.in_(some)))
                found = {evaluation.key: rows.record(evaluation.record, *rest) for evaluation, *rest in rows_of}
            yield [found[key] for key in some if key in found]

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with explained(self.where), Session(self._engine) as session:
            yield session

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with explained(self.where), Session(self._writer) as session, session.begin():
            yield session


def _chunks(keys: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(keys)
    while some := list(islice(rest, size)):
        yield some
