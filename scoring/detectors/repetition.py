"""`repetition`: the same thing said again, such as a question that a customer has to ask twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import ClassVar, Literal

from pydantic import Field, model_validator
from rapidfuzz import fuzz, process

from scoring.call import Call, Role, Signal
from scoring.detectors.base import Finding, Hit, Place, SpokenDetector, role_name, say, sentence_evidence, shown
from scoring.detectors.hearing import CJK, hearing, plain
from scoring.likeness import Ask, pieces
from scoring.strict import Text
from scoring.talk import is_backchannel
from scoring.units import count_units

_QUESTION = re.compile(
    r"[?？]\s*$|(吗|呢|么|没有|是不是|对不对|行不行|能不能|可不可以|怎么|为什么|什么时候|多久|多少|哪)"
    r"|^(what|when|where|why|who|how|can|could|do|does|did|is|are|will|would|should|have|has)\b",
    re.IGNORECASE,
)
# Centred cosine from which one sentence is another said again: an even chance by scoring.steps.FITTED without a label
# and with nothing in common but meaning (7.78 / 10.92).
_MEANT = 0.71


class Repetition(SpokenDetector):
    """Holds when the role says the same thing again, in another turn, `count` times.

    The same is what has `alike` of its wording in common, by sound; with `by: meaning`, also what means the same.
    """

    ABOUT: ClassVar = Text(zh="重复：同一方再次说同样的话", en="the same party says the same thing again")
    EXAMPLE: ClassVar = """
        detect: repetition
        role: customer
        questions: true
        """

    detect: Literal["repetition"] = "repetition"
    role: Role | None = Field(
        Role.AGENT, description="who repeats: agent or customer / 谁重复：agent坐席，customer客户"
    )
    by: tuple[Literal["wording", "meaning"], ...] = Field(
        ("wording",), description="in what it is the same / 按措辞还是按语义"
    )
    alike: float = Field(0.8, gt=0, le=1, description="share of wording in common that counts / 视为重复的相似度")
    unsure: float = Field(0.7, gt=0, le=1, description="share from which it may be a repetition / 视为存疑的相似度")
    questions: bool = Field(False, description="only questions / 只看问句")
    units: int = Field(6, ge=1, description="characters or words of the shortest sentence that counts / 语句最少字数")
    count: int = Field(1, ge=1, description="how many repetitions it takes / 至少重复几次")

    @model_validator(mode="after")
    def _ordered(self) -> Repetition:
        if self.unsure > self.alike:
            raise ValueError(f"unsure ({self.unsure}) must not exceed alike ({self.alike})")
        if self.role is None:
            raise ValueError("a repetition is one party's: give `role: agent` or `role: customer`")
        return self

    def wants(self, call: Call) -> Ask:
        if "meaning" not in self.by:
            return Ask()
        quotes = frozenset(text for _, text in self._candidates(call, self.where.place))
        return Ask(quotes, quotes)

    def look_in(self, call: Call, place: Place) -> Finding:
        found = self.counted(call, place)
        sure = [h for h in found if h.sure]
        who = role_name(call.language, self.role)
        if len(found) >= self.count:
            truth = True if len(sure) >= self.count else None
            first = (sure if truth else found)[0]
            n = len(sure if truth else found)
            may = "" if truth else say(call.language, "可能", "perhaps ")
            why = say(call.language, f"{who}{may}重复{n}次", f"{who} {may}repeated it {n} times")
            shown_hits = [*self._earlier(call, place, first), *(sure if truth else found)]
            return Finding(truth, first.confidence if truth else 0.5, why, shown(shown_hits))
        why = say(call.language, f"{who}没有重复", f"{who} repeated nothing")
        return self.absent(call, place, "repetition", why, 0.8)

    def search(self, call: Call, place: Place) -> Iterable[Hit]:
        """The second and every further time, each with the time it was said before in its words."""
        said = self._candidates(call, place)
        shares = self._shares(call, said)
        found: dict[tuple[float, float], Hit] = {}
        for k, (again, _) in enumerate(said):
            share, j = max(((shares[k][j], -j) for j in range(k) if said[j][0].turn != again.turn), default=(0.0, 0))
            if share >= self.unsure:
                before, _ = said[-j]
                why = say(call.language, f"{before.start:.1f}秒时已说过（{share:.2f}）",
                          f"said at {before.start:.1f} s already ({share:.2f})")  # fmt: skip
                evidence = sentence_evidence(call, again, "repetition", why)
                sure = call.turns[again.turn].confidence
                hit = Hit(evidence, share * sure, again.start, again.end, share >= self.alike, f"{before.start}")
                known = found.get((again.start, again.end))
                if known is None or hit.confidence > known.confidence:
                    found[again.start, again.end] = hit
        return found.values()

    def _earlier(self, call: Call, place: Place, found: Hit) -> list[Hit]:
        first = next((s for s, _ in self._candidates(call, place) if f"{s.start}" == found.what), None)
        if first is None:
            return []
        why = say(call.language, "第一次说", "said first")
        return [Hit(sentence_evidence(call, first, "repetition", why), found.confidence, first.start, first.end)]

    def _candidates(self, call: Call, place: Place) -> list[tuple[Signal, str]]:
        """Sentences and their clauses, of which each may be said again among other words."""
        return [
            (s, text)
            for s in self.sentences(call, place)
            for text in pieces(s.quote)
            if count_units(text) >= self.units
            and not is_backchannel(text)
            and (not self.questions or _QUESTION.search(text.strip()))
        ]

    def _shares(self, call: Call, said: Sequence[tuple[Signal, str]]) -> list[list[float]]:
        """How much of each pair is the same, 0..1."""
        known = hearing(call)
        heard = [known.syllables(w) if CJK.search(w) else tuple(w.split()) for w in (plain(text) for _, text in said)]
        if len(heard) < 2:
            return [[0.0] * len(heard) for _ in heard]
        wording = process.cdist(heard, heard, scorer=fuzz.ratio, score_cutoff=100 * self.unsure)
        shares = [[float(x) / 100 for x in row] for row in wording]
        if "meaning" in self.by:
            for i, (_, a) in enumerate(said):
                row = call.likeness.get(a, {})
                for j, (_, b) in enumerate(said):
                    # Onto the scale of wording, so that one pair of limits serves both.
                    shares[i][j] = min(1.0, max(shares[i][j], row.get(b, 0.0) * self.alike / _MEANT))
        return shares
