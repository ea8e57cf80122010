"""Two forms over the same calls: which calls change, by how much and why. Figures add up while calls stream by."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from review.figures import Mean
from review.form_changes import form_changes
from scoring.rubric import Rubric

MOST = 50  # calls kept with their answers
UNSCORED = "-"  # in the place of a grade
_SCORED_OR_NOT = 100.0  # a call that gains or loses its score altogether counts as the greatest change

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """An item that counts otherwise. statuses and whys are None where the form does not ask it.

    points, potential: before and after. evidence: of the new answer, else of the old one; as in the record.
    """

    item: str
    statuses: tuple[str | None, str | None]
    points: tuple[float, float]
    potential: tuple[float, float]
    whys: tuple[str | None, str | None]
    evidence: tuple[Record, ...]

    @property
    def answered_otherwise(self) -> bool:
        """Whether the answer is another one; else it is only worth more or less."""
        return self.statuses[0] != self.statuses[1]


@dataclass(frozen=True, slots=True)
class CallChange:
    """A call that two forms judge differently. Pairs are before and after; passed is None without a score."""

    call_id: str
    sha256: str
    audio: str
    agent: str | None
    scenario: str | None
    scores: tuple[float | None, float | None]
    grades: tuple[str | None, str | None]
    fatal: tuple[bool, bool]
    passed: tuple[bool | None, bool | None]
    answers: tuple[AnswerChange, ...]
    why_unscored: tuple[str | None, str | None] = (None, None)

    @property
    def delta(self) -> float | None:
        """How much the score changes."""
        before, after = self.scores
        return None if before is None or after is None else round(after - before, 1)

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "call_id": self.call_id, "sha256": self.sha256, "agent": self.agent, "scenario": self.scenario,
            "score": self.scores, "delta": self.delta, "grade": self.grades, "fatal": self.fatal,
            "passed": self.passed, "why_unscored": self.why_unscored,
            "items": [
                {
                    "item": a.item, "status": a.statuses, "points": a.points, "potential": a.potential,
                    "why": a.whys, "evidence": a.evidence,
                }
                for a in self.answers
            ],
        }  # fmt: skip


@dataclass
class ItemChanges:
    """How often an item counts otherwise. moves: (status before, after) -> calls. points: their sum of change."""

    calls: int = 0
    points: float = 0.0
    moves: Counter[tuple[str | None, str | None]] = field(default_factory=Counter)


class Comparison:
    """What changes from form `a` to form `b`: `add` each call's two records, then read the figures.

    The rubrics give names, pass marks and what changed in the form; None where the ledger did not keep it.
    """

    def __init__(self, a: Rubric | None, b: Rubric | None, labels: tuple[str, str]) -> None:
        self.a, self.b, self.labels = a, b, labels
        self.form = form_changes(a, b) if a and b else None
        self.calls = self.changed = self.up = self.down = self.scored = 0
        self.gained_score = self.lost_score = 0
        self.passes_now = self.fails_now = 0
        self.fatal_now = self.fatal_no_more = 0
        self.delta, self.before, self.after = Mean(), Mean(), Mean()
        self.grades: Counter[tuple[str, str]] = Counter()
        self.items: dict[str, ItemChanges] = {}
        self.notes: dict[str, int] = {}
        self._largest: list[tuple[float, int, str, CallChange]] = []

    def add(self, old: Record, new: Record) -> CallChange | None:
        """Count a call; what changes, or None where nothing does."""
        change = self._change(old, new)
        self.calls += 1
        self.grades[(change.grades[0] or UNSCORED, change.grades[1] or UNSCORED)] += 1
        before, after = change.scores
        if before is not None and after is not None:
            self.scored += 1
            self.delta.add(after - before)
            self.before.add(before)
            self.after.add(after)
            self.up += after > before
            self.down += after < before
        self.gained_score += before is None and after is not None
        self.lost_score += before is not None and after is None
        self.passes_now += change.passed == (False, True)
        self.fails_now += change.passed == (True, False)
        self.fatal_now += change.fatal == (False, True)
        self.fatal_no_more += change.fatal == (True, False)
        for answer in change.answers:
            found = self.items.setdefault(answer.item, ItemChanges())
            found.calls += 1
            found.points += answer.points[1] - answer.points[0]
            found.moves[answer.statuses] += 1
        otherwise = any(answer.answered_otherwise for answer in change.answers)
        if before == after and not otherwise and change.fatal[0] == change.fatal[1]:
            return None  # an item that is worth more or less, to no effect on this call
        self.changed += 1
        size = abs(change.delta) if change.delta is not None else _SCORED_OR_NOT * (before != after)
        entry = (size, len(change.answers), change.sha256, change)
        (heapq.heappush if len(self._largest) < MOST else heapq.heappushpop)(self._largest, entry)
        return change

    @property
    def largest(self) -> list[CallChange]:
        """The calls that change most, greatest change first; at most MOST."""
        return [entry[3] for entry in sorted(self._largest, reverse=True)]

    @property
    def ranked_items(self) -> list[tuple[str, ItemChanges]]:
        """Items by number of calls in which they count otherwise."""
        return sorted(self.items.items(), key=lambda pair: (-pair[1].calls, pair[0]))

    @property
    def grade_names(self) -> tuple[list[str], list[str]]:
        """Grades of either form that occur, best first as the form has them; without a score last."""
        return (
            self._in_order(self.a, {g for g, _ in self.grades}),
            self._in_order(self.b, {g for _, g in self.grades}),
        )

    def name(self, item: str, language: str) -> str:
        """An item's name in the newer form that has it, its id where none has."""
        for rubric in (self.b, self.a):
            for _, known in rubric.items() if rubric else ():
                if known.id == item:
                    return known.name.in_(language)
        return item

    def summary(self) -> dict[str, Any]:
        """The figures, for `--json`."""
        return {
            "calls": self.calls, "changed": self.changed, "scored_by_both": self.scored, "up": self.up,
            "down": self.down, "mean_before": round(self.before.value, 2), "mean_after": round(self.after.value, 2),
            "mean_change": round(self.delta.value, 2), "gained_score": self.gained_score,
            "lost_score": self.lost_score, "passes_now": self.passes_now, "fails_now": self.fails_now,
            "fatal_now": self.fatal_now, "fatal_no_more": self.fatal_no_more,
            "grades": [{"before": a, "after": b, "calls": n} for (a, b), n in sorted(self.grades.items())],
            "items": [
                {
                    "item": item, "calls": f.calls, "points": round(f.points, 2),
                    "moves": [{"before": a, "after": b, "calls": n} for (a, b), n in f.moves.most_common()],
                }
                for item, f in self.ranked_items
            ],
            **self.notes,
        }  # fmt: skip

    def _change(self, old: Record, new: Record) -> CallChange:
        answers_old, answers_new = ({a["item"]: a for a in record["answers"]} for record in (old, new))
        changes = (
            _answer_change(item, answers_old.get(item), answers_new.get(item))
            for item in dict.fromkeys((*answers_new, *answers_old))
        )
        return CallChange(
            call_id=new["call_id"],
            sha256=new["sha256"],
            audio=new["audio"],
            agent=new["agent"],
            scenario=new["scenario"],
            scores=(old["score"], new["score"]),
            grades=(old["grade"], new["grade"]),
            fatal=(bool(old["fatal"]), bool(new["fatal"])),
            passed=(_passed(old, self.a), _passed(new, self.b)),
            answers=tuple(change for change in changes if change),
            why_unscored=(old["why_unscored"], new["why_unscored"]),
        )

    @staticmethod
    def _in_order(rubric: Rubric | None, found: set[str]) -> list[str]:
        known = sorted(rubric.grades, key=lambda g: -g.at_least) if rubric else []
        order = [grade.id for grade in known if grade.id in found]
        return [*order, *sorted(found - {*order, UNSCORED}), *([UNSCORED] if UNSCORED in found else [])]


def _passed(record: Record, rubric: Rubric | None) -> bool | None:
    if record["score"] is None or rubric is None:
        return None
    return bool(record["score"] >= rubric.pass_mark)


def _answer_change(item: str, old: Record | None, new: Record | None) -> AnswerChange | None:
    a, b = old or {}, new or {}
    points, potential = (a.get("points", 0.0), b.get("points", 0.0)), (a.get("potential", 0.0), b.get("potential", 0.0))
    statuses = (a.get("status"), b.get("status"))
    if statuses[0] == statuses[1] and points[0] == points[1] and potential[0] == potential[1]:
        return None
    shown = tuple(b.get("evidence") or a.get("evidence") or ())
    return AnswerChange(item, statuses, points, potential, (a.get("why"), b.get("why")), shown)
