"""`proximity`: one thing near another, in seconds or turns."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, model_validator

from scoring.call import Call
from scoring.detectors.base import Finding, Hit, Operator, say, shown, whole_call
from scoring.strict import Text

if TYPE_CHECKING:
    from scoring.detectors import Condition


class Proximity(Operator):
    """Holds when a hit of `of` lies within `seconds`, `turns` (of anyone) or both of a hit of `near`."""

    ABOUT: ClassVar = Text(zh="邻近：A与B相距若干秒或若干话轮之内", en="A within some seconds or turns of B")
    EXAMPLE: ClassVar = """
        detect: proximity
        of: {detect: act, labels: [apology, empathy_specific]}
        near: {detect: act, role: customer, labels: [sentiment_negative]}
        turns: 2
        side: after
        """

    detect: Literal["proximity"] = "proximity"
    of: Condition = Field(description="what must be near / 须在附近的条件")
    near: Condition = Field(description="what it must be near to / 以哪个条件为准")
    seconds: float | None = Field(None, gt=0, description="seconds between them at most / 最多相距秒数")
    turns: int | None = Field(None, ge=0, description="turns between them at most, 0 the same turn / 最多相距话轮数")
    side: Literal["after", "before", "either"] = Field(
        "either", description="on which side of `near` it must lie / 须在之前还是之后"
    )

    @model_validator(mode="after")
    def _some_limit(self) -> Proximity:
        if self.seconds is None and self.turns is None:
            raise ValueError("give `seconds:`, `turns:` or both")
        return self

    def look(self, call: Call) -> Finding:
        ours, theirs = self.of.hits(call), self.near.hits(call)
        pairs = [
            (a, b)
            for a in ours.found
            for b in theirs.found
            if a.is_moment(call) and b.is_moment(call) and self._close(a, b)
        ]
        sure = next(((a, b) for a, b in pairs if a.sure and b.sure), None)
        if sure is not None:
            apart = max(0.0, max(sure[0].start, sure[1].start) - min(sure[0].end, sure[1].end))
            why = say(call.language, f"相距{apart:.1f}秒", f"{apart:.1f} s apart")
            return Finding(True, min(h.confidence for h in sure), why, shown(sorted(sure, key=lambda h: h.start)))
        doubt = next((h.doubt for h in (ours, theirs) if h.doubt is not None), None)
        if pairs or doubt is not None:
            why = say(call.language, "是否邻近无法确定", "whether they are near is not sure")
            evidence = shown(pairs[0]) if pairs else doubt.evidence if doubt is not None else ()
            return Finding(None, 0.5, why, evidence or whole_call(call, "proximity", why))
        why = say(call.language, "附近没有出现", "nothing near")
        return Finding(False, 0.8, why, shown(theirs.found) or whole_call(call, "proximity", why))

    def _close(self, a: Hit, b: Hit) -> bool:
        if (self.side == "after" and a.start < b.start) or (self.side == "before" and a.start > b.start):
            return False
        if self.seconds is not None and max(a.start, b.start) - min(a.end, b.end) > self.seconds:
            return False
        if self.turns is None:
            return True
        return a.turn is not None and b.turn is not None and abs(a.turn - b.turn) <= self.turns
