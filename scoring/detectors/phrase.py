"""`phrase`: wording, heard exactly, through the recogniser's homophones (by pinyin, tones ignored) or nearly so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import ClassVar, Literal, NamedTuple

from pydantic import Field, field_validator, model_validator

from scoring.call import Call
from scoring.detectors.base import MOST_EVIDENCE, Finding, Hit, Place, SpokenDetector, hit, role_name, say
from scoring.detectors.hearing import hearing, plain
from scoring.detectors.wording import Match, Wording, locate
from scoring.evaluation import Evidence
from scoring.strict import Text

_HOW = {"exact": ("字面一致", "exact"), "pinyin": ("读音一致", "by sound"), "fuzzy": ("相近", "nearly")}  # zh, en
_LEAST_BY_SOUND = 0.8  # of a turn's confidence is left where only the sound agrees


class _Heard(NamedTuple):
    turn: int
    wording: Wording
    match: Match


class Phrase(SpokenDetector):
    """Holds when at least `count` times one of the phrases is heard, in a turn that none of `unless` excuses.

    With `at_least`, so many different ones of `any` must be heard; with `all`, every one of those. A `*` in a phrase
    stands for up to `gap` characters (words, in Latin script).
    """

    ABOUT: ClassVar = Text(
        zh="关键词：任一、全部或至少n个；字面、同音、模糊、通配",
        en="wording: any, all or n of; exact, by sound, fuzzy, wildcard",
    )
    EXAMPLE: ClassVar = """
        detect: phrase
        any: [请*稍等, 请您稍候, bear with me]
        by: [exact, pinyin, fuzzy]
        where: {percent: [0, 80]}
        """

    detect: Literal["phrase"] = "phrase"
    any: tuple[str, ...] = Field((), description="any of these wordings / 任一用语")
    all: tuple[str, ...] = Field((), description="every one of these wordings / 全部用语")
    at_least: int = Field(1, ge=1, description="how many different ones of `any` it takes / 至少几种不同用语")
    unless: tuple[str, ...] = Field(
        (), description="wordings that excuse a turn (quotations, negations) / 同一话轮出现则不计的用语"
    )
    by: tuple[Literal["exact", "pinyin", "fuzzy"], ...] = Field(
        ("exact", "pinyin"), description="how to compare / 比对方式：字面、读音、模糊"
    )
    alike: float = Field(
        0.8, ge=0.6, le=1, description="share of the wording that must be heard, for fuzzy / 模糊比对的最低相似度"
    )
    gap: int = Field(8, ge=0, le=50, description="characters or words a `*` stands for at most / 通配符最多跨越字数")
    count: int = Field(1, ge=1, description="how many hits it takes / 至少命中次数")

    @field_validator("any", "all", "unless")
    @classmethod
    def _spoken(cls, wordings: tuple[str, ...]) -> tuple[str, ...]:
        for wording in wordings:
            if not plain(wording.replace("*", "")):
                raise ValueError(f"{wording!r} has no characters to hear")
        return wordings

    @model_validator(mode="after")
    def _something(self) -> Phrase:
        if not self.any and not self.all:
            raise ValueError("give `any:` or `all:` with the wordings to hear")
        if self.any and self.at_least > len(set(self.any)):
            raise ValueError(f"at_least: {self.at_least} of {len(set(self.any))} wordings can never be heard")
        return self

    def look_in(self, call: Call, place: Place) -> Finding:
        if self.excuse is None and place.coarse:
            # Nothing hangs on the moment: only what will be shown is looked up among the words.
            said = self._heard(call, place)
            enough, maybe = self._enough([h.wording.text for h in said]), False
            confidences = [_confidence(call, h) for h in said]
            evidence = [self._evidence(call, h) for h in said[:MOST_EVIDENCE]] if enough else []
        else:
            hits = self.counted(call, place)
            sure = [h for h in hits if h.sure]
            enough, maybe = self._enough([h.what for h in sure]), self._enough([h.what for h in hits])
            confidences = [h.confidence for h in (sure if enough else hits)]
            evidence = [h.evidence for h in (sure if enough else hits)[:MOST_EVIDENCE]]
        who = role_name(call.language, self.role)
        if enough or maybe:
            why = say(call.language, f"{who}说了{evidence[0].why}", f"{who} said {evidence[0].why}")
            return Finding(enough or None, max(confidences), why, tuple(evidence))
        where = self.where.describe(call.language)
        why = say(call.language, f"{who}{where}没有相关用语", f"{who} used no such wording {where}")
        return self.absent(call, place, "phrase", why, 0.85)

    def search(self, call: Call, place: Place) -> Iterable[Hit]:
        hits = (
            hit(self._evidence(call, h), _confidence(call, h), what=h.wording.text) for h in self._heard(call, place)
        )
        if place.coarse:
            return hits
        return (h for h in hits if place.holds(call, h.start, h.end, h.turn))

    def _enough(self, said: Sequence[str]) -> bool:
        if len(said) < self.count:
            return False
        different = set(said)
        some = not self.any or len(different.intersection(self.any)) >= self.at_least
        return some and different.issuperset(self.all)

    def _heard(self, call: Call, place: Place) -> list[_Heard]:
        """Which wordings are heard in which turns, by turns."""
        known, turns = hearing(call), self.heard(call, place)
        if not turns:
            return []
        joined = known.joined(turns)
        maybe = [w for w in self._wordings if w.may_be_in(joined)]
        if not maybe:
            return []
        excused = [w for w in self._excusing if w.may_be_in(joined)]
        found = []
        for i in turns:
            texts = known.wordings(i)
            here = [
                (w, how)
                for w in maybe
                if (how := next(filter(None, (w.match(known, text) for text in texts)), None)) is not None
            ]
            if not here or next((True for w in excused for text in texts if w.match(known, text)), False):
                continue
            found += [_Heard(i, w, how) for w, how in here]
        return found

    def _evidence(self, call: Call, heard: _Heard) -> Evidence:
        turn, wording = call.turns[heard.turn], heard.wording
        start, end = locate(turn, wording.parts[0], wording.parts[-1] if len(wording.parts) > 1 else None)
        zh, en = _HOW[heard.match.how]
        why = say(call.language, f"“{wording.text}”（{zh}）", f'"{wording.text}" ({en})')
        return Evidence(turn.role, heard.turn, start, end, call.quote(heard.turn), "phrase", why)

    @cached_property
    def _wordings(self) -> tuple[Wording, ...]:
        return tuple(Wording(text, self.by, self.gap, self.alike) for text in dict.fromkeys((*self.any, *self.all)))

    @cached_property
    def _excusing(self) -> tuple[Wording, ...]:
        return tuple(Wording(text, self.by, self.gap, self.alike) for text in self.unless)


def _confidence(call: Call, heard: _Heard) -> float:
    least = {"exact": 1.0, "pinyin": _LEAST_BY_SOUND, "fuzzy": _LEAST_BY_SOUND * heard.match.share}
    return least[heard.match.how] * call.turns[heard.turn].confidence
