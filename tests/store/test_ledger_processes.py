"""Several processes on one ledger, and one that is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scoring.rubric import Rubric
from store.ledger import Ledger
from store.tables import AnswerRow, EvaluationRow

ROOT = Path(__file__).parents[2]
WRITER = Path(__file__).with_name("writer.py")


def start(url: str, go: Path, prefix: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, str(WRITER), url, str(go), prefix, str(count)]
    return subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True)


def answers_by_evaluation(ledger: Ledger) -> dict[Any, int]:
    with Session(ledger._engine) as session:
        chosen = select(EvaluationRow.key, func.count(AnswerRow.id)).outerjoin(AnswerRow).group_by(EvaluationRow.key)
        judged = select(AnswerRow.evidence).where(AnswerRow.status != "not_applicable")
        assert all(session.scalars(judged))
        return {row.key: row[1] for row in session.execute(chosen)}


def ready(writer: subprocess.Popen[str]) -> None:
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"


def test_writers_that_open_a_new_ledger_at_once(url: str, tmp_path: Path, rubric: Rubric) -> None:
    go = tmp_path / "go"
    writers = [start(url, go, prefix, 20) for prefix in "ab"]
    for writer in writers:
        ready(writer)
    go.touch()
    told = [writer.communicate(timeout=120)[0].split() for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0]
    keys = {key for keys in told for key in keys}
    with Ledger.open(url) as ledger:
        assert ledger.done(keys) == keys
        assert answers_by_evaluation(ledger) == dict.fromkeys(keys, len(list(rubric.items())))


def test_a_killed_writer_leaves_whole_evaluations(url: str, tmp_path: Path, rubric: Rubric) -> None:
    go = tmp_path / "go"
    go.touch()
    with start(url, go, "a", 100_000) as writer:
        ready(writer)
        assert writer.stdout is not None
        told = {writer.stdout.readline().strip() for _ in range(7)}
        writer.send_signal(signal.SIGKILL)
        told |= set(writer.stdout.read().split("\n")[:-1])
    with Ledger.open(url) as ledger:
        found = answers_by_evaluation(ledger)
        assert told <= set(found)
        assert set(found.values()) == {len(list(rubric.items()))}
        if ledger._engine.dialect.name == "sqlite":
            with ledger._engine.connect() as connection:
                assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    with start(url, go, "b", 3) as again:
        assert again.communicate(timeout=120)[0].split() == ["ready", "shared-0", "b-1", "shared-2"]
