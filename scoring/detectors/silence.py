"""`silence`: dead air 静默, excused where the agent asked for patience or the customer asked to wait."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from pydantic import Field

from scoring.call import Call, Role, Silence
from scoring.detectors.base import (
    MOST_EVIDENCE,
    Finding,
    Hit,
    Place,
    PlacedDetector,
    announcement,
    hit,
    role_name,
    say,
    whole_call,
)
from scoring.evaluation import Evidence
from scoring.measures import MIN_SILENCE
from scoring.strict import Text


class DeadAir(PlacedDetector):
    """Holds when nobody speaks for `over` seconds or more.

    Hold music is no silence. With `by`, only silences count in which that party should have spoken: the one who was
    asked, else the agent. With `excuse_hold`, a silence that follows a request to wait is excused up to `hold_limit`
    seconds.
    """

    ABOUT: ClassVar = Text(zh="静默：长时间无人说话", en="dead air: nobody speaks for long")
    EXAMPLE: ClassVar = """
        detect: silence
        over: 6
        excuse: {of: {detect: phrase, role: customer, any: [等一下, 我找一下, hang on]}, before: 10}
        """

    detect: Literal["silence"] = "silence"
    over: float = Field(gt=0, description="seconds without a voice / 无人说话的秒数")
    by: Role | None = Field(
        None, description="who should have spoken: agent, customer, or null for either / 本应由谁发言"
    )
    excuse_hold: bool = Field(
        True, description="excuse a silence announced by a request to wait / 已请客户等待的静默不计"
    )
    hold_limit: float = Field(
        60.0, gt=0, description="seconds after which even an announced silence counts / 即使已告知也计入的秒数"
    )
    hold_label: str = Field("hold_request", description="label of a request to wait / 请客户等待的标签")

    def look_in(self, call: Call, place: Place) -> Finding:
        counted = self.counted(call, place)
        sure = [h for h in counted if h.sure]
        if counted:
            shown = sorted(sure or counted, key=lambda h: h.start - h.end)[:MOST_EVIDENCE]
            why = self._told(call, next(s for s in call.measures.silences if s.start == shown[0].start))
            return Finding(bool(sure) or None, 0.95 if sure else 0.5, why, tuple(h.evidence for h in shown))
        long = self._long(call, place)
        if long:
            why = say(call.language, "静默已提前告知客户", "the silence was announced")
            return Finding(False, 0.8, why, tuple(self._evidence(call, s, why) for s in long[:MOST_EVIDENCE]))
        there = [s for s in call.measures.silences if place.admits(call, s.start, s.end)]
        if not there:
            why = say(call.language, f"没有超过{MIN_SILENCE:g}秒的静默", f"no silence over {MIN_SILENCE:g} s")
            return Finding(False, 0.95, why, whole_call(call, "silence", why))
        longest = max(there, key=lambda s: s.duration)
        why = say(call.language, f"最长静默{longest.duration:.1f}秒", f"longest silence {longest.duration:.1f} s")
        return Finding(False, 0.95, why, (self._evidence(call, longest, why),))

    def search(self, call: Call, place: Place) -> Iterable[Hit]:
        silences = [s for s in self._long(call, place) if not self._excused(call, s)]
        if silences:
            why = self._told(call, max(silences, key=lambda s: s.duration))
            return [hit(self._evidence(call, s, why), 0.95) for s in silences]
        return ()

    def _long(self, call: Call, place: Place) -> list[Silence]:
        return [
            s
            for s in call.measures.silences
            if s.duration >= self.over and self.by in (None, s.owed_by) and place.admits(call, s.start, s.end)
        ]

    def _told(self, call: Call, worst: Silence) -> str:
        why = say(
            call.language,
            f"静默{worst.duration:.0f}秒，未提前告知",
            f"{worst.duration:.0f} s of unannounced silence",
        )
        if worst.owed_by:
            who = role_name(call.language, worst.owed_by)
            why += say(call.language, f"，应由{who}发言", f", {who} should have spoken")
        return why

    def _excused(self, call: Call, silence: Silence) -> bool:
        short = self.excuse_hold and silence.duration <= self.hold_limit
        return short and announcement(call, silence.start, self.hold_label) is not None

    def _evidence(self, call: Call, silence: Silence, why: str) -> Evidence:
        before = max((i for i, t in enumerate(call.turns) if t.end <= silence.start + 0.5), default=None)
        role = call.turns[before].role if before is not None else None
        quote = call.quote(before) if before is not None else ""
        return Evidence(role, before, silence.start, silence.end, quote, "silence", why)
