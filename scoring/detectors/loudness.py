"""`loudness`: how loud a party speaks, against its own usual level."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from scoring.call import Call, Role
from scoring.detectors.base import (
    DOUBTFUL_ROLE,
    Finding,
    Hit,
    Place,
    PlacedDetector,
    hit,
    role_name,
    say,
    shown,
    stretch_evidence,
    whole_call,
)
from scoring.loudness import RAISED
from scoring.strict import Text


class Loudness(PlacedDetector):
    """`part: raised` holds when the role raises its voice by `over` dB, `count` times; `change` and `level` hold when
    the change from first to last third (dB), or the usual level (dBFS), lies within the limits. Open without a channel
    of its own: on a mixed recording nobody's loudness can be told."""

    ABOUT: ClassVar = Text(zh="音量：提高嗓门、前后变化、平均音量", en="loudness: raised voice, change, usual level")
    EXAMPLE: ClassVar = """
        detect: loudness
        role: customer
        part: raised
        over: 6
        """

    detect: Literal["loudness"] = "loudness"
    role: Literal[Role.AGENT, Role.CUSTOMER] = Field(Role.AGENT, description="whose voice / 谁的声音")
    part: Literal["raised", "change", "level"] = Field("raised", description="what to look at / 看哪一项")
    over: float = Field(RAISED, ge=RAISED, description="dB over the role's usual level, for raised / 高出平时多少分贝")
    at_least: float | None = Field(None, description="least dB, for change and level / 下限（含）")
    at_most: float | None = Field(None, description="greatest dB, for change and level / 上限（含）")
    count: int = Field(1, ge=1, description="how many raised stretches it takes / 至少几处")

    @model_validator(mode="after")
    def _fitting(self) -> Loudness:
        limited = self.at_least is not None or self.at_most is not None
        if limited == (self.part == "raised"):
            raise ValueError("give `at_least:` or `at_most:` with `part: change` or `level`, `over:` with `raised`")
        return self

    def blind(self, call: Call, place: Place) -> Finding | None:
        if self._measured(call) is not None and call.measures.role_confidence >= DOUBTFUL_ROLE:
            return None
        why = say(call.language, "无法分辨该方音量", "this party's loudness cannot be told")
        return Finding(None, 0.5, why, whole_call(call, "loudness", why))

    def look_in(self, call: Call, place: Place) -> Finding:
        told = self._measured(call) or {}
        who = role_name(call.language, self.role)
        if self.part != "raised":
            value = float(told[self.part])
            held = (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)
            why = say(call.language, f"{who}音量{'变化' if self.part == 'change' else ''}{value:+.1f}分贝",
                      f"{who}: {self.part} of {value:+.1f} dB")  # fmt: skip
            return Finding(held, 0.8, why, whole_call(call, "loudness", why))
        found = self.counted(call, place)
        sure = [h for h in found if h.sure]
        if len(found) >= self.count:
            why = say(call.language, f"{who}提高音量{len(found)}次", f"{who} spoke up {len(found)} times")
            return Finding(True if len(sure) >= self.count else None, 0.8, why, shown(found))
        why = say(call.language, f"{who}没有提高音量", f"{who} did not raise the voice")
        return self.absent(call, place, "loudness", why, 0.8)

    def search(self, call: Call, place: Place) -> Iterable[Hit]:
        if self.part == "raised":
            for start, end, louder in (self._measured(call) or {}).get("raised", ()):
                if louder >= self.over and place.admits(call, start, end):
                    yield hit(stretch_evidence(call, start, end, "loudness", f"+{louder:.1f} dB"), 0.8)

    def _measured(self, call: Call) -> dict[str, Any] | None:
        found: dict[str, Any] | None = call.measures.details.get("loudness", {}).get(self.role.value)
        return found
