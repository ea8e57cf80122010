"""`duration`: how long the call, the conversation or one party's speech is."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from scoring.call import Call, Role
from scoring.detectors.base import Finding, Operator, say, whole_call
from scoring.detectors.limits import Limited
from scoring.strict import Text


class Duration(Operator, Limited):
    """Holds when the seconds lie within the limits."""

    ABOUT: ClassVar = Text(
        zh="时长：录音、对话或一方说话", en="how long the recording, the conversation or the speech is"
    )
    EXAMPLE: ClassVar = """
        detect: duration
        of: conversation
        at_most: 600
        """

    detect: Literal["duration"] = "duration"
    of: Literal["recording", "conversation", "agent", "customer", "monologue"] = Field(
        "recording",
        description="the recording, first to last word, one party's speech, or the longest monologue "
        "/ 录音、对话、一方语音或最长独白",
    )

    def look(self, call: Call) -> Finding:
        start, end = 0.0, call.duration
        if self.of == "conversation":
            start, end = min(call.opening, call.ending), call.ending
            seconds = end - start
        elif self.of == "monologue":
            longest = call.measures.monologue
            start, end = (longest.start, longest.end) if longest else (0.0, 0.0)
            seconds = end - start
        else:
            seconds = call.duration if self.of == "recording" else call.measures.speech.get(Role(self.of), 0.0)
        why = say(call.language, f"时长{seconds:.0f}秒（要求{self.limits_told()}）",
                  f"{seconds:.0f} s (limits {self.limits_told()})")  # fmt: skip
        (whole,) = whole_call(call, "duration", why)
        shown = type(whole)(None, None, start, min(end, call.duration), "", "duration", why)
        return Finding(self.within(seconds), 0.95, why, (shown,))
