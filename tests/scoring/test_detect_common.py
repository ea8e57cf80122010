"""The keys that all detectors take: where, negate, sure, excuse; and the laws that hold of all conditions."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made import call
from pydantic import TypeAdapter

from scoring.call import Call
from scoring.detectors import Condition, Detector, handbook
from scoring.errors import RubricError
from scoring.likeness import Ask
from scoring.rubric_file import parse_rubric

DOCS = Path(__file__).parents[2] / "docs" / "detectors.md"
CALL = call(
    ("agent", 1, 4, "您好，请讲", {"greeting": 0.9}),
    ("customer", 5, 9, "我要投诉你们", {"escalation_request": 0.9}),
    ("agent", 10, 13, "非常抱歉，我来登记", {"apology": 0.9}),
    ("customer", 14, 18, "等一下我找找单号", {"sentiment_negative": 0.4}),
    ("agent", 30, 34, "好的不着急您慢慢找", {"empathy_formulaic": 0.6}),
    ("customer", 35, 38, "再投诉一次也没用", {"escalation_request": 0.9}),
    ("agent", 39, 42, "24小时内给您回电", {"follow_up_promise": 0.9}),
    ("agent", 43, 46, "感谢来电再见", {"closing": 0.9}),
)
THREAT = {"detect": "act", "role": "customer", "labels": ["escalation_request"]}
MAYBE = {"detect": "act", "role": "customer", "labels": ["sentiment_negative"]}
NEVER = {"detect": "act", "labels": ["rude"]}
SORRY = {"detect": "act", "labels": ["apology"]}
WAIT = {"detect": "phrase", "role": "customer", "any": ["等一下"]}
DEAD = {"detect": "silence", "over": 8, "excuse_hold": False}


def phrase(*wordings: str, **keys: Any) -> dict[str, Any]:
    return {"detect": "phrase", "any": list(wordings), **keys}


TABLE = [
    (phrase("登记", where={"after": {"of": THREAT}}), True),
    (phrase("您好", where={"after": {"of": THREAT}}), False),
    (phrase("您好", where={"before": {"of": THREAT}}), True),
    (phrase("回电", where={"before": {"of": THREAT}}), False),
    (phrase("登记", where={"after": {"of": THREAT, "hit": 2}}), False),
    (phrase("回电", where={"after": {"of": THREAT, "hit": 2}}), True),
    (phrase("回电", where={"after": {"of": THREAT, "hit": -1}}), True),
    (phrase("登记", where={"after": {"of": THREAT, "hit": 3}}), False),
    (phrase("抱歉", where={"after": {"of": THREAT, "seconds": 2}}), True),
    (phrase("登记", where={"after": {"of": THREAT, "seconds": 2}}), False),
    (phrase("不着急", where={"after": {"of": THREAT, "seconds": 10}}), False),
    (phrase("登记", where={"after": {"of": THREAT, "turns": 1}}), True),
    (phrase("不着急", where={"after": {"of": THREAT, "turns": 1}}), False),
    (phrase("不着急", where={"after": {"of": THREAT, "turns": 2}}), True),
    (phrase("登记", where={"before": {"of": {"detect": "act", "labels": ["closing"]}, "turns": 1}}), False),
    (phrase("回电", where={"before": {"of": {"detect": "act", "labels": ["closing"]}, "turns": 1}}), True),
    (phrase("登记", where={"after": {"of": SORRY}}), False),  # of the same words
    (phrase("登记", where={"after": {"of": phrase("抱歉")}}), True),  # later in the same turn
    (phrase("登记", where={"after": {"of": THREAT}, "before": {"of": MAYBE | {"at": 0.4}}}), True),
    (phrase("不着急", where={"after": {"of": MAYBE}}), None),  # hangs on what may have been said
    (phrase("没有的话", where={"after": {"of": MAYBE}}), False),  # either way not said
    (phrase("不着急", where={"after": {"of": NEVER}}), False),
    (phrase("您好", where={"percent": [0, 25]}), True),
    (phrase("您好", where={"percent": [25, 100]}), False),
    (phrase("再见", where={"percent": [75, 100]}), True),
    (phrase("抱歉", where={"turn": 2}), True),
    (phrase("抱歉", where={"turn": 1}), False),
    (phrase("再见", where={"turn": -1}), True),
    (phrase("再见", where={"turn": -9}), False),
    (DEAD, True),
    (DEAD | {"excuse": {"of": WAIT}}, False),
    (DEAD | {"excuse": {"of": THREAT, "before": 2, "after": 2}}, True),
    (DEAD | {"excuse": {"of": MAYBE}}, None),
    (DEAD | {"excuse": {"of": NEVER}}, True),
    (DEAD | {"where": {"last_seconds": 10}}, False),
    (DEAD | {"where": {"after": {"of": SORRY}}}, True),
    (DEAD | {"negate": True}, False),
    (DEAD | {"excuse": {"of": MAYBE}, "negate": True}, None),
    (DEAD | {"sure": 0.99}, None),
    (phrase("抱歉", excuse={"of": THREAT, "before": 10}), False),
    (phrase("抱歉", "再见", excuse={"of": THREAT, "before": 3}), True),
    (phrase("抱歉", negate=True), False),
    (phrase("抱歉", sure=0.95), None),
    (phrase("抱歉", sure=0.9), True),
    ({"detect": "pattern", "regex": "登记", "where": {"after": {"of": phrase("抱歉")}}}, True),
    ({"detect": "pattern", "regex": "抱歉", "where": {"after": {"of": phrase("登记")}}}, False),
    ({"detect": "pattern", "regex": "小时", "excuse": {"of": THREAT, "before": 3}}, False),
    ({"detect": "duration", "at_least": 30, "excuse": {"of": THREAT}}, False),
    ({"detect": "talk_share", "at_most": 0.4, "where": {"after": {"of": THREAT, "hit": -1}}}, None),
    ({"detect": "pace", "zh": {"low": 10, "high": 300}, "en": {"low": 1, "high": 2}, "seconds": 3,
      "where": {"first_turns": 2}}, True),
]  # fmt: skip


def read(condition: dict[str, Any]) -> Detector:
    return TypeAdapter(Condition).validate_python(condition)


@pytest.mark.parametrize(("condition", "truth"), TABLE)
def test_common_keys(condition: dict[str, Any], truth: bool | None) -> None:
    found = read(condition).find(CALL)
    assert found.truth is truth, found
    assert found.evidence
    assert all(0 <= e.start <= e.end <= CALL.duration for e in found.evidence)


BASIC = (
    SORRY,
    NEVER,
    MAYBE,
    phrase("抱歉"),
    DEAD | {"excuse": {"of": MAYBE}},
    {"detect": "metadata", "field": "csat", "known": True},
)


@pytest.mark.parametrize("parts", list(itertools.product(BASIC, repeat=2)))
def test_laws(parts: tuple[dict[str, Any], ...]) -> None:
    """De Morgan, double negation, order of parts, and what at-least-n has in common with all and any."""
    nots = [{"not": p} for p in parts]

    def told(condition: dict[str, Any], heard: Call = CALL) -> tuple[bool | None, float]:
        found = read(condition).find(heard)
        return found.truth, found.confidence

    assert told({"not": {"all": list(parts)}}) == told({"any": nots})
    assert told({"not": {"any": list(parts)}}) == told({"all": nots})
    assert told({"not": {"not": parts[0]}}) == told(parts[0])
    assert told({"all": list(parts)})[0] is told({"all": list(parts[::-1])})[0]
    assert told({"at_least": 2, "of": list(parts)}) == told({"all": list(parts)})
    assert told({"at_least": 1, "of": list(parts)}) == told({"any": list(parts)})
    for p in parts:
        if "detect" in p:
            assert told(p | {"negate": True}) == told({"not": p})


def test_doubt_turns_to_neither_side_by_more_doubt() -> None:
    """Monotone: what is settled while a part is open stays so when that part is settled."""
    for settled in (0.9, 0.1):
        turns = [
            replace(s, labels=s.labels | {"sentiment_negative": settled}) if s.turn == 3 else s for s in CALL.signals
        ]
        known = replace(CALL, signals=tuple(turns))
        for parts in itertools.product(BASIC, repeat=2):
            for kind in ("all", "any"):
                condition = read({kind: list(parts)})
                before, after = condition.find(CALL).truth, condition.find(known).truth
                assert before is None or before is after


def test_the_same_condition_is_looked_for_once() -> None:
    heard = replace(CALL)
    first = read(SORRY).find(heard)
    assert read(SORRY).find(heard) is first
    assert read(SORRY).find(replace(CALL)) is not first
    assert read(SORRY | {"count": 2}).find(heard).truth is False


def test_what_lies_inside_asks_as_well() -> None:
    meant = {"detect": "meaning", "role": "customer", "like": ["我要去投诉"]}
    asked = read({"not": phrase("登记", where={"after": {"of": meant}}, excuse={"of": meant | {"like": ["算了"]}})})
    ask = asked.asks(CALL)
    assert ask.wordings == {"我要去投诉", "算了"}
    assert "我要投诉你们" in ask.said
    assert read(SORRY).asks(CALL) == Ask()


FORM = """id: x
version: "1"
name: {zh: 表, en: form}
sections:
  - id: a
    name: {zh: 节, en: section}
    items:
      - id: one
        name: {zh: 项, en: item}
        guide: {zh: 听, en: listen}
        source: "1"
        points: 3
        met:
