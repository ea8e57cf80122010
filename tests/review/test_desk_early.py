"""Early warnings are kept while nothing changes, and where counting is slow counted behind, which the page says."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from desk_door import Door
from made_calls import CALLS, made_call
from made_ledger import keep, with_words

from review.desk import board, early
from review.desk.early import Early
from scoring.rubric_file import load_rubric
from store.dashboards import Cells

DAY = date(2026, 3, 2)
FORM = load_rubric("service").hash


def one_more_call(door: Door) -> None:
    call = with_words(made_call(CALLS[0], 0))
    run = door.desk.ledger.begin_run("h", {}, {})
    keep(door.desk, run, replace(call, id=f"X-{time.monotonic_ns()}"), load_rubric("service"), door.folder)
    door.desk.catch_up()


def counts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The threads in which figures are added up, one for each count."""
    seen: list[str] = []
    warnings = board.warnings

    def noted(names: Sequence[str], whose: str, cells: Cells, last: date) -> tuple[list[board.Warned], int]:
        if whose == "team":
            seen.append(threading.current_thread().name)
        return warnings(names, whose, cells, last)

    monkeypatch.setattr(board, "warnings", noted)
    return seen


def test_quick_ones_are_of_the_newest_figures(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    seen, warnings = counts(monkeypatch), Early()
    first = warnings.of(door.desk, FORM, DAY)
    assert warnings.of(door.desk, FORM, DAY) is first
    assert len(seen) == 1
    one_more_call(door)
    again = warnings.of(door.desk, FORM, DAY)
    assert (len(seen), again.behind, again.at > first.at) == (2, False, True)


def test_slow_ones_are_counted_behind_once_a_minute(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(early, "SLOW", 0.0)
    seen, warnings = counts(monkeypatch), Early()
    first = warnings.of(door.desk, FORM, DAY)
    one_more_call(door)
    assert warnings.of(door.desk, FORM, DAY) == replace(first, behind=True)
    assert len(seen) == 1, "not yet"
    monkeypatch.setattr(early, "MINUTE", 0.0)
    assert warnings.of(door.desk, FORM, DAY).behind, "nobody waits"
    deadline = time.monotonic() + 10
    while warnings.of(door.desk, FORM, DAY).behind:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert len(seen) == 2
    assert seen[0] == threading.current_thread().name != seen[1]


def test_many_at_once_count_once(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    seen, warnings = counts(monkeypatch), Early()
    threads = [threading.Thread(target=warnings.of, args=(door.desk, FORM, DAY)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 1


def test_the_page_says_that_newer_figures_come(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(early, "SLOW", 0.0)
    person = door.enter("qa")
    said = "之后入库的通话正在统计"
    assert said not in person.get("/dashboards").text
    one_more_call(door)
    assert said in person.get("/dashboards").text
