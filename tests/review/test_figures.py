"""What a report counts, chooses and draws."""

from __future__ import annotations

from typing import Any

import pytest
from made_calls import made_records

from review.charts import histogram, shares
from review.figures import FEW, Figures, ItemFigures, Mean, t_quantile
from review.plain import clock, plain, setting, short_hash
from review.shortlist import Shortlist, Top
from review.texts import word
from scoring.rubric import Rubric
from scoring.rubric_file import load_rubric


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    return load_rubric("service")


@pytest.fixture(scope="module")
def records(rubric: Rubric) -> list[dict[str, Any]]:
    return made_records(rubric)


def test_figures_add_up(rubric: Rubric, records: list[dict[str, Any]]) -> None:
    figures = Figures(rubric)
    for record in records:
        figures.add(record)
    scores = [r["score"] for r in records if r["score"] is not None]
    assert figures.all.calls == 16
    assert figures.all.score.value == pytest.approx(sum(scores) / len(scores))
    assert figures.all.passed == sum(s >= rubric.pass_mark for s in scores)
    assert sum(figures.bins) == sum(figures.grades.values()) == len(scores)
    assert figures.unfit == 1
    assert [a for a, _ in figures.ranked_agents] == ["0947 赵强", "0812 李雯"]
    assert all(group.score.n < FEW for _, group in figures.other_agents)
    for item in figures.items.values():
        assert sum(item.answers.values()) == 15


def test_moments_are_from_calls_without_fault(rubric: Rubric, records: list[dict[str, Any]]) -> None:
    chosen = Shortlist(rubric)
    for record in records:
        chosen.add(record)
    moments = chosen.moments()
    assert [m.item for m in moments] == ["empathy", "restate", "follow_up_commitment"]
    assert len({m.number for m in moments}) == 3
    assert not {m.call_id for m in moments} & {row.call_id for row, _ in chosen.flagged}


@pytest.mark.parametrize(("freedom", "quantile"), [(4, 2.776), (9, 2.262), (29, 2.045), (1000, 1.962)])
def test_t_quantile(freedom: int, quantile: float) -> None:
    assert t_quantile(freedom) == pytest.approx(quantile, rel=0.003)


def test_interval_needs_five_scores() -> None:
    mean = Mean()
    for x in (60.0, 70.0, 80.0, 90.0):
        mean.add(x)
    assert mean.interval is None
    mean.add(100.0)
    assert mean.interval == pytest.approx((60.4, 99.6), abs=0.1)


def test_charts(rubric: Rubric) -> None:
    bars = histogram([0] * 19 + [7], rubric)
    assert bars.bars[-1].y >= 0
    assert bars.bars[-1].passed
    assert bars.ticks[-1][1] >= 7
    assert histogram([0] * 20, rubric).ticks[-1][1] == 1
    assert sum(width for _, _, width in shares(ItemFigures())) == 0


def test_top_keeps_the_smallest() -> None:
    top: Top[str] = Top(2)
    for key, value in ((3, "c"), (1, "a"), (2, "b"), (1, "d")):
        top.offer((key,), value)
    assert list(top) == ["a", "d"]
    assert top.seen == 4


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [("a\u202eb", "ab"), ("a\x00b\nc", "ab c"), ("\ud800", "\ufffd"), ("👨\u200d👩", "👨\u200d👩"), ("\u2028", " ")],
)
def test_plain(dirty: str, clean: str) -> None:
    assert plain(dirty) == clean


def test_small_forms() -> None:
    assert clock(75.9) == "01:15"
    assert clock(3671) == "1:01:11"
    assert short_hash("sha256:" + "ab" * 32) == "sha256:abababababab"
    assert setting("postgresql://qa:secret@db/x") == "postgresql://qa:***@db/x"
    assert word("scenario", "unheard_of") == "<bdi>unheard_of</bdi>"
