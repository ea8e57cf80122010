"""The figures of a run, counted while its records stream by: memory grows with items and agents, not with calls."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scoring.evaluation import Status
from scoring.rubric import Item, Rubric, Section

FEW = 5  # below this many calls neither interval nor rank: one call more would change it
MOST_AGENTS = 2_000  # more "agents" than that means a wrong metadata column; they are counted together
MOST_NAMES = 3  # teams and names shown of one agent
MOST_REASONS = 40  # different reasons kept per item
BINS = 20  # of 5 points each
OTHERS = "\0others"

_JUDGED = frozenset(s.value for s in Status if s.judged)
_MISSED, _OPEN = Status.MISSED.value, Status.CANNOT_JUDGE.value

Record = Mapping[str, Any]


def t_quantile(freedom: int) -> float:
    """97.5 % quantile of Student's t (Abramowitz & Stegun 26.7.5); within 0.3 % from 4 degrees of freedom on."""
    z = 1.959964
    g1 = (z**3 + z) / 4
    g2 = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    g3 = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + g1 / freedom + g2 / freedom**2 + g3 / freedom**3


@dataclass
class Mean:
    """A running mean and its spread (Welford)."""

    n: int = 0
    value: float = 0.0
    _squares: float = 0.0

    def add(self, x: float) -> None:
        self.n += 1
        step = x - self.value
        self.value += step / self.n
        self._squares += step * (x - self.value)

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % interval of a mean score, kept within 0..100; None below FEW scores."""
        if self.n < FEW:
            return None
        half = t_quantile(self.n - 1) * (self._squares / (self.n - 1) / self.n) ** 0.5
        return max(0.0, self.value - half), min(100.0, self.value + half)


@dataclass
class Group:
    """Calls that have something in common: an agent, a scenario, the run."""

    calls: int = 0
    passed: int = 0
    fatal: int = 0
    flagged: int = 0
    seconds: float = 0.0
    score: Mean = field(default_factory=Mean)
    teams: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    missed: Counter[str] = field(default_factory=Counter)
    judged: Counter[str] = field(default_factory=Counter)

    def add(self, record: Record, pass_mark: float) -> None:
        self.calls += 1
        self.seconds += record["duration"]
        self.fatal += bool(record["fatal"])
        self.flagged += bool(record["flags"] or record["fatal"])
        if record["score"] is not None:
            self.score.add(record["score"])
            self.passed += record["score"] >= pass_mark
        for answer in record["answers"]:
            if answer["status"] in _JUDGED:
                self.judged[answer["item"]] += 1
                self.missed[answer["item"]] += answer["status"] == _MISSED

    def introduce(self, record: Record) -> None:
        """Learn team and name of the agent whose group this is."""
        for known, value in ((self.teams, record["team"]), (self.names, record["agent_name"])):
            if value and len(known) < MOST_NAMES:
                known.add(value)

    @property
    def most_missed(self) -> tuple[str, int, int] | None:
        """(item, missed, judged) of the item missed most often; the higher share wins a tie."""
        found = [(n, n / self.judged[item], item) for item, n in self.missed.items() if n]
        if not found:
            return None
        n, _, item = max(found)
        return item, n, self.judged[item]


@dataclass
class ItemFigures:
    """How one item was answered over all calls."""

    answers: Counter[str] = field(default_factory=Counter)
    lost: float = 0.0
    open: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def add(self, answer: Record, scored: bool) -> None:
        """Count an answer. `open` ones are those left to a person in a call that has a score."""
        self.answers[answer["status"]] += 1
        self.lost += answer["potential"] - answer["points"]
        if scored and answer["status"] == _OPEN:
            self.open += 1
            # "recognition too unsure (0.31)" and "(0.29)" are one reason.
            reason = re.sub(r"\d+(\.\d+)?", "#", answer["why"][:200])
            if reason in self.reasons or len(self.reasons) < MOST_REASONS:
                self.reasons[reason] += 1
                self.examples.setdefault(reason, answer["why"])

    @property
    def judged(self) -> int:
        return sum(self.answers[status] for status in _JUDGED)

    @property
    def main_reasons(self) -> list[tuple[str, int]]:
        return [(self.examples[reason], n) for reason, n in self.reasons.most_common(3)]


class Figures:
    """Everything counted over a run."""

    def __init__(self, rubric: Rubric) -> None:
        self.rubric = rubric
        self.all = Group()
        self.agents: defaultdict[str | None, Group] = defaultdict(Group)
        self.scenarios: defaultdict[str, Group] = defaultdict(Group)
        self.items: defaultdict[str, ItemFigures] = defaultdict(ItemFigures)
        self.bins = [0] * BINS
        self.grades: Counter[str | None] = Counter()
        self.flags: Counter[str] = Counter()
        self.unfit = 0
        self.foreign = 0

    def add(self, record: Record) -> None:
        """Count one call."""
        mark = self.rubric.pass_mark
        self.all.add(record, mark)
        agent = record["agent"] or record["agent_name"]
        if agent not in self.agents and len(self.agents) >= MOST_AGENTS:
            agent = OTHERS
        self.agents[agent].add(record, mark)
        if agent and agent != OTHERS:
            self.agents[agent].introduce(record)
        self.scenarios[str(record["scenario"] or "")].add(record, mark)
        self.flags.update(flag["severity"] for flag in record["flags"])
        self.foreign += record["rubric"]["hash"] != self.rubric.hash
        if record["score"] is not None:
            self.bins[max(0, min(int(record["score"] // (100 / BINS)), BINS - 1))] += 1
            self.grades[record["grade"]] += 1
        if unfit(record):
            self.unfit += 1
            return
        for answer in record["answers"]:
            self.items[answer["item"]].add(answer, record["score"] is not None)

    @property
    def most_lost(self) -> list[tuple[str, ItemFigures]]:
        """The three items that cost the calls most points."""
        ranked = sorted(self.items.items(), key=lambda pair: -pair[1].lost)
        return [(item, figures) for item, figures in ranked[:3] if figures.lost > 0]

    @property
    def ranked_agents(self) -> list[tuple[str, Group]]:
        """Agents with enough scored calls, lowest average first."""
        known = [(a, g) for a, g in self.agents.items() if a and a != OTHERS and g.score.n >= FEW]
        return sorted(known, key=lambda pair: (pair[1].score.value, pair[0]))

    @property
    def other_agents(self) -> list[tuple[str | None, Group]]:
        """Agents with too few scored calls by name, then calls without an agent."""
        rest = [(a, g) for a, g in self.agents.items() if not a or a == OTHERS or g.score.n < FEW]
        return sorted(rest, key=lambda pair: (not pair[0] or pair[0] == OTHERS, pair[0] or ""))

    @property
    def ranked_scenarios(self) -> list[tuple[str, Group]]:
        """Scenarios, the most frequent first, calls without one last."""
        return sorted(self.scenarios.items(), key=lambda pair: (not pair[0], -pair[1].calls, pair[0]))

    @property
    def unjudged_items(self) -> list[tuple[str, ItemFigures]]:
        """Items left open in calls that have a score, most often first."""
        return sorted(((i, f) for i, f in self.items.items() if f.open), key=lambda pair: -pair[1].open)

    def named(self, item: str) -> Item | None:
        """The rubric's item, None when a call was judged by a form that has another one."""
        return next((i for _, i in self.rubric.items() if i.id == item), None)

    def sections(self) -> list[tuple[Section, list[tuple[Item, ItemFigures]]]]:
        """The form with its figures, in the form's order."""
        return [(s, [(i, self.items[i.id]) for i in s.items]) for s in self.rubric.sections]


def agent_of(record: Record) -> str:
    """The agent as people call him: number and name, or what of them is known."""
    agent, name = str(record["agent"] or ""), str(record["agent_name"] or "")
    return agent if name in agent else f"{agent} {name}".strip()


def unfit(record: Record) -> bool:
    """Whether the recording could not be judged at all (too short, one party missing)."""
    return record["score"] is None and all(a["status"] == _OPEN for a in record["answers"])
