"""Pictures of figures over time: drawn as SVG by the server, and told as JSON to the script that makes them live.

Numbers for attributes only: the page's policy forbids inline styles.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from markupsafe import Markup

from review.charts import HEIGHT, WIDTH
from review.estimates import FEW, Estimate

ROOM = 0.12  # of the axis kept free above and below
LABELS = 8  # under a chart


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of the line. low, high: where its interval ends; few: it rests on too few cases."""

    x: float
    y: float
    low: float | None
    high: float | None
    estimate: Estimate
    label: str


@dataclass(frozen=True, slots=True)
class Band:
    """A line with the interval of each point. percent: values are parts of 1, shown as %."""

    name: str
    labels: tuple[str, ...]
    points: tuple[Estimate, ...]
    percent: bool
    least: float
    most: float

    @property
    def dots(self) -> list[Dot]:
        step = WIDTH / max(len(self.points), 1)
        return [
            Dot(
                round((i + 0.5) * step, 1), self._y(e.value),
                None if e.low is None else self._y(e.low), None if e.high is None else self._y(e.high),
                e, self.labels[i],
            )
            for i, e in enumerate(self.points) if e.value is not None
        ]  # fmt: skip

    @property
    def line(self) -> str:
        """Points of the polyline."""
        return " ".join(f"{dot.x},{dot.y}" for dot in self.dots)

    @property
    def area(self) -> str:
        """Points of the polygon between the ends of the intervals."""
        known = [dot for dot in self.dots if dot.low is not None]
        return " ".join([f"{d.x},{d.high}" for d in known] + [f"{d.x},{d.low}" for d in reversed(known)])

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Height and text of four or five grid lines."""
        step = _step(self.most - self.least)
        first, last = ceil(self.least / step - 1e-9), floor(self.most / step + 1e-9)
        return [(self._y(n * step), self.told(n * step)) for n in range(first, last + 1)]

    @property
    def under(self) -> list[tuple[float, str]]:
        return _under(self.labels)

    @property
    def data(self) -> str:
        """For the script."""
        return _json(
            kind="band", name=self.name, labels=self.labels, percent=self.percent, least=self.least, most=self.most,
            step=_step(self.most - self.least), few=FEW,
            points=[[e.value, e.low, e.high, e.n] for e in self.points],
        )  # fmt: skip

    def told(self, value: float) -> str:
        if self.percent:
            return f"{100 * value:.0f}%"
        return f"{value:+.2f}".rstrip("0").rstrip(".") if self.most - self.least < 3 else f"{value:g}"

    def _y(self, value: float) -> float:
        return round(HEIGHT * (1 - (value - self.least) / (self.most - self.least)), 1)


def band(
    name: str, labels: Sequence[str], points: Sequence[Estimate], *, percent: bool, bounds: tuple[float, float]
) -> Band:
    """A line whose axis shows what there is to see, within bounds, but never so little that noise looks big."""
    ends = [x for e in points for x in (e.value, e.low, e.high) if x is not None] or list(bounds)
    whole = bounds[1] - bounds[0]
    room = max(ROOM * (max(ends) - min(ends)), (whole / 5 - (max(ends) - min(ends))) / 2)
    high = min(bounds[1], max(ends) + room)
    low = max(bounds[0], min(min(ends) - room, high - whole / 5))
    high = min(bounds[1], max(high, low + whole / 5))
    step = _step(high - low)
    least, most = max(bounds[0], floor(low / step) * step), min(bounds[1], ceil(high / step) * step)
    return Band(name, tuple(labels), tuple(points), percent, round(least, 4), round(most, 4))


def _step(span: float) -> float:
    """Between grid lines: at most five of them, round numbers."""
    return next(s for s in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 20, 25, 50) if span / s <= 5)


@dataclass(frozen=True, slots=True)
class Stack:
    """Parts of a whole, period by period. parts: name and share of each period, 0 to 1; totals: cases of each."""

    name: str
    labels: tuple[str, ...]
    parts: tuple[tuple[str, tuple[float, ...]], ...]
    totals: tuple[int, ...]

    @property
    def bars(self) -> list[tuple[int, float, float, float, float, str]]:
        """(which part, x, y, width, height, title) of each piece."""
        step = WIDTH / max(len(self.labels), 1)
        made = []
        for i, label in enumerate(self.labels):
            top = HEIGHT
            for which, (name, shares) in enumerate(self.parts):
                if height := round(HEIGHT * shares[i], 2):
                    top -= height
                    title = f"{label} {name} {100 * shares[i]:.0f}% (n={self.totals[i]})"
                    made.append(
                        (which, round(i * step + step * 0.12, 1), round(top, 2), round(step * 0.76, 1), height, title)
                    )
        return made

    @property
    def under(self) -> list[tuple[float, str]]:
        return _under(self.labels)

    @property
    def data(self) -> str:
        """For the script."""
        return _json(kind="stack", name=self.name, labels=self.labels, parts=self.parts, totals=self.totals)


def _under(labels: Sequence[str]) -> list[tuple[float, str]]:
    step, every = WIDTH / max(len(labels), 1), max(1, ceil(len(labels) / LABELS))
    return [(round((i + 0.5) * step, 1), text) for i, text in enumerate(labels) if i % every == 0]


def _json(**values: Any) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def heats(shares: Iterable[Estimate]) -> Markup:
    """Cells of a table, the darker the less: put together here, a thousand take a tenth of the template's time."""
    cells = []
    for e in shares:
        if e.value is None or e.low is None or e.high is None:
            cells.append('<td class="num heat">·</td>')
            continue
        shade = "few" if e.few else str(min(int(10 * (1 - e.value)), 9))
        title = f"{100 * e.low:.0f}–{100 * e.high:.0f}% n={e.n}"
        cells.append(f'<td class="num heat h{shade}" title="{title}">{100 * e.value:.0f}</td>')
    return Markup("".join(cells))  # noqa: S704 - numbers only
