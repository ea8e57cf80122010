"""`act`: what a sentence does, by the language models' calibrated probabilities."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from scoring.call import Call
from scoring.detectors.base import (
    DOUBTFUL_SPEECH,
    MOST_EVIDENCE,
    Finding,
    Hit,
    Place,
    SpokenDetector,
    hit,
    role_name,
    say,
    sentence_evidence,
)
from scoring.detectors.exclusion import Unless, left_out
from scoring.detectors.hearing import hearing
from scoring.evaluation import Evidence
from scoring.labels import known_labels, label_names
from scoring.strict import Text


class Act(SpokenDetector):
    """Holds when at least `count` sentences carry one of `labels` with probability `at` or more.

    Below `unsure` the label is taken as absent; in between the answer is left open. Sentences that match one of
    `unless` are passed over.
    """

    ABOUT: ClassVar = Text(zh="语句意图：模型标签的概率", en="what a sentence does, by a model's label")
    EXAMPLE: ClassVar = """
        detect: act
        labels: [apology]
        where: {after: {of: {detect: act, role: customer, labels: [sentiment_negative]}, turns: 3}}
        """

    detect: Literal["act"] = "act"
    labels: tuple[str, ...] = Field(min_length=1, description="any of these labels (models/corpus/GUIDE.md) / 任一标签")
    at: float = Field(0.5, gt=0, le=1, description="probability that counts as said / 视为命中的概率")
    unsure: float = Field(0.35, gt=0, le=1, description="probability from which it may have been said / 视为存疑的概率")
    count: int = Field(1, ge=1, description="how many sentences it takes / 至少多少句")
    units: int = Field(
        1, ge=1, description="characters or words, digits apart, of the shortest sentence that counts / 语句最少字数"
    )

    unless: Unless = None

    @field_validator("labels")
    @classmethod
    def _known(cls, labels: tuple[str, ...]) -> tuple[str, ...]:
        return known_labels(labels)

    @model_validator(mode="after")
    def _ordered(self) -> Act:
        if self.unsure > self.at:
            raise ValueError(f"unsure ({self.unsure}) must not exceed at ({self.at})")
        return self

    def look_in(self, call: Call, place: Place) -> Finding:
        names = label_names(self.labels, call.language)
        carrying = self._carrying(call, place)
        if self.excuse is None:
            # Only what will be shown is made evidence.
            ranked = sorted(carrying, key=lambda r: -r[0])
        else:
            counted = ((h.confidence, h.sure, int(h.what)) for h in self.counted(call, place))
            ranked = sorted(counted, key=lambda r: -r[0])
        sure = [(p, i) for p, certain, i in ranked if certain]
        if len(sure) >= self.count:
            best = sorted(sure[:MOST_EVIDENCE], key=lambda r: call.signals[r[1]].start)
            why = say(call.language, f"识别到 {names}", f"found {names}")
            evidence = tuple(_evidence(call, i, f"{names} {p:.2f}") for p, i in best)
            return Finding(True, sure[self.count - 1][0], why, evidence)
        if len(ranked) >= self.count:
            p, _, i = ranked[0]
            why = say(call.language, f"可能是 {names}，不够确定", f"may be {names}, not sure enough")
            return Finding(None, max(p, 1 - p), why, (_evidence(call, i, f"{names} {p:.2f}"),))
        who, where = role_name(call.language, self.role), self.where.describe(call.language)
        why = say(call.language, f"{who}{where}没有 {names}", f"no {names} by {who} {where}")
        nearest = max((p for p, _, _ in carrying), default=None)
        return self.absent(call, place, "act", why, 1 - (self._below(call, place) if nearest is None else nearest))

    def search(self, call: Call, place: Place) -> Iterable[Hit]:
        names = label_names(self.labels, call.language)
        for p, sure, i in self._carrying(call, place):
            yield hit(_evidence(call, i, f"{names} {p:.2f}"), p, sure, str(i))

    def _carrying(self, call: Call, place: Place) -> list[tuple[float, bool, int]]:
        """Sentences that carry a label or may, with its probability and whether that is sure, in time order."""
        found = []
        for p, i in hearing(call).labelled(self.role, self.labels):
            if p >= self.unsure and self._counts(call, place, i):
                s = call.signals[i]
                out = left_out(call, s.quote, self.unless)
                if not out:
                    sure = p >= self.at and call.turns[s.turn].confidence >= DOUBTFUL_SPEECH and out is False
                    found.append((p, sure, i))
        return found

    def _below(self, call: Call, place: Place) -> float:
        """The greatest probability of a label, below `unsure`, in a sentence that counts; 0 where there is none."""
        below = [(p, i) for p, i in hearing(call).labelled(self.role, self.labels) if p < self.unsure]
        return next((p for p, i in sorted(below, reverse=True) if self._counts(call, place, i)), 0.0)

    def _counts(self, call: Call, place: Place, sentence: int) -> bool:
        """Whether it lies there; what a pause has cut to a few characters, or a bare number, says little for sure."""
        known = hearing(call)
        if not place.where.everywhere:
            s = call.signals[sentence]
            there = s.turn in known.turn_set(self.heard(call, place)) and place.holds(call, s.start, s.end, s.turn)
            if not there:
                return False
        return self.units == 1 or known.has_units(sentence, self.units)


def _evidence(call: Call, sentence: int, why: str) -> Evidence:
    return sentence_evidence(call, call.signals[sentence], "act", why)
