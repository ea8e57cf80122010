"""`callqa rubric` validate, publish, retire, explain: in this process, without models."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.commands.rubric import app
from scoring.call import Call, Measures, Metadata, Role, Signal, Turn
from scoring.errors import RubricError, UsageError
from scoring.rubric_file import load_rubric
from store.ledger import Ledger

FORM = """id: mine
version: "1"
name: {zh: 表, en: form}
sections:
  - id: a
    name: {zh: 节, en: section}
    items:
      - id: greeting
        name: {zh: 问候, en: Greeting}
        guide: {zh: 是否问候客户, en: Does the agent greet?}
        source: "1"
        points: 3
        met: {any: [{detect: act, labels: [greeting]}, {detect: phrase, any: [您好]}]}
"""


def run(*arguments: str | Path, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "form.yaml").write_text(FORM, encoding="utf-8")
    return tmp_path / "form.yaml"


def test_a_good_form_validates(file: Path) -> None:
    assert "mine 1 (draft): 1 items, 0 warnings" in run("validate", file, "--strict")


def test_warnings_are_told_and_strictly_refused(file: Path) -> None:
    file.write_text(FORM.replace("points: 3", "points: 3\n        fatal: form"), encoding="utf-8")
    assert f"warning: {file}:13: greeting: a fatal miss raises no flag" in run("validate", file)
    run("validate", file, "--strict", code=2)
    with pytest.raises(RubricError, match="warnings"):
        run("publish", file, "--approver", "Li", "--reason", "new", "--strict")


def test_all_errors_are_told_at_once(file: Path) -> None:
    file.write_text(FORM.replace("points: 3", "pionts: 3").replace("[greeting]", "[greting]"), encoding="utf-8")
    told = run("validate", file, code=2)
    assert f"error: {file}:12: unknown key 'pionts'; did you mean 'points'?" in told
    assert "did you mean 'greeting'" in told


def test_a_form_lives(file: Path) -> None:
    assert "已发布" in run("publish", file, "--approver", "李娜", "--reason", "first", "--on", "2026-12-01")
    assert "published" in run("show", file)
    file.write_text(FORM.replace("points: 3", "points: 4"), encoding="utf-8")
    assert "new `version:`" in run("validate", file, code=2)
    file.write_text(FORM, encoding="utf-8")
    assert "已停用" in run("retire", file, "--approver", "李娜", "--reason", "replaced")
    assert "(retired)" in run("validate", file)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder with a ledger of two calls."""
    form = load_rubric("service")
    with Ledger.open(tmp_path / "callqa.sqlite") as ledger:
        ledger.begin_run(form.hash, {}, {})
        for n, sha in enumerate(("a" * 64, "b" * 64)):
            turns = (Turn(Role.AGENT, 1, 3, "您好请讲", 0.9), Turn(Role.CUSTOMER, 4, 8, "我家断网了", 0.9))
            call = Call(f"call-{n}", 9.0, "zh", turns, (), Measures(), Metadata())
            ledger.save_transcript(
                f"t{n}", call=call, sha256=sha, path=f"rec/{n}.wav", models={}, settings={}, seconds_spent=0
            )
            signals = (Signal(0, 1, 3, "您好请讲", {"greeting": 0.3}),)
            ledger.save_signals(f"s{n}", transcript_key=f"t{n}", signals=signals, models={}, settings={})
    return tmp_path


@pytest.mark.parametrize("name", ["call-1", "1.wav", "rec/1.wav", "bbbbbbbbbb"])
def test_an_answer_is_explained_from_the_ledger(file: Path, out: Path, name: str) -> None:
    told = run("explain", name, "greeting", "--out", out, "--rubric", file)
    assert told.splitlines()[0] == "call-1, mine 1"
    assert "greeting: met 0.90" in told
    assert "met any" in told
    assert "    no     0.70 act (labels [greeting])" in told
    assert "    yes    0.90 phrase (any [您好])" in told
    assert "0:01.0-0:02" in told or "0:01.0-0:03.0 agent “您好请讲”" in told
    assert told.rstrip().endswith("= a.greeting: met 3/3")
    (tree,) = json.loads(run("explain", name, "all", "--out", out, "--rubric", file, "--json"))
    assert (tree["status"], [p["truth"] for p in tree["steps"][0]["parts"]]) == ("met", [False, True])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nobody", "greeting"), "no call 'nobody'"),
        (("call-1", "greting"), "did you mean 'greeting'"),
        (("call-1", "zzz"), "use one of"),
        (("%", "greeting"), "no call"),
    ],
)
def test_what_is_not_there_is_told(file: Path, out: Path, arguments: tuple[str, str], says: str) -> None:
    with pytest.raises(UsageError) as caught:
        run("explain", *arguments, "--out", out, "--rubric", file)
    assert says in str(caught.value)
