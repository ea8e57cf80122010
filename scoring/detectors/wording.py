"""One wording of a form, made ready to be found: as it stands, by sound, nearly so, or with gaps (请*稍等)."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz import fuzz

from scoring.call import Turn
from scoring.detectors.hearing import CJK, Hearing, plain, sounds
from scoring.detectors.readings import may_sound

How = Literal["exact", "pinyin", "fuzzy"]
SHORTEST_BY_SOUND = 4  # characters; shorter phrases have too many innocent homophones
SHORTEST_NEARLY = {True: 10, False: 4}  # letters of Latin script, else characters: one wrong in three would be noise


@dataclass(frozen=True, slots=True)
class Match:
    """How a wording is heard, and the share of it that is (0..1)."""

    how: How
    share: float = 1.0


_LATIN = re.compile(r"[A-Za-z]")
EXACT, BY_SOUND = Match("exact"), Match("pinyin")


class Wording:
    """A wording with its forms worked out once. gap: the most characters (words, in Latin script) a `*` stands for."""

    def __init__(self, text: str, by: Collection[How], gap: int, alike: float) -> None:
        self.text = text
        self.parts = tuple(p for p in (plain(part) for part in text.split("*")) if p)
        self.wanted = " ".join(self.parts)
        self.latin = not CJK.search(text)
        self._gap = gap
        self._alike = alike
        self._exact = "exact" in by
        self._literal = f" {self.wanted} " if self.latin else "".join(self.parts)
        self._open = self._gapped() if len(self.parts) > 1 else None
        length = len("".join(self.parts))
        self._needles = tuple(sounds(p) for p in self.parts) if not self.latin else ()
        self._by_sound = "pinyin" in by and not self.latin and length >= SHORTEST_BY_SOUND
        self._nearly = "fuzzy" in by and self._open is None and length >= SHORTEST_NEARLY[self.latin]
        self._sounding = (
            may_sound(self._needles[0], not text.isascii() and bool(_LATIN.search(text))) if self._by_sound else None
        )

    def _gapped(self) -> re.Pattern[str]:
        parts = [re.escape(p) for p in self.parts]
        if self.latin:
            between = rf" (?:[^ \n]+ ){{0,{self._gap}}}"
            return re.compile(rf"(?<= ){between.join(parts)}(?= )")
        return re.compile(rf"[^\n]{{0,{self._gap}}}?".join(parts))

    def may_be_in(self, joined: str) -> bool:
        """Whether any turn of a joined text may hold it."""
        if self._nearly or (self._exact and self._stands_in(joined)):
            return True
        return self._sounding is not None and self._sounding.search(joined) is not None

    def match(self, heard: Hearing, said: str) -> Match | None:
        """How it is heard in a plain wording, or None."""
        if self._exact and self._stands_in(f" {said} "):
            return EXACT
        if self._sounding is not None and self._sounding.search(said) and self._sounds_in(heard.syllables(said)):
            return BY_SOUND
        return self._nearly_in(heard, said) if self._nearly else None

    def _stands_in(self, said: str) -> bool:
        return self._literal in said if self._open is None else self._open.search(said) is not None

    def _sounds_in(self, hay: tuple[str, ...]) -> bool:
        """Whether its parts follow one another, each within the gap of the one before."""
        ends = {0}
        for k, needle in enumerate(self._needles):
            span = len(needle)
            reach = range(len(hay) - span + 1)
            begins = (i for i in reach if k == 0 or any(0 <= i - e <= self._gap for e in ends))
            ends = {i + span for i in begins if hay[i : i + span] == needle}
            if not ends:
                return False
        return True

    def _nearly_in(self, heard: Hearing, said: str) -> Match | None:
        # By sound where there is one: a recogniser's homophone is no mistake of the speaker.
        wanted, hay = (self.wanted, said) if self.latin else (self._needles[0], heard.syllables(said))
        if len(hay) < len(wanted) * self._alike:
            return None
        # Cheap and never below the share itself, but for rounding: it may leave out what does not fit.
        if fuzz.partial_ratio(wanted, hay) < 100 * self._alike - 5:
            return None
        share = 1 - _edits(wanted, hay) / len(wanted)
        return Match("fuzzy", share) if share >= self._alike - 1e-9 else None


def _edits(wanted: Sequence[str], hay: Sequence[str]) -> int:
    """The least edits that make `wanted` of some stretch of `hay` (Sellers 1980)."""
    row = list(range(len(wanted) + 1))
    best = row[-1]
    for said in hay:
        before, row[0] = row[0], 0
        for k, want in enumerate(wanted, 1):
            before, row[k] = row[k], min(before + (want != said), row[k] + 1, row[k - 1] + 1)
        best = min(best, row[-1])
    return best


@lru_cache(maxsize=65536)
def _plain_word(text: str) -> str:
    return plain(text).replace(" ", "")


def locate(turn: Turn, wanted: str, last: str | None = None) -> tuple[float, float]:
    """Times of a plain wording inside a turn, from its words; the whole turn where it cannot be told.

    last: the end of the wording, where its middle is open.
    """
    wanted, last = wanted.replace(" ", ""), (last or "").replace(" ", "")
    for heard in (False, True):
        joined, places = "", []
        for word in turn.words:
            piece = _plain_word(word.heard or word.text if heard else word.text)
            places.append((len(joined), len(joined) + len(piece), word))
            joined += piece
        at = joined.find(wanted)
        end = at + len(wanted)
        if at >= 0 and last:
            end = joined.find(last, end) + len(last)
        inside = [w for begin, stop, w in places if begin < end and stop > at]
        if at >= 0 and inside and end > at:
            return inside[0].start, inside[-1].end
    return turn.start, turn.end


def locate_span(turn: Turn, start: int, end: int) -> tuple[float, float]:
    """Times of characters `start` to `end` of a turn's text, the words of which make it up; else the whole turn."""
    at, inside = 0, []
    for word in turn.words:
        if at < end and at + len(word.text) > start:
            inside.append(word)
        at += len(word.text)
    return (inside[0].start, inside[-1].end) if inside and at >= len(turn.text) else (turn.start, turn.end)
