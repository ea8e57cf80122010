"""`act`: what a sentence does, by the language models' calibrated probabilities."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from pydantic import Field, field_validator, model_validator

from scoring.call import Call, Signal
from scoring.detectors.base import (
    DOUBTFUL_SPEECH,
    MOST_EVIDENCE,
    Finding,
    SpokenDetector,
    role_name,
    say,
    sentence_evidence,
)
from scoring.labels import known_labels, label_names
from scoring.measures import count_units

_DIGITS = re.compile(r"\d")


class Act(SpokenDetector):
    """Holds when at least `count` sentences carry one of `labels` with probability `at` or more.

    Below `unsure` the label is taken as absent; in between the answer is left open.
    """

    detect: Literal["act"] = "act"
    labels: tuple[str, ...] = Field(min_length=1, description="any of these labels (models/corpus/GUIDE.md)")
    at: float = Field(0.5, gt=0, le=1, description="probability that counts as said")
    unsure: float = Field(0.35, gt=0, le=1, description="probability from which it may have been said")
    count: int = Field(1, ge=1, description="how many sentences it takes")
    units: int = Field(1, ge=1, description="characters or words, digits apart, of the shortest sentence that counts")

    @field_validator("labels")
    @classmethod
    def _known(cls, labels: tuple[str, ...]) -> tuple[str, ...]:
        return known_labels(labels)

    @model_validator(mode="after")
    def _ordered(self) -> Act:
        if self.unsure > self.at:
            raise ValueError(f"unsure ({self.unsure}) must not exceed at ({self.at})")
        return self

    def find(self, call: Call) -> Finding:
        doubt = self.unheard(call, "act")
        if doubt:
            return doubt
        ranked = sorted(((self._probability(s), s) for s in self._long_enough(call)), key=lambda pair: -pair[0])
        hits = [(p, s) for p, s in ranked if p >= self.at]
        sure = [(p, s) for p, s in hits if call.turns[s.turn].confidence >= DOUBTFUL_SPEECH]
        maybe = [(p, s) for p, s in ranked if p >= self.unsure]
        names = label_names(self.labels, call.language)
        if len(sure) >= self.count:
            shown = sorted(sure[:MOST_EVIDENCE], key=lambda pair: pair[1].start)
            evidence = tuple(sentence_evidence(call, s, "act", f"{names} {p:.2f}") for p, s in shown)
            return Finding(
                True, sure[self.count - 1][0], say(call.language, f"识别到 {names}", f"found {names}"), evidence
            )
        if len(maybe) >= self.count:
            p, s = maybe[0]
            why = say(call.language, f"可能是 {names}，不够确定", f"may be {names}, not sure enough")
            return Finding(None, max(p, 1 - p), why, (sentence_evidence(call, s, "act", f"{names} {p:.2f}"),))
        who, place = role_name(call.language, self.role), self.where.describe(call.language)
        best = ranked[0][0] if ranked else 0.0
        why = say(call.language, f"{who}{place}没有 {names}", f"no {names} by {who} {place}")
        return self.missing(call, "act", why, 1 - best)

    def _long_enough(self, call: Call) -> Iterator[Signal]:
        """Sentences worth reading: what a pause has cut to a few characters, or a bare number, says little for sure."""
        return (
            s for s in self.sentences(call) if self.units == 1 or count_units(_DIGITS.sub("", s.quote)) >= self.units
        )

    def _probability(self, signal: Signal) -> float:
        return max(signal.labels.get(label, 0.0) for label in self.labels)
