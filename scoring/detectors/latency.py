"""`latency`: how long a party takes to answer."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from scoring.call import Call, Role
from scoring.detectors.base import (
    DOUBTFUL_ROLE,
    Finding,
    Place,
    PlacedDetector,
    role_name,
    say,
    turn_evidence,
    whole_call,
)
from scoring.detectors.limits import Limited
from scoring.strict import Text
from scoring.talk import spurts, talk
from scoring.timing import latencies


class AnswersIn(PlacedDetector, Limited):
    """Holds when the seconds from the other's last word to the role's first lie within the limits.

    `of: median` is the usual answer, `of: ninth_decile` the slow one: nine of ten answers come sooner. On a mixed
    recording an answer may have begun before it could be heard, so nothing is told there.
    """

    ABOUT: ClassVar = Text(zh="应答时延：多久接话", en="how long a party takes to answer")
    EXAMPLE: ClassVar = """
        detect: latency
        role: agent
        of: ninth_decile
        at_most: 4
        """

    detect: Literal["latency"] = "latency"
    role: Literal[Role.AGENT, Role.CUSTOMER] = Field(Role.AGENT, description="who answers / 谁应答")
    of: Literal["median", "ninth_decile"] = Field(
        "median", description="the usual answer, or the slow one / 中位数，或九成应答之内"
    )
    answers: int = Field(3, ge=1, description="how many answers it takes to judge / 判断所需应答次数")

    def look_in(self, call: Call, place: Place) -> Finding:
        latency = call.measures.latency.get(self.role)
        if not self.where.everywhere:
            latency = latencies(talk(spurts([call.turns[i] for i in place.turns(call, None)]))).get(self.role)
        blurred = call.measures.overlaps is None or call.measures.role_confidence < DOUBTFUL_ROLE
        if latency is None or latency.answers < self.answers or blurred:
            why = say(
                call.language, "应答太少或声道混合，无法判断时延", "too few answers, or a mixed recording, to tell"
            )
            return Finding(None, 0.5, why, whole_call(call, "latency", why))
        value = latency.median if self.of == "median" else latency.ninth_decile
        who = role_name(call.language, self.role)
        why = say(call.language, f"{who}应答时延{value:.1f}秒（要求{self.limits_told()}）",
                  f"{who} answered in {value:.1f} s (limits {self.limits_told()})")  # fmt: skip
        slowest = self._slowest(call, place)
        shown = (turn_evidence(call, slowest, "latency", why),) if slowest is not None else ()
        return Finding(self.within(value), 0.85, why, shown or whole_call(call, "latency", why))

    def _slowest(self, call: Call, place: Place) -> int | None:
        """The turn that took longest to come."""
        answers = [
            i for i in place.turns(call, self.role) if i > 0 and call.turns[i - 1].role not in (self.role, Role.SYSTEM)
        ]
        return max(answers, key=lambda i: call.turns[i].start - call.turns[i - 1].end, default=None)
