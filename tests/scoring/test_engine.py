"""From answers to a score."""

from __future__ import annotations

import pytest
from made import call

from scoring.call import Call
from scoring.engine import evaluate
from scoring.evaluation import Status
from scoring.rubric import Rubric
from scoring.rubric_file import load_rubric, parse_rubric

FORM = """
id: small
version: "1"
name: {zh: 小表, en: Small form}
minimum: {duration: 5, agent_units: 2, customer_units: 1}
grades:
  - {id: A, at_least: 80, name: {zh: 优, en: Good}}
  - {id: B, at_least: 0, name: {zh: 差, en: Poor}}
sections:
  - id: manners
    name: {zh: 礼仪, en: Manners}
    items:
      - id: greeting
        name: {zh: 问候, en: Greeting}
        guide: {zh: 问候, en: Greets}
        source: "1"
        points: 6
        met: {detect: act, labels: [greeting]}
      - id: empathy
        name: {zh: 共情, en: Empathy}
        guide: {zh: 共情, en: Empathy}
        source: "2"
        points: 4
        applies: {detect: act, role: customer, labels: [sentiment_negative]}
        met: {detect: act, labels: [empathy_specific]}
        partly: {detect: act, labels: [empathy_formulaic]}
  - id: risk
    name: {zh: 风险, en: Risk}
    items:
      - id: rude
        name: {zh: 禁语, en: Rude}
        guide: {zh: 禁语, en: Rude}
        source: "3"
        points: 10
        critical: true
        fatal: form
        flag: high
        met: {not: {detect: act, labels: [rude]}}
"""


@pytest.fixture
def form() -> Rubric:
    return parse_rubric(FORM, "small.yaml")


def talk(**labels: float) -> Call:
    customer = {k: v for k, v in labels.items() if k.startswith("sentiment")}
    agent = {k: v for k, v in labels.items() if k not in customer}
    return call(("agent", 1, 4, "您好请讲", agent), ("customer", 5, 9, "断网了", customer))


@pytest.mark.parametrize(
    ("labels", "score", "grade"),
    [
        ({"greeting": 0.9}, 100, "A"),
        ({}, 62.5, "B"),
        ({"greeting": 0.9, "sentiment_negative": 0.9}, 80, "A"),
        ({"greeting": 0.9, "sentiment_negative": 0.9, "empathy_formulaic": 0.9}, 90, "A"),
        ({"greeting": 0.9, "sentiment_negative": 0.9, "empathy_specific": 0.9}, 100, "A"),
        ({"greeting": 0.9, "rude": 0.9}, 0, "B"),
        ({"greeting": 0.4}, 100, "A"),
    ],
)
def test_score(form: Rubric, labels: dict[str, float], score: float, grade: str) -> None:
    evaluation = evaluate(talk(**labels), form)
    assert (evaluation.score, evaluation.grade) == (score, grade)
    assert evaluation.arithmetic[-1].endswith(f"= {score:g}")


def test_what_does_not_apply_leaves_the_denominator(form: Rubric) -> None:
    evaluation = evaluate(talk(greeting=0.9), form)
    assert evaluation.potential == 16
    assert {a.item: a.status for a in evaluation.answers}["empathy"] is Status.NOT_APPLICABLE


def test_what_never_came_is_shown_where_it_was_called_for(form: Rubric) -> None:
    answer = evaluate(talk(greeting=0.9, sentiment_negative=0.9), form).answers[1]
    assert (answer.status, [e.quote for e in answer.evidence]) == (Status.MISSED, ["断网了"])


def test_doubt_goes_to_a_person_and_not_into_the_score(form: Rubric) -> None:
    answer = evaluate(talk(greeting=0.4), form).answers[0]
    assert (answer.status, answer.points, answer.potential) == (Status.CANNOT_JUDGE, 0, 0)
    assert answer.evidence


def test_a_fatal_miss_zeroes_the_form_and_raises_a_flag(form: Rubric) -> None:
    evaluation = evaluate(talk(greeting=0.9, rude=0.9), form)
    assert evaluation.fatal
    assert evaluation.critical_missed == ("rude",)
    assert [f.severity for f in evaluation.flags] == ["high"]
    assert all(s.points == 0 and s.zeroed_by == "rude" for s in evaluation.sections)


@pytest.mark.parametrize(
    "heard",
    [
        call(("agent", 0, 2, "您好"), duration=3),
        call(("customer", 0, 9, "喂喂喂有人吗")),
        call(("agent", 0, 9, "您好您好您好")),
        call(duration=30),
    ],
    ids=["too short", "no agent", "no customer", "nobody"],
)
def test_what_is_no_call_gets_no_score(form: Rubric, heard: Call) -> None:
    evaluation = evaluate(heard, form)
    assert evaluation.score is None
    assert evaluation.grade is None
    assert evaluation.why_unscored
    assert {a.status for a in evaluation.answers} == {Status.CANNOT_JUDGE}


def test_every_answer_has_evidence_within_the_call(form: Rubric) -> None:
    heard = talk(greeting=0.9, sentiment_negative=0.8)
    for rubric in (form, load_rubric("service")):
        for answer in evaluate(heard, rubric).answers:
            assert answer.evidence or answer.status is Status.NOT_APPLICABLE
            assert all(0 <= e.start <= e.end <= heard.duration for e in answer.evidence)
