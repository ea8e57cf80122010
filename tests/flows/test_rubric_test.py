"""`callqa rubric test`, on a small form of its own and on the dialogues that come with callqa."""

from __future__ import annotations

import json
import re
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flows.main import app
from flows.rubric_examples import chosen_examples, examples_beside, read_examples
from models.examples import read_corpus
from models.reader import Reader
from scoring.dialogue import Example
from scoring.errors import CallqaError
from scoring.evaluation import Status
from scoring.example_scores import DONE, ItemScore, score
from scoring.rubric_file import load_rubric

RUBRIC = """
id: mine
version: "1"
name: {zh: 我的表, en: My form}
sections:
  - id: all
    name: {zh: 全部, en: All}
    items:
      - id: farewell
        name: {zh: 道别, en: Goodbye}
        guide: {zh: 是否道别, en: "Goodbye?"}
        source: ours
        points: 5
        met: {detect: act, labels: [closing], where: {last_turns: 2}}
      - id: no_gap
        name: {zh: 无静默, en: No gap}
        guide: {zh: 有无静默, en: "Gaps?"}
        source: ours
        points: 5
        met: {not: {detect: silence, over: 8}}
"""
DIALOGUES = """
rubric: mine
language: zh
dialogues:
  - id: said-goodbye
    expect: {farewell: met, no_gap: met}
    lines:
      - customer: 那就这样定了。
      - agent: 好的，祝您生活愉快，再见。
  - id: gap
    item: no_gap
    expect: missed
    lines:
      - customer: 我的快递到哪了？
      - silence: 15
      - agent: 在路上了，今天下午送到您家。
  - id: says-nothing
    item: farewell
    expect: missed
    lines:
      - customer: 谢谢，再见。
      - agent: 这个月的水费是三十八块六。
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    (tmp_path / "mine.yaml").write_text(RUBRIC, encoding="utf-8")
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "any-name.yaml").write_text(DIALOGUES, encoding="utf-8")
    return tmp_path / "mine.yaml"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["rubric", "test", *map(str, arguments)], env={"COLUMNS": "160"})


def test_every_item_reaches_its_level(mine: Path) -> None:
    done = run(mine, "--json", "--at-least", "1")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["dialogues"], told["failed"]) == (3, [])
    rates = {i["item"]: (i["expected_met"], i["expected_missed"], i["level"], i["wrong"]) for i in told["items"]}
    assert rates == {"farewell": (1, 1, 1.0, []), "no_gap": (1, 1, 1.0, [])}


def test_a_wrong_answer_is_told_with_its_reason(mine: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(DIALOGUES.replace("item: no_gap\n    expect: missed", "item: no_gap\n    expect: met"), "utf-8")
    done = run(mine, "--examples", wrong, "--item", "no_gap")
    assert done.exit_code == 3
    assert "no_gap: gap: expected met, came missed: 静默15秒" in done.stdout
    assert "farewell" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--item", "farwell"], "no item"),
        (["--language", "en"], "no dialogue"),
        (["--language", "fr"], "not known"),
        (["--examples", "nowhere.yaml"], "nowhere.yaml"),
    ],
)
def test_what_cannot_be_tested_is_refused(mine: Path, arguments: list[str], said: str) -> None:
    error = run(mine, *arguments).exception
    assert isinstance(error, CallqaError)
    assert said in error.message
    assert error.remedy


@pytest.fixture(scope="module")
def shipped() -> list[Example]:
    return chosen_examples(load_rubric("service"), examples_beside("service", "service"))


@pytest.mark.parametrize(("language", "least"), [("zh", 4), ("en", 3)])
def test_every_shipped_item_has_dialogues_for_and_against(shipped: list[Example], language: str, least: int) -> None:
    found = Counter(
        (item, answer in DONE, answer is Status.NOT_APPLICABLE)
        for e in shipped
        if e.language == language
        for item, answer in e.dialogue.answers.items()
    )
    for _, item in load_rubric("service").items():
        assert found[item.id, True, False] >= least, f"{item.id}: met"
        assert found[item.id, False, False] >= least, f"{item.id}: missed"
        assert item.applies is None or found[item.id, False, True] >= 2, f"{item.id}: not applicable"


def test_no_dialogue_repeats_what_the_models_learned_from(shipped: list[Example]) -> None:
    learned = {_letters(e.text) for e in read_corpus()}
    lines = [line.text for e in shipped for line in e.dialogue.lines if len(_letters(line.text)) > 10]
    assert len(lines) > 500
    assert [text for text in lines if _letters(text) in learned] == []


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()


@pytest.fixture(scope="module")
def scores(shipped: list[Example]) -> list[ItemScore]:
    """Every third dialogue of the general form, by the hash of its id, read by the real models."""
    rubric = load_rubric("service")
    some = sorted(shipped, key=lambda e: sha256(e.dialogue.id.encode()).hexdigest())[::3]
    calls = read_examples(some, rubric, Reader())
    return score(rubric, list(zip(some, calls, strict=True)))


def test_the_general_form_answers_its_dialogues(scores: list[ItemScore]) -> None:
    verdicts = [v for s in scores for v in s.verdicts]
    wrong = [f"{s.item}: {v.example.dialogue.id}: {v.answer.status}" for s in scores for v in s.wrong]
    assert len(verdicts) > 150
    assert 1 - len(wrong) / len(verdicts) >= 0.9, wrong


@pytest.mark.parametrize("item", ["listening", "pace"])
def test_what_is_measured_is_answered_without_fault(scores: list[ItemScore], item: str) -> None:
    (found,) = [s for s in scores if s.item == item]
    assert [v.example.dialogue.id for v in found.wrong] == []
