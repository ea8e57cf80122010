"""What is saved is found again, once, whatever it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from scoring.call import (
    Call,
    Hold,
    Interruption,
    Latency,
    Measures,
    Metadata,
    Monologue,
    PaceAt,
    Role,
    Signal,
    Silence,
    Turn,
)
from scoring.rubric import Rubric
from store.codec import measures_from_json
from store.ledger import KEYS_AT_ONCE, RECORDS_AT_ONCE, Ledger
from store.results import Progress
from store.tables import AnswerRow, Base, CallRow, EvaluationRow, RunRow

Save = Callable[..., bool]
BEIJING = timezone(timedelta(hours=8))


@pytest.fixture
def run(ledger: Ledger, rubric: Rubric) -> str:
    return ledger.begin_run(rubric.hash, {"whisper": "a" * 64}, {"beam": 5})


def rows(ledger: Ledger, table: type[Base]) -> list[Any]:
    with Session(ledger._engine) as session:
        return list(session.scalars(select(table)))


def count(ledger: Ledger, table: type[Base]) -> int:
    with Session(ledger._engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_run_from_begin_to_end(ledger: Ledger, run: str) -> None:
    ledger.finish_run(run, "partly_failed", {"evaluated": 3, "failed": 1})
    (row,) = rows(ledger, RunRow)
    assert (row.id, row.outcome, row.models, row.settings) == (run, "partly_failed", {"whisper": "a" * 64}, {"beam": 5})
    assert row.counts == {"evaluated": 3, "failed": 1}
    assert timedelta(0) <= row.finished_at - row.started_at < timedelta(minutes=1)


def test_a_run_ends_in_a_known_way(ledger: Ledger, run: str) -> None:
    with pytest.raises(ValueError, match="perhaps"):
        ledger.finish_run(run, "perhaps", {})
    with pytest.raises(KeyError):
        ledger.finish_run("unknown", "completed", {})


def test_transcript_and_signals_come_back_exactly(ledger: Ledger, run: str, save: Save, call: Call) -> None:
    save(ledger, run, "k")
    found = ledger.transcript("t-k")
    assert found is not None
    assert (found.turns, found.measures, found.metadata) == (call.turns, call.measures, call.metadata)
    assert (found.call_id, found.language, found.duration) == (call.id, "zh", 42.0)
    assert ledger.signals_of("s-k") == call.signals
    f = found
    assert Call(f.call_id, f.duration, f.language, f.turns, call.signals, f.measures, f.metadata) == call


@pytest.mark.parametrize(
    "measures",
    [
        Measures(),
        Measures(overlaps=None, talk_share=None, role_confidence=0.55, details={"a": [1, {"b": None}]}),
        Measures(
            speech={Role.AGENT: 0.1 + 0.2},
            pace={Role.SYSTEM: 1e-9},
            silences=(Silence(1, 4.5), Silence(6, 1e6, Role.AGENT)),
            holds=(Hold(6, 20.5, True), Hold(30, 40)),
            monologue=Monologue(0.1, 1 / 3, Role.CUSTOMER),
            latency={Role.AGENT: Latency(-0.5, 1 / 3, 2)},
            pace_over_time={Role.AGENT: (PaceAt(0, 30, 181.1), PaceAt(30, 60, 0.0))},
            overlaps=(Interruption(1.5, 2.5, Role.AGENT),),
            talk_share=1 / 3,
        ),
    ],
)
@pytest.mark.parametrize(
    "metadata",
    [
        Metadata(),
        Metadata(started_at=datetime(2026, 5, 1, 8, 0, 0, 123), transferred=True, csat=0.0),
        Metadata(started_at=datetime(2026, 5, 1, 8, tzinfo=BEIJING), agent="'; DROP TABLE runs; --"),
    ],
)
def test_rare_shapes_come_back_exactly(
    ledger: Ledger, run: str, save: Save, measures: Measures, metadata: Metadata
) -> None:
    turns = (Turn(Role.CUSTOMER, 0.0, 1 / 3, "", 0.0), Turn(Role.AGENT, 5, 6, "𠮷🙂\u2028\"'\\\x00\udcc4", 1.0))
    signals = (Signal(1, 5.0, 6.0, "quote", {}),)
    save(ledger, run, "k", turns=turns, signals=signals, measures=measures, metadata=metadata)
    found = ledger.transcript("t-k")
    assert found is not None
    assert (found.turns, found.measures, found.metadata) == (turns, measures, metadata)
    assert ledger.signals_of("s-k") == signals


def test_wall_clock_of_the_call_is_kept_for_reports(ledger: Ledger, run: str, save: Save) -> None:
    save(ledger, run, "k", metadata=Metadata(started_at=datetime(2026, 5, 1, 8, tzinfo=BEIJING)))
    (row,) = rows(ledger, CallRow)
    assert row.started_at == datetime(2026, 5, 1, 8)
    assert row.known["started_at"] == "2026-05-01T08:00:00+08:00"


def test_absence_is_a_value(ledger: Ledger) -> None:
    assert ledger.transcript("none") is None
    assert ledger.signals_of("none") is None
    assert ledger.done(["none"]) == set()
    assert ledger.done([]) == set()
    assert ledger.progress("none") == Progress(0, 0, 0.0)
    assert list(ledger.records(["none"])) == []
    assert ledger.failures("none") == []


def test_an_evaluation_with_answers_and_evidence(
    ledger: Ledger, run: str, save: Save, record: dict[str, Any], rubric: Rubric
) -> None:
    assert save(ledger, run, "k") is True
    (row,) = rows(ledger, EvaluationRow)
    assert (row.score, row.grade, row.rubric_hash, row.run_id) == (record["score"], record["grade"], rubric.hash, run)
    assert (row.transcript_key, row.signals_key) == ("t-k", "s-k")
    answers = sorted(rows(ledger, AnswerRow), key=lambda a: a.position)
    assert [a.item for a in answers] == [item.id for _, item in rubric.items()]
    assert {a.rubric_hash for a in answers} == {rubric.hash}
    assert [a.status for a in answers] == [a["status"] for a in record["answers"]]
    assert [[e["quote"] for e in a.evidence] for a in answers] == [
        [e["quote"] for e in a["evidence"]] for a in record["answers"]
    ]
    assert list(ledger.records(["k"])) == [json.loads(json.dumps(record))]


def test_evidence_goes_with_its_evaluation(ledger: Ledger, run: str, save: Save) -> None:
    save(ledger, run, "k")
    with ledger._writing() as session:
        session.delete(session.get(EvaluationRow, "k"))
    assert count(ledger, AnswerRow) == 0


def test_saving_twice_does_nothing_twice(ledger: Ledger, run: str, save: Save) -> None:
    save(ledger, run, "k")
    before = [(r.key, r.created_at, r.run_id) for r in rows(ledger, EvaluationRow)], count(ledger, AnswerRow)
    second = ledger.begin_run("another", {}, {})
    assert save(ledger, second, "k", turns=()) is False
    assert before == ([(r.key, r.created_at, r.run_id) for r in rows(ledger, EvaluationRow)], count(ledger, AnswerRow))
    assert ledger.progress(second).evaluated == 0


def test_one_call_under_two_rubrics(ledger: Ledger, run: str, save: Save) -> None:
    first_seen = None
    for key in ("under-1", "under-2"):
        save(ledger, run, key)
        (seen,) = rows(ledger, CallRow)
        assert first_seen in (None, seen.first_seen)
        first_seen = seen.first_seen
    assert ledger.done(["under-1", "under-2", "under-3"]) == {"under-1", "under-2"}


def test_later_metadata_holds(ledger: Ledger, run: str, save: Save) -> None:
    save(ledger, run, "k1", metadata=Metadata(agent="A1", team="T1"))
    save(ledger, run, "k2", metadata=Metadata(agent="A2"))
    (row,) = rows(ledger, CallRow)
    assert (row.agent, row.team) == ("A2", None)


def test_success_forgets_earlier_failures(ledger: Ledger, run: str, save: Save) -> None:
    earlier = ledger.begin_run("h", {}, {})
    ledger.record_failure(earlier, "old/place.wav", "transcribe", "out of memory", "use a smaller model", key="k")
    ledger.record_failure(run, "calls/call-001.wav", "read", "vanished", "put it back")
    ledger.record_failure(run, "calls/other.wav", "read", "not audio", "send audio", "ab", "other", "k9")
    assert ledger.progress(run) == Progress(0, 2, 0.0)
    save(ledger, run, "k")
    assert ledger.failures(earlier) == []
    (left,) = ledger.failures(run)
    assert {k: left[k] for k in ("path", "call_id", "sha256", "stage", "reason", "remedy", "run_id")} == {
        "path": "calls/other.wav", "call_id": "other", "sha256": "ab", "stage": "read", "reason": "not audio",
        "remedy": "send audio", "run_id": run,
    }  # fmt: skip
    assert ledger.progress(run) == Progress(1, 1, 42.0)


def test_a_path_fails_once_a_run(ledger: Ledger, run: str) -> None:
    for reason in ("first", "second"):
        ledger.record_failure(run, "a.wav", "read", reason, "")
    assert [f["reason"] for f in ledger.failures(run)] == ["second"]


def test_stray_bytes_in_a_path_are_no_failure(ledger: Ledger, run: str, save: Save) -> None:
    ledger.record_failure(run, "录音/\udcc4\udce3.wav", "read", "nul \0 byte", "")
    assert ledger.failures(run)[0]["path"] == "录音/\\udcc4\\udce3.wav"
    assert save(ledger, run, "k", call_id="\udcc4\0")
    assert next(ledger.records(["k"]))["call_id"] == "\udcc4\0"


def test_unknown_numbers_are_null(ledger: Ledger, run: str, save: Save) -> None:
    save(ledger, run, "k", measures=Measures(details={"snr": float("nan"), "by": [float("inf"), 1.0, "x"]}))
    found = ledger.transcript("t-k")
    assert found is not None
    assert found.measures.details == {"snr": None, "by": [None, 1.0, "x"]}


def test_an_unknown_run_or_transcript_is_our_mistake(ledger: Ledger, save: Save) -> None:
    with pytest.raises(IntegrityError):
        save(ledger, "no such run", "k")
    with pytest.raises(IntegrityError):
        ledger.save_signals("s", transcript_key="none", signals=(), models={}, settings={})
    assert ledger.done(["k"]) == set()


def test_records_stream_in_the_order_asked(ledger: Ledger, run: str, save: Save) -> None:
    keys = [f"k{i:03d}" for i in range(RECORDS_AT_ONCE + 5)]
    for key in reversed(keys):
        save(ledger, run, key, call_id=key, turns=(), signals=())
    asked = [*keys[::-2], "unknown", keys[0]]
    ids = [r["call_id"] for r in ledger.records(asked)]
    assert ids == [k for k in asked if k != "unknown"]
    assert [r["call_id"] for r in ledger.records()] == keys
    assert [r["call_id"] for r in ledger.records(run_id="none")] == []
    assert len(list(ledger.records(keys, run_id=run, rubric_hash="none"))) == 0
    assert ledger.done(keys + [f"x{i}" for i in range(2 * KEYS_AT_ONCE)]) == set(keys)


def test_reading_while_writing(ledger: Ledger, run: str, save: Save) -> None:
    """A desk that reads half of the records must not hold up the inspection, nor see changes as errors."""
    save(ledger, run, "a")
    reader = ledger.records()
    next(reader)
    save(ledger, run, "b")
    assert len(list(reader)) <= 1


def test_threads_share_a_ledger(ledger: Ledger, run: str, save: Save, call: Call) -> None:
    with ThreadPoolExecutor(4) as pool:
        new = list(pool.map(lambda i: save(ledger, run, f"k{i % 6}", call_id=f"c{i % 6}"), range(12)))
    assert sum(new) == 6
    assert count(ledger, AnswerRow) % 6 == 0
    assert ledger.progress(run) == Progress(6, 0, 6 * replace(call).duration)


def test_numpy_numbers_are_numbers(ledger: Ledger, run: str, save: Save) -> None:
    numpy = pytest.importorskip("numpy")
    turn = Turn(Role.AGENT, numpy.float32(0.5), numpy.float64(1.5), "您好", numpy.float32(0.25))
    save(ledger, run, "k", turns=(turn,), duration=numpy.float32(20.0))
    found = ledger.transcript("t-k")
    assert found is not None
    assert (found.turns[0].start, found.turns[0].confidence, found.duration) == (0.5, 0.25, 20.0)
    assert all(isinstance(e["start"], float) for a in rows(ledger, AnswerRow) for e in a.evidence)


def test_measures_of_an_older_ledger_are_read() -> None:
    old = {
        "speech": {}, "pace": {}, "silences": [[1, 4.5]], "overlaps": [[1, 2, "agent"]], "talk_share": None,
        "role_confidence": 1.0, "details": {},
    }  # fmt: skip
    read = measures_from_json(old)
    assert read == Measures(silences=(Silence(1, 4.5),), overlaps=(Interruption(1, 2, Role.AGENT),))
