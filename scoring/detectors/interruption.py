"""`interruption`: one party talks over the other 抢话."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from pydantic import Field

from scoring.call import Call, Role, Turn
from scoring.detectors.base import (
    MOST_EVIDENCE,
    Finding,
    Hit,
    Place,
    PlacedDetector,
    hit,
    say,
    turn_evidence,
    whole_call,
)
from scoring.evaluation import Evidence
from scoring.strict import Text


class TalksOver(PlacedDetector):
    """Holds when `by` begins while the other speaks and both go on for `over` seconds, `count` times.

    Back-channels (嗯, 好的, okay) are listening and do not count. On a mixed recording, or with one party's channel
    dead, overlap cannot be heard, so the finding stays open.
    """

    ABOUT: ClassVar = Text(zh="抢话：一方在对方说话时插话", en="one party talks over the other")
    EXAMPLE: ClassVar = """
        detect: interruption
        by: agent
        over: 1.0
        """

    detect: Literal["interruption"] = "interruption"
    by: Role = Field(Role.AGENT, description="who interrupts / 谁抢话")
    over: float = Field(1.0, gt=0, description="seconds both speak at once / 同时说话的秒数")
    count: int = Field(1, ge=1, description="how many times it takes / 至少多少次")

    def blind(self, call: Call, place: Place) -> Finding | None:
        if call.measures.overlaps is not None:
            return None
        if any(c.get("dead") for c in call.measures.details.get("line", {}).get("channels", ())):
            why = say(
                call.language, "一方声道无语音，无法判断抢话", "one channel has no voice: overlap cannot be heard"
            )
        else:
            why = say(call.language, "单声道混音，无法判断抢话", "mixed recording: overlap cannot be heard")
        return Finding(None, 0.5, why, whole_call(call, "interruption", why))

    def look_in(self, call: Call, place: Place) -> Finding:
        found = self.counted(call, place)
        sure = [h for h in found if h.sure]
        confidence = call.measures.role_confidence
        if len(found) < self.count:
            why = say(call.language, f"抢话{len(found)}次", f"{len(found)} interruptions")
            first = next(iter(call.turns_of(self.by)), None)
            if first is None:
                return Finding(False, confidence, why, whole_call(call, "interruption", why))
            return Finding(False, confidence, why, (turn_evidence(call, first, "interruption", why),))
        why = say(call.language, f"抢话{len(found)}次", f"talked over {len(found)} times")
        worst = sorted(found, key=lambda h: h.start - h.end)[:MOST_EVIDENCE]
        evidence = tuple(h.evidence for h in sorted(worst, key=lambda h: h.start))
        return Finding(True if len(sure) >= self.count else None, confidence, why, evidence)

    def search(self, call: Call, place: Place) -> Iterable[Hit]:
        for overlap in call.measures.overlaps or ():
            if (
                overlap.by != self.by
                or overlap.duration < self.over
                or not place.admits(call, overlap.start, overlap.end)
            ):
                continue
            turn = min(call.turns_of(self.by), key=lambda i: _away(call.turns[i], overlap.start), default=None)
            quote = call.quote(turn) if turn is not None else ""
            why = f"{overlap.duration:.1f} s"
            yield hit(
                Evidence(self.by, turn, overlap.start, overlap.end, quote, "interruption", why),
                call.measures.role_confidence,
            )


def _away(turn: Turn, time: float) -> float:
    """Seconds between a turn and a moment; 0 inside the turn."""
    return max(turn.start - time, time - turn.end, 0.0)
