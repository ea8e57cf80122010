"""`count`: how often another condition holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, model_validator

from scoring.call import Call
from scoring.detectors.base import Finding, Place, PlacedDetector, say, shown, whole_call
from scoring.strict import Text

if TYPE_CHECKING:
    from scoring.detectors import Condition


class Count(PlacedDetector):
    """Holds when another condition has at least, or at most, so many hits; open while unsure hits may decide."""

    ABOUT: ClassVar = Text(zh="次数：另一条件命中几次", en="how often another condition holds")
    EXAMPLE: ClassVar = """
        detect: count
        of: {detect: act, labels: [hold_request]}
        at_most: 2
        """

    detect: Literal["count"] = "count"
    of: Condition = Field(description="the condition whose hits are counted / 统计哪个条件的命中")
    at_least: int | None = Field(None, ge=1, description="least number that holds / 至少几次")
    at_most: int | None = Field(None, ge=0, description="greatest number that holds / 至多几次")

    @model_validator(mode="after")
    def _some_limit(self) -> Count:
        if self.at_least is None and self.at_most is None:
            raise ValueError("give `at_least:`, `at_most:` or both")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(f"at_least ({self.at_least}) must not exceed at_most ({self.at_most})")
        return self

    def look_in(self, call: Call, place: Place) -> Finding:
        heard = self.of.hits(call)
        found = [h for h in heard.found if place.holds(call, h.start, h.end, h.turn)]
        sure = [h for h in found if h.sure]
        most = float("inf") if heard.doubt is not None else len(found)
        least_wanted, most_wanted = self.at_least or 0, float("inf") if self.at_most is None else self.at_most
        if least_wanted <= len(sure) and most <= most_wanted:
            truth: bool | None = True
        elif most < least_wanted or len(sure) > most_wanted:
            truth = False
        else:
            truth = None
        told = f"{len(sure)}" if most == len(sure) else f"{len(sure)}–{'?' if heard.doubt else len(found)}"
        why = say(call.language, f"出现{told}次", f"came {told} times")
        doubted = heard.doubt.evidence if heard.doubt is not None else ()
        confidence = min((h.confidence for h in sure), default=0.8) if truth is not None else 0.5
        return Finding(truth, confidence, why, shown(found) or doubted or whole_call(call, "count", why))
