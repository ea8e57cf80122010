"""The forms for the scenarios of the standards and for compliance: whole, sourced, with examples of every item."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from scoring.dialogue import Example, load_examples
from scoring.evaluation import Status
from scoring.rubric import Rubric
from scoring.rubric_file import SHIPPED, load_rubric

FORMS = ("consult", "complaint", "repair", "after_sales", "compliance")
STANDARDS = re.compile(
    "客户服务质量监控体系建设方案|服务规章制度|客户服务流程与规范指南|服务流程规范方案|服务质量保证体系"
)
LEAST = {"zh": 4, "en": 3}  # dialogues in which an item is met, and in which it is missed
CORPUS = Path(__file__).parents[2] / "models" / "corpus"
OWN_WORDS = {"zh": 6, "en": 16}  # characters; shorter lines are anybody's: 好的, 您好


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest) -> Rubric:
    return load_rubric(str(request.param))


def examples_of(form: Rubric) -> list[Example]:
    return load_examples(SHIPPED / "examples" / form.id, form.id, [item.id for _, item in form.items()])


def plain(text: str) -> str:
    return re.sub(r"\W", "", text.lower())


def test_a_form_is_whole(form: Rubric) -> None:
    items = [item for _, item in form.items()]
    assert 5 <= len(items) <= 9
    assert sum(item.points for item in items) == 100
    for item in items:
        assert re.search("[一-鿿]", item.guide.zh), item.id
        assert re.fullmatch("[ -~]+", item.guide.en), item.id
        assert STANDARDS.search(item.source), item.source


def test_scenario_forms_are_for_their_scenario_and_compliance_is_for_all() -> None:
    scopes = {id_: load_rubric(id_).only for id_ in FORMS}
    assert scopes.pop("compliance") is None
    assert {id_: scope and scope.scenario for id_, scope in scopes.items()} == {id_: (id_,) for id_ in scopes}


def test_what_must_not_happen_weighs_more_than_its_points() -> None:
    items = {item.id: item for _, item in load_rubric("compliance").items()}
    assert items["prohibited_language"].fatal == "form"
    assert {id_ for id_, item in items.items() if item.fatal == "section"} == {"privacy_disclosure", "excessive_data"}
    assert all(item.flag for id_, item in items.items() if id_ != "recording_notice")


def test_every_item_has_its_dialogues(form: Rubric) -> None:
    examples = examples_of(form)
    counted = Counter((e.language, item, answer) for e in examples for item, answer in e.dialogue.answers.items())
    for language, least in LEAST.items():
        for _, item in form.items():
            for answer in (Status.MET, Status.MISSED):
                assert counted[language, item.id, answer] >= least, (language, item.id, answer)


def test_half_of_what_is_missed_is_nearly_met(form: Rubric) -> None:
    missed = [e.dialogue for e in examples_of(form) if Status.MISSED in e.dialogue.answers.values()]
    near = [d for d in missed if d.why]
    assert len(near) >= 0.5 * len(missed)


def test_dialogues_are_short_and_their_own(form: Rubric) -> None:
    corpus: set[str] = set()
    for file in CORPUS.glob("*.jsonl"):
        corpus.update(plain(json.loads(line)["text"]) for line in file.read_text(encoding="utf-8").splitlines())
    for example in examples_of(form):
        assert 4 <= len(example.dialogue.lines) <= 9, example.dialogue.id
        for line in example.dialogue.lines:
            words = plain(line.text)
            assert words not in corpus or len(words) <= OWN_WORDS[example.language], (example.dialogue.id, line.text)
