"""`pace`: speaking rate 语速, Chinese characters or English words a minute of own speech."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from scoring.call import Call, Role
from scoring.detectors.base import DOUBTFUL_ROLE, Finding, Place, PlacedDetector, say, turn_evidence, whole_call
from scoring.measures import measure
from scoring.strict import Strict, Text


class Range(Strict):
    """Inclusive limits."""

    low: float = Field(gt=0, description="least / 下限")
    high: float = Field(gt=0, description="greatest / 上限")


class Pace(PlacedDetector):
    """Holds when the role's pace lies within the limits for the call's language."""

    ABOUT: ClassVar = Text(zh="语速：每分钟字数或词数", en="pace: characters or words a minute")
    EXAMPLE: ClassVar = """
        detect: pace
        zh: {low: 150, high: 330}
        en: {low: 90, high: 210}
        """

    detect: Literal["pace"] = "pace"
    role: Role = Field(Role.AGENT, description="whose pace / 谁的语速")
    zh: Range = Field(description="characters a minute / 中文每分钟字数")
    en: Range = Field(description="words a minute / 英文每分钟词数")
    seconds: float = Field(10.0, gt=0, description="speech it takes to judge / 判断所需语音秒数")

    def look_in(self, call: Call, place: Place) -> Finding:
        turns = place.turns(call, self.role)
        measures = call.measures
        if not self.where.everywhere:
            measures = measure([call.turns[i] for i in turns], call.duration)
        spoken, rate = measures.speech.get(self.role, 0.0), measures.pace.get(self.role)
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
        longest = max(turns, key=lambda i: call.turns[i].duration, default=None)
        evidence = (turn_evidence(call, longest, "pace", why),) if longest is not None else ()
        return Finding(limits.low <= rate <= limits.high, 0.9, why, evidence or whole_call(call, "pace", why))
