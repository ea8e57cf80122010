"""`meaning`: sentences like the samples given, in other words too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from scoring.call import Call, Role, Signal
from scoring.detectors.base import (
    DOUBTFUL_SPEECH,
    Finding,
    Hit,
    Place,
    SpokenDetector,
    hit,
    role_name,
    say,
    sentence_evidence,
    shown,
)
from scoring.detectors.exclusion import Unless, left_out
from scoring.detectors.hearing import hearing
from scoring.likeness import Ask, likest, pieces
from scoring.sounds import overlap
from scoring.steps import FITTED, Clues, own_words
from scoring.strict import Text

_CLEARLY = 0.1  # by which words must be nearer to `unlike`; e5 has true paraphrases apart by more than half of it


class Meaning(SpokenDetector):
    """Holds when at least `count` sentences mean what one of the samples says, with probability `at` or more.

    The probability is that of a step of a script without a label, by likeness in meaning and in sound (scoring.steps).
    Where nobody compared meanings, absence is open: only the samples' own words could be heard. Sentences that match
    one of `unless` are passed over.
    """

    ABOUT: ClassVar = Text(zh="语义：与样例句意思相近", en="sentences that mean what the samples say")
    EXAMPLE: ClassVar = """
        detect: meaning
        like: [我们会派师傅上门维修]
        """

    detect: Literal["meaning"] = "meaning"
    like: tuple[str, ...] = Field(min_length=1, max_length=50, description="sample sentences / 样例句")
    unlike: tuple[str, ...] = Field(
        (), max_length=50, description="sentences near to the samples that do not count / 相近但不算的例句"
    )
    at: float = Field(0.5, gt=0, le=1, description="probability that counts as said / 视为命中的概率")
    unsure: float = Field(0.35, gt=0, le=1, description="probability from which it may have been said / 视为存疑的概率")
    count: int = Field(1, ge=1, description="how many sentences it takes / 至少多少句")
    unless: Unless = None

    @field_validator("like", "unlike")
    @classmethod
    def _spoken(cls, samples: tuple[str, ...]) -> tuple[str, ...]:
        for sample in samples:
            if not 2 <= len(sample) <= 200:
                raise ValueError(f"a sample sentence has 2 to 200 characters, not {len(sample)}")
        return samples

    @model_validator(mode="after")
    def _ordered(self) -> Meaning:
        if self.unsure > self.at:
            raise ValueError(f"unsure ({self.unsure}) must not exceed at ({self.at})")
        return self

    def wants(self, call: Call) -> Ask:
        said = (p for s in self.sentences(call, self.where.place) for p in _said(s.quote, self.role))
        return Ask(frozenset(said), frozenset((*self.like, *self.unlike)))

    def look_in(self, call: Call, place: Place) -> Finding:
        found = sorted(self.counted(call, place), key=lambda h: -h.confidence)
        sure = [h for h in found if h.sure]
        if len(sure) >= self.count:
            why = say(call.language, f"意思相近：{sure[0].what}", f"means: {sure[0].what}")
            return Finding(True, sure[self.count - 1].confidence, why, shown(sure))
        if len(found) >= self.count:
            why = say(call.language, f"可能是这个意思：{found[0].what}", f"may mean: {found[0].what}")
            return Finding(None, max(found[0].confidence, 1 - found[0].confidence), why, shown(found))
        who, where = role_name(call.language, self.role), self.where.describe(call.language)
        if not call.likeness and self.heard(call, place):
            why = say(call.language, "没有做语义比对", "meanings were not compared")
            return Finding(None, 0.5, why, self.absent(call, place, "meaning", why, 0.5).evidence)
        why = say(call.language, f"{who}{where}没有这个意思的话", f"{who} said nothing of the kind {where}")
        best = max((p for p, _, _ in self._weighed(call, place)), default=0.0)
        return self.absent(call, place, "meaning", why, 1 - best)

    def search(self, call: Call, place: Place) -> Iterable[Hit]:
        for p, sample, s in self._weighed(call, place):
            out = left_out(call, s.quote, self.unless) if p >= self.unsure else True
            if not out:
                sure = p >= self.at and call.turns[s.turn].confidence >= DOUBTFUL_SPEECH and out is False
                yield hit(sentence_evidence(call, s, "meaning", f"{sample} {p:.2f}"), p, sure, sample)

    def _weighed(self, call: Call, place: Place) -> list[tuple[float, str, Signal]]:
        """Every sentence with the probability that it means a sample, and which, in time order."""
        notes, key = hearing(call).notes, (self.identity, "weighed", place)
        if key not in notes:
            notes[key] = [(*self._probability(call, s), s) for s in self.sentences(call, place)]
        return notes[key]

    def _probability(self, call: Call, sentence: Signal) -> tuple[float, str]:
        whole = self._weigh(call, sentence.quote)
        own = own_words(sentence.quote)
        if self.role is not Role.AGENT or own == sentence.quote or any(own_words(x) != x for x in self.like):
            return whole
        # What an agent only reports is not said: at most it may be.
        apart = self._weigh(call, own)
        return max(apart, (min(whole[0], (self.unsure + self.at) / 2), whole[1]))

    def _weigh(self, call: Call, words: str) -> tuple[float, str]:
        said = pieces(words)
        likeness = call.likeness
        likes = [(likest(likeness, said, [x]), overlap_of(said, x), x) for x in self.like]
        _, _, nearest = max(likes, key=lambda k: (k[0] if k[0] is not None else -1.0, k[1]))
        meaning = max((m for m, _, _ in likes if m is not None), default=None)
        wording = max(w for _, w, _ in likes)
        rival = max(likest(likeness, said, self.unlike) or 0.0, 0.0) if self.unlike and meaning is not None else None
        p = FITTED["none", meaning is not None].probability(Clues(None, False, meaning, rival, wording, None))
        aloud = max((overlap_of(said, x) for x in self.unlike), default=0.0)
        ahead = rival - meaning if rival is not None and meaning is not None else aloud - wording
        if ahead > _CLEARLY:
            return min(p, 0.99 * self.unsure), nearest
        # As near to what does not count as to a sample: a person should hear it.
        return (min(p, (self.unsure + self.at) / 2) if ahead > 0 else p), nearest


def overlap_of(said: Iterable[str], sample: str) -> float:
    """The greatest share of a sample heard in any of the pieces."""
    return max((overlap(piece, sample) for piece in said), default=0.0)


def _said(quote: str, role: Role | None) -> set[str]:
    texts = {quote, own_words(quote)} if role is Role.AGENT else {quote}
    return {p for text in texts for p in pieces(text) if p}
