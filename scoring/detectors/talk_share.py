"""`talk_share`: how much of the talking one party does."""

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
from scoring.measures import measure
from scoring.strict import Text


class TalkShare(PlacedDetector, Limited):
    """Holds when the role's share of the time that both parties speak lies within the limits."""

    ABOUT: ClassVar = Text(zh="通话占比：一方说话时间占双方的比例", en="how much of the talking one party does")
    EXAMPLE: ClassVar = """
        detect: talk_share
        role: agent
        at_most: 0.7
        """

    detect: Literal["talk_share"] = "talk_share"
    role: Literal[Role.AGENT, Role.CUSTOMER] = Field(Role.AGENT, description="agent or customer / 坐席或客户")
    seconds: float = Field(10.0, gt=0, description="speech of both it takes to judge / 判断所需双方语音秒数")

    def look_in(self, call: Call, place: Place) -> Finding:
        measures = call.measures
        if not self.where.everywhere:
            measures = measure([call.turns[i] for i in place.turns(call, None)], call.duration)
        spoken = sum(measures.speech.get(role, 0.0) for role in (Role.AGENT, Role.CUSTOMER))
        share = measures.talk_share
        if share is None or spoken < self.seconds or call.measures.role_confidence < DOUBTFUL_ROLE:
            why = say(
                call.language,
                "语音太少或角色不明，无法判断占比",
                "too little speech, or unsure roles, to tell the share",
            )
            return Finding(None, 0.5, why, whole_call(call, "talk_share", why))
        share = share if self.role is Role.AGENT else 1 - share
        who = role_name(call.language, self.role)
        why = say(call.language, f"{who}说话占{share:.0%}（要求{self.limits_told()}）",
                  f"{who} spoke {share:.0%} of the time (limits {self.limits_told()})")  # fmt: skip
        longest = max(place.turns(call, self.role), key=lambda i: call.turns[i].duration, default=None)
        shown = (turn_evidence(call, longest, "talk_share", why),) if longest is not None else ()
        return Finding(self.within(share), 0.9, why, shown or whole_call(call, "talk_share", why))
