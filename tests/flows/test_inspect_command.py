"""`callqa inspect`, the real command with the real models, on calls and on what should not be a call."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from itertools import chain, takewhile
from pathlib import Path

import av
import numpy as np
import openpyxl
import pytest
from command import Command
from hostile import FAILING, UNSCORED, unreadable, write_wav

from store.ledger import Ledger

SHORT = ("zh-03-consult-bad", "en-13-consult-good")  # one in each language
HEADER = "录音文件,通话编号,业务场景,开始时间,心情\n"


def sample(samples: Path, name: str) -> Path:
    (found,) = (samples / "audio").glob(name + ".*")
    return found


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def converted(
    source: Path, target: Path, rate: int, form: str, codec: str, *, after_minutes: int = 0, seconds: float = 600
) -> None:
    """The first seconds of a sound in another container and rate, after so many minutes of silence."""
    with av.open(str(source)) as heard, av.open(str(target), "w", format=form) as written:
        stream = written.add_stream(codec, rate=rate, layout="stereo")
        stream.format = "s16"
        minute = av.AudioFrame.from_ndarray(np.zeros((1, 2 * 60 * rate), np.int16), format="s16", layout="stereo")
        minute.sample_rate = rate
        resampler = av.AudioResampler(format="s16", layout="stereo", rate=rate)
        opening = takewhile(lambda frame: frame.time < seconds, heard.decode(audio=0))
        for frame in chain([minute] * after_minutes, opening):
            for piece in [frame] if frame is minute else resampler.resample(frame):
                piece.pts = None
                written.mux(stream.encode(piece))
        for piece in resampler.resample(None):
            piece.pts = None
            written.mux(stream.encode(piece))
        written.mux(stream.encode(None))


@pytest.fixture(scope="module")
def bad_run(
    samples: Path, callqa: Command, shared_server: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[subprocess.CompletedProcess[str], Path]:
    """One run over everything that can be wrong, with two good calls among it."""
    folder = tmp_path_factory.mktemp("bad")
    calls, out = folder / "calls", folder / "out"
    calls.mkdir()
    zh, en = (sample(samples, name) for name in SHORT)
    shutil.copy(zh, calls / "good.wav")
    shutil.copy(zh, calls / "same again.wav")
    converted(en, calls / "wide.wav", 96_000, "wav", "pcm_s16le")
    converted(en, calls / "three-hours.flac", 8_000, "flac", "flac", after_minutes=180, seconds=15)
    shutil.copy(en, calls / "misnamed.ogg")
    for name, (make, _) in FAILING.items():
        make(calls / name)
    for name, make in UNSCORED.items():
        make(calls / name)
    unreadable(calls / "unreadable.wav")
    for n, name in enumerate(("twice.wav", "climbs.wav", "newline.wav", "late.wav")):
        write_wav(calls / name, np.full(800, 0.01 * (n + 1)))
    rows = (
        "good.wav,CALL-1,咨询,2026-10-05 09:00:00,好\n"
        "twice.wav,CALL-2,咨询,2026-10-05 09:00:00,\ntwice.wav,CALL-3,投诉,2026-10-05 10:00:00,\n"
        'climbs.wav,../../etc/passwd,咨询,,\nnewline.wav,"CALL\n5",咨询,,\nlate.wav,CALL-6,咨询,2026-13-45 99:00:00,\n'
    )
    (folder / "calls.csv").write_bytes((HEADER + rows).encode("gbk"))
    done = callqa("inspect", calls, "--metadata", folder / "calls.csv", "--out", out, env=shared_server)
    return done, out


def test_some_fail_and_the_rest_is_evaluated(bad_run: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    done, out = bad_run
    assert done.returncode == 3, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    evaluated = {Path(r["audio"]).name: r for r in lines(out / "evaluations.jsonl")}
    assert evaluated["misnamed.ogg"]["score"] > 70
    assert evaluated["wide.wav"]["score"] > 70
    assert evaluated["three-hours.flac"]["duration"] > 3 * 3600
    assert min(turn["start"] for turn in evaluated["three-hours.flac"]["turns"]) > 3 * 3600 - 1
    assert {r["call_id"] for r in evaluated.values()} >= {
        "CALL-1",
        "wide",
        "misnamed",
        "silent",
        "music",
        "blip",
        "CALL-6",
    }
    assert (out / "report.html").stat().st_size > 10_000


@pytest.mark.parametrize("name", [*FAILING, "unreadable.wav", "twice.wav", "climbs.wav", "newline.wav"])
def test_each_failure_has_its_row_and_a_line_with_a_remedy(
    bad_run: tuple[subprocess.CompletedProcess[str], Path], name: str
) -> None:
    done, out = bad_run
    (failure,) = [f for f in lines(out / "failures.jsonl") if Path(f["path"]).name == name]
    assert failure["reason"]
    assert failure["remedy"]
    assert FAILING.get(name, (None, ""))[1] in failure["reason"]
    (line,) = [text for text in done.stdout.splitlines() if text.startswith("failed:") and name in text]
    assert failure["remedy"] in line


@pytest.mark.parametrize("name", UNSCORED)
def test_what_is_no_conversation_is_not_scored(
    bad_run: tuple[subprocess.CompletedProcess[str], Path], name: str
) -> None:
    (record,) = [r for r in lines(bad_run[1] / "evaluations.jsonl") if Path(r["audio"]).name == name]
    assert record["score"] is None
    assert {a["status"] for a in record["answers"]} == {"cannot_judge"}
    assert not [t for t in record["turns"] if t["role"] == "agent"]


def test_warnings_name_what_was_passed_over(bad_run: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    said = bad_run[0].stdout
    assert "心情" in said
    assert "2026-13-45" in said
    assert "1 duplicates" in said
    assert "same again.wav is " in said
    assert "without a row" in said


def test_tables_open_and_hold_every_call(bad_run: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    _, out = bad_run
    records = lines(out / "evaluations.jsonl")
    book = openpyxl.load_workbook(out / "evaluations.xlsx", read_only=True)
    sheets = {sheet.title.split()[0]: sheet for sheet in book.worksheets}
    assert sum(1 for _ in sheets["Calls"].iter_rows()) == len(records) + 1
    assert sum(1 for _ in sheets["Answers"].iter_rows()) == sum(len(r["answers"]) for r in records) + 1
    assert {p.stem for p in (out / "transcripts").glob("*.json")} == {r["call_id"] for r in records}


def stopped_at(calls_done: int, how: signal.Signals, command: list[str], env: dict[str, str], out: Path) -> str:
    """Start the command, stop it once the ledger holds so many calls; what it said. Calls that finish in the moment
    between are kept, too."""
    process = subprocess.Popen(
        command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )
    deadline = time.monotonic() + 600  # a busy machine
    while finished(out) < calls_done and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.2)
    os.kill(process.pid, how)
    said, _ = process.communicate(timeout=60)
    kept = finished(out)
    assert kept >= calls_done, said
    assert process.returncode == (130 if how == signal.SIGINT else -how)
    assert "Traceback" not in said
    time.sleep(3)  # orphaned workers end by themselves
    assert finished(out) == kept, "a worker outlived its parent"
    return said


def finished(out: Path) -> int:
    """Evaluations a stopped run left."""
    if not (out / "callqa.sqlite").exists():
        return 0
    with Ledger.open(out / "callqa.sqlite") as opened:
        return sum(1 for _ in opened.records())


def test_a_stopped_run_goes_on_where_it_was(
    bad_run: tuple[subprocess.CompletedProcess[str], Path],
    callqa: Command,
    environment: dict[str, str],
    shared_server: dict[str, str],
    tmp_path: Path,
) -> None:
    """Killed after one call, interrupted after two, then let finish: the same as the run that nobody stopped."""
    whole, out = bad_run[1], tmp_path / "out"
    names = ("good.wav", "misnamed.ogg", "music.wav")
    arguments = [str(whole.parent / "calls" / name) for name in names]
    table = openpyxl.Workbook()
    for row in csv.reader((whole.parent / "calls.csv").read_text("gbk").splitlines()):
        table.active.append(row)
    table.save(tmp_path / "calls.xlsx")
    arguments += ["--metadata", str(tmp_path / "calls.xlsx"), "--out", str(out)]
    command = [str(Path(sys.executable).with_name("callqa")), "inspect", *arguments]
    one_by_one = environment | shared_server | {"CALLQA_HANDFUL": "1"}
    stopped_at(1, signal.SIGKILL, command, one_by_one, out)
    assert finished(out) < len(names)
    assert "run the same command again" in stopped_at(2, signal.SIGINT, command, one_by_one, out)

    before = finished(out)
    rest = callqa("inspect", *arguments, env=shared_server)
    assert rest.returncode == 0, rest.stdout + rest.stderr
    if before < len(names):
        assert f"{len(names) - before} evaluated" in rest.stdout
        assert f"{before} done before" in rest.stdout
    else:  # the interrupted run had finished the last one on its way out
        assert "nothing to do" in rest.stdout
    uninterrupted = {r["audio"]: r for r in lines(whole / "evaluations.jsonl")}
    for record in lines(out / "evaluations.jsonl"):
        assert record == uninterrupted.pop(record["audio"])
    assert len(uninterrupted) == len(lines(whole / "evaluations.jsonl")) - len(names)

    third = callqa("inspect", *arguments, env=shared_server)
    assert third.returncode == 0
    assert "nothing to do" in third.stdout
