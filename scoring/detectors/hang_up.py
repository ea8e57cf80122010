"""`hang_up`: how the call ends: who has the last word, and whether somebody is cut off."""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from pydantic import Field

from scoring.call import Call, Role
from scoring.detectors.base import DOUBTFUL_ROLE, Finding, Operator, role_name, say, turn_evidence, whole_call
from scoring.strict import Text
from scoring.talk import is_backchannel

_GOODBYE = re.compile(
    r"再见|拜拜|再会|祝您|挂了|先这样|就这样吧|不打扰|\b(?:good)?bye\b|take care|have a (?:good|nice|great|lovely)",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.!?。！？…~～]\s*$")
_OPEN = re.compile(
    r"(?:[,，、]|但是?|可是|因为|所以|然后|就是|而且|如果|那个|\b(?:and|but|because|so|if|the|to|a|that|is))\s*$", re.I
)


class HangUp(Operator):
    """`part: last_word` holds when `by` says the last words. `part: abrupt` holds when the call ends without anybody
    taking leave, or with the other party (`by` hung up) in mid-sentence; open where leave may have been taken.

    Nobody can hear whose receiver went down: the last word is what tells most.
    """

    ABOUT: ClassVar = Text(zh="挂机：最后由谁说话、是否突然中断", en="how the call ends: last word, cut off or not")
    EXAMPLE: ClassVar = """
        detect: hang_up
        part: abrupt
        by: agent
        """

    detect: Literal["hang_up"] = "hang_up"
    part: Literal["last_word", "abrupt"] = Field("abrupt", description="which question / 看最后一句还是突然中断")
    by: Literal[Role.AGENT, Role.CUSTOMER] | None = Field(
        None, description="who has the last word, or hung up on the other; null: either / 谁说最后一句，或谁挂断"
    )
    turns: int = Field(4, ge=1, description="last turns in which leave is taken / 最后几个话轮内应有道别")
    label: str = Field("closing", description="label of taking leave / 道别的标签")

    def look(self, call: Call) -> Finding:
        spoken = [i for i in range(len(call.turns)) if call.turns[i].role is not Role.SYSTEM]
        if not spoken or call.measures.role_confidence < DOUBTFUL_ROLE:
            why = say(call.language, "无法确定最后由谁说话", "who spoke last could not be told")
            return Finding(None, 0.5, why, whole_call(call, "hang_up", why))
        last = max(spoken, key=lambda i: call.turns[i].end)
        role = call.turns[last].role
        who = role_name(call.language, role)
        if self.part == "last_word":
            why = say(call.language, f"最后由{who}说话", f"{who} had the last word")
            return Finding(self.by in (None, role), 0.9, why, (turn_evidence(call, last, "hang_up", why),))
        closing = spoken[-self.turns :]
        leave = self._leave(call, closing)
        shown = (turn_evidence(call, last, "hang_up", ""),)
        if leave is not None and leave[1] is True:
            why = say(call.language, "通话以道别结束", "leave was taken")
            return Finding(False, 0.9, why, (turn_evidence(call, leave[0], "hang_up", why),))
        other = self.by is not None and role is self.by
        cut = self._cut_off(call, last, spoken)
        if leave is not None:
            why = say(call.language, "是否道别不确定", "whether leave was taken is not sure")
            return Finding(None, 0.5, why, (turn_evidence(call, leave[0], "hang_up", why),))
        if other:
            # The one who should have hung up on the other spoke last: nobody was left waiting for a word.
            why = say(call.language, f"没有道别，最后由{who}说话", f"no leave was taken; {who} spoke last")
            return Finding(None if not cut else False, 0.6, why, (turn_evidence(call, last, "hang_up", why),))
        zh = f"{who}话未说完，通话中断" if cut else "没有道别即结束"
        en = f"{who} was cut off in mid-sentence" if cut else "ended without taking leave"
        why = say(call.language, zh, en)
        return Finding(True, 0.8 if cut else 0.65, why, (turn_evidence(call, shown[0].turn or last, "hang_up", why),))

    def _leave(self, call: Call, turns: list[int]) -> tuple[int, bool] | None:
        """The turn in which leave is taken, and whether that is sure."""
        said = next((i for i in reversed(turns) if _GOODBYE.search(call.turns[i].text)), None)
        if said is not None:
            return said, True
        among = set(turns)
        best = max(
            (s for s in call.signals if s.turn in among), key=lambda s: s.labels.get(self.label, 0.0), default=None
        )
        p = best.labels.get(self.label, 0.0) if best is not None else 0.0
        return (best.turn, p >= 0.5) if best is not None and p >= 0.35 else None

    @staticmethod
    def _cut_off(call: Call, last: int, spoken: list[int]) -> bool:
        """Whether the last turn breaks off; a missing full stop says so only where others have theirs."""
        text = call.turns[last].text.strip()
        if not text or is_backchannel(text) or _ENDS.search(text):
            return False
        stops = sum(bool(_ENDS.search(call.turns[i].text)) for i in spoken)
        return bool(_OPEN.search(text)) or stops >= 0.5 * len(spoken)
