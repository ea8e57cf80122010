"""`phrase`: wording, heard exactly or through the recogniser's homophones (by pinyin, tones ignored)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from pydantic import Field
from pypinyin import Style, lazy_pinyin

from scoring.call import Call, Turn
from scoring.detectors.base import MOST_EVIDENCE, Finding, SpokenDetector, role_name, say
from scoring.evaluation import Evidence

_PLAIN = re.compile(r"[^\w]|_")
_CJK = re.compile(r"[一-鿿]")
_SHORTEST_BY_SOUND = 4  # characters; shorter phrases have too many innocent homophones
_HOW = {"exact": ("字面一致", "exact"), "pinyin": ("读音一致", "by sound")}  # zh, en


@lru_cache(maxsize=65536)
def sounds(text: str) -> tuple[str, ...]:
    """Syllables of a Chinese text without tones; other scripts stay as they are."""
    return tuple(lazy_pinyin(text, style=Style.NORMAL))


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Lower case without punctuation; words of Latin script stay apart by one space."""
    return " ".join(_PLAIN.sub(" ", text.lower()).split()) if not _CJK.search(text) else _PLAIN.sub("", text.lower())


class Phrase(SpokenDetector):
    """Holds when at least `count` of the `any` phrases are heard and none of `except` covers the place."""

    detect: Literal["phrase"] = "phrase"
    any: tuple[str, ...] = Field(min_length=1, description="any of these wordings")
    unless: tuple[str, ...] = Field((), description="wordings that excuse a turn (quotations, negations)")
    by: tuple[Literal["exact", "pinyin"], ...] = Field(("exact", "pinyin"), description="how to compare")
    count: int = Field(1, ge=1, description="how many hits it takes")

    def find(self, call: Call) -> Finding:
        doubt = self.unheard(call, "phrase")
        if doubt:
            return doubt
        hits: list[tuple[Evidence, float]] = []
        for i in self.heard(call):
            turn = call.turns[i]
            # A form may spell 二十四小时 where the transcript now has 24小时: what was heard counts as well.
            texts = [turn.text] if turn.heard is None else [turn.text, turn.heard]
            if any(self._match(other, text) for other in self.unless for text in texts):
                continue
            for phrase in self.any:
                how = next(filter(None, (self._match(phrase, text) for text in texts)), None)
                if how:
                    start, end = locate(turn, phrase)
                    zh, en = _HOW[how]
                    why = say(call.language, f"“{phrase}”（{zh}）", f'"{phrase}" ({en})')
                    hit = Evidence(turn.role, i, start, end, call.quote(i), "phrase", why)
                    hits.append((hit, turn.confidence if how == "exact" else 0.8 * turn.confidence))
        who, place = role_name(call.language, self.role), self.where.describe(call.language)
        if len(hits) >= self.count:
            why = say(call.language, f"{who}说了{hits[0][0].why}", f"{who} said {hits[0][0].why}")
            return Finding(True, max(c for _, c in hits), why, tuple(e for e, _ in hits[:MOST_EVIDENCE]))
        why = say(call.language, f"{who}{place}没有相关用语", f"{who} used no such wording {place}")
        return self.missing(call, "phrase", why, 0.85)

    def _match(self, phrase: str, text: str) -> str | None:
        """How a phrase is heard in a text: exact, pinyin, or None."""
        wanted, said = plain(phrase), plain(text)
        latin = not _CJK.search(wanted)
        if "exact" in self.by and ((f" {wanted} " in f" {said} ") if latin else (wanted in said)):
            return "exact"
        if "pinyin" in self.by and not latin and len(wanted) >= _SHORTEST_BY_SOUND:
            needle, hay = sounds(wanted), sounds(said)
            span = len(needle)
            if any(hay[k : k + span] == needle for k in range(len(hay) - span + 1)):
                return "pinyin"
        return None


def locate(turn: Turn, phrase: str) -> tuple[float, float]:
    """Times of a phrase inside a turn, from its words; the whole turn where it cannot be told."""
    wanted = plain(phrase).replace(" ", "")
    for heard in (False, True):
        joined, places = "", []
        for word in turn.words:
            piece = plain(word.heard or word.text if heard else word.text).replace(" ", "")
            places.append((len(joined), len(joined) + len(piece), word))
            joined += piece
        at = joined.find(wanted)
        inside = [w for begin, end, w in places if begin < at + len(wanted) and end > at]
        if at >= 0 and inside:
            return inside[0].start, inside[-1].end
    return turn.start, turn.end
