"""`silence`: dead air 静默, excused where the agent asked for patience or the customer asked to wait."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scoring.call import Call, Role, Silence
from scoring.detectors.base import MOST_EVIDENCE, Detector, Finding, announcement, role_name, say, whole_call
from scoring.evaluation import Evidence
from scoring.measures import MIN_SILENCE


class DeadAir(Detector):
    """Holds when nobody speaks for `over` seconds or more.

    Hold music is no silence. With `by`, only silences count in which that party should have spoken: the one who was
    asked, else the agent. With `excuse_hold`, a silence that follows a request to wait is excused up to `hold_limit`
    seconds.
    """

    detect: Literal["silence"] = "silence"
    over: float = Field(gt=0, description="seconds without a voice")
    by: Role | None = Field(None, description="who should have spoken: agent, customer, or null for either")
    excuse_hold: bool = Field(True, description="excuse a silence announced by a request to wait")
    hold_limit: float = Field(60.0, gt=0, description="seconds after which even an announced silence counts")
    hold_label: str = Field("hold_request", description="label of a request to wait")

    def find(self, call: Call) -> Finding:
        long = [s for s in call.measures.silences if s.duration >= self.over and self.by in (None, s.owed_by)]
        counted = [s for s in long if not self._excused(call, s)]
        if counted:
            worst = max(counted, key=lambda s: s.duration)
            why = say(
                call.language,
                f"静默{worst.duration:.0f}秒，未提前告知",
                f"{worst.duration:.0f} s of unannounced silence",
            )
            if worst.owed_by:
                who = role_name(call.language, worst.owed_by)
                why += say(call.language, f"，应由{who}发言", f", {who} should have spoken")
            shown = sorted(counted, key=lambda s: -s.duration)[:MOST_EVIDENCE]
            return Finding(True, 0.95, why, tuple(self._evidence(call, s, why) for s in shown))
        if long:
            why = say(call.language, "静默已提前告知客户", "the silence was announced")
            return Finding(False, 0.8, why, tuple(self._evidence(call, s, why) for s in long[:MOST_EVIDENCE]))
        if not call.measures.silences:
            why = say(call.language, f"没有超过{MIN_SILENCE:g}秒的静默", f"no silence over {MIN_SILENCE:g} s")
            return Finding(False, 0.95, why, whole_call(call, "silence", why))
        longest = max(call.measures.silences, key=lambda s: s.duration)
        why = say(call.language, f"最长静默{longest.duration:.1f}秒", f"longest silence {longest.duration:.1f} s")
        return Finding(False, 0.95, why, (self._evidence(call, longest, why),))

    def _excused(self, call: Call, silence: Silence) -> bool:
        short = self.excuse_hold and silence.duration <= self.hold_limit
        return short and announcement(call, silence.start, self.hold_label) is not None

    def _evidence(self, call: Call, silence: Silence, why: str) -> Evidence:
        before = max((i for i, t in enumerate(call.turns) if t.end <= silence.start + 0.5), default=None)
        role = call.turns[before].role if before is not None else None
        quote = call.quote(before) if before is not None else ""
        return Evidence(role, before, silence.start, silence.end, quote, "silence", why)