"""


@pytest.mark.parametrize(
    ("condition", "line", "says"),
    [
        ("{detect: phrase,\n any: [您好],\n wher: {first_turns: 1}}", 16, "did you mean 'where'"),
        ("{detect: phrase, any: [您好],\n where: {first_turn: 1}}", 15, "did you mean 'first_turns'"),
        ("{detect: phrase, any: [您好], where: {after: {\n ov: {detect: act, labels: [thanks]}}}}", 15, "'of'"),
        ("{detect: phrase, any: [您好], where: {after: {of: {detect: act,\n lables: [thanks]}}}}", 15, "'labels'"),
        ("{detect: silence, over: 3, excuse: {of: {detect: phrase,\n anny: [等]}}}", 15, "did you mean 'any'"),
        ("{detect: silence, over: 3, excuse: {of: {detect: phrase, any: [等]},\n befor: 3}}", 15, "'before'"),
        ("{detect: order, of: [{detect: act, labels: [thanks]},\n {detect: ack, labels: [thanks]}]}", 15, "act"),
        ("{at_least: 1,\n ov: [{detect: act, labels: [thanks]}]}", 15, "'of'"),
        ("{detect: talk_share,\n at_moost: 0.3}", 15, "'at_most'"),
        ("{detect: emotion, at_least: 0,\n part: begin}", 15, "start"),
        ("{detect: amount,\n at_most: 3}", 13, "unit"),
        (
            "{detect: act, labels: [thanks], where: {after: {of: {detect: act, labels: [thanks]},\n secconds: 3}}}",
            15, "'seconds'",
        ),
        ("{any: [{detect: act, labels: [thanks]}],\n al: 3}", 15, "unknown key 'al'"),
        ("{detect: script, script: service-zh,\n shares: 3}", 15, "did you mean 'share'"),
        ("{detect: repetition,\n alke: 0.3}", 15, "'alike'"),
        ("{detect: repetition,\n sections: 3}", 15, "has no place here"),
    ],
)  # fmt: skip
def test_a_wrong_key_is_named_with_its_line(condition: str, line: int, says: str) -> None:
    indented = "\n".join(f"          {part}" for part in condition.split("\n"))
    with pytest.raises(RubricError) as caught:
        parse_rubric(FORM + indented, "mine.yaml")
    assert says in str(caught.value), caught.value
    assert f"mine.yaml:{line}:" in str(caught.value), caught.value


def test_the_handbook_is_up_to_date() -> None:
    """`python -m scoring.detectors.handbook > docs/detectors.md` writes it anew."""
    assert DOCS.read_text(encoding="utf-8") == handbook.handbook()


def test_every_example_is_judged_in_the_handbook() -> None:
    text = handbook.handbook()
    assert text.count("\n> **") == len(handbook.DETECTORS) + len(handbook.COMBINATIONS)
    for name, model in {**handbook.DETECTORS, **handbook.COMBINATIONS}.items():
        assert f"### {name}\n" in text
        for key in set(model.model_fields) - {"detect"}:
            assert f"`{model.model_fields[key].alias or key}`" in text, (name, key)
