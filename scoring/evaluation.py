"""An evaluation 质检结果: one answer with evidence per rubric item, and the arithmetic from points to a score."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scoring.call import Role


class Status(StrEnum):
    """How an item was answered."""

    MET = "met"  # 符合
    PARTLY_MET = "partly_met"  # 部分符合
    MISSED = "missed"  # 不符合
    NOT_APPLICABLE = "not_applicable"  # 不适用
    CANNOT_JUDGE = "cannot_judge"  # 无法判定: goes to a person

    @property
    def judged(self) -> bool:
        """Whether the answer counts in the score."""
        return self in (Status.MET, Status.PARTLY_MET, Status.MISSED)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stretch of the recording that a person can click and hear, and why it matters 证据.

    `turn` is the index into the call's turns, None where nobody spoke (dead air).
    """

    role: Role | None
    turn: int | None
    start: float
    end: float
    quote: str
    detector: str
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one item. `points` of `potential` were earned; potential is 0 where the item was not judged.

    Of a deduction and of a bonus the potential is 0 as well: points below 0 were taken off, others came on top.
    level: which one, of an item with levels.
    """

    item: str
    section: str
    status: Status
    points: float
    potential: float
    confidence: float
    why: str
    evidence: tuple[Evidence, ...] = ()
    critical: bool = False
    fatal: str | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class SectionScore:
    """Points of one section after fatal items were applied."""

    section: str
    points: float
    potential: float
    zeroed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """An early warning 预警 for people to look at first.

    item: the item that was missed, or the rule of the form that holds (`rule`). key: flags with the same key are one
    matter, across calls as well. evidence: of a rule; an item's is that of its answer.
    """

    item: str
    severity: str
    why: str
    rule: bool = False
    key: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The judged call.

    score: 0..100 over what applied and could be judged, None when too little could. potential: how many of the
    form's points were judged. arithmetic: the printable lines that lead from points to score.
    """

    call_id: str
    rubric_id: str
    rubric_version: str
    rubric_hash: str
    score: float | None
    potential: float
    grade: str | None
    fatal: bool
    critical_missed: tuple[str, ...]
    flags: tuple[Flag, ...]
    answers: tuple[Answer, ...]
    sections: tuple[SectionScore, ...]
    arithmetic: tuple[str, ...]
    why_unscored: str | None = None
