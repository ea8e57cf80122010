"""What the dashboards show, made of the figures: each function gives one part of a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from review.estimates import Estimate, correlation, mean, share
from scoring import control
from scoring.control import Change
from store.dashboards import Cells
from store.tally import ANSWERS, FIFTHS, KPIS, TENTH, THOUSAND, Layout, Vector, first_day

_JUDGED = [i for i, status in enumerate(ANSWERS) if status.judged]
_MET, _PARTLY, _MISSED, _NONE, _OPEN = range(len(ANSWERS))
WEEKS_BEFORE = 12  # a week is compared with, in the control chart
UNIT = {"csat": 100, "duration": TENTH, "hold": TENTH, "transferred": 1}


@dataclass(frozen=True, slots=True)
class Summary:
    """Some calls together. seconds: of their recordings; score, passed: over those that have a score."""

    calls: int
    seconds: float
    score: Estimate
    passed: Estimate
    fatal: int
    flagged: int

    @property
    def few(self) -> bool:
        return self.score.few


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """How an item was answered. met: of the calls in which it was judged; over: the same period by period."""

    item: str
    met: Estimate
    partly: int
    missed: int
    not_applicable: int
    open: int
    over: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True)
class Warned:
    """An item that a team or agent misses more often in a week than before. who: None for all."""

    whose: str
    who: str
    item: str
    week: date
    change: Change


@dataclass(frozen=True, slots=True)
class Kpi:
    """A figure of the business over calls that have a score too. r: its correlation with the score."""

    name: str
    value: Estimate
    r: Estimate


def summary(numbers: Vector) -> Summary:
    """Of a vector of figures; its FACTS are enough."""
    facts = {name: int(value) for name, value in Layout.facts(numbers).items()}
    return Summary(
        facts["calls"], facts["seconds"] / TENTH,
        mean(facts["scored"], facts["score"] / TENTH, facts["score_squared"] / TENTH**2, 0, 100),
        share(facts["passed"], facts["scored"]), facts["fatal"], facts["flagged"],
    )  # fmt: skip


def over_time(cells: Cells, step: str, shown: Sequence[date]) -> Vector:
    """The figures of each period that is shown: periods x numbers."""
    made = np.zeros((len(shown), cells.rows.shape[1]), dtype=np.int64)
    place = {first: i for i, first in enumerate(shown)}
    keys, summed = cells.summed(cells.days)
    for day, row in zip(keys, summed, strict=True):
        if day and (at := place.get(first_day(date.fromisoformat(day), step))) is not None:
            made[at] += row
    return made


def items(names: Sequence[str], total: Vector, each: Vector) -> list[ItemFigures]:
    """Every item. total: one vector; each: periods (or teams) x numbers."""
    answers, parts = Layout.answers(total), Layout.answers(each)
    return [
        ItemFigures(
            name, _met(answers[i]), int(answers[i][_PARTLY]), int(answers[i][_MISSED]), int(answers[i][_NONE]),
            int(answers[i][_OPEN]), tuple(_met(row[i]) for row in parts),
        )
        for i, name in enumerate(names) if i < len(answers)
    ]  # fmt: skip


def open_share(total: Vector) -> Estimate:
    """How many of the answers that were asked for were left to people."""
    counts = Layout.answers(total).sum(axis=0)
    return share(int(counts[_OPEN]), int(counts.sum() - counts[_NONE]))


def course(numbers: Vector) -> list[Estimate]:
    """The customer's feeling, -1 to 1, in each fifth of the call; the cases are calls in which they spoke then."""
    return [
        mean(int(n), total / THOUSAND, squares / THOUSAND**2, -1, 1)
        for n, total, squares in Layout.course(numbers)[:FIFTHS].tolist()
    ]


def kpis(numbers: Vector) -> list[Kpi]:
    """Every KPI that calls have."""
    found = []
    for name in KPIS:
        n, x, xx, y, yy, xy = (int(value) for value in Layout.kpi(numbers, name))
        unit = UNIT[name]
        value = share(y, n) if name == "transferred" else mean(n, y / unit, yy / unit**2)
        found.append(Kpi(name, value, correlation(n, x, xx, y, yy, xy)))
    return found


