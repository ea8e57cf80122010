"""`language`: which language is spoken."""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from pydantic import Field

from scoring.call import Call, Role
from scoring.detectors.base import Finding, Place, SpokenDetector, say, turn_evidence, whole_call
from scoring.detectors.hearing import CJK
from scoring.strict import Text

_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")


class Language(SpokenDetector):
    """Holds when at least `share` of what is said, characters and words, is in one of the languages.

    With fewer than `units` to go by it is the language the call was transcribed in.
    """

    ABOUT: ClassVar = Text(zh="语种：说的是中文还是英文", en="which language is spoken")
    EXAMPLE: ClassVar = """
        detect: language
        any: [zh]
        share: 0.9
        """

    detect: Literal["language"] = "language"
    role: Role | None = Field(None, description="whose words count: agent, customer, or null for all / 听谁的话")
    any: tuple[Literal["zh", "en"], ...] = Field(min_length=1, description="any of these / 任一语种")
    share: float = Field(0.8, gt=0, le=1, description="share of what is said / 所占比例")
    units: int = Field(10, ge=1, description="characters and words it takes to judge / 判断所需字词数")

    def look_in(self, call: Call, place: Place) -> Finding:
        turns = self.heard(call, place)
        zh = [len(CJK.findall(call.turns[i].text)) for i in turns]
        en = [len(_WORD.findall(call.turns[i].text)) for i in turns]
        total = sum(zh) + sum(en)
        if total < self.units:
            why = say(call.language, f"按{call.language}转写", f"transcribed as {call.language}")
            return Finding(call.language in self.any, 0.6, why, whole_call(call, "language", why))
        share = (sum(zh) if "zh" in self.any else 0) / total + (sum(en) if "en" in self.any else 0) / total
        why = say(call.language, f"中文占{sum(zh) / total:.0%}", f"{sum(en) / total:.0%} English")
        # The turn with most in the other language shows a miss best, the one with most of this one a hit.
        ours = [("zh" in self.any) * z + ("en" in self.any) * e for z, e in zip(zh, en, strict=True)]
        held = share >= self.share - 1e-9
        rank = [o if held else z + e - o for o, z, e in zip(ours, zh, en, strict=True)]
        shown = turn_evidence(call, turns[rank.index(max(rank))], "language", why)
        return Finding(held, 0.9, why, (shown,))
