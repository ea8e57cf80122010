"""`pace`: speaking rate 语速, Chinese characters or English words a minute of own speech."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scoring.call import Call, Role
from scoring.detectors.base import DOUBTFUL_ROLE, Detector, Finding, say, turn_evidence, whole_call
from scoring.strict import Strict


class Range(Strict):
    """Inclusive limits."""

    low: float = Field(gt=0)
    high: float = Field(gt=0)


class Pace(Detector):
    """Holds when the role's pace lies within the limits for the call's language."""

    detect: Literal["pace"] = "pace"
    role: Role = Field(Role.AGENT, description="whose pace")
    zh: Range = Field(description="characters a minute")
    en: Range = Field(description="words a minute")
    seconds: float = Field(10.0, gt=0, description="speech it takes to judge")

    def find(self, call: Call) -> Finding:
        spoken, rate = call.measures.speech.get(self.role, 0.0), call.measures.pace.get(self.role)
        if rate is None or spoken < self.seconds or call.measures.role_confidence < DOUBTFUL_ROLE:
            why = say(
                call.language, f"有效语音仅{spoken:.0f}秒，不足以判断语速", f"only {spoken:.0f} s of speech to judge by"
            )
            return Finding(None, 0.5, why, whole_call(call, "pace", why))
        limits = self.zh if call.language == "zh" else self.en
        why = say(
            call.language,
            f"语速{rate:.0f}字/分钟（要求{limits.low:g}–{limits.high:g}）",
            f"{rate:.0f} words/min (range {limits.low:g}–{limits.high:g})",
        )
        longest = max(call.turns_of(self.role), key=lambda i: call.turns[i].duration, default=None)
        evidence = (turn_evidence(call, longest, "pace", why),) if longest is not None else ()
        return Finding(limits.low <= rate <= limits.high, 0.9, why, evidence)
