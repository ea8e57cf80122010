"""Geometry of the report's pictures: numbers for SVG attributes, as the page's policy forbids inline styles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from review.figures import ItemFigures
from scoring.evaluation import Status
from scoring.rubric import Grade, Rubric

WIDTH, HEIGHT = 620.0, 190.0  # of the plot, without its labels
_GAP = 1.5


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the histogram: scores from `low` to below `high` (the last one includes 100)."""

    x: float
    y: float
    width: float
    height: float
    n: int
    low: float
    high: float
    passed: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A dashed line where a grade begins."""

    x: float
    grade: Grade


@dataclass(frozen=True, slots=True)
class Histogram:
    """Scores of the run in equal steps. top: what the highest grid line stands for."""

    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    pass_x: float
    ticks: tuple[tuple[float, int], ...]


def histogram(bins: Sequence[int], rubric: Rubric) -> Histogram:
    """Bars, grade marks and ticks within WIDTH x HEIGHT."""
    step = 100 / len(bins)
    lines = _ticks(max(bins, default=0))
    top = lines[-1]
    slot = WIDTH / len(bins)
    bars = tuple(
        Bar(
            x=round(i * slot + _GAP, 2),
            y=round(HEIGHT * (1 - n / top), 2),
            width=round(slot - 2 * _GAP, 2),
            height=round(HEIGHT * n / top, 2),
            n=n,
            low=i * step,
            high=(i + 1) * step,
            passed=i * step >= rubric.pass_mark,
        )
        for i, n in enumerate(bins)
    )
    marks = tuple(Mark(round(WIDTH * g.at_least / 100, 2), g) for g in sorted(rubric.grades, key=lambda g: g.at_least))
    ticks = tuple((round(HEIGHT * (1 - n / top), 2), n) for n in lines)
    return Histogram(bars, marks, round(WIDTH * rubric.pass_mark / 100, 2), ticks)


def _ticks(most: int) -> list[int]:
    """Zero and up to four round counts, the last at least `most`."""
    step = 1
    while step * 4 < most:
        step = step * 2 if str(step)[0] in "15" else step // 2 * 5
    return [n * step for n in range(5) if n == 0 or (n - 1) * step < max(most, 1)]


def shares(figures: ItemFigures) -> list[tuple[str, float, float]]:
    """(status, x, width) of the stacked bar of one item, in percent of the judged calls."""
    x, parts = 0.0, []
    for status in (Status.MET, Status.PARTLY_MET, Status.MISSED):
        width = 100 * figures.answers[status.value] / figures.judged if figures.judged else 0.0
        if width:
            parts.append((status.value, round(x, 2), round(width, 2)))
        x += width
    return parts
