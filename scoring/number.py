"""A measured value as an answer: the longer the silence, the fewer the points."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from pydantic import Field, field_validator

from scoring.call import Call, Role
from scoring.detectors import Finding
from scoring.detectors.base import DOUBTFUL_ROLE, say
from scoring.strict import Strict

MEASURED = 0.95  # how sure a measured time is; the same as a silence's


@dataclass(frozen=True, slots=True)
class Measure:
    """What can be asked for. by_role: worth nothing where who is who could not be told."""

    of: Callable[[Call], float | None]
    zh: str
    en: str
    unit: str = "s"
    by_role: bool = False


MEASURES = {
    "duration": Measure(lambda c: c.duration, "通话时长", "length of the call"),
    "longest_silence": Measure(
        lambda c: max((s.duration for s in c.measures.silences), default=0.0), "最长静默", "longest silence"
    ),
    "silence_seconds": Measure(lambda c: sum(s.duration for s in c.measures.silences), "静默总时长", "silence in all"),
    "hold_seconds": Measure(
        lambda c: (
            sum(h.duration for h in c.measures.holds) if c.metadata.hold_seconds is None else c.metadata.hold_seconds
        ),
        "等待总时长", "waits in all",
    ),
    "talk_share": Measure(lambda c: c.measures.talk_share, "坐席说话占比", "the agent's share of talk", "", True),
    "agent_pace": Measure(
        lambda c: c.measures.pace.get(Role.AGENT), "坐席语速", "the agent's pace", "/min", True
    ),
    "agent_latency": Measure(
        lambda c: x.median if (x := c.measures.latency.get(Role.AGENT)) else None,
        "坐席应答时间", "the agent's time to answer", "s", True,
    ),
    "interruptions": Measure(
        lambda c: None if (o := c.measures.overlaps) is None else float(sum(x.by is Role.AGENT for x in o)),
        "坐席抢话次数", "interruptions by the agent", "", True,
    ),
    "csat": Measure(lambda c: c.metadata.csat, "客户满意度评分", "the customer's rating", ""),
}  # fmt: skip


class Number(Strict):
    """A measure and what share of the points its values earn; between two values of the scale in a straight line."""

    of: Literal[
        "duration", "longest_silence", "silence_seconds", "hold_seconds", "talk_share", "agent_pace",
        "agent_latency", "interruptions", "csat",
    ] = Field(description="what is measured")  # fmt: skip
    scale: tuple[tuple[float, float], ...] = Field(
        min_length=2, max_length=20, description="[value, share of the points] in rising values; beyond the ends flat"
    )

    @field_validator("scale")
    @classmethod
    def _rising(cls, scale: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        if any(a[0] >= b[0] for a, b in pairwise(scale)):
            raise ValueError("values must rise from line to line")
        if any(not 0 <= share <= 1 for _, share in scale):
            raise ValueError("shares lie between 0 and 1")
        return scale

    def share(self, value: float) -> float:
        """The share of the points that a value earns."""
        values = [v for v, _ in self.scale]
        at = bisect_right(values, value)
        if at == 0 or at == len(values):
            return self.scale[min(at, len(values) - 1)][1]
        (x0, y0), (x1, y1) = self.scale[at - 1], self.scale[at]
        return y0 + (y1 - y0) * (value - x0) / (x1 - x0)

    def read(self, call: Call) -> tuple[float | None, Finding]:
        """The measured value, or None where it is not known, and that in words."""
        measure = MEASURES[self.of]
        name = say(call.language, measure.zh, measure.en)
        value = measure.of(call)
        if measure.by_role and call.measures.role_confidence < DOUBTFUL_ROLE:
            value = None
        if value is None:
            return None, Finding(None, 0.5, say(call.language, f"{name}未知", f"{name} is not known"))
        return value, Finding(True, MEASURED, say(call.language, f"{name} {value:.4g}{measure.unit}",
                                                  f"{name}: {value:.4g} {measure.unit}".rstrip()))  # fmt: skip
