"""A call against a script, with labels set by hand: order, limits, slots, doubt, and the answer a form gets."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import Line, call

from scoring.alignment import align
from scoring.call import Call, Role, Scenario
from scoring.compliance import comply
from scoring.detectors.script import ScriptKept
from scoring.script import Script

TEXT = {"zh": "步", "en": "step"}


def step(id: str, label: str, says: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "name": TEXT, "source": "1", "says": [says], "labels": [label], **more}


def script(*steps: dict[str, Any]) -> Script:
    name = {"zh": "话术", "en": "script"}
    return Script.model_validate({"id": "s", "version": "1", "name": name, "language": "zh", "steps": steps})


HELLO = step("hello", "greeting", "您好")
WHO = step("who", "verification", "请报身份证后四位")
PROMISE = step("promise", "follow_up_promise", "会给您回电", slots=[{"kind": "time_limit"}])
BYE = step("bye", "closing", "再见")
PLAIN = script(HELLO, WHO, PROMISE, BYE)

A: list[Line] = [
    ("agent", 0, 2, "您好", {"greeting": 0.99}),
    ("customer", 3, 6, "我网断了", {}),
    ("agent", 7, 10, "身份证后四位报下", {"verification": 0.98}),
    ("agent", 11, 15, "今天下午有人打给您", {"follow_up_promise": 0.97}),
    ("agent", 20, 22, "再会", {"closing": 0.99}),
]
ORDER = ("hello", "who", "promise", "bye")


def found(c: Call, s: Script = PLAIN) -> dict[str, Any]:
    return {r.step.id: r for r in comply(c, s, c.turns_of(Role.AGENT)).steps}


def swapped(first: int, second: int) -> Call:
    """The call with the words of two lines exchanged."""
    lines = list(A)
    a, b = lines[first], lines[second]
    lines[first] = (a[0], a[1], a[2], *b[3:])  # type: ignore[assignment]
    lines[second] = (b[0], b[1], b[2], *a[3:])  # type: ignore[assignment]
    return call(*lines)


def test_every_step_is_found_where_it_was_said() -> None:
    result = found(call(*A))
    assert {name: (r.said, r.at.sentence.turn, r.disorder, r.missing) for name, r in result.items()} == {
        "hello": (True, 0, None, ()),
        "who": (True, 2, None, ()),
        "promise": (True, 3, None, ()),
        "bye": (True, 4, None, ()),
    }
    assert result["promise"].slots == (("time_limit", "今天下午"),)


@pytest.mark.parametrize(("first", "second", "pair"), [(2, 3, {"who", "promise"}), (3, 4, {"promise", "bye"})])
def test_a_step_said_out_of_order_is_said_so(first: int, second: int, pair: set[str]) -> None:
    wrong = [r for r in found(swapped(first, second)).values() if r.disorder]
    assert [{r.step.id, r.disorder.other.id} for r in wrong] == [pair]
    assert all(r.said for r in wrong)


def test_what_must_wait_is_found_by_its_first_words() -> None:
    told = step("told", "solution", "您的余额", optional=True)
    strict = script(HELLO, WHO | {"before": ["told"]}, told)
    early = call(
        A[0],
        ("agent", 3, 5, "余额三十元", {"solution": 0.98}),
        ("agent", 7, 10, "身份证后四位报下", {"verification": 0.98}),
        ("agent", 12, 14, "余额是三十元", {"solution": 0.99}),
    )
    disorder = found(early, strict)["who"].disorder
    assert disorder is not None
    assert (disorder.other.id, disorder.other_at.sentence.turn) == ("told", 1)
    assert found(early, script(HELLO, WHO, told))["who"].disorder is None


def test_the_customer_says_nothing_of_the_script() -> None:
    said = [(*("customer", *line[1:]),) if i in (2, 4) else line for i, line in enumerate(A)]
    result = found(call(*said))  # type: ignore[arg-type]
    assert [name for name, r in result.items() if r.said] == ["hello", "promise"]


@pytest.mark.parametrize(
    ("text", "label", "said"),
    [
        ("今天下午有人打给您", 0.97, True),
        ("今天下午有人打给您", 0.28, None),
        ("今天下午有人打给您", 0.01, False),
        ("上次那位同事说今天下午有人打给您", 0.97, None),  # a quote: the label may be of what is quoted
    ],
)
def test_doubt_stays_doubt(text: str, label: float, said: bool | None) -> None:
    lines = [*A[:3], ("agent", 11, 15, text, {"follow_up_promise": label}), A[4]]
    assert found(call(*lines))["promise"].said is said  # type: ignore[arg-type]


def test_words_that_were_hardly_heard_leave_doubt() -> None:
    assert found(call(*A, confidence=0.3))["who"].said is None


def test_without_labels_and_comparison_silence_is_no_proof() -> None:
    own = step("own", "greeting", "提前还款有违约金") | {"labels": []}
    assert found(call(*A), script(own))["own"].said is None


@pytest.mark.parametrize(
    ("limit", "outside"), [({"first_seconds": 5}, "first_seconds"), ({"last_seconds": 5}, "last_seconds"), ({}, None)]
)
def test_limits_of_time(limit: dict[str, float], outside: str | None) -> None:
    assert found(call(*A), script(HELLO, WHO | limit))["who"].at.outside == outside


@pytest.mark.parametrize(
    ("scenario", "label", "truth", "says"),
    [
        ("repair", 0.98, True, "2/2"),
        ("repair", 0.01, False, "没有说"),
        ("consult", 0.01, True, "1/1"),
        (None, 0.01, None, "没有说"),  # whether it was required is not known
        (None, 0.98, True, "2/2"),
        ("repair", 0.5, None, "不确定"),
    ],
)
def test_the_answer_of_a_form(scenario: str | None, label: float, truth: bool | None, says: str) -> None:
    asked = WHO | {"if": {"detect": "metadata", "field": "scenario", "any": ["repair"]}}
    lines = [A[0], A[1], ("agent", 7, 10, "麻烦报一下", {"verification": label})]
    finding = ScriptKept(script=(script(HELLO, asked),)).find(call(*lines, scenario=scenario))  # type: ignore[arg-type]
    assert finding.truth is truth
    assert says in finding.why
    assert finding.evidence[0].turn == 0
    assert finding.evidence[0].quote == "您好"


def test_levels_and_what_counts() -> None:
    half = ScriptKept(script=(PLAIN,), share=0.5)
    c = swapped(2, 3)
    assert ScriptKept(script=(PLAIN,)).find(c).truth is False
    assert half.find(c).truth is True
    assert ScriptKept(script=(PLAIN,), by=("limits", "slots")).find(c).truth is True
    shown = ScriptKept(script=(PLAIN,)).find(c).evidence
    assert {e.turn for e in shown} == {0, 2, 3, 4}
    assert any("之后才说" in e.why or "之前就说" in e.why for e in shown)


def test_a_call_no_script_is_for_cannot_be_judged() -> None:
    assert ScriptKept(script=(PLAIN,)).find(call(*A, language="en")).truth is None
    only = PLAIN.model_copy(update={"scenarios": (Scenario.COMPLAINT,)})
    assert ScriptKept(script=(only,)).find(call(*A, scenario="repair")).truth is None


def tables(columns: int) -> st.SearchStrategy[list[list[float]]]:
    row = st.lists(st.floats(-1, 2), min_size=columns, max_size=columns)
    return st.lists(row, min_size=min(1, columns), max_size=5)


@given(st.integers(0, 5).flatmap(tables))
def test_alignment_is_the_best_there_is(gains: list[list[float]]) -> None:
    rows, columns = len(gains), len(gains[0]) if gains else 0
    chosen = align(gains)
    kept = [i for i in chosen if i is not None]
    assert kept == sorted(kept)
    total = sum(gains[i][j] for j, i in enumerate(chosen) if i is not None)
    best = 0.0
    for choice in itertools.product([None, *range(rows)], repeat=columns):
        some = [i for i in choice if i is not None]
        if some == sorted(some):
            best = max(best, sum(gains[i][j] for j, i in enumerate(choice) if i is not None))
    assert total == pytest.approx(best)
