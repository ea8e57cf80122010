"""Conditions: what they choose on either database, and what a person is told of a wrong one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from conftest import sha_of

from scoring.call import Metadata, Scenario
from scoring.errors import UsageError
from scoring.rubric import Rubric
from store.ledger import Ledger
from store.stored import Stretch
from store.tables import EvaluationRow
from store.where import Condition, parse

Save = Callable[..., bool]

CALLS: dict[str, dict[str, Any]] = {
    "a": {
        "agent": "A1", "team": "一组", "scenario": Scenario.COMPLAINT, "direction": "inbound", "csat": 2.0,
        "started_at": datetime(2026, 3, 1, 23, 59, tzinfo=UTC), "transferred": True, "ticket_id": "T-1",
    },
    "b": {
        "agent": "A2", "team": "二组", "scenario": Scenario.CONSULT, "direction": "outbound", "csat": 5.0,
        "started_at": datetime(2026, 3, 2, 0, 0, tzinfo=UTC), "transferred": False,
    },
    "c": {"agent": "A'; DROP TABLE calls; --"},
}  # fmt: skip
RESULTS: dict[str, dict[str, Any]] = {
    "a": {"score": 40.0, "grade": "D", "fatal": True, "flags": [{"item": "rude", "severity": "high", "why": ""}]},
    "b": {"score": 90.0, "grade": "A", "fatal": False, "flags": []},
    "c": {"score": None, "grade": None, "fatal": False, "flags": [{"item": "escalation", "severity": "medium"}]},
}


CHOSEN = {
    (): "abc",
    ("agent=A1",): "a",
    ("agent=A1,A2",): "ab",
    ("agent!=A1",): "bc",
    ("team!=一组",): "bc",
    ("agent=A'; DROP TABLE calls; --",): "c",
    ("agent=' OR 1=1 --",): "",
    (
        "team=一组",
        "agent=A2",
    ): "",
    (" scenario = complaint ",): "a",
    ("direction=outbound",): "b",
    ("language=en",): "b",
    ("language!=en",): "ac",
    ("call=a,c",): "ac",
    ("ticket=T-1",): "a",
    ("transferred=no",): "b",
    ("transferred=是",): "a",
    ("csat<=2",): "a",
    ("csat=2,5",): "ab",
    ("from=2026-03-02",): "b",
    ("until=2026-03-01",): "a",
    ("until=2026-03-01T12:00",): "",
    (
        "from=2026-03-01",
        "until=2026-03-02",
    ): "ab",
    ("score<60",): "a",
    ("score>=90",): "b",
    ("grade=A",): "b",
    ("fatal=yes",): "a",
    ("flag=high",): "a",
    ("flag=escalation,rude",): "ac",
    ("flag=any",): "ac",
    ("flag!=any",): "b",
    ("duration>42",): "",
}


@pytest.fixture
def full(ledger: Ledger, save: Save, rubric: Rubric) -> Ledger:
    run = ledger.begin_run(rubric.hash, {}, {})
    for name, known in CALLS.items():
        save(ledger, run, f"k-{name}", name, metadata=Metadata(**known), language="en" if name == "b" else "zh")
    with ledger._writing() as session:
        for name, result in RESULTS.items():
            row = session.get(EvaluationRow, f"k-{name}")
            row.score, row.grade, row.fatal = result["score"], result["grade"], result["fatal"]
            row.record = {**row.record, "flags": result["flags"]}
    return ledger


def test_what_conditions_choose(full: Ledger) -> None:
    found: dict[tuple[str, ...], str] = {}
    for conditions in CHOSEN:
        wanted = tuple(map(parse, conditions))
        cut = full.cut(wanted, 2)
        ids = [c.call_id for stretch in cut.stretches for page in full.calls(stretch, wanted, 2) for c in page]
        found[conditions] = "".join(sorted(ids))
        assert cut.total == len(ids)
    assert found == CHOSEN


def test_results_are_those_of_the_form_that_is_meant(full: Ledger, save: Save, rubric: Rubric) -> None:
    """While calls are judged again the choice stays: what is being made does not count."""
    with full._writing() as session:
        old = session.get(EvaluationRow, "k-a")
        new = {
            c.name: getattr(old, c.key) for c in EvaluationRow.__table__.columns if c.name not in ("key", "created_at")
        }
        session.add(EvaluationRow(**{**new, "key": "k-new", "rubric_hash": "f" * 64, "score": 80.0}))
    low = (parse("score<60"),)
    ids = lambda **meant: full.cut(low, 10, **meant).total  # noqa: E731
    assert ids() == 0
    assert ids(except_under=["f" * 64]) == 1
    assert ids(except_under=["f" * 64, rubric.hash]) == 1
    assert ids(under=rubric.hash) == 1
    assert ids(under="f" * 64) == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("agent", "is not NAME=VALUE -> for example"),
        ("agent==", None),
        ("agent=", "a value is missing"),
        ("agent=A1,,A2", "a value is missing"),
        ("agnt=A1", "'agnt' is not known; did you mean 'agent'"),
        ("sha256=x", "'sha256' is not known"),
        ("agent<A1", "agent takes = !="),
        ("score<sixty", "'sixty' is not a number"),
        ("score<nan", "'nan' is not a number"),
        ("from>2026-01-01", "from takes ="),
        ("from=yesterday", "'yesterday' is not a date -> write from=2026-03-01"),
        ("from=2026-01-01,2026-01-02", "from takes one day"),
        ("until=9999-12-31", None),
        ("fatal=perhaps", "fatal is yes or no"),
    ],
)
def test_a_wrong_condition_is_explained(text: str, said: str | None) -> None:
    if said is None:
        assert isinstance(parse(text), Condition)
        return
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert said in str(caught.value)


def test_an_empty_ledger_has_no_stretches(ledger: Ledger) -> None:
    assert ledger.cut((), 10).stretches == ()
    assert list(ledger.calls(Stretch("", "z"), (), 10)) == []


def test_stretches_meet_without_gap_or_overlap(ledger: Ledger, save: Save, rubric: Rubric) -> None:
    run = ledger.begin_run(rubric.hash, {}, {})
    for n in range(7):
        save(ledger, run, f"k{n}", f"call-{n}")
    for size in (1, 3, 7, 10):
        cut = ledger.cut((), size)
        parts = [[c.sha256 for page in ledger.calls(s, (), 2) for c in page] for s in cut.stretches]
        assert [len(part) for part in parts[:-1]] == [size] * (len(parts) - 1)
        assert [sha for part in parts for sha in part] == sorted(sha_of(f"call-{n}") for n in range(7))
