"""Stored calls judged again in one process: what is done, what was done before, what cannot be."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from stored_calls_made import changed, inspected, without_signals

from flows.forms import find_form
from flows.rejudge import Piece, Tally, rejudge
from scoring.errors import UsageError
from scoring.rubric import Rubric
from scoring.rubric_file import load_rubric
from store.ledger import Ledger
from store.stored import Stretch
from store.where import Condition, parse

ALL = Stretch("", "g")


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    return load_rubric("service")


@pytest.fixture(scope="module")
def second(rubric: Rubric) -> Rubric:
    return changed(rubric, satisfaction_invite={"points": 10})


@pytest.fixture
def url(tmp_path: Path) -> str:
    return str(tmp_path / "l.sqlite")


def piece(url: str, *rubrics: Rubric, conditions: Sequence[Condition] = (), stretch: Stretch = ALL) -> Piece:
    with Ledger.open(url) as ledger:
        runs = tuple(ledger.begin_run(rubric.hash, {}, {}) for rubric in rubrics)
    return Piece(stretch, rubrics, runs, url, tuple(conditions))


def test_what_was_inspected_under_a_form_is_judged_by_it(url: str, rubric: Rubric) -> None:
    """The address of an evaluation is the same, whether it was made after listening or from what is stored."""
    inspected(url, rubric)
    tally = rejudge(piece(url, rubric))
    assert (tally.judged, tally.done, tally.failed, tally.unread) == ([0], [4], [0], 0)


def test_several_forms_at_once_and_the_rest_later(url: str, rubric: Rubric, second: Rubric) -> None:
    """Stopped after a part, the next start does what is left and no more."""
    inspected(url, rubric)
    with Ledger.open(url) as ledger:
        first, _ = ledger.cut((), 3).stretches
    assert rejudge(piece(url, second, stretch=first)).judged == [3]
    third = changed(rubric, closing=None)
    tally = rejudge(piece(url, rubric, second, third))
    assert (tally.judged, tally.done) == ([0, 1, 4], [4, 3, 0])
    assert rejudge(piece(url, rubric, second, third)).judged == [0, 0, 0]
    with Ledger.open(url) as ledger:
        scores = {r["call_id"]: r["score"] for r in ledger.records(rubric_hash=rubric.hash)}
        again = {r["call_id"]: r["score"] for r in ledger.records(rubric_hash=second.hash)}
        assert len(ledger.latest(third.hash)) == 4
    assert scores.keys() == again.keys() == set("abcd")
    assert again["a"] > scores["a"]
    assert again["b"] < scores["b"]


def test_only_calls_that_meet_the_conditions(url: str, rubric: Rubric, second: Rubric) -> None:
    inspected(url, rubric)
    tally = rejudge(piece(url, second, conditions=[parse("agent=A-a,A-b"), parse("score<100")]))
    assert tally.judged == [2]


def test_a_call_without_signals_is_told_not_judged(url: str, rubric: Rubric, second: Rubric) -> None:
    inspected(url, rubric, "ab")
    without_signals(url, "killed")
    tally = rejudge(piece(url, second))
    assert (tally.judged, tally.unread, tally.failed) == ([2], 1, [0])


def test_a_call_that_breaks_the_judging_breaks_alone(url: str, rubric: Rubric, second: Rubric) -> None:
    """Signals that are no numbers, as a hand-edited ledger may have them."""
    keys = inspected(url, rubric, "abc")
    with Ledger.open(url) as ledger:
        with ledger._writer.begin() as connection:
            bad = "UPDATE signals SET signals = replace(signals, '0.97', '\"high\"') WHERE key = "
            chosen = "(SELECT signals_key FROM evaluations WHERE key = :key)"
            connection.execute(text(bad + chosen), {"key": keys["a"]})
        work = piece(url, second)
        tally = rejudge(work)
        assert (tally.judged, tally.failed) == ([2], [1])
        (failure,) = ledger.failures(work.run_ids[0])
        assert (failure["call_id"], failure["stage"]) == ("a", "judge")
        assert "TypeError" in failure["reason"]
        with ledger._writer.begin() as connection:
            connection.execute(text("UPDATE signals SET signals = replace(signals, '\"high\"', '0.97')"))
        assert rejudge(piece(url, second)).judged == [1]
        assert ledger.open_failures(second.hash) == []


def test_a_form_that_asks_for_meaning_gets_the_comparison(url: str, rubric: Rubric) -> None:
    """The words a script wants compared go to whoever has an encoder, those of each call once for all forms."""
    scripted = changed(rubric, greeting={"met": {"detect": "script", "script": ["service-zh"]}})
    inspected(url, rubric, "ab")
    asked: list[tuple[Sequence[str], Sequence[str]]] = []

    def compare(said: Sequence[str], wordings: Sequence[str]) -> Any:
        asked.append((said, wordings))
        return {text: dict.fromkeys(wordings, 0.0) for text in said}

    assert rejudge(piece(url, scripted, changed(scripted, closing=None)), compare).judged == [2, 2]
    assert len(asked) == 2
    assert all(said and wordings for said, wordings in asked)


def test_no_model_is_loaded() -> None:
    """A worker that judges from what is stored needs a second to start, not ten, and 200 MB, not a gigabyte."""
    heavy = "{'torch', 'transformers', 'faster_whisper', 'prefect'}"
    code = f"import sys, flows.rejudge; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_tallies_add_up() -> None:
    whole, part = Tally.of(2), Tally([1, 2], [3, 4], [5, 6], 7, 0.5, {"speech": {"a"}}, {"beam": {"5"}})
    whole.add(part)
    whole.add(replace(part, models={"speech": {"b"}}, settings={}))
    assert (whole.judged, whole.done, whole.failed, whole.unread) == ([2, 4], [6, 8], [10, 12], 14)
    assert (whole.models, whole.settings, whole.evaluating) == ({"speech": {"a", "b"}}, {"beam": {"5"}}, 1.0)


def test_forms_are_found_by_what_people_call_them(url: str, rubric: Rubric, second: Rubric, tmp_path: Path) -> None:
    inspected(url, rubric, "a")
    with Ledger.open(url) as ledger:
        ledger.keep_rubric(second)
        ledger.keep_rubric(changed(rubric, closing=None))
        assert find_form("service", ledger).hash == rubric.hash
        assert find_form("service", ledger).calls == 1
        assert find_form(f"service@{rubric.version}", ledger).rubric == rubric
        assert find_form(second.hash[:10], ledger).rubric == second
        wrong = (
            (f"service@{second.version}", "may be"),
            ("service@9", "no form called"),
            ("00000000", "no form called"),
        )
        for name, said in wrong:
            with pytest.raises(UsageError, match=said) as caught:
                find_form(name, ledger)
            assert second.hash[:12] in str(caught.value)
