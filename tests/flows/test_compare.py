"""Two forms over stored calls: which change, by how much and why; and the same in passing as from what is kept."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from stored_calls_made import SAID, changed, inspected, made_call, without_signals, written
from typer.testing import CliRunner

from flows.compare import compare
from flows.forms import find_form
from flows.main import app
from flows.rejudge import Piece, rejudge
from review.comparison import Comparison
from scoring.errors import UsageError
from scoring.rubric import Rubric
from scoring.rubric_file import load_rubric
from store.codec import to_json
from store.ledger import Ledger
from store.stored import Stretch
from store.where import parse

AT_ONCE = {"detect": "act", "labels": ["apology"], "where": {"first_turns": 1}}
CHANGES: dict[str, dict[str, Any] | None] = {
    "satisfaction_invite": {"points": 10},
    "courtesy": None,
    "apology": {"met": AT_ONCE},
}


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    return load_rubric("service")


@pytest.fixture(scope="module")
def second(rubric: Rubric) -> Rubric:
    """The invitation to rate is worth more, courtesy is not asked, an apology must come at once."""
    return changed(rubric, **CHANGES)


@pytest.fixture
def url(tmp_path: Path, rubric: Rubric) -> str:
    path = str(tmp_path / "l.sqlite")
    inspected(path, rubric)
    return path


def compared(url: str, a: Rubric, b: Rubric, *conditions: str, **more: Any) -> Comparison:
    with Ledger.open(url) as ledger:
        forms = []
        for rubric in (a, b):
            ledger.keep_rubric(rubric)
            forms.append(find_form(rubric.hash, ledger))
        return compare(ledger, forms[0], forms[1], [parse(text) for text in conditions], **more)


def judge(url: str, rubric: Rubric) -> None:
    with Ledger.open(url) as ledger:
        run = ledger.begin_run(rubric.hash, {}, {})
    rejudge(Piece(Stretch("", "g"), (rubric,), (run,), url))


def test_which_calls_change_by_how_much_and_why(url: str, rubric: Rubric, second: Rubric) -> None:
    result = compared(url, rubric, second)
    assert (result.calls, result.changed) == (4, 4)
    assert result.notes == {"judged_in_passing_before": 0, "judged_in_passing_after": 4, "not_comparable": 0}
    change = next(c for c in result.largest if c.call_id == "b")
    assert change.delta == round(change.scores[1] - change.scores[0], 1) < 0
    answers = {a.item: a for a in change.answers}
    assert answers.keys() == {"satisfaction_invite", "courtesy", "apology"}
    assert answers["courtesy"].statuses[1] is answers["courtesy"].whys[1] is None
    assert answers["apology"].statuses == ("met", "missed")
    assert answers["apology"].whys[0] != answers["apology"].whys[1]
    assert not answers["satisfaction_invite"].answered_otherwise
    assert answers["satisfaction_invite"].potential == (2.0, 10.0)
    assert result.items["apology"].moves == Counter({("met", "missed"): 4})
    assert sum(result.grades.values()) == 4
    assert result.delta.value == pytest.approx(result.after.value - result.before.value)


def test_kept_results_and_passing_ones_are_the_same(url: str, rubric: Rubric, second: Rubric) -> None:
    """Nothing is written in passing; kept, the figures stay."""
    passing = compared(url, rubric, second)
    with Ledger.open(url) as ledger:
        assert ledger.latest(second.hash) == []
    judge(url, second)
    kept = compared(url, rubric, second)
    assert kept.notes["judged_in_passing_after"] == 0
    assert {**kept.summary(), **passing.notes} == passing.summary()
    assert [to_json(c.as_json()) for c in kept.largest] == [to_json(c.as_json()) for c in passing.largest]


def test_the_other_way_round_is_the_opposite(url: str, rubric: Rubric, second: Rubric) -> None:
    there, back = compared(url, rubric, second), compared(url, second, rubric)
    assert there.delta.value == pytest.approx(-back.delta.value)
    assert (there.passes_now, there.fails_now, there.up) == (back.fails_now, back.passes_now, back.down)
    assert back.items["courtesy"].moves[(None, "met")] == there.items["courtesy"].moves[("met", None)]


def test_what_changed_in_the_form(rubric: Rubric, second: Rubric) -> None:
    form = Comparison(rubric, second, ("a", "b")).form
    assert form is not None
    found = {(c.kind, c.item, c.key): (c.before, c.after) for c in form}
    assert found[("changed", "satisfaction_invite", "points")] == ("2.0", "10.0")
    assert found[("removed", "courtesy", "points")] == ("5.0", None)
    assert ("changed", "apology", "met") in found
    assert len(found) == 3
    assert Comparison(rubric, rubric, ("a", "a")).form == ()


def test_a_key_is_told_by_its_place(rubric: Rubric) -> None:
    at_once = {"detect": "act", "labels": ["empathy_specific"], "where": {"first_turns": 1}}
    (change,) = Comparison(rubric, changed(rubric, empathy={"met": at_once}), ("a", "b")).form or ()
    assert (change.key, change.before, change.after) == ("met.where.first_turns", None, "1")


def test_another_kind_of_condition_is_told_whole(rubric: Rubric) -> None:
    form = Comparison(rubric, changed(rubric, empathy={"met": {"detect": "phrase", "any": ["抱歉"]}}), ("a", "b")).form
    (change,) = form or ()
    assert change.key == "met"
    assert (json.loads(change.before or "")["detect"], json.loads(change.after or "")["any"]) == ("act", ["抱歉"])


def test_wordings_are_told_one_by_one(rubric: Rubric) -> None:
    """A manager who adds a phrase wants to see that phrase, not two lists of forty."""
    *others, phrases = rubric.item("prohibited_language").model_dump(mode="json", by_alias=True)["met"]["not"]["any"]
    more = {"not": {"any": [*others, phrases | {"any": [*phrases["any"][1:], "真笨"]}]}}
    form = Comparison(rubric, changed(rubric, prohibited_language={"met": more}), ("a", "b")).form
    assert form is not None
    (change,) = form
    assert (change.key, change.before, change.after) == (
        f"met.not.any[{len(others)}].any",
        f'["{phrases["any"][0]}"]',
        '["真笨"]',
    )


def test_calls_are_chosen_and_told_of(url: str, rubric: Rubric, second: Rubric) -> None:
    seen: list[tuple[int, int]] = []
    kept: list[str] = []
    result = compared(
        url, rubric, second, "agent=A-a,A-b", told=lambda done, total: seen.append((done, total)),
        kept=lambda change: kept.append(change.call_id),
    )  # fmt: skip
    assert (result.calls, seen, sorted(kept)) == (2, [(2, 2)], ["a", "b"])


def test_what_cannot_be_compared_is_counted(url: str, rubric: Rubric, second: Rubric) -> None:
    without_signals(url, "killed")
    result = compared(url, rubric, second)
    assert (result.calls, result.notes["not_comparable"]) == (4, 1)
    with pytest.raises(UsageError, match="the same form"):
        compared(url, rubric, rubric)


def test_both_judgements_are_of_one_transcript(url: str, rubric: Rubric, second: Rubric) -> None:
    """Heard anew by a better model, a call differs by what was heard: that is not the form's doing."""
    judge(url, second)
    call, sha256 = made_call("a", SAID[:1]), hashlib.sha256(b"a").hexdigest()
    with Ledger.open(url) as ledger:
        made: dict[str, Any] = {"models": {}, "settings": {}}
        ledger.save_transcript("new", call=call, sha256=sha256, path="calls/a.wav", **made)
        ledger.save_signals("new-s", transcript_key="new", signals=call.signals, **made)
    unchanged = compared(url, rubric, second)
    assert unchanged.notes["judged_in_passing_before"] == unchanged.notes["judged_in_passing_after"] == 0
    judge(url, second)
    result = compared(url, rubric, second)
    assert result.notes["judged_in_passing_before"] == 1
    change = next(c for c in result.largest if c.call_id == "a")
    assert {a.item for a in change.answers} <= {"satisfaction_invite", "courtesy", "apology"}


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, list(map(str, arguments)), catch_exceptions=False)


