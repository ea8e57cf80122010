"""Scales of answers, weights, deductions, bonuses, scopes and items that wait for others."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from form_parts import NAME, form, hears, item, said, section
from made import call

from scoring.call import Call, Metadata, Scenario
from scoring.engine import evaluate, evaluate_all
from scoring.errors import RubricError
from scoring.evaluation import Evaluation, Status


def statuses(evaluation: Evaluation) -> dict[str, str]:
    return {a.item: a.status.value for a in evaluation.answers}


LEVELS = [
    {"id": "good", "share": 1, "when": hears("alpha")},
    {"id": "fair", "points": 4, "when": hears("beta")},
    {"id": "poor", "share": 0},
]


@pytest.mark.parametrize(
    ("words", "level", "points", "status"),
    [
        (["alpha", "beta"], "good", 10, "met"),
        (["beta"], "fair", 4, "partly_met"),
        (["gamma"], "poor", 0, "missed"),
    ],
)
def test_the_first_level_that_holds_is_the_answer(words: list[str], level: str, points: float, status: str) -> None:
    answer = evaluate(said(*words), form(section("a", item("x", 10, levels=LEVELS)))).answers[0]
    assert (answer.level, answer.points, answer.status.value) == (level, points, status)


def test_a_level_after_one_that_is_unsure_is_not_given() -> None:
    unsure = {"detect": "metadata", "field": "team", "any": ["a"]}
    levels = [{"id": "good", "share": 1, "when": unsure}, {"id": "poor", "share": 0}]
    answer = evaluate(said("alpha"), form(section("a", item("x", levels=levels)))).answers[0]
    assert answer.status is Status.CANNOT_JUDGE


@pytest.mark.parametrize(
    ("length", "points", "status"), [(3, 10, "met"), (8, 10, "met"), (14, 5, "partly_met"), (30, 0, "missed")]
)
def test_a_number_earns_by_its_scale(length: float, points: float, status: str) -> None:
    heard = call(("agent", 0, 2, "one moment"), ("customer", 2 + length, 4 + length, "hello there"), language="en")
    number = {"of": "longest_silence", "scale": [[8, 1], [20, 0]]}
    answer = evaluate(heard, form(section("a", item("x", 10, number=number)))).answers[0]
    assert (round(answer.points, 1), answer.status.value) == (points, status)


def test_a_number_that_is_not_known_is_left_open() -> None:
    rubric = form(section("a", item("x", number={"of": "csat", "scale": [[1, 0], [5, 1]]})))
    assert evaluate(said("alpha"), rubric).answers[0].status is Status.CANNOT_JUDGE
    known = replace(said("alpha"), metadata=Metadata(csat=4))
    assert evaluate(known, rubric).score == 75


def test_a_deduction_takes_off_and_stays_out_of_the_denominator() -> None:
    rubric = form(section("a", item("alpha", 10), item("beta", -4)))
    kept, lost = evaluate(said("alpha", "beta"), rubric), evaluate(said("alpha"), rubric)
    assert (kept.score, kept.potential, lost.score, lost.potential) == (100, 10, 60, 10)
    assert [a.points for a in lost.answers] == [10, -4]
    assert "a.beta: missed -4 (deduction)" in lost.arithmetic


def test_a_form_of_deductions_begins_with_its_base() -> None:
    rubric = form(section("a", item("alpha", -30), item("beta", -90)), base=100)
    assert [evaluate(said(*w), rubric).score for w in (["alpha", "beta"], ["beta"], ["gamma"])] == [100, 70, 0]
    assert evaluate(said("gamma"), rubric).arithmetic[-1] == (
        "total = -20/100 x 100 = -20.0, kept within 0..100 = 0"
    )  # fmt: skip
    with pytest.raises(RubricError, match="base: 100"):
        form(section("a", item("alpha", -30)))


def test_a_bonus_comes_on_top_up_to_100() -> None:
    rubric = form(section("a", item("alpha", 10), item("beta", 10)), section("more", item("gamma", 4), bonus=True))
    assert [evaluate(said(*w), rubric).score for w in (["alpha"], ["alpha", "gamma"], ["alpha", "beta", "gamma"])] == [
        50, 70, 100,
    ]  # fmt: skip
    assert evaluate(said("alpha"), rubric).potential == 20


def test_a_weighted_section_is_shared_by_what_applies() -> None:
    never = {"detect": "metadata", "field": "team", "any": ["x"]}
    rubric = form(
        section("a", item("alpha", weight=3), item("beta", weight=1), item("late", applies=never), weight=40),
        section("b", item("gamma", 2), weight=60),
    )
    heard = replace(said("alpha"), metadata=Metadata(team="y"))
    evaluation = evaluate(heard, rubric)
    assert [a.potential for a in evaluation.answers] == [30, 10, 0, 60]
    assert (evaluation.score, evaluation.potential) == (30, 100)
    assert "a.alpha: met 30/30 (of 3 x 10)" in evaluation.arithmetic
    assert "a = 30/40 (weight 40)" in evaluation.arithmetic


@pytest.mark.parametrize(("required", "score"), [(True, None), (False, 100)])
def test_an_optional_item_may_be_left_open(required: bool, score: float | None) -> None:
    unsure = {"detect": "metadata", "field": "team", "any": ["x"]}
    rubric = form(section("a", item("alpha", 2), item("open", 8, met=unsure, required=required)))
    assert evaluate(said("alpha"), rubric).score == score


@pytest.mark.parametrize(
    ("words", "team", "expected"),
    [
        (["alpha", "beta"], "x", "met"),
        (["alpha"], "x", "missed"),
        (["beta"], "x", "not_applicable"),
        (["beta"], None, "cannot_judge"),
    ],
)
def test_an_item_waits_for_another(words: list[str], team: str | None, expected: str) -> None:
    first = {"all": [hears("alpha"), {"detect": "metadata", "field": "team", "any": ["x"]}]}
    first_or_open = {"any": [first, {"not": {"detect": "metadata", "field": "team", "any": ["x", "y"]}}]}
    rubric = form(
        section("a", item("beta", ask_when={"item": "first", "is": ["met"]}), item("first", met=first_or_open))
    )
    heard = replace(said(*words), metadata=Metadata(team=team))
    assert statuses(evaluate(heard, rubric))["beta"] == expected


@pytest.mark.parametrize(
    ("items", "says"),
    [
        ([item("x", ask_when={"item": "x", "is": ["met"]})], "circle"),
        (
            [item("x", ask_when={"item": "y", "is": ["met"]}), item("y", ask_when={"item": "x", "is": ["met"]})],
            "circle",
        ),
        ([item("x"), item("y", ask_when={"item": "z", "is": ["met"]})], "no item 'z'"),
        ([item("greeting"), item("y", ask_when={"item": "greting", "is": ["met"]})], "did you mean 'greeting'"),
        ([item("x"), item("y", ask_when={"item": "x", "level": ["good"]})], "no level 'good'"),
        ([item("x"), item("y", ask_when={"item": "x", "is": ["cannot_judge"]})], "met"),
        ([item("x", 0)], "must not be 0"),
        ([item("x", met=hears("a"), levels=LEVELS)], "exactly one"),
        ([item("x", 5, levels=[{"id": "a", "points": 9, "when": hears("a")}])], "between 0 and 5"),
        ([item("x", 5, levels=[{"id": "a", "share": 1}, {"id": "b", "share": 0}])], "only the last"),
        ([item("x", number={"of": "csat", "scale": [[5, 1], [1, 0]]})], "rise"),
        ([item("x", only={"from": "2026-12-01", "until": "2026-11-01"})], "after until"),
        ([item("x", only={"from": 5})], "YYYY-MM-DD"),
        ([item("x", only={"direction": ["inbond"]})], "did you mean 'inbound'"),
        ([item("x", only={"direction": "inbound"})], r"write a list: \[inbound\]"),
    ],
)
def test_what_cannot_be_meant_is_refused(items: list[dict[str, Any]], says: str) -> None:
    with pytest.raises(RubricError, match=says) as caught:
        form(section("a", *items))
    assert caught.value.message.startswith("made.yaml:")


ONLY = {"direction": ["inbound"], "scenario": ["complaint"], "from": "2026-12-01"}


def known(direction: str | None, scenario: str | None, day: int | None) -> Call:
    started = None if day is None else datetime(2026, 12, day) if day else datetime(2026, 11, 30, 23, 59)
    meta = Metadata(direction=direction, scenario=Scenario(scenario) if scenario else None, started_at=started)
    return replace(said("alpha"), metadata=meta)


SCOPES = [
    (("inbound", "complaint", 1), True),
    (("inbound", "complaint", 0), False),
    (("outbound", "complaint", 1), False),
    (("inbound", None, 1), None),
    (("inbound", "complaint", None), None),
    (("outbound", None, None), False),
]


@pytest.mark.parametrize(("metadata", "meant"), SCOPES)
def test_an_item_is_asked_of_the_calls_it_is_for(metadata: tuple[Any, Any, Any], meant: bool | None) -> None:
    rubric = form(section("a", item("alpha"), item("x", met=hears("alpha"), only=ONLY)))
    expected = {True: Status.MET, False: Status.NOT_APPLICABLE, None: Status.CANNOT_JUDGE}[meant]
    answer = evaluate(known(*metadata), rubric).answers[1]
    assert answer.status is expected
    assert answer.evidence or answer.status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(("metadata", "meant"), SCOPES)
def test_a_form_says_whether_it_is_for_the_call(metadata: tuple[Any, Any, Any], meant: bool | None) -> None:
    complaint = form(section("a", item("alpha")), only=ONLY)
    everyone = form(section("a", item("alpha")), id="all")
    evaluations = evaluate_all(known(*metadata), [everyone, complaint])
    assert [e.rubric_id for e in evaluations] == (["all"] if meant is False else ["all", "made"])
    assert evaluations[0].score == 100
    alone = evaluate(known(*metadata), complaint)
    assert alone.score == (100 if meant else None)
    assert bool(alone.why_unscored) is not bool(meant)
    if meant is None:
        assert "metadata has no" in str(alone.why_unscored)
        assert alone.arithmetic[-1].startswith("total = not scored")


def test_a_fatal_miss_takes_the_bonus_and_not_the_deductions() -> None:
    sections = (
        section("a", item("alpha", 10), item("beta", -5)),
        section("more", item("gamma", 5), bonus=True),
        section("risk", item("delta", 5, fatal="section"), item("epsilon", 5)),
    )
    evaluation = evaluate(said("alpha", "gamma", "epsilon"), form(*sections))
    assert evaluation.score == round(100 * (10 - 5 + 5 + 0) / 20, 1)
    sections[2]["items"][0]["fatal"] = "form"
    evaluation = evaluate(said("alpha", "gamma", "epsilon"), form(*sections))
    assert (evaluation.score, [s.points for s in evaluation.sections]) == (0, [0, 0, 0])


def test_rules_raise_flags_once_the_gravest_first() -> None:
    def rule(id: str, severity: str, **keys: Any) -> dict[str, Any]:
        return {"id": id, "name": NAME, "severity": severity, **keys}

    rubric = form(
        section("a", item("alpha", flag="low"), item("beta")),
        flags=[
            rule("twice", "medium", when=hears("gamma"), key="one", per="customer"),
            rule("again", "high", when=hears("gamma"), key="one", per="customer"),
            rule("unsure", "high", when={"detect": "metadata", "field": "team", "any": ["x"]}),
            rule("answers", "high", answers=[{"item": "alpha", "is": ["missed"]}, {"item": "beta", "is": ["met"]}]),
        ],
    )
    heard = replace(said("beta", "gamma"), metadata=Metadata(customer_phone="13800138000"))
    flags = evaluate(heard, rubric).flags
    assert [(f.item, f.severity, f.rule) for f in flags] == [
        ("again", "high", True), ("answers", "high", True), ("alpha", "low", False),
    ]  # fmt: skip
    assert flags[0].evidence[0].quote == "gamma"
    assert flags[0].key.startswith("one/customer:")
    assert "13800138000" not in repr(flags)
