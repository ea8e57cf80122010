"""Each detector: hit, near miss, miss, and doubt."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from made import call
from pydantic import TypeAdapter

from scoring.call import Call, Span
from scoring.detectors import Condition, Detector
from scoring.measures import measure

HELLO = call(
    ("customer", 0.5, 1.5, "您好", {"greeting": 0.9}),
    ("agent", 2, 5, "您好，工号8021", {"greeting": 0.95, "self_introduction": 0.9}),
    ("customer", 6, 9, "我家断网了，烦死了", {"sentiment_negative": 0.9}),
    ("agent", 10, 13, "请稍等我核实一下", {"hold_request": 0.9, "offer_of_help": 0.4}),
    ("agent", 25, 29, "感谢您的等待", {"thanks": 0.9}),
    scenario="repair",
)
MUTE = call(("agent", 1, 3, "您好", {"greeting": 0.9}), ("customer", 4, 6, "喂"), ("agent", 18, 20, "在的"))
OVER = call(
    ("customer", 1, 8, "我跟你说这个事情已经很久了"), ("agent", 5, 9, "您先听我说这个规定"), ("customer", 10, 11, "好")
)
NODS = call(("customer", 1, 8, "我跟你说这个事情已经很久了"), ("agent", 5, 6.8, "嗯，好的"), ("customer", 10, 11, "好"))
MIXED = call(("customer", 1, 8, "我跟你说这个事情"), ("agent", 9, 12, "好的"), separate=False)
PLAYED = replace(MUTE, measures=measure(MUTE.turns, 21, music=[Span(7, 17)]))
DEAD = replace(MUTE, measures=measure(MUTE.turns, 21, separate=False, details={"line": {"channels": [{"dead": True}]}}))
FAST = call(("agent", 0, 12, "快" * 90), ("customer", 12, 13, "嗯"))
STEADY = call(("agent", 0, 12, "好" * 50), ("customer", 12, 13, "嗯"))
BRIEF = call(("agent", 0, 2, "您好"), ("customer", 3, 4, "嗯"))
GUESS = call(("agent", 1, 3, "您好", {"greeting": 0.9}), role_confidence=0.5)
MUMBLE = call(("agent", 1, 3, "您好", {"greeting": 0.9}), confidence=0.2)
PACE = {"detect": "pace", "zh": {"low": 150, "high": 330}, "en": {"low": 90, "high": 210}}

TABLE = [
    # act
    ({"detect": "act", "labels": ["greeting"]}, HELLO, True),
    ({"detect": "act", "labels": ["greeting"], "where": {"last_turns": 1}}, HELLO, False),
    ({"detect": "act", "labels": ["greeting"], "role": "customer", "where": {"first_seconds": 5}}, HELLO, True),
    ({"detect": "act", "labels": ["sentiment_negative"]}, HELLO, False),
    ({"detect": "act", "labels": ["offer_of_help"]}, HELLO, None),
    ({"detect": "act", "labels": ["greeting"], "count": 2}, HELLO, False),
    ({"detect": "act", "labels": ["greeting"]}, GUESS, None),
    ({"detect": "act", "labels": ["greeting"]}, MUMBLE, None),
    ({"detect": "act", "labels": ["greeting"], "role": "customer", "units": 3}, HELLO, False),
    ({"detect": "act", "labels": ["greeting"], "unless": "您好"}, HELLO, False),
    ({"detect": "act", "labels": ["greeting"], "unless": ["再见", "拜拜"]}, HELLO, True),
    # phrase
    ({"detect": "phrase", "any": ["工号"]}, HELLO, True),
    ({"detect": "phrase", "any": ["河水一下"], "by": ["pinyin"]}, HELLO, False),
    ({"detect": "phrase", "any": ["合适一下", "合实医下"], "by": ["pinyin"]}, HELLO, True),
    ({"detect": "phrase", "any": ["合实医下"], "by": ["exact"]}, HELLO, False),
    ({"detect": "phrase", "any": ["烦死了"]}, HELLO, False),
    ({"detect": "phrase", "any": ["稍等"], "unless": ["核实一下"]}, HELLO, False),
    # pattern
    ({"detect": "pattern", "regex": r"\d{4}"}, HELLO, True),
    ({"detect": "pattern", "regex": r"\d{5}"}, HELLO, False),
    ({"detect": "pattern", "regex": r"\d{4}", "unless": "工号"}, HELLO, False),
    # silence
    ({"detect": "silence", "over": 8}, MUTE, True),
    ({"detect": "silence", "over": 15}, MUTE, False),
    ({"detect": "silence", "over": 8}, HELLO, False),
    ({"detect": "silence", "over": 8, "excuse_hold": False}, HELLO, True),
    ({"detect": "silence", "over": 8, "hold_limit": 10}, HELLO, True),
    ({"detect": "silence", "over": 8, "by": "agent"}, MUTE, True),
    ({"detect": "silence", "over": 8, "by": "customer"}, MUTE, False),
    ({"detect": "silence", "over": 8}, PLAYED, False),
    # interruption
    ({"detect": "interruption"}, OVER, True),
    ({"detect": "interruption", "by": "customer"}, OVER, False),
    ({"detect": "interruption"}, NODS, False),
    ({"detect": "interruption"}, MIXED, None),
    ({"detect": "interruption"}, DEAD, None),
    # pace
    (PACE, STEADY, True),
    (PACE, FAST, False),
    (PACE, BRIEF, None),
    # hold
    ({"detect": "hold", "part": "any"}, HELLO, True),
    ({"detect": "hold", "part": "any"}, BRIEF, False),
    ({"detect": "hold", "part": "asked"}, HELLO, True),
    ({"detect": "hold", "part": "asked"}, MUTE, False),
    ({"detect": "hold", "part": "returned"}, HELLO, True),
    ({"detect": "hold", "part": "returned"}, MUTE, False),
    ({"detect": "hold", "part": "any"}, PLAYED, True),
    ({"detect": "hold", "part": "asked"}, PLAYED, False),
    # metadata
    ({"detect": "metadata", "field": "scenario", "any": ["repair"]}, HELLO, True),
    ({"detect": "metadata", "field": "scenario", "any": ["consult"]}, HELLO, False),
    ({"detect": "metadata", "field": "scenario", "any": ["consult"]}, MUTE, None),
    # script
    ({"detect": "script", "script": "service-zh", "share": 0.25, "by": []}, HELLO, True),
    ({"detect": "script", "script": "service-zh"}, MUTE, False),
    ({"detect": "script", "script": ["service-en"]}, HELLO, None),
    # logic
    ({"all": [{"detect": "phrase", "any": ["工号"]}, {"detect": "act", "labels": ["greeting"]}]}, HELLO, True),
    ({"all": [{"detect": "phrase", "any": ["工号"]}, {"detect": "act", "labels": ["rude"]}]}, HELLO, False),
    ({"all": [{"detect": "phrase", "any": ["工号"]}, {"detect": "act", "labels": ["offer_of_help"]}]}, HELLO, None),
    ({"any": [{"detect": "phrase", "any": ["工号"]}, {"detect": "act", "labels": ["offer_of_help"]}]}, HELLO, True),
    ({"any": [{"detect": "phrase", "any": ["没有"]}, {"detect": "act", "labels": ["offer_of_help"]}]}, HELLO, None),
    ({"not": {"detect": "phrase", "any": ["没有"]}}, HELLO, True),
    ({"not": {"detect": "act", "labels": ["offer_of_help"]}}, HELLO, None),
]  # fmt: skip


def read(condition: dict[str, Any]) -> Detector:
    return TypeAdapter(Condition).validate_python(condition)


@pytest.mark.parametrize(("condition", "heard", "truth"), TABLE)
def test_finding(condition: dict[str, Any], heard: Call, truth: bool | None) -> None:
    found = read(condition).find(heard)
    assert found.truth is truth, found.why
    assert 0 <= found.confidence <= 1
    assert found.why
    for evidence in found.evidence:
        assert 0 <= evidence.start <= evidence.end <= heard.duration
        if evidence.turn is not None:
            assert evidence.role == heard.turns[evidence.turn].role or evidence.detector == "interruption"


def test_a_hit_quotes_the_sentence_it_was_found_in() -> None:
    (evidence,) = read({"detect": "act", "labels": ["self_introduction"]}).find(HELLO).evidence
    assert (evidence.turn, evidence.start, evidence.end, evidence.quote) == (1, 2, 5, "您好，工号8021")


def test_a_bare_number_is_too_little_to_go_by() -> None:
    asked = read({"detect": "act", "labels": ["disclosure"], "units": 4})
    for text, held in (("1223247942。", False), ("他的电话是1223247942。", True)):
        heard = call(("customer", 0, 2, "电话多少"), ("agent", 3, 8, text, {"disclosure": 0.95}))
        assert asked.find(heard).truth is held


def test_a_pattern_says_what_it_found() -> None:
    found = read({"detect": "pattern", "regex": r"\d{4}", "what": {"zh": "工号", "en": "a staff number"}}).find(HELLO)
    assert found.why == "坐席说到工号"


def test_a_catastrophic_pattern_is_stopped() -> None:
    heard = call(("agent", 0, 60, "a" * 3000 + "!"), language="en")
    endless = {"detect": "pattern", "regex": r"(a+)+$"}
    assert read(endless).find(heard).truth is None
    near = {"detect": "proximity", "of": endless, "near": {"detect": "phrase", "any": ["aaa"]}, "turns": 1}
    assert read(near).find(heard).truth is None
