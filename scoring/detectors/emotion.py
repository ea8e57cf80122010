"""`emotion`: how a party feels at the start and at the end, and how that changes over the call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from scoring.call import Call, Role, Signal
from scoring.detectors.base import Finding, Place, SpokenDetector, role_name, say, sentence_evidence, whole_call
from scoring.detectors.limits import Limited
from scoring.strict import Text

_PARTS = {"start": ("开始时情绪", "feeling at the start"), "end": ("结束时情绪", "feeling at the end"),
          "change": ("情绪变化", "change of feeling"), "mean": ("平均情绪", "mean feeling"),
          "lowest": ("最低情绪", "lowest feeling"), "strong": ("情绪强度", "strength of feeling")}  # fmt: skip


class Emotion(SpokenDetector, Limited):
    """Holds when a party's feeling lies within the limits; open within `unsure` of a limit.

    A sentence's feeling is its probability of being positive less that of being negative, -1 to 1. `start` and `end`
    are the mean over the first and last `share` of the party's sentences, `change` is end less start, `strong` the
    greatest probability of strong feeling. Sentences without feeling count as 0, so -0.3 is a clearly unhappy party.
    """

    ABOUT: ClassVar = Text(zh="情绪：开始、结束的情绪与变化", en="feeling at start and end, and its change")
    EXAMPLE: ClassVar = """
        detect: emotion
        role: customer
        part: change
        at_least: 0
        """

    detect: Literal["emotion"] = "emotion"
    role: Role | None = Field(Role.CUSTOMER, description="whose feeling / 谁的情绪")
    part: Literal["start", "end", "change", "mean", "lowest", "strong"] = Field(
        "end", description="level at start or end, change, mean, lowest sentence, or strength / 看哪一项"
    )
    share: float = Field(
        0.33, gt=0, le=0.5, description="share of the sentences that is the start or end / 首尾所占比例"
    )
    sentences_needed: int = Field(
        3, alias="sentences", ge=1, description="how many sentences it takes to judge / 判断所需语句数"
    )
    unsure: float = Field(0.05, ge=0, le=1, description="this near a limit it stays open / 距上下限多近时存疑")

    def look_in(self, call: Call, place: Place) -> Finding:
        said = list(self.sentences(call, place))
        who = role_name(call.language, self.role)
        if len(said) < self.sentences_needed:
            why = say(call.language, f"{who}仅{len(said)}句，不足以判断情绪", f"only {len(said)} sentences by {who}")
            evidence = tuple(sentence_evidence(call, s, "emotion", why) for s in said[:1])
            return Finding(None, 0.5, why, evidence or whole_call(call, "emotion", why))
        value, shown = self._level(said)
        zh, en = _PARTS[self.part]
        why = say(call.language, f"{who}{zh}{value:+.2f}（要求{self.limits_told()}）",
                  f"{en} of {who} {value:+.2f} (limits {self.limits_told()})")  # fmt: skip
        truth = self.within(value - self.unsure, value + self.unsure)
        limits = [limit for limit in (self.at_least, self.at_most) if limit is not None]
        margin = min(abs(value - limit) for limit in limits)
        confidence = 0.5 if truth is None else min(0.95, 0.6 + margin)
        evidence = tuple(sentence_evidence(call, s, "emotion", f"{_feeling(s):+.2f}") for s in shown)
        return Finding(truth, confidence, why, evidence)

    def _level(self, said: Sequence[Signal]) -> tuple[float, list[Signal]]:
        """The value asked for and the sentences that show it."""
        n = max(1, round(len(said) * self.share))
        first, last = said[:n], said[-n:]
        if self.part == "strong":
            top = max(said, key=_strength)
            return _strength(top), [top]
        if self.part == "lowest":
            low = min(said, key=_feeling)
            return _feeling(low), [low]
        if self.part == "change":
            return _mean(last) - _mean(first), [_strongest(first), _strongest(last)]
        part = {"start": first, "end": last}.get(self.part, said)
        return _mean(part), [_strongest(part)]


def _feeling(sentence: Signal) -> float:
    return sentence.labels.get("sentiment_positive", 0.0) - sentence.labels.get("sentiment_negative", 0.0)


def _strength(sentence: Signal) -> float:
    return sentence.labels.get("emotion_strong", 0.0)


def _mean(said: Sequence[Signal]) -> float:
    return sum(map(_feeling, said)) / len(said)


def _strongest(said: Sequence[Signal]) -> Signal:
    return max(said, key=lambda s: abs(_feeling(s)))
