"""What holds for every form and every call."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from form_parts import form, hears, item, said, section, written
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scoring.call import Call, Metadata, Role, Scenario, Turn
from scoring.engine import evaluate
from scoring.evaluation import Evaluation, Status
from scoring.explain import explain
from scoring.rubric import Rubric
from scoring.rubric_file import parse_rubric

QUICK = settings(
    max_examples=40, deadline=None, database=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
NAMES = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"]
OPEN = {"detect": "metadata", "field": "scenario", "any": ["complaint"]}

points = st.integers(1, 20).map(float)


@st.composite
def items(draw: st.DrawFn, id: str) -> dict[str, Any]:
    """An item answered by what is said: its id meets it, p and its id partly; n and its id make it asked."""
    keys: dict[str, Any] = {}
    kind = draw(st.sampled_from(["plain", "partly", "levels", "asked", "open", "deduction"]))
    worth = draw(points)
    if kind == "partly":
        keys |= {"met": hears(id), "partly": hears("p" + id)}
    elif kind == "levels":
        keys["levels"] = [
            {"id": "a", "share": 1, "when": hears(id)},
            {"id": "b", "share": 0.3, "when": hears("p" + id)},
        ]
    elif kind == "asked":
        keys["applies"] = hears("n" + id)
    elif kind == "open":
        keys["met"] = {"any": [hears(id), OPEN]}
    if draw(st.booleans()):
        keys["required"] = draw(st.booleans())
    if draw(st.integers(0, 5)) == 0:
        keys["fatal"] = draw(st.sampled_from(["section", "form"]))
    return item(id, -worth if kind == "deduction" else worth, **keys)


@st.composite
def forms(draw: st.DrawFn, weighted: bool | None = None) -> Rubric:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=6, unique=True))
    cut = draw(st.integers(1, len(names) - 1))
    weighted = draw(st.booleans()) if weighted is None else weighted
    sections = []
    for n, group in enumerate((names[:cut], names[cut:])):
        keys = {"weight": draw(points)} if weighted else {}
        sections.append(section(f"s{n}", *(draw(items(x)) for x in group), **keys))
    return form(*sections, base=draw(st.sampled_from([1, 100])), minimum={"share_judged": 0})


words = st.lists(st.sampled_from([a + n for n in NAMES for a in ("", "p", "n")]), max_size=12)
calls = words.map(lambda w: said(*w))


def outcome(evaluation: Evaluation) -> Any:
    return evaluation.score, {a.item: (a.status, a.points, a.potential, a.level) for a in evaluation.answers}


@QUICK
@given(forms(weighted=True), calls)
def test_weights_normalise_to_what_could_be_judged(rubric: Rubric, call: Call) -> None:
    evaluation = evaluate(call, rubric)
    for part, score in zip(rubric.sections, evaluation.sections, strict=True):
        own = [a for a in evaluation.answers if a.section == part.id]
        worth = {i.id: i.points for i in part.items}
        earns = any(a.status.judged and worth[a.item] > 0 for a in own)
        assert score.potential == pytest.approx(part.weight if earns else 0, abs=1e-3)
    assert evaluation.potential == pytest.approx(rubric.base + sum(s.potential for s in evaluation.sections), abs=0.01)


@QUICK
@given(forms(), calls)
def test_a_score_lies_within_bounds_and_is_its_arithmetic(rubric: Rubric, call: Call) -> None:
    evaluation = evaluate(call, rubric)
    assert evaluation.score is not None
    assert 0 <= evaluation.score <= 100
    assert evaluation.arithmetic[-1].endswith(f"= {evaluation.score:g}")
    assert all(a.potential >= 0 for a in evaluation.answers)
    assert all(a.points <= a.potential for a in evaluation.answers)


@QUICK
@given(forms(), calls)
def test_fatal_dominates(rubric: Rubric, call: Call) -> None:
    evaluation = evaluate(call, rubric)
    missed = [a for a in evaluation.answers if a.fatal and a.status is Status.MISSED]
    assert evaluation.fatal is bool(missed)
    for score in evaluation.sections:
        if any(a.section == score.section or a.fatal == "form" for a in missed):
            assert score.points <= 0
            assert score.zeroed_by
    if any(a.fatal == "form" for a in missed):
        assert evaluation.score == 0


@QUICK
@given(forms(), calls, st.data())
def test_what_does_not_apply_never_changes_the_others_shares(rubric: Rubric, call: Call, data: st.DataObject) -> None:
    plain = json.loads(written(*json.loads(rubric.model_dump_json(by_alias=True, exclude_none=True))["sections"]))
    plain |= {"base": rubric.base, "minimum": {"share_judged": 0}}
    group = data.draw(st.sampled_from([s for s in plain["sections"] if len(s["items"]) > 1] or [None]))
    assume(group is not None)
    gone = data.draw(st.sampled_from(group["items"]))
    before = {a.item: a for a in evaluate(call, rubric).answers}
    gone["only"] = {"language": ["zh"]}  # the calls are English
    after = {a.item: a for a in evaluate(call, parse_rubric(json.dumps(plain), "made.yaml")).answers}
    assert after[gone["id"]].status is Status.NOT_APPLICABLE
    for group in plain["sections"]:
        own = [i["id"] for i in group["items"] if i is not gone]
        for a, b in ((a, b) for a in own for b in own if a < b):
            # Cross-multiplied: the ratio of two items' worth is what it was.
            left, right = after[a].potential * before[b].potential, after[b].potential * before[a].potential
            assert left == pytest.approx(right, abs=1e-2, rel=1e-3)
            assert after[a].status is before[a].status


@QUICK
@given(forms(), words, st.lists(st.sampled_from(["hm", "well", "okay then"]), max_size=4))
def test_irrelevant_turns_change_nothing(rubric: Rubric, spoken: list[str], chatter: list[str]) -> None:
    call = said(*spoken, duration=200)
    more = tuple(Turn(Role.AGENT, 100.0 + 3 * n, 101.0 + 3 * n, text, 0.9) for n, text in enumerate(chatter))
    assert outcome(evaluate(replace(call, turns=call.turns + more), rubric)) == outcome(evaluate(call, rubric))


@QUICK
@given(forms(), calls, st.randoms(use_true_random=False))
def test_the_engine_is_deterministic_and_knows_no_order(rubric: Rubric, call: Call, random: Any) -> None:
    assert evaluate(call, rubric) == evaluate(call, rubric)
    shuffled = json.loads(rubric.model_dump_json(by_alias=True))
    for group in shuffled["sections"]:
        random.shuffle(group["items"])
    random.shuffle(shuffled["sections"])
    assert outcome(evaluate(call, Rubric.model_validate(shuffled))) == outcome(evaluate(call, rubric))


@QUICK
@given(forms(), calls)
def test_what_is_explained_is_what_was_answered(rubric: Rubric, call: Call) -> None:
    for answer in evaluate(call, rubric).answers:
        told = explain(call, rubric, answer.item)
        assert told.answer == answer
        assert told.steps
        last = told.steps[-1]
        expected = {Status.MET: True, Status.PARTLY_MET: True, Status.MISSED: False, Status.CANNOT_JUDGE: None}
        assert last.truth is expected.get(answer.status, False)
        assert any(answer.why.endswith(node.why) for node in told.steps)


YES = {"detect": "metadata", "field": "team", "any": ["t"]}
NO = {"detect": "metadata", "field": "team", "any": ["f"]}
conditions = st.recursive(
    st.sampled_from([YES, NO, OPEN]),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda x: {"all": x})
        | st.lists(inner, min_size=1, max_size=3).map(lambda x: {"any": x})
        | inner.map(lambda x: {"not": x})
    ),
    max_leaves=8,
)


def truth(condition: dict[str, Any], scenario: str | None = None) -> bool | None:
    rubric = form(section("a", item("x", met=condition)))
    call = replace(said("a"), metadata=Metadata(team="t", scenario=Scenario(scenario) if scenario else None))
    met = rubric.item("x").met
    assert met is not None
    return met.find(call).truth


def no(condition: dict[str, Any]) -> dict[str, Any]:
    return {"not": condition}


@QUICK
@given(conditions, conditions, conditions)
def test_the_laws_of_three_valued_logic(a: dict[str, Any], b: dict[str, Any], c: dict[str, Any]) -> None:
    assert truth(no(no(a))) == truth(a)
    assert truth(no({"all": [a, b]})) == truth({"any": [no(a), no(b)]})
    assert truth({"all": [a, b]}) == truth({"all": [b, a]})
    assert truth({"any": [a, {"any": [b, c]}]}) == truth({"any": [a, b, c]})
    assert truth({"all": [a, {"any": [b, c]}]}) == truth({"any": [{"all": [a, b]}, {"all": [a, c]}]})
    assert truth({"all": [a, a]}) == truth(a)
    assert truth({"any": [a, {"all": [a, b]}]}) == truth(a)


@QUICK
@given(conditions)
def test_learning_more_never_overturns_what_was_sure(condition: dict[str, Any]) -> None:
    unsure = truth(condition)
    if unsure is not None:
        assert unsure == truth(condition, "complaint") == truth(condition, "repair")
