"""`interruption`: one party talks over the other 抢话."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scoring.call import Call, Role, Turn
from scoring.detectors.base import MOST_EVIDENCE, Detector, Finding, say, turn_evidence, whole_call
from scoring.evaluation import Evidence


class TalksOver(Detector):
    """Holds when `by` begins while the other speaks and both go on for `over` seconds, `count` times.

    Back-channels (嗯, 好的, okay) are listening and do not count. On a mixed recording, or with one party's channel
    dead, overlap cannot be heard, so the finding stays open.
    """

    detect: Literal["interruption"] = "interruption"
    by: Role = Field(Role.AGENT, description="who interrupts")
    over: float = Field(1.0, gt=0, description="seconds both speak at once")
    count: int = Field(1, ge=1, description="how many times it takes")

    def find(self, call: Call) -> Finding:
        if call.measures.overlaps is None:
            if any(c.get("dead") for c in call.measures.details.get("line", {}).get("channels", ())):
                why = say(
                    call.language, "一方声道无语音，无法判断抢话", "one channel has no voice: overlap cannot be heard"
                )
            else:
                why = say(call.language, "单声道混音，无法判断抢话", "mixed recording: overlap cannot be heard")
            return Finding(None, 0.5, why, whole_call(call, "interruption", why))
        found = [o for o in call.measures.overlaps if o.by == self.by and o.duration >= self.over]
        sure = call.measures.role_confidence
        if len(found) < self.count:
            why = say(call.language, f"抢话{len(found)}次", f"{len(found)} interruptions")
            first = next(iter(call.turns_of(self.by)), None)
            if first is None:
                return Finding(False, sure, why, whole_call(call, "interruption", why))
            return Finding(False, sure, why, (turn_evidence(call, first, "interruption", why),))
        why = say(call.language, f"抢话{len(found)}次", f"talked over {len(found)} times")
        shown = sorted(found, key=lambda o: -o.duration)[:MOST_EVIDENCE]
        evidence = []
        for overlap in sorted(shown, key=lambda o: o.start):
            turn = min(call.turns_of(self.by), key=lambda i: _away(call.turns[i], overlap.start), default=None)
            quote = call.quote(turn) if turn is not None else ""
            evidence.append(
                Evidence(self.by, turn, overlap.start, overlap.end, quote, "interruption", f"{overlap.duration:.1f} s")
            )
        return Finding(True, sure, why, tuple(evidence))


def _away(turn: Turn, time: float) -> float:
    """Seconds between a turn and a moment; 0 inside the turn."""
    return max(turn.start - time, time - turn.end, 0.0)
