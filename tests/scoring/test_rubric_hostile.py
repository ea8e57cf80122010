"""Forms meant to do harm are refused, or bounded, within two seconds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from form_parts import form, item, said, section, written

from scoring.call import Call
from scoring.engine import evaluate
from scoring.errors import RubricError
from scoring.evaluation import Status
from scoring.rubric_file import load_rubric, parse_rubric

BOUND = 2.0  # s of this process's time

HEAD = 'id: x\nversion: "1"\nname: {zh: 表, en: form}\n'
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(12)
)
HOSTILE = {
    "aliases": BOMB,
    "lists in lists": "[" * 200_000,
    "mappings in mappings": "{a: " * 100_000,
    "blocks in blocks": "\n".join(" " * n + "a:" for n in range(900)),
    "dashes": "- " * 100_000,
    "conditions in conditions": written(section("a", item("one"))).replace(
        '"met": {', '"met": ' + '{"not": ' * 5_000 + "{", 1
    ),
    "many values": HEAD + "sections:\n" + "  - {id: a}\n" * 80_000,
    "a huge number": HEAD + f"pass_mark: {'9' * 300_000}\n",
    "a huge power": HEAD + "pass_mark: 1e999999999\n",
    "not a number": HEAD + "pass_mark: .nan\nsections: []\n",
    "infinity": HEAD + "minimum: {duration: .inf}\n",
    "a tag of code": HEAD + "pass_mark: !!python/object/apply:os.system [id]\n",
    "an unknown tag": HEAD + "pass_mark: !secret x\n",
    "a list as a key": HEAD + "? [a, b]\n: c\n",
    "a bad date": HEAD + "only: {from: 2026-13-45}\n",
    "many items": HEAD
    + "sections:\n  - id: a\n    name: {zh: a, en: a}\n    items:\n"
    + "      - {id: a, points: 1}\n" * 6_000,
    "a long word": HEAD + "status: " + "x" * 900_000,
    "a null byte": HEAD + "status: \x00\n",
    "a lone surrogate": HEAD + 'guide: {zh: "\\ud800", en: x}\n',
    "two documents": HEAD + "---\n" + HEAD,
}


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    began = time.process_time()
    yield
    assert time.process_time() - began < BOUND


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_it_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(RubricError) as caught:
        parse_rubric(text, "mine.yaml")
    assert caught.value.message.startswith("mine.yaml")
    assert caught.value.remedy
    assert len(caught.value.message) < 3_000


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "form.yaml").write_bytes(b"#" * 2_000_000)
    with pytest.raises(RubricError, match="larger than"):
        load_rubric(tmp_path / "form.yaml")


def test_a_chain_of_large_forms_is_bounded(tmp_path: Path) -> None:
    flags = [
        {"id": f"f{n}", "name": {"zh": "a", "en": "a"}, "severity": "low", "answers": [{"item": "one", "is": ["met"]}]}
        for n in range(200)
    ]
    (tmp_path / "f4.yaml").write_text(written(section("a", item("one")), flags=flags))
    for n in range(4):
        (tmp_path / f"f{n}.yaml").write_text(f'id: x\nversion: "1"\nextends: f{n + 1}.yaml\n')
    assert len(load_rubric(tmp_path / "f0.yaml").flags) == 200


LONG = "a" * 100_000
EXPRESSIONS = ["(a+)+b", "(a|aa)+$b", "(.*a){20}b", r"(\w*)*!", "((a{1,200}){1,200}){1,200}b", "(a?){80}a{80}b"]


def _long() -> Call:
    call = said("x")
    turn = replace(call.turns[-1], text=LONG, words=())
    return replace(call, turns=(*call.turns[:-1], turn))


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_a_catastrophic_expression_is_stopped(expression: str) -> None:
    rubric = form(section("a", item("x", met={"detect": "pattern", "regex": expression})))
    answer = evaluate(_long(), rubric).answers[0]
    assert answer.status in (Status.CANNOT_JUDGE, Status.MISSED)
