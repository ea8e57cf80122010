"""A call 通话 as the rubric sees it: who said what and when, what each sentence does, and how it all sounds.

Times are seconds from the start of the recording; confidences and probabilities lie in 0..1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any

from scoring.likeness import Likeness


class Role(StrEnum):
    """Who speaks. `system` is a machine: menu, announcement, voice mail."""

    AGENT = "agent"  # 坐席
    CUSTOMER = "customer"  # 客户
    SYSTEM = "system"


class Scenario(StrEnum):
    """Kinds of call the standards give procedures for."""

    CONSULT = "consult"  # 咨询
    COMPLAINT = "complaint"  # 投诉
    REPAIR = "repair"  # 报修
    AFTER_SALES = "after_sales"  # 售后
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word (for Mandarin: one or a few characters). `heard`: as it was recognised, if written anew."""

    start: float
    end: float
    text: str
    confidence: float
    heard: str | None = None


def heard_in(words: Sequence[Word]) -> str | None:
    """The text of words as it was recognised; None where none of them was written anew."""
    # Words by the thousand, and hardly one of them is.
    if {w.heard for w in words} <= {None}:
        return None
    return "".join(w.text if w.heard is None else w.heard for w in words).strip()


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch of one party's speech 话轮."""

    role: Role
    start: float
    end: float
    text: str
    confidence: float
    words: tuple[Word, ...] = ()

    @property
    def duration(self) -> float:
        return self.end - self.start

    @property
    def heard(self) -> str | None:
        """The text as it was recognised, before numbers and names were written out; None where it was kept."""
        # Words of a stored turn are made when they are looked at, and this is known before.
        as_heard: Callable[[], str | None] | None = getattr(self.words, "as_heard", None)
        return heard_in(self.words) if as_heard is None else as_heard()


@dataclass(frozen=True, slots=True)
class Signal:
    """What the language models say of one sentence of a turn: label -> calibrated probability."""

    turn: int
    start: float
    end: float
    quote: str
    labels: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the contact centre's own systems know of a call. Everything may be absent."""

    agent: str | None = None
    agent_name: str | None = None
    team: str | None = None
    direction: str | None = None
    scenario: Scenario | None = None
    started_at: datetime | None = None
    customer_phone: str | None = None
    csat: float | None = None
    hold_seconds: float | None = None
    transferred: bool | None = None
    ticket_id: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the recording."""

    start: float
    end: float

    @property
    def duration(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Voice(Span):
    """A stretch of one party's own voice and how loud it is, dBFS."""

    level: float


@dataclass(frozen=True, slots=True)
class Silence(Span):
    """Nobody speaks 静默. `owed_by`: who should have spoken; None where that cannot be told."""

    owed_by: Role | None = None


@dataclass(frozen=True, slots=True)
class Hold(Span):
    """A wait 等待 between two voices, in silence or with music; whether it was announced is for the signals to tell."""

    music: bool = False


@dataclass(frozen=True, slots=True)
class Interruption(Span):
    """Both parties speak at once; `by` began while the other was speaking, with more than a back-channel."""

    by: Role


@dataclass(frozen=True, slots=True)
class Monologue(Span):
    """One party speaks on; the other says no more than "I am listening"."""

    role: Role


@dataclass(frozen=True, slots=True)
class PaceAt(Span):
    """Pace in a part of the call, characters or words a minute."""

    pace: float


@dataclass(frozen=True, slots=True)
class Latency:
    """How long a role takes to answer: seconds from the other's last word; below 0 where it began before that."""

    median: float
    ninth_decile: float
    answers: int


@dataclass(frozen=True, slots=True)
class Measures:
    """How the call sounds. `overlaps` is None when the parties share one channel and cannot be told apart in time.

    `pace_over_time`: of the parts of the call in which a role speaks enough. `details`: plain values of other stages:
    the recording's (`channels`, `codec`...), `line` (see models.line) and `loudness` (see scoring.loudness).
    """

    speech: Mapping[Role, float] = field(default_factory=lambda: MappingProxyType({}))
    pace: Mapping[Role, float] = field(default_factory=lambda: MappingProxyType({}))
    silences: tuple[Silence, ...] = ()
    overlaps: tuple[Interruption, ...] | None = ()
    talk_share: float | None = None
    role_confidence: float = 1.0
    details: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    holds: tuple[Hold, ...] = ()
    monologue: Monologue | None = None
    latency: Mapping[Role, Latency] = field(default_factory=lambda: MappingProxyType({}))
    pace_over_time: Mapping[Role, tuple[PaceAt, ...]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Call:
    """One recorded interaction, ready to be judged. `signals` are in time order.

    `likeness`: what rubrics asked to have compared (scoring.likeness); empty where nobody compared anything.
    """

    id: str
    duration: float
    language: str
    turns: tuple[Turn, ...]
    signals: tuple[Signal, ...] = ()
    measures: Measures = Measures()
    metadata: Metadata = Metadata()
    likeness: Likeness = field(default_factory=lambda: MappingProxyType({}))

    def turns_of(self, role: Role | None) -> tuple[int, ...]:
        """Indices of the turns of `role`, or of all."""
        return tuple(i for i, turn in enumerate(self.turns) if role is None or turn.role == role)

    @cached_property
    def opening(self) -> float:
        """When the conversation proper begins: the first word of a person, not of a machine."""
        return min((t.start for t in self.turns if t.role != Role.SYSTEM), default=0.0)

    @cached_property
    def ending(self) -> float:
        """When the last person stops talking."""
        return max((t.end for t in self.turns if t.role != Role.SYSTEM), default=self.duration)

    def quote(self, turn: int) -> str:
        """The words of a turn, all of them: a quote can be searched for; pages cut it where they show it."""
        return self.turns[turn].text
