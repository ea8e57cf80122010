"""`callqa rescore` as a user runs it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from command import Command
from stored_calls_made import inspected, without_signals, written
from typer.testing import CliRunner

from flows.main import app
from flows.rescore import joined
from scoring.errors import UsageError
from scoring.rubric_file import load_rubric
from store.ledger import Ledger
from store.stored import Cut, Stretch


def test_history_under_two_forms(callqa: Command, shared_server: dict[str, str], tmp_path: Path) -> None:
    """What was judged before is skipped and said so; results stand side by side, with the run's models and counts."""
    rubric = load_rubric("service")
    (tmp_path / "out").mkdir()
    url = str(tmp_path / "out/callqa.sqlite")
    inspected(url, rubric, "abcdef")
    without_signals(url, "killed")
    form = written(tmp_path / "next.yaml", satisfaction_invite={"points": 10})
    done = callqa(
        "rescore",
        "--rubric",
        "service",
        "--rubric",
        form,
        "--where",
        "call!=f",
        "--workers",
        "1",
        "--out",
        tmp_path / "out",
        env=shared_server,
    )
    assert done.returncode == 0, done.stderr
    assert "0 judged 已评, 5 judged by it before, skipped" in done.stdout
    assert "5 judged 已评" in done.stdout
    assert "1 calls have no stored transcript with signals" in done.stdout
    with Ledger.open(url) as ledger:
        kept = load_rubric(form).hash
        latest = ledger.latest(kept)
        assert [record["call_id"] for record in ledger.records([found.key for found in latest])] == list("abcde")
        (run,) = ledger.runs({found.run_id for found in latest})
        assert (run.outcome, run.models, run.settings) == ("completed", {"speech": "5" * 64}, {"beam": "5"})
        assert run.counts["evaluated"] == 5
        assert next(form.rubric for form in ledger.forms() if form.hash == kept) == load_rubric(form)


def test_without_a_ledger_nothing_starts(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no ledger"):
        CliRunner().invoke(app, ["rescore", "--rubric", "service", "--out", str(tmp_path)], catch_exceptions=False)


def test_a_wrong_condition_or_form_stops_it_before_anything_starts(tmp_path: Path) -> None:
    url = str(tmp_path / "l.sqlite")
    inspected(url, load_rubric("service"), "a")
    for options, said in ((["--where", "agnt=A"], "did you mean 'agent'"), (["--rubric", "nope"], "no form called")):
        command = ["rescore", "--rubric", "service", *options, "--ledger", url]
        with pytest.raises(UsageError, match=said):
            CliRunner().invoke(app, command, catch_exceptions=False)


@pytest.mark.parametrize(
    ("cuts", "workers", "sizes"), [(0, 2, []), (3, 2, [1, 1, 1]), (16, 2, [2] * 8), (1000, 2, [20] * 50)]
)
def test_tasks_are_few_and_none_is_long(cuts: int, workers: int, sizes: list[int]) -> None:
    stretches = tuple(Stretch(str(n), str(n + 1)) for n in range(cuts))
    tasks = joined(Cut(100 * cuts, stretches), workers)
    assert [int(task.until) - int(task.after) for task in tasks] == sizes
    assert all(a.until == b.after for a, b in pairwise(tasks))
