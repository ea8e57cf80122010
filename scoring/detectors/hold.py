"""`hold`: how the agent has the customer wait 等待: asks before, thanks or apologises after."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from scoring.call import Call, Role, Signal
from scoring.detectors.base import (
    MOST_EVIDENCE,
    Finding,
    Place,
    SpokenDetector,
    announcement,
    say,
    sentence_evidence,
    stretch_evidence,
    whole_call,
)
from scoring.strict import Text


class Hold(SpokenDetector):
    """`part: any` holds when the customer had to wait at all; `asked` when each wait was announced; `returned` when
    the agent came back with thanks or an apology; a wait is a silence or hold music of `over` seconds or more."""

    ABOUT: ClassVar = Text(
        zh="等待：是否让客户等待、事先告知、事后致谢",
        en="a wait: whether there was one, was asked for, was thanked for",
    )
    EXAMPLE: ClassVar = """
        detect: hold
        part: asked
        over: 6
        """

    detect: Literal["hold"] = "hold"
    part: Literal["any", "asked", "returned"] = Field(description="which part of the procedure / 流程的哪一部分")
    over: float = Field(8.0, gt=0, description="seconds of silence that count as a wait / 视为等待的秒数")
    hold_label: str = Field("hold_request", description="label of a request to wait / 请客户等待的标签")
    return_labels: tuple[str, ...] = Field(
        ("thanks", "apology"), description="labels that end a wait politely / 等待后礼貌用语的标签"
    )

    def look_in(self, call: Call, place: Place) -> Finding:
        played = [h for h in call.measures.holds if h.music]
        waits = sorted(
            (
                s
                for s in (*call.measures.silences, *played)
                if s.duration >= self.over and place.admits(call, s.start, s.end)
            ),
            key=lambda s: s.start,
        )
        # A request to wait with no wait after it ("one moment" and on they talk) is no hold.
        held = [(s, announcement(call, s.start, self.hold_label)) for s in waits]
        if self.part == "any":
            why = say(call.language, f"等待{len(held)}次", f"{len(held)} waits")
            shown = tuple(sentence_evidence(call, a, "hold", why) for _, a in held if a)[:MOST_EVIDENCE]
            waited = tuple(stretch_evidence(call, w.start, w.end, "hold", why) for w, _ in held)[:MOST_EVIDENCE]
            return Finding(bool(held), 0.9, why, shown or waited or whole_call(call, "hold", why))
        if self.part == "asked":
            unasked = [w for w, a in held if a is None]
            why = say(call.language, f"{len(unasked)}次等待未告知", f"{len(unasked)} waits unannounced")
            shown = tuple(sentence_evidence(call, a, "hold", why) for _, a in held if a)
            missing = tuple(stretch_evidence(call, w.start, w.end, "hold", why) for w in unasked)
            evidence = (missing or shown)[:MOST_EVIDENCE] or whole_call(call, "hold", why)
            return Finding(not unasked, 0.85, why, evidence)
        back = [self._first_after(call, w.end) for w, _ in held]
        polite = [b for b in back if b and max(b.labels.get(x, 0.0) for x in self.return_labels) >= 0.5]
        why = say(
            call.language,
            f"{len(held)}次等待后致谢{len(polite)}次",
            f"thanked after {len(polite)} of {len(held)} waits",
        )
        shown = tuple(
            sentence_evidence(call, b, "hold", why) if b else stretch_evidence(call, w.start, w.end, "hold", why)
            for (w, _), b in zip(held, back, strict=True)
        )
        return Finding(len(polite) == len(held), 0.85, why, shown[:MOST_EVIDENCE] or whole_call(call, "hold", why))

    def _first_after(self, call: Call, end: float) -> Signal | None:
        """The agent's first polite sentence within the first seconds after the wait, else the first sentence."""
        after = [s for s in call.signals if call.turns[s.turn].role == Role.AGENT and end - 0.5 <= s.start <= end + 8.0]
        polite = [s for s in after if max(s.labels.get(x, 0.0) for x in self.return_labels) >= 0.5]
        return next(iter(polite or after), None)
