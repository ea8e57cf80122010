"""`callqa report` on ledgers that have seen several runs; and what a run leaves of recordings that moved."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from command import Command

from flows.addresses import work_for
from flows.inspect import write_results
from flows.plan import Plan, Request
from flows.progress import Seen
from flows.recordings import take_in
from flows.settings import Settings
from flows.summary import facts_of
from scoring.call import Call, Metadata, Role, Turn
from scoring.engine import evaluate
from scoring.record import call_record
from scoring.rubric import Rubric
from scoring.rubric_file import load_rubric
from store.ledger import Ledger
from store.results import Run

TURNS = (
    Turn(Role.AGENT, 0.5, 9.0, "您好，请问有什么可以帮您？我马上为您核实。", 0.9),
    Turn(Role.CUSTOMER, 9.5, 20.0, "我的宽带坏了，请快一点。", 0.9),
    Turn(Role.AGENT, 20.5, 29.0, "好的，还有其他可以帮您的吗？感谢您的来电，再见。", 0.9),
)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def rubric() -> Rubric:
    return load_rubric("service")


def save(ledger: Ledger, run: str, rubric: Rubric, key: str, path: Path | str, **known: Any) -> None:
    """An evaluation of the file at `path`, or of one that is called so."""
    path = Path(path)
    (intake,) = take_in([path]).calls
    call = Call(intake.call_id, 30.0, "zh", TURNS, metadata=Metadata(**known))
    evaluation = evaluate(call, rubric)
    ledger.save_evaluation(
        key, run_id=run, call=call, evaluation=evaluation, sha256=intake.sha256, path=path,
        record=call_record(call, evaluation, audio=str(path), sha256=intake.sha256),
        transcript_key=None, signals_key=None, models={}, settings={},
    )  # fmt: skip


@pytest.fixture
def recordings(samples: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "rec"
    folder.mkdir()
    for name in ("zh-03-consult-bad", "en-13-consult-good"):
        (sample,) = (samples / "audio").glob(name + ".*")
        shutil.copy(sample, folder)
    return folder


def test_one_row_a_call_and_the_failures_that_are_open(
    callqa: Command, tmp_path: Path, recordings: Path, rubric: Rubric
) -> None:
    first, second = sorted(recordings.iterdir())
    with Ledger.open(tmp_path / "o2" / "callqa.sqlite") as ledger:
        run = ledger.begin_run(rubric.hash, {"speech": "ab" * 32}, {"beam": 5, "channels": "auto"})
        save(ledger, run, rubric, "x1", first, agent="A1")
        save(ledger, run, rubric, "x2", second, agent="A1")
        ledger.record_failure(run, "rec/broken.wav", "decode", "not audio", "export it again")
        ledger.record_failure(run, str(first), "decode", "was being copied", "wait")
        ledger.finish_run(run, "partly_failed", {"duplicates": 1, "speed_x_realtime": 20.0})
        again = ledger.begin_run(rubric.hash, {"speech": "ab" * 32}, {"beam": 5, "channels": "customer,agent"})
        save(ledger, again, rubric, "a1", first, agent="A2")
        save(ledger, again, rubric, "a2", second, agent="A2")
        ledger.finish_run(again, "completed", {"duplicates": 1, "speed_x_realtime": 30.0})
    out = tmp_path / "o2"
    done = callqa("report", "--out", out)
    assert done.returncode == 0, done.stderr
    assert "2 calls, 1 failures" in done.stdout
    assert {r["agent"] for r in lines(out / "evaluations.jsonl")} == {"A2"}
    assert len(lines(out / "evaluations.jsonl")) == 2
    assert [f["path"] for f in lines(out / "failures.jsonl")] == ["rec/broken.wav"]
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "export it again" in page
    assert "共 2 次运行" in page
    assert "auto / customer,agent" in page
    assert "abababababab" in page
    assert "../rec/zh-03-consult-bad.wav#t=" in page


def test_another_rubric_leaves_the_files_alone(
    callqa: Command, tmp_path: Path, recordings: Path, rubric: Rubric
) -> None:
    with Ledger.open(tmp_path / "out" / "callqa.sqlite") as ledger:
        run = ledger.begin_run("f" * 64, {}, {})
        ledger.record_failure(run, "rec/broken.wav", "decode", "not audio", "export it again")
    (tmp_path / "out" / "evaluations.csv").write_text("kept")
    done = callqa("report", "--out", tmp_path / "out")
    assert (done.returncode, "remedy" in done.stderr) == (2, True)
    assert (tmp_path / "out" / "evaluations.csv").read_text() == "kept"


def test_a_folder_that_moved(tmp_path: Path, recordings: Path, rubric: Rubric) -> None:
    """Nothing is done again, and nothing points to where the recordings were."""
    settings, out = Settings(), tmp_path / "out"
    with Ledger.open(out / "callqa.sqlite") as ledger:

        def results(folder: Path) -> str:
            taken = take_in(sorted(folder.iterdir()))
            works = tuple(work_for(intake, {}, settings.that_matter(), rubric.hash) for intake in taken.calls)
            done = frozenset(ledger.done(w.evaluation for w in works))
            plan = Plan(rubric, {}, works, done, (), (), ())
            run = ledger.begin_run(rubric.hash, {}, settings.that_matter())
            for work in plan.todo:
                save(ledger, run, rubric, work.evaluation, work.intake.path)
            request = Request(paths=(str(folder),), out=str(out))
            outcome = write_results(ledger, run, plan, request, settings, Seen(2, 0, 2, 60.0, 1.0), datetime.now(UTC))
            assert (len(works), outcome.done_before) == (2, len(done))
            return (out / "report.html").read_text(encoding="utf-8")

        assert "../rec/zh-03-consult-bad.wav#t=" in results(recordings)
        moved = recordings.rename(tmp_path / "rec_moved")
        page = results(moved)
        assert "../rec_moved/zh-03-consult-bad.wav#t=" in page
        assert "rec/" not in page
        for record in [*lines(out / "evaluations.jsonl"), *ledger.records()]:
            assert Path(record["audio"]).parent == moved
        for transcript in (out / "transcripts").iterdir():
            assert Path(json.loads(transcript.read_text(encoding="utf-8"))["audio"]).parent == moved


def test_facts_of_runs() -> None:
    begun = datetime(2026, 3, 2, 9, tzinfo=UTC)
    counts = {"duplicates": 2, "speed_x_realtime": 18.0}
    one = Run("1", begun, begun + timedelta(minutes=3), "completed", {"speech": "a"}, {"beam": 5}, counts)
    two = Run("2", begun + timedelta(days=1), begun + timedelta(days=2), "running", {"speech": "a"}, {"beam": 1}, {})
    alone = facts_of([one], 60.0)
    assert (alone.runs, alone.duplicates, alone.speed_x_realtime, alone.settings) == (1, 2, 18.0, {"beam": "5"})
    both = facts_of([one, two], 60.0)
    assert (both.started_at, both.finished_at) == (one.started_at, two.ended_at)
    assert (both.runs, both.duplicates, both.speed_x_realtime) == (2, None, None)
    assert (both.models, both.settings) == ({"speech": "a"}, {"beam": "5 / 1"})