def test_as_commands(url: str, rubric: Rubric, tmp_path: Path) -> None:
    """The table, JSON that adds up, and the page's section in both languages."""
    file = written(tmp_path / "next.yaml", **CHANGES)
    shown = run("rubric", "diff", "service", file, "--ledger", url, "--language", "en")
    assert shown.exit_code == 0
    assert "4 calls compared" in shown.stdout
    assert "judged in passing, not kept: 0 by the first form, 4 by the second" in shown.stdout
    told = run("rubric", "diff", f"service@{rubric.version}", file, "--ledger", url, "--calls", "a,b", "--json")
    found = json.loads(told.stdout)
    assert ({call["call_id"] for call in found["calls"]}, found["summary"]["calls"]) == ({"a", "b"}, 2)
    assert found["b"]["hash"] == load_rubric(file).hash
    judge(url, load_rubric(file))
    done = run("report", "--ledger", url, "--out", tmp_path / "out", "--compare", "service", file)
    assert done.exit_code == 0
    page = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert 'id="compared"' in page
    assert "What changed in the form" in page
    assert "评分表改动" in page


def test_a_report_is_of_one_form_and_says_which(url: str, rubric: Rubric, second: Rubric, tmp_path: Path) -> None:
    """Each call once, by the form used last; the other by its name."""
    judge(url, second)
    with Ledger.open(url) as ledger:
        ledger.keep_rubric(second)

    def forms(*options: str) -> tuple[Counter[str], str]:
        done = run("report", "--ledger", url, "--out", tmp_path / "out", *options)
        assert done.exit_code == 0
        rows = (tmp_path / "out/evaluations.jsonl").read_text(encoding="utf-8").splitlines()
        return Counter(json.loads(row)["rubric"]["hash"] for row in rows), done.stderr

    used_last, said = forms()
    assert used_last == {second.hash: 4}
    assert "choose by --rubric" in said
    assert f"{rubric.hash[:12]}): 4 calls" in said
    assert forms("--rubric", "service") == ({rubric.hash: 4}, "")
    assert forms("--rubric", second.hash[:8]) == ({second.hash: 4}, "")
