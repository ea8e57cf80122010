"""A form's wording is found as the transcript reads and as it was heard; the evidence has its place either way."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.call import Call, Measures, Role, Turn, Word
from scoring.detectors.pattern import Pattern
from scoring.detectors.phrase import Phrase
from scoring.rubric_file import load_rubric

WORDS = (
    Word(0.0, 0.4, "我们", 0.9),
    Word(0.4, 1.6, "24小时内", 0.9, "二十四小时内"),
    Word(1.6, 2.0, "回电。", 0.9),
)
CALL = Call(
    "made", 3.0, "zh", (Turn(Role.AGENT, 0.0, 2.0, "我们24小时内回电。", 0.9, WORDS),), measures=Measures()
)  # fmt: skip


def test_what_was_heard() -> None:
    assert CALL.turns[0].heard == "我们二十四小时内回电。"
    assert Turn(Role.AGENT, 0, 1, "好", 0.9, (Word(0, 1, "好", 0.9),)).heard is None


@pytest.mark.parametrize("wording", ["24小时内回电", "二十四小时内", "24小时"])
def test_phrase(wording: str) -> None:
    finding = Phrase(any=(wording,)).find(CALL)
    assert finding.truth
    assert finding.evidence[0].start == 0.4


@pytest.mark.parametrize(("regex", "truth"), [(r"\d+小时", True), ("二十四小时", True), ("三十小时", False)])
def test_pattern(regex: str, truth: bool) -> None:
    assert Pattern(regex=regex).find(CALL).truth is truth


@pytest.mark.parametrize(
    ("item", "text", "truth"),
    [
        ("follow_up_commitment", "3个工作日内给您答复", True),
        ("follow_up_commitment", "24小时内联系您", True),
        ("follow_up_commitment", "10月26号之前处理", True),
        ("follow_up_commitment", "尽快处理", False),
        ("privacy_disclosure", "身份证号是537928197508243968", True),
        ("privacy_disclosure", "您的手机是13800138000", False),
    ],
)
def test_the_shipped_form_reads_digits(item: str, text: str, truth: bool) -> None:
    items = {i.id: i for section in load_rubric("service").sections for i in section.items}
    (pattern,) = _patterns(items[item].met)
    turn = Turn(Role.AGENT, 0, 2, text, 0.9, (Word(0, 2, text, 0.9),))
    assert pattern.find(Call("made", 3.0, "zh", (turn,))).truth is truth


def _patterns(condition: Any) -> list[Pattern]:
    if isinstance(condition, Pattern):
        return [condition]
    fields = (getattr(condition, name) for name in getattr(type(condition), "model_fields", {}))
    children = [c for f in fields for c in (f if isinstance(f, tuple) else (f,))]
    return [p for child in children for p in _patterns(child)]
