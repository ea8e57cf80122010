"""Drawing calls for inspection 抽检: so many of each agent's calls a week, spread over strata, likelier where risk is.

A draw depends on nothing but the population and the seed: every chance in it is the SHA-256 of the seed and of what it
decides about, and all arithmetic is of whole numbers, so that an auditor gets the same calls in any language.

Random: within an agent's week, calls lie in a row, stratum by stratum, each as long as its weight; evenly spaced points
with a random start fall on the calls that are drawn (systematic sampling with unequal probabilities, Madow 1949). So a
call's probability is n·w/Σw exactly, and a stratum gets the calls it is due, rounded up or down. Targeted: the highest
weights; nothing can be said of the other calls from them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

UNIT = 1000  # weight of a call without risk
_BITS = 53
_JSON = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))


class Mode(StrEnum):
    """How calls are chosen."""

    RANDOM = "random"  # 随机抽检
    TARGETED = "targeted"  # 定向抽检


@dataclass(frozen=True, slots=True)
class Rules:
    """How many calls of each agent a week, and which are likelier.

    per_agent: at least so many; share: or this part (0-1) of the agent's calls of the week, if it is more. new_agent:
    so many of who took their first call within new_days before. edges: scores between bands, ascending; none: not by
    score. flag, low, unsure: added to a call's weight of 1 if it has a flag, scored under low_below, and times the
    share of items that the machine left to a person.
    """

    per_agent: int = 1
    share: float = 0.0
    new_agent: int = 3
    new_days: int = 30
    by_scenario: bool = True
    edges: tuple[float, ...] = (70.0, 80.0, 90.0)
    flag: float = 1.0
    low: float = 1.0
    low_below: float = 70.0
    unsure: float = 1.0

    def wanted(self, calls: int, new: bool) -> int:
        """How many of an agent's calls of a week are drawn."""
        least = max(self.per_agent, self.new_agent) if new else self.per_agent
        return min(calls, max(least, ceil(round(self.share * calls, 9))))

    def weight(self, *, flagged: bool, score: float | None, unjudged: float) -> int:
        """A call's weight, in thousandths."""
        low = self.low if score is not None and score < self.low_below else 0.0
        return UNIT + round(UNIT * (self.flag * flagged + low + self.unsure * unjudged))

    def stratum(self, *, scenario: str | None, score: float | None) -> str:
        """The stratum of a call: scenario and score band, as `repair 70-80`; `-` where not known or not asked."""
        return f"{(scenario or '-') if self.by_scenario else '*'} {self._band(score)}"

    def _band(self, score: float | None) -> str:
        if not self.edges:
            return "*"
        if score is None:
            return "-"
        below = [edge for edge in self.edges if score >= edge]
        above = [edge for edge in self.edges if score < edge]
        return f"{max(below, default=0.0):g}-{min(above, default=100.0):g}"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A call of the population. weight: in thousandths, at least 1."""

    sha256: str
    stratum: str
    weight: int


@dataclass(frozen=True, slots=True)
class Cell:
    """An agent's calls of a week (ISO, 2026-W10), of which so many are wanted."""

    agent: str
    week: str
    wanted: int
    calls: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Pick:
    """A call that was drawn. probability: that the draw would take it; None where chance had no part."""

    sha256: str
    agent: str
    week: str
    stratum: str
    weight: int
    probability: float | None


@dataclass(frozen=True, slots=True)
class Stratum:
    """How many calls a stratum has, how many were due, how many were drawn. due: None where chance had no part."""

    stratum: str
    population: int
    due: float | None
    drawn: int


def draw(cells: Iterable[Cell], seed: str, mode: Mode) -> list[Pick]:
    """The calls that a seed draws, by agent, week and call. The order of cells and of calls in them is no matter."""
    picks = [pick for cell in cells for pick in (_random(cell, seed) if mode is Mode.RANDOM else _targeted(cell, seed))]
    return sorted(picks, key=lambda pick: (pick.agent, pick.week, pick.sha256))


def probabilities(cell: Cell) -> dict[str, float]:
    """Of each call of a cell, the probability that a random draw takes it; they add up to what is wanted."""
    sure, left, wanted = _certain(cell)
    total = sum(call.weight for call in left)
    return {c.sha256: 1.0 for c in sure} | {c.sha256: wanted * c.weight / total if wanted else 0.0 for c in left}


def strata(cells: Sequence[Cell], picks: Iterable[Pick], mode: Mode) -> list[Stratum]:
    """How the draw fell, stratum by stratum."""
    population: dict[str, int] = {}
    due: dict[str, float] = {}
    drawn: dict[str, int] = {}
    for cell in cells:
        chance = probabilities(cell) if mode is Mode.RANDOM else {}
        for call in cell.calls:
            population[call.stratum] = population.get(call.stratum, 0) + 1
            due[call.stratum] = due.get(call.stratum, 0.0) + chance.get(call.sha256, 0.0)
    for pick in picks:
        drawn[pick.stratum] = drawn.get(pick.stratum, 0) + 1
    return [
        Stratum(name, count, round(due[name], 3) if mode is Mode.RANDOM else None, drawn.get(name, 0))
        for name, count in sorted(population.items())
    ]


def _random(cell: Cell, seed: str) -> list[Pick]:
    sure, left, wanted = _certain(cell)
    picks = [_pick(cell, call, 1.0) for call in sure]
    if not wanted:
        return picks
    turns = {name: _chance(seed, "stratum", cell.agent, cell.week, name) for name in {c.stratum for c in left}}
    row = sorted(left, key=lambda c: (turns[c.stratum], c.stratum, _chance(seed, "call", c.sha256), c.sha256))
    total, start, one = sum(c.weight for c in row), _chance(seed, "start", cell.agent, cell.week), 1 << _BITS
    end, point = 0, start * total  # of a row that is total·wanted·2^53 long
    for call in row:
        end += call.weight * wanted * one
        if point < end:
            picks.append(_pick(cell, call, wanted * call.weight / total))
            point += one * total
    return picks


def _certain(cell: Cell) -> tuple[list[Candidate], list[Candidate], int]:
    """Calls that are so heavy that they are drawn for certain, the others, and how many of those are wanted."""
    sure: list[Candidate] = []
    left, wanted = list(cell.calls), min(cell.wanted, len(cell.calls))
    while wanted:
        total = sum(call.weight for call in left)
        heavy = [call for call in left if call.weight * wanted >= total]
        if not heavy:
            break
        sure += heavy
        wanted -= len(heavy)
        left = [call for call in left if call.weight * (wanted + len(heavy)) < total]
    return sure, left, wanted


def _targeted(cell: Cell, seed: str) -> list[Pick]:
    row = sorted(cell.calls, key=lambda c: (-c.weight, _chance(seed, "call", c.sha256), c.sha256))
    return [_pick(cell, call, None) for call in row[: cell.wanted]]


def _pick(cell: Cell, call: Candidate, probability: float | None) -> Pick:
    return Pick(call.sha256, cell.agent, cell.week, call.stratum, call.weight, probability)


def _chance(*about: str) -> int:
    """A number below 2^53 that the seed decides: the first bits of SHA-256 over what it is about, as JSON."""
    digest = hashlib.sha256(_JSON.encode(about).encode()).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - _BITS)
