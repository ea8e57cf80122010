"""Each of the further detectors: hit, near miss, miss, and doubt."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from made import call
from pydantic import TypeAdapter, ValidationError

from scoring.call import Call
from scoring.detectors import COMBINATIONS, DETECTORS, Condition, Detector
from scoring.detectors.amounts import amounts

REPAIR = call(
    ("agent", 1, 4, "您好，工号8021，请讲。", {"greeting": 0.95, "self_introduction": 0.9}),
    ("customer", 5, 9, "我家宽带什么时候能修好？", {"sentiment_negative": 0.6}),
    ("agent", 10, 13, "请您稍等，我核实一下。", {"hold_request": 0.9}),
    ("agent", 22, 26, "非常抱歉让您久等了。", {"apology": 0.9}),
    ("customer", 27, 31, "到底我家宽带什么时候能修好？", {"sentiment_negative": 0.9, "emotion_strong": 0.6}),
    ("agent", 32, 37, "师傅会在24小时内上门，最晚三个工作日。", {"solution": 0.9, "follow_up_promise": 0.8}),
    ("customer", 38, 41, "那太好了，谢谢你啊。", {"sentiment_positive": 0.9, "thanks": 0.9}),
    ("agent", 42, 45, "感谢您的来电，再见。", {"closing": 0.95}),
    scenario="repair",
)
ENGLISH = call(
    ("agent", 1, 4, "Thank you for calling, how can I help?", {"greeting": 0.9}),
    ("customer", 5, 9, "When will my refund of ninety five dollars arrive?", {}),
    ("agent", 10, 14, "It will arrive within forty eight hours.", {"follow_up_promise": 0.9}),
    ("customer", 15, 18, "Okay, but I was also going to ask about the", {}),
    language="en",
)
UNSURE = call(
    ("agent", 1, 3, "您好", {"greeting": 0.9}),
    ("customer", 4, 6, "我要投诉", {"escalation_request": 0.45}),
    ("agent", 7, 9, "实在抱歉", {"apology": 0.4}),
    ("agent", 10, 12, "我给您登记", {"follow_up_promise": 0.9}),
    ("customer", 13, 14, "行", {"closing": 0.4}),
)
GUESS = replace(REPAIR, measures=replace(REPAIR.measures, role_confidence=0.5))
MIXED = replace(REPAIR, measures=replace(REPAIR.measures, overlaps=None))
LOUD = replace(
    REPAIR,
    measures=replace(
        REPAIR.measures,
        details={"loudness": {"customer": {"level": -24.0, "change": 4.0, "raised": [[27.5, 30.0, 7.5]]}}},
    ),
)
SAID = "师傅会在24小时内上门，最晚三个工作日。"
LIKENED = replace(
    REPAIR,
    likeness=MappingProxyType({
        SAID: {"工程师明天到您家": 0.85, "请按时付款": 0.1},
        "非常抱歉让您久等了。": {"工程师明天到您家": 0.0, "请按时付款": 0.05},
    }),
)  # fmt: skip
AGREED = replace(LIKENED, likeness=MappingProxyType({SAID: {"工程师明天到您家": 0.7, "请按时付款": 0.9}}))
SORRY = {"detect": "act", "labels": ["apology"]}
ANGRY = {"detect": "act", "role": "customer", "labels": ["sentiment_negative"]}
SOLVED = {"detect": "act", "labels": ["solution"]}
PROMISED = {"detect": "act", "labels": ["follow_up_promise"]}
BYE = {"detect": "act", "labels": ["closing"]}
RUDE = {"detect": "act", "labels": ["rude"]}
HOURS = {"detect": "amount", "kind": "time", "unit": "hour"}


def rated(csat: float) -> Call:
    return replace(REPAIR, metadata=replace(REPAIR.metadata, csat=csat))


TABLE = [
    # phrase: n-of, all, wildcard, fuzzy
    ({"detect": "phrase", "any": ["工号", "您好", "再见"], "at_least": 3}, REPAIR, True),
    ({"detect": "phrase", "any": ["工号", "您好", "拜拜"], "at_least": 3}, REPAIR, False),
    ({"detect": "phrase", "all": ["工号", "再见"]}, REPAIR, True),
    ({"detect": "phrase", "all": ["工号", "拜拜"]}, REPAIR, False),
    ({"detect": "phrase", "all": ["工号"], "any": ["拜拜"]}, REPAIR, False),
    ({"detect": "phrase", "any": ["请*核实"]}, REPAIR, True),
    ({"detect": "phrase", "any": ["请*核实"], "gap": 2}, REPAIR, False),
    ({"detect": "phrase", "any": ["核实*请"]}, REPAIR, False),
    ({"detect": "phrase", "any": ["请*合同一下"], "by": ["pinyin"]}, REPAIR, False),
    ({"detect": "phrase", "any": ["请*合实一下"], "by": ["pinyin"]}, REPAIR, True),
    ({"detect": "phrase", "any": ["how * help"]}, ENGLISH, True),
    ({"detect": "phrase", "any": ["how * help"], "gap": 1}, ENGLISH, False),
    ({"detect": "phrase", "any": ["抱歉让您等久了"]}, REPAIR, False),
    ({"detect": "phrase", "any": ["非常抱歉叫您久等了"], "by": ["fuzzy"]}, REPAIR, True),
    ({"detect": "phrase", "any": ["非常感谢您的理解"], "by": ["fuzzy"]}, REPAIR, False),
    ({"detect": "phrase", "any": ["thanks you for calling"], "by": ["fuzzy"]}, ENGLISH, True),
    ({"detect": "phrase", "any": ["thank you for waiting"], "by": ["fuzzy"], "alike": 0.9}, ENGLISH, False),
    # pattern: exclusions
    ({"detect": "pattern", "regex": r"\d+小时", "unless": ["最晚", "大概"]}, REPAIR, False),
    ({"detect": "pattern", "regex": r"\d+小时", "unless": ["最早", "大概"]}, REPAIR, True),
    # meaning
    ({"detect": "meaning", "like": ["工程师明天到您家"]}, LIKENED, True),
    ({"detect": "meaning", "like": ["请按时付款"]}, LIKENED, False),
    ({"detect": "meaning", "like": ["工程师明天到您家"], "unlike": ["请按时付款"]}, AGREED, False),
    ({"detect": "meaning", "like": ["工程师明天到您家"], "at": 0.99, "unsure": 0.5}, LIKENED, None),
    ({"detect": "meaning", "like": ["工程师明天到您家"], "unless": "."}, LIKENED, False),
    ({"detect": "meaning", "like": ["工程师明天到您家"]}, REPAIR, None),
    ({"detect": "meaning", "like": ["感谢您的来电，再见"]}, REPAIR, True),
    # order
    ({"detect": "order", "of": [SORRY, SOLVED, BYE]}, REPAIR, True),
    ({"detect": "order", "of": [SOLVED, SORRY]}, REPAIR, False),
    ({"detect": "order", "of": [SORRY, RUDE]}, REPAIR, False),
    ({"detect": "order", "of": [SORRY, PROMISED]}, UNSURE, None),
    ({"detect": "order", "of": [SORRY, SOLVED]}, GUESS, None),
    ({"detect": "order", "of": [SORRY, RUDE], "rule": "always"}, REPAIR, True),
    ({"detect": "order", "of": [SOLVED, SORRY], "rule": "always"}, REPAIR, False),
    ({"detect": "order", "of": [SORRY, SOLVED], "rule": "always"}, REPAIR, True),
    ({"detect": "order", "of": [SORRY, PROMISED], "rule": "always"}, UNSURE, None),
    # count
    ({"detect": "count", "of": ANGRY, "at_least": 2}, REPAIR, True),
    ({"detect": "count", "of": ANGRY, "at_least": 3}, REPAIR, False),
    ({"detect": "count", "of": ANGRY, "at_most": 1}, REPAIR, False),
    ({"detect": "count", "of": RUDE, "at_most": 0}, REPAIR, True),
    ({"detect": "count", "of": SORRY, "at_least": 1}, UNSURE, None),
    ({"detect": "count", "of": SORRY, "at_most": 0}, UNSURE, None),
    ({"detect": "count", "of": SORRY, "at_most": 1}, UNSURE, True),
    ({"detect": "count", "of": SORRY, "at_least": 1}, GUESS, None),
    ({"detect": "count", "of": {"any": [SORRY, SOLVED]}, "at_least": 2}, REPAIR, True),
    ({"detect": "count", "of": ANGRY, "at_least": 2, "where": {"first_seconds": 10}}, REPAIR, False),
    # repetition
    ({"detect": "repetition", "role": "customer", "questions": True}, REPAIR, True),
    ({"detect": "repetition", "role": "customer", "count": 2}, REPAIR, False),
    ({"detect": "repetition", "role": "agent"}, REPAIR, False),
    ({"detect": "repetition", "role": "customer", "alike": 1.0}, REPAIR, None),
    ({"detect": "repetition", "role": "customer"}, GUESS, None),
    # proximity
    ({"detect": "proximity", "of": SORRY, "near": ANGRY, "seconds": 5}, REPAIR, True),
    ({"detect": "proximity", "of": SORRY, "near": ANGRY, "seconds": 5, "side": "after"}, REPAIR, False),
    ({"detect": "proximity", "of": SORRY, "near": ANGRY, "turns": 1, "side": "before"}, REPAIR, True),
    ({"detect": "proximity", "of": BYE, "near": ANGRY, "turns": 2}, REPAIR, False),
    ({"detect": "proximity", "of": SORRY, "near": PROMISED, "turns": 1}, UNSURE, None),
    # amount
    (HOURS | {"at_most": 72}, REPAIR, True),
    (HOURS | {"at_most": 12}, REPAIR, False),
    (HOURS | {"at_most": 72, "every": True}, REPAIR, None),
    (HOURS | {"at_most": 12, "every": True}, REPAIR, False),
    (HOURS | {"at_least": 24, "at_most": 120, "every": True}, REPAIR, True),
    (HOURS | {"at_most": 48}, ENGLISH, True),
    (HOURS | {"at_most": 48, "role": "customer"}, ENGLISH, False),
    ({"detect": "amount", "kind": "money", "role": "customer", "unit": "dollar", "at_least": 90}, ENGLISH, True),
    ({"detect": "amount", "kind": "money"}, REPAIR, False),
    ({"detect": "amount", "kind": "number"}, REPAIR, True),
    # talk share, latency, loudness, duration
    ({"detect": "talk_share", "at_most": 0.9}, REPAIR, True),
    ({"detect": "talk_share", "at_most": 0.5}, REPAIR, False),
    ({"detect": "talk_share", "role": "customer", "at_least": 0.3}, REPAIR, True),
    ({"detect": "talk_share", "at_most": 0.5}, GUESS, None),
    ({"detect": "talk_share", "at_most": 0.5, "where": {"last_turns": 1}}, REPAIR, None),
    ({"detect": "latency", "role": "customer", "at_most": 2}, REPAIR, True),
    ({"detect": "latency", "role": "customer", "at_most": 0.5}, REPAIR, False),
    ({"detect": "latency", "role": "customer", "at_most": 0.5}, MIXED, None),
    ({"detect": "loudness", "role": "customer"}, LOUD, True),
    ({"detect": "loudness", "role": "customer", "over": 9}, LOUD, False),
    ({"detect": "loudness", "role": "customer"}, REPAIR, None),
    ({"detect": "loudness", "role": "customer", "part": "change", "at_most": 3}, LOUD, False),
    ({"detect": "loudness", "role": "customer", "where": {"first_seconds": 10}}, LOUD, False),
    ({"detect": "duration", "at_most": 60}, REPAIR, True),
    ({"detect": "duration", "at_least": 60}, REPAIR, False),
    ({"detect": "duration", "of": "conversation", "at_most": 44}, REPAIR, True),
    ({"detect": "duration", "of": "agent", "at_least": 10}, REPAIR, True),
    ({"detect": "duration", "of": "monologue", "at_most": 10}, REPAIR, True),
    # emotion
    ({"detect": "emotion", "part": "end", "at_least": 0.3}, REPAIR, True),
    ({"detect": "emotion", "part": "start", "at_least": 0}, REPAIR, False),
    ({"detect": "emotion", "part": "change", "at_least": 0.5}, REPAIR, True),
    ({"detect": "emotion", "part": "lowest", "at_least": -0.5}, REPAIR, False),
    ({"detect": "emotion", "part": "lowest", "at_least": -0.88}, REPAIR, None),
    ({"detect": "emotion", "part": "strong", "at_most": 0.3}, REPAIR, False),
    ({"detect": "emotion", "part": "mean", "at_least": 0}, ENGLISH, None),
    # hang-up
    ({"detect": "hang_up", "part": "last_word", "by": "agent"}, REPAIR, True),
    ({"detect": "hang_up", "part": "last_word", "by": "customer"}, REPAIR, False),
    ({"detect": "hang_up", "part": "abrupt"}, REPAIR, False),
    ({"detect": "hang_up", "part": "abrupt", "by": "agent"}, ENGLISH, True),
    ({"detect": "hang_up", "part": "abrupt", "by": "customer"}, ENGLISH, False),
    ({"detect": "hang_up", "part": "abrupt"}, UNSURE, None),
    ({"detect": "hang_up", "part": "last_word"}, GUESS, None),
    # language
    ({"detect": "language", "any": ["zh"]}, REPAIR, True),
    ({"detect": "language", "any": ["en"]}, REPAIR, False),
    ({"detect": "language", "any": ["en"], "role": "customer"}, ENGLISH, True),
    ({"detect": "language", "any": ["zh"], "units": 500}, REPAIR, True),
    # metadata
    ({"detect": "metadata", "field": "csat", "at_most": 2}, rated(1), True),
    ({"detect": "metadata", "field": "csat", "at_most": 2}, rated(5), False),
    ({"detect": "metadata", "field": "csat", "at_most": 2}, REPAIR, None),
    ({"detect": "metadata", "field": "csat", "known": True}, REPAIR, False),
    # logic
    ({"at_least": 2, "of": [SORRY, SOLVED, RUDE]}, REPAIR, True),
    ({"at_least": 3, "of": [SORRY, SOLVED, RUDE]}, REPAIR, False),
    ({"at_least": 2, "of": [SORRY, RUDE, PROMISED]}, UNSURE, None),
    ({"at_least": 1, "of": [SORRY, PROMISED]}, UNSURE, True),
]  # fmt: skip


def read(condition: dict[str, Any]) -> Detector:
    return TypeAdapter(Condition).validate_python(condition)


@pytest.mark.parametrize(("condition", "heard", "truth"), TABLE)
def test_finding(condition: dict[str, Any], heard: Call, truth: bool | None) -> None:
    asked = read(condition)
    found = asked.find(heard)
    assert found.truth is truth, found
    assert 0 <= found.confidence <= 1
    assert found.why
    assert found.evidence
    assert all(0 <= e.start <= e.end <= heard.duration for e in found.evidence)
    # What holds has moments to go by, what fails or is open has none that are sure.
    hits = asked.hits(heard)
    assert bool(hits.sure) or truth is not True
    assert hits.found == tuple(sorted(hits.found, key=lambda h: (h.start, h.end)))


def test_every_new_detector_is_in_the_table() -> None:
    told = {str(c.get("detect") or next(k for k in COMBINATIONS if k in c)) for c, _, _ in TABLE}
    assert told >= {
        "amount", "count", "duration", "emotion", "hang_up", "language", "latency", "loudness", "meaning", "order",
        "proximity", "repetition", "talk_share", "at_least",
    }  # fmt: skip


@pytest.mark.parametrize(
    "condition",
    [
        {"detect": "phrase"},
        {"detect": "phrase", "any": ["，。"]},
        {"detect": "phrase", "any": ["*"]},
        {"detect": "phrase", "any": ["您好"], "at_least": 2},
        {"detect": "phrase", "any": ["您好"], "where": {"percent": [60, 40]}},
        {"detect": "phrase", "any": ["您好"], "where": {"turn": 0}},
        {"detect": "phrase", "any": ["您好"], "where": {"after": {"of": SORRY, "hit": 0}}},
        {"detect": "phrase", "any": ["您好"], "where": {"after": {"off": SORRY}}},
        {"detect": "phrase", "any": ["您好"], "excuse": {"of": SORRY, "within": 3}},
        {"detect": "pattern", "regex": "a", "unless": ["("]},
        {"detect": "count", "of": SORRY},
        {"detect": "count", "of": SORRY, "at_least": 3, "at_most": 2},
        {"detect": "proximity", "of": SORRY, "near": ANGRY},
        {"detect": "amount", "at_most": 3},
        {"detect": "amount", "kind": "money", "unit": "hour", "at_most": 3},
        {"detect": "amount", "kind": "percent", "unit": "day", "at_most": 3},
        {"detect": "talk_share"},
        {"detect": "loudness", "part": "change"},
        {"detect": "loudness", "at_most": 3},
        {"detect": "metadata", "field": "csat"},
        {"detect": "metadata", "field": "team", "at_most": 3},
        {"detect": "meaning", "like": ["好"]},
        {"detect": "act", "labels": ["greeting"], "unless": "(您好"},
        {"detect": "repetition", "role": None},
        {"at_least": 3, "of": [SORRY, ANGRY]},
    ],
)
def test_what_can_never_work_is_refused(condition: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        read(condition)


def test_conditions_are_not_nested_without_end() -> None:
    condition: dict[str, Any] = SORRY
    for _ in range(10):
        condition = {"not": condition}
    assert read(condition).find(REPAIR).truth is True
    for _ in range(4):
        condition = {"detect": "act", "labels": ["apology"], "where": {"after": {"of": condition}}}
    with pytest.raises(ValidationError, match="deep"):
        read(condition)


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ("24小时内给您回电", "zh", [("time", "hour", 24, 24)]),
        ("二十四小时之内", "zh", [("time", "hour", 24, 24)]),
        ("三个工作日", "zh", [("time", "working_day", 3, 3)]),
        ("三到五天", "zh", [("time", "day", 3, 5)]),
        ("半个小时", "zh", [("time", "hour", 0.5, 0.5)]),
        ("大概几天吧", "zh", [("time", "day", 2, 9)]),
        ("十几分钟", "zh", [("time", "minute", 10, 20)]),
        ("两三天", "zh", [("time", "day", 2, 3)]),
        ("十五六天", "zh", [("time", "day", 15, 16)]),
        ("退您500元", "zh", [("money", "yuan", 500, 500)]),
        ("一千二百块钱", "zh", [("money", "yuan", 1200, 1200)]),
        ("三百五十块", "zh", [("money", "yuan", 350, 350)]),
        ("两万五千元", "zh", [("money", "yuan", 25000, 25000)]),
        ("三百五元", "zh", [("money", "yuan", 350, 350)]),
        ("一百零五元", "zh", [("money", "yuan", 105, 105)]),
        ("十五天", "zh", [("time", "day", 15, 15)]),
        ("一万零五十元", "zh", [("money", "yuan", 10050, 10050)]),
        ("十二点五元", "zh", [("money", "yuan", 12.5, 12.5)]),
        ("百分之八十", "zh", [("percent", "percent", 80, 80)]),
        ("优惠8.5%", "zh", [("percent", "percent", 8.5, 8.5)]),
        ("前三天都不行", "zh", []),
        ("工号8021", "zh", [("number", "", 8021, 8021)]),
        ("明天上门", "zh", [("time", "hour", 0, 48)]),
        ("within 24 hours", "en", [("time", "hour", 24, 24)]),
        ("in the next two to three business days", "en", [("time", "working_day", 2, 3)]),
        ("a hundred and twenty dollars", "en", [("money", "dollar", 120, 120)]),
        ("that is $1,250.50 in all", "en", [("money", "dollar", 1250.5, 1250.5)]),
        ("in an hour", "en", [("time", "hour", 1, 1)]),
        ("a couple of days", "en", [("time", "day", 2, 3)]),
        ("twenty percent off", "en", [("percent", "percent", 20, 20)]),
        ("for the last two weeks", "en", []),
        ("one moment please", "en", []),
    ],
)
def test_amounts(text: str, language: str, told: list[tuple[str, str, float, float]]) -> None:
    assert [(a.kind, a.unit, a.low, a.high) for a in amounts(text, language)] == told


def test_working_days_are_bounded_in_hours() -> None:
    """Three working days are 72 hours, or five days with a weekend between."""
    (three,) = amounts("三个工作日", "zh")
    assert three.in_unit("hour") == (72, 120)
    (hours,) = amounts("72小时", "zh")
    assert hours.in_unit("day") == (3, 3)
    assert hours.in_unit("yuan") is None


def test_all_detectors_tell_who_they_are() -> None:
    for name, model in {**DETECTORS, **COMBINATIONS}.items():
        assert model.ABOUT.zh, name
        assert all(field.description for key, field in model.model_fields.items() if key != "detect"), name
