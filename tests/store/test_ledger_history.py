"""The last word on every recording: what reports are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from alembic import command
from conftest import sha_of
from sqlalchemy import text
from sqlalchemy.orm import Session

from scoring.call import Call, Metadata
from scoring.rubric import Rubric
from store import connect
from store.ledger import Ledger
from store.tables import CallRow, EvaluationRow, RunRow

Save = Callable[..., bool]


@pytest.fixture
def run(ledger: Ledger, rubric: Rubric) -> str:
    return ledger.begin_run(rubric.hash, {"whisper": "a" * 64}, {"beam": 5})


def later(ledger: Ledger, rubric: Rubric) -> str:
    return ledger.begin_run(rubric.hash, {"whisper": "a" * 64}, {"beam": 1})


def keys(ledger: Ledger, rubric: Rubric) -> list[str]:
    return [found.key for found in ledger.latest(rubric.hash)]


def reasons(ledger: Ledger, rubric: Rubric) -> list[str]:
    return [failure["reason"] for failure in ledger.open_failures(rubric.hash)]


def test_a_call_counts_once_however_often_it_was_evaluated(
    ledger: Ledger, run: str, save: Save, rubric: Rubric
) -> None:
    """Keys in either order of letters: it is the time that tells which is the last."""
    save(ledger, run, "m", "a")
    save(ledger, run, "x", "b")
    second = later(ledger, rubric)
    save(ledger, second, "z", "a")
    save(ledger, second, "c", "b", metadata=Metadata(agent="A2"))
    assert keys(ledger, rubric) == ["z", "c"]
    assert {found.run_id for found in ledger.latest(rubric.hash)} == {second}
    assert sum(found.seconds for found in ledger.latest(rubric.hash)) == 84.0
    assert len(list(ledger.records(rubric_hash=rubric.hash))) == 4
    assert ledger.latest("another rubric") == []


def test_of_evaluations_at_one_moment_one_holds(ledger: Ledger, run: str, save: Save, rubric: Rubric) -> None:
    for key in ("b", "a", "c"):
        save(ledger, run, key)
    with ledger._writing() as session:
        moment = session.get(RunRow, run).started_at
        for row in session.query(EvaluationRow):
            row.created_at = row.held_at = moment
    assert keys(ledger, rubric) == ["c"]


def test_an_evaluation_under_another_rubric_takes_no_place(
    ledger: Ledger, run: str, save: Save, rubric: Rubric
) -> None:
    save(ledger, run, "a")
    save(ledger, run, "b")
    with ledger._writing() as session:
        session.get(EvaluationRow, "b").rubric_hash = "f" * 64
    assert keys(ledger, rubric) == ["a"]
    assert [found.key for found in ledger.latest("f" * 64)] == ["b"]


@pytest.mark.parametrize(
    ("path", "sha256", "closed"),
    [
        ("calls/call-001.wav", None, True),
        ("elsewhere.wav", sha_of("call-001"), True),
        ("elsewhere.wav", None, False),
        ("elsewhere.wav", "ab" * 32, False),
    ],
)
def test_what_a_later_run_evaluated_has_not_failed(
    ledger: Ledger, run: str, save: Save, rubric: Rubric, path: str, sha256: str | None, closed: bool
) -> None:
    """The same file, or the same audio, whatever the settings."""
    ledger.record_failure(run, path, "decode", "broken", "send it again", sha256=sha256, key="other settings")
    assert reasons(ledger, rubric) == ["broken"]
    save(ledger, later(ledger, rubric), "k")
    assert reasons(ledger, rubric) == ([] if closed else ["broken"])
    assert [failure["reason"] for failure in ledger.failures(run)] == ["broken"]


def test_the_last_failure_of_a_file_is_told_once(ledger: Ledger, run: str, save: Save, rubric: Rubric) -> None:
    save(ledger, run, "k")
    ledger.record_failure(run, "a.wav", "intake", "no permission", "")
    second = later(ledger, rubric)
    ledger.record_failure(second, "a.wav", "decode", "not audio", "", sha256="ab" * 32)
    ledger.record_failure(second, "calls/call-001.wav", "transcribe", "out of memory", "", sha256=sha_of("call-001"))
    third = later(ledger, rubric)
    ledger.record_failure(third, "moved/a.wav", "decode", "still not audio", "", sha256="ab" * 32)
    assert reasons(ledger, rubric) == ["out of memory", "still not audio"]


def test_failures_of_other_rubrics_are_their_own(ledger: Ledger, run: str, save: Save, rubric: Rubric) -> None:
    other = ledger.begin_run("f" * 64, {}, {})
    ledger.record_failure(other, "calls/call-001.wav", "decode", "broken", "")
    save(ledger, run, "k")
    assert ledger.open_failures(rubric.hash) == []
    assert [failure["run_id"] for failure in ledger.open_failures("f" * 64)] == [other]


def test_a_recording_that_moved_is_found_where_it_is(ledger: Ledger, run: str, save: Save, rubric: Rubric) -> None:
    save(ledger, run, "a", "a")
    save(ledger, run, "b", "b")
    ledger.seen_again(later(ledger, rubric), {sha_of("a"): "moved/a.wav", sha_of("unknown"): "moved/x.wav"})
    assert [record["audio"] for record in ledger.records(["a", "b"])] == ["moved/a.wav", "calls/b.wav"]
    found = ledger.transcript("t-a")
    assert found is not None
    assert found.path == "moved/a.wav"
    with pytest.raises(KeyError):
        ledger.seen_again("no such run", {})


def test_what_is_seen_again_has_not_failed(ledger: Ledger, run: str, save: Save, rubric: Rubric) -> None:
    """Evaluated, then failed with other settings, then asked for as at first: it is evaluated."""
    save(ledger, run, "a", "a")
    second = later(ledger, rubric)
    ledger.record_failure(second, "calls/a.wav", "transcribe", "out of memory", "", sha256=sha_of("a"))
    ledger.record_failure(second, "calls/b.wav", "transcribe", "out of memory", "", sha256=sha_of("b"))
    ledger.seen_again(later(ledger, rubric), {sha_of("a"): "moved/a.wav"})
    assert [failure["path"] for failure in ledger.open_failures(rubric.hash)] == ["calls/b.wav"]


def test_a_recording_that_moved_is_not_its_old_failure(ledger: Ledger, run: str, save: Save, rubric: Rubric) -> None:
    """A file that could not be read has no sha256; where it was evaluated later is forgotten when it moves."""
    ledger.record_failure(run, "calls/a.wav", "intake", "no permission", "")
    save(ledger, later(ledger, rubric), "a", "a")
    ledger.seen_again(later(ledger, rubric), {sha_of("a"): "moved/a.wav"})
    assert ledger.open_failures(rubric.hash) == []


def test_runs_and_when_they_ended(ledger: Ledger, run: str, save: Save, rubric: Rubric) -> None:
    """A killed run has no end of its own: it ended when it wrote its last result."""
    ledger.finish_run(run, "completed", {"duplicates": 2})
    killed, idle = later(ledger, rubric), later(ledger, rubric)
    save(ledger, killed, "k")
    with ledger._writing() as session:
        made = session.get(EvaluationRow, "k").created_at
    ran = ledger.runs([idle, killed, run, run, "unknown"])
    assert [r.id for r in ran] == [run, killed, idle]
    assert [(r.outcome, dict(r.settings)) for r in ran[:2]] == [("completed", {"beam": 5}), ("running", {"beam": 1})]
    assert ran[0].counts == {"duplicates": 2}
    assert timedelta(0) <= ran[0].ended_at - ran[0].started_at < timedelta(minutes=1)
    assert ran[1].ended_at == made
    assert ran[2].ended_at == ran[2].started_at


def test_a_record_of_an_early_ledger_is_completed(ledger: Ledger, run: str, save: Save, call: Call) -> None:
    save(ledger, run, "k", metadata=replace(call.metadata, csat=5.0))
    with ledger._writing() as session:
        row = session.get(EvaluationRow, "k")
        row.record = {k: v for k, v in row.record.items() if k not in ("agent_name", "metadata")}
    record: dict[str, Any] = next(ledger.records(["k"]))
    assert (record["agent_name"], record["metadata"]["csat"], record["metadata"]["ticket_id"]) == ("王芳", 5.0, "T-1")


def test_an_earlier_ledger_learns_which_failures_are_open(url: str, save: Save, rubric: Rubric) -> None:
    """Revision 0001 did not note it: the upgrade finds it out from what is there."""
    with Ledger.open(url) as ledger:
        first, second = (ledger.begin_run(rubric.hash, {}, {}) for _ in range(2))
        for path, sha256 in (("calls/a.wav", None), ("old/b.wav", sha_of("b")), ("c.wav", None), ("d.wav", None)):
            ledger.record_failure(first, path, "intake", path, "", sha256=sha256)
        ledger.record_failure(second, "c.wav", "intake", "c again", "")
        save(ledger, second, "a", "a")
        save(ledger, second, "b", "b")
        with ledger._writer.begin() as connection:
            command.downgrade(connect.migration_config(connection), "0001")
    with Ledger.open(url) as ledger:
        assert reasons(ledger, rubric) == ["d.wav", "c again"]
        with Session(ledger._engine) as session:
            assert session.scalar(text("SELECT count(*) FROM failures WHERE closed_at IS NULL")) == 2


def test_what_a_run_gives_again_holds_again(ledger: Ledger, run: str, save: Save, rubric: Rubric) -> None:
    """Judged with one table of calls, then with another, then with the first: nothing is made, and the first holds."""
    save(ledger, run, "first")
    save(ledger, later(ledger, rubric), "second")
    known = {"first": (sha_of("call-001"), "call-001", Metadata(team="一组"))}
    assert keys(ledger, rubric) == ["second"]
    for _ in range(2):
        ledger.hold_again(known)
        assert keys(ledger, rubric) == ["first"]
    with ledger._reading() as session:
        assert session.get(CallRow, sha_of("call-001")).team == "一组"