def grouped(cells: Cells, keys: Sequence[str]) -> list[tuple[str, Vector]]:
    """The figures of each team, scenario ..., by name, those without one last."""
    names, summed = cells.summed(list(keys))
    pairs = list(zip(names, summed, strict=True))
    return sorted(pairs, key=lambda pair: (not pair[0], pair[0]))


def ordered(rows: Iterable[tuple[str, Summary]], by: str) -> list[tuple[str, Summary]]:
    """People by name; or by what is sure of them: the most that the score at least is (low), the least that it at most
    is (high). Those with too few calls come last, by name: their place would be chance."""

    def key(row: tuple[str, Summary]) -> tuple[bool, float, str]:
        name, each = row
        if by not in ("low", "high") or each.few or each.score.low is None or each.score.high is None:
            return (by in ("low", "high"), 0.0, name)
        return (False, -each.score.low if by == "low" else each.score.high, name)

    return sorted(rows, key=key)


def warnings(names: Sequence[str], whose: str, cells: Cells, last: date) -> tuple[list[Warned], int]:
    """Items that a team (or agent) misses more often in the week of `last` than in the weeks before: the surest first,
    and how many were looked at. Those that have too few cases are not."""
    week = first_day(last, "week")
    first = week - timedelta(weeks=WEEKS_BEFORE)
    groups = cells.teams if whose == "team" else cells.agents
    known = {who: n for n, who in enumerate(sorted({who for who in groups if who}))}
    weeks = {day: (date.fromisoformat(day) - first).days // 7 for day in set(cells.days) if day}
    kept = [
        (n, known[who], weeks[day])
        for n, (who, day) in enumerate(zip(groups, cells.days, strict=True))
        if who and 0 <= weeks.get(day, -1) <= WEEKS_BEFORE
    ]
    if not kept:
        return [], 0
    chosen, people, at = (list(column) for column in zip(*kept, strict=True))
    answers = Layout.answers(cells.rows)[chosen, : len(names)]
    counts = np.zeros((len(known), WEEKS_BEFORE + 1, answers.shape[1], 2), dtype=np.int64)
    np.add.at(counts, (people, at), np.stack([answers[..., _MISSED], answers[..., _JUDGED].sum(axis=-1)], axis=-1))
    looked: list[tuple[str, str, int, int, list[tuple[int, int]]]] = []
    whom, now, past = list(known), counts[:, -1], counts[:, :-1]
    # Of some thousand charts few have cases enough: which, is found out for all at once.
    enough = (now[..., 1] >= control.LEAST_WEEK) & (past[..., 1].sum(axis=1) >= control.LEAST_BEFORE)
    for n, i in np.argwhere(enough).tolist():
        (hits, cases), before = now[n, i].tolist(), [(k, m) for k, m in past[n, :, i].tolist()]
        if control.charted(hits, cases, before):
            looked.append((whom[n], names[i], hits, cases, before))
    found = [
        Warned(whose, who, item, week, change)
        for who, item, hits, n, before in looked
        if (change := control.rise(hits, n, before, len(looked)))
    ]
    return sorted(found, key=lambda w: (w.change.p, w.who, w.item)), len(looked)


def mix(cells: Cells, step: str, shown: Sequence[date]) -> tuple[list[tuple[str, list[float]]], list[int]]:
    """The share of each scenario in the calls of each period, and the calls of each."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * len(shown))
    place = {first: i for i, first in enumerate(shown)}
    for day, scenario, calls in zip(cells.days, cells.scenarios, cells.rows[:, 0].tolist(), strict=True):
        if day and (at := place.get(first_day(date.fromisoformat(day), step))) is not None:
            counts[scenario][at] += calls
    totals = [sum(column) for column in zip(*counts.values(), strict=True)] if counts else [0] * len(shown)
    shares = [(name, [n / t if t else 0.0 for n, t in zip(row, totals, strict=True)]) for name, row in counts.items()]
    return sorted(shares, key=lambda pair: (not pair[0], pair[0])), totals


def _met(answers: Vector) -> Estimate:
    return share(int(answers[_MET]), int(answers[_JUDGED].sum()))
