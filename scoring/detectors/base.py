"""What every detector 质检算子 shares: a three-valued finding, where to listen, and how a finding is put into words.

A detector is one pydantic model (its YAML keys) with one method, `find(call) -> Finding`. `truth` is True, False or
None: None means "could not tell" and is kept through every combination up to the answer.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import Field

from scoring.call import Call, Role, Signal
from scoring.evaluation import Evidence
from scoring.likeness import Ask
from scoring.strict import Strict

DOUBTFUL_ROLE = 0.8  # below this confidence, who said it is a guess
DOUBTFUL_SPEECH = 0.4  # below this confidence, what was said is a guess
MOST_EVIDENCE = 3  # quotes a person will still read
ANNOUNCED_WITHIN = 20.0  # s before a silence in which a request to wait announces it


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a condition holds, how sure that is (0..1), what shows it, and why in a sentence."""

    truth: bool | None
    confidence: float
    why: str
    evidence: tuple[Evidence, ...] = ()


class Where(Strict):
    """The part of the call to listen to; all limits given must hold. Turns are counted per role."""

    first_seconds: float | None = Field(None, gt=0, description="seconds after the first word of a person")
    last_seconds: float | None = Field(None, gt=0, description="seconds before the last word of a person")
    first_turns: int | None = Field(None, gt=0, description="this many turns of the role from the start")
    last_turns: int | None = Field(None, gt=0, description="this many turns of the role from the end")

    def turns(self, call: Call, role: Role | None) -> tuple[int, ...]:
        """Indices of the turns of `role` in this part of the call."""
        chosen = call.turns_of(role)
        if self.first_turns is not None:
            chosen = chosen[: self.first_turns]
        if self.last_turns is not None:
            chosen = chosen[-self.last_turns :]
        return tuple(i for i in chosen if self.covers(call, call.turns[i].start, call.turns[i].end))

    def covers(self, call: Call, start: float, end: float) -> bool:
        """Whether a stretch of time touches the time limits."""
        if self.first_seconds is not None and start > call.opening + self.first_seconds:
            return False
        return self.last_seconds is None or end >= call.ending - self.last_seconds

    def describe(self, language: str) -> str:
        """The place in words, for the reasons people read."""
        parts = []
        if self.first_seconds is not None:
            parts.append(say(language, f"开场{self.first_seconds:g}秒内", f"in the first {self.first_seconds:g} s"))
        if self.last_seconds is not None:
            parts.append(say(language, f"最后{self.last_seconds:g}秒内", f"in the last {self.last_seconds:g} s"))
        if self.first_turns is not None:
            parts.append(say(language, f"前{self.first_turns}个话轮", f"in the first {self.first_turns} turns"))
        if self.last_turns is not None:
            parts.append(say(language, f"最后{self.last_turns}个话轮", f"in the last {self.last_turns} turns"))
        return say(language, "、", ", ").join(parts) or say(language, "全程", "in the whole call")


class Detector(Strict, ABC):
    """One way of finding something out about a call."""

    @abstractmethod
    def find(self, call: Call) -> Finding:
        """Look at the call and tell what was found, with evidence."""

    def asks(self, call: Call) -> Ask:
        """Which words of the call it wants compared with which wordings by meaning."""
        return Ask()


class SpokenDetector(Detector):
    """A detector that listens to the words of a role in a part of the call."""

    role: Role | None = Field(Role.AGENT, description="whose words count: agent, customer, system, or null for all")
    where: Where = Field(Where(), description="the part of the call to listen to")

    def heard(self, call: Call) -> tuple[int, ...]:
        """Turns this detector listens to."""
        return self.where.turns(call, self.role)

    def sentences(self, call: Call) -> Iterator[Signal]:
        """Sentences of those turns."""
        turns = frozenset(self.heard(call))
        return (s for s in call.signals if s.turn in turns and self.where.covers(call, s.start, s.end))

    def unheard(self, call: Call, detector: str) -> Finding | None:
        """A finding of doubt where the role could not be told apart or nothing was recognised; else None."""
        if self.role is not None and call.measures.role_confidence < DOUBTFUL_ROLE:
            why = say(call.language, "无法确定说话人角色", "who is the agent could not be told")
            return Finding(None, call.measures.role_confidence, why, whole_call(call, detector, why))
        turns = self.heard(call)
        if not turns:
            return None
        sure = sum(call.turns[i].confidence for i in turns) / len(turns)
        if sure < DOUBTFUL_SPEECH:
            why = say(call.language, f"识别置信度过低（{sure:.2f}）", f"recognition too unsure ({sure:.2f})")
            return Finding(None, sure, why, (turn_evidence(call, turns[0], detector, why),))
        return None

    def missing(self, call: Call, detector: str, why: str, confidence: float) -> Finding:
        """A finding of absence: the evidence is the stretch that was listened to, or what stands in its place."""
        turns = self.heard(call)
        if self.where == Where():
            return Finding(False, confidence, why, whole_call(call, detector, why))
        shown = turns[-1:] if self.where.last_turns or self.where.last_seconds else turns[:1]
        evidence = tuple(turn_evidence(call, i, detector, why) for i in shown) or whole_call(call, detector, why)
        return Finding(False, confidence, why, evidence)


def announcement(call: Call, start: float, label: str) -> Signal | None:
    """The agent's last sentence with this label shortly before a silence that starts then."""
    near = (s for s in reversed(call.signals) if s.start <= start + 0.5 and s.end >= start - ANNOUNCED_WITHIN)
    said = (s for s in near if s.labels.get(label, 0.0) >= 0.5 and call.turns[s.turn].role == Role.AGENT)
    return next(said, None)


def say(language: str, zh: str, en: str) -> str:
    """The text in the language of the call."""
    return zh if language == "zh" else en


def turn_evidence(call: Call, turn: int, detector: str, why: str) -> Evidence:
    """A whole turn as evidence."""
    spoken = call.turns[turn]
    return Evidence(spoken.role, turn, spoken.start, spoken.end, call.quote(turn), detector, why)


def sentence_evidence(call: Call, signal: Signal, detector: str, why: str) -> Evidence:
    """One sentence as evidence."""
    return Evidence(call.turns[signal.turn].role, signal.turn, signal.start, signal.end, signal.quote, detector, why)


def whole_call(call: Call, detector: str, why: str) -> tuple[Evidence, ...]:
    """The whole recording as evidence, where nobody said anything to point at."""
    return (Evidence(None, None, 0.0, call.duration, "", detector, why),)


def role_name(language: str, role: Role | None) -> str:
    """The role in words."""
    names = {
        Role.AGENT: ("坐席", "the agent"),
        Role.CUSTOMER: ("客户", "the customer"),
        Role.SYSTEM: ("系统", "the system"),
    }
    zh, en = names[role] if role else ("双方", "anyone")
    return say(language, zh, en)
