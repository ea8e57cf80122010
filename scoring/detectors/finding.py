"""What a detector tells: a three-valued finding, the hits behind it, evidence with times, and words for people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scoring.call import Call, Role, Signal
from scoring.evaluation import Evidence

MOST_EVIDENCE = 3  # quotes a person will still read
ANNOUNCED_WITHIN = 20.0  # s before a silence in which a request to wait announces it


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a condition holds, how sure that is (0..1), what shows it, and why in a sentence."""

    truth: bool | None
    confidence: float
    why: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One moment at which what a detector looks for is there, or may be (`sure` is False).

    start, end: the moment itself; the evidence may show more around it. what: which of several things it is.
    """

    evidence: Evidence
    confidence: float
    start: float
    end: float
    sure: bool = True
    what: str = ""

    @property
    def turn(self) -> int | None:
        """The turn it lies in, None where nobody speaks."""
        return self.evidence.turn

    def is_moment(self, call: Call) -> bool:
        """Whether it points at a part of the call; what is true of the whole call is neither before nor after."""
        return self.evidence.turn is not None or self.start > 0 or self.end < call.duration


@dataclass(frozen=True, slots=True)
class Hits:
    """All hits in time order. `doubt`: why there may be more that nobody could hear."""

    found: tuple[Hit, ...] = ()
    doubt: Finding | None = None

    @property
    def sure(self) -> tuple[Hit, ...]:
        """Those that are certain."""
        return tuple(h for h in self.found if h.sure)


def hit(evidence: Evidence, confidence: float, sure: bool = True, what: str = "") -> Hit:
    """A hit at the times of its evidence."""
    return Hit(evidence, confidence, evidence.start, evidence.end, sure, what)


def in_order(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Hits in time order, each moment once; of two at one moment the sure one stays."""
    best: dict[tuple[float, float, int | None], Hit] = {}
    for h in hits:
        place = h.start, h.end, h.turn
        if place not in best or (h.sure and not best[place].sure):
            best[place] = h
    return tuple(sorted(best.values(), key=lambda h: (h.start, h.end)))


def shown(hits: Iterable[Hit]) -> tuple[Evidence, ...]:
    """The evidence of the first hits, each once."""
    return tuple(dict.fromkeys(h.evidence for h in hits))[:MOST_EVIDENCE]


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


def stretch_evidence(call: Call, start: float, end: float, detector: str, why: str) -> Evidence:
    """A stretch of time as evidence, with the last words before its end to find it by."""
    before = max((i for i, t in enumerate(call.turns) if t.start < end), default=None)
    role = call.turns[before].role if before is not None else None
    return Evidence(role, before, start, end, call.quote(before) if before is not None else "", detector, why)


def whole_call(call: Call, detector: str, why: str) -> tuple[Evidence, ...]:
    """The whole recording as evidence, where nobody said anything to point at."""
    return (Evidence(None, None, 0.0, call.duration, "", detector, why),)


def announcement(call: Call, start: float, label: str) -> Signal | None:
    """The agent's last sentence with this label shortly before a silence that starts then."""
    near = (s for s in reversed(call.signals) if s.start <= start + 0.5 and s.end >= start - ANNOUNCED_WITHIN)
    said = (s for s in near if s.labels.get(label, 0.0) >= 0.5 and call.turns[s.turn].role == Role.AGENT)
    return next(said, None)


_ROLES = {
    Role.AGENT: ("坐席", "the agent"),
    Role.CUSTOMER: ("客户", "the customer"),
    Role.SYSTEM: ("系统", "the system"),
    None: ("双方", "anyone"),
}


def role_name(language: str, role: Role | None) -> str:
    """The role in words."""
    return say(language, *_ROLES[role])
