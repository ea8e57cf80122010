"""All that a party said in one text, to find the turns that may match an expression without searching each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

from scoring.detectors.needles import Must, digits_at, folded


class Said:
    """The turns of a party, with what each of them reads and was heard as."""

    def __init__(self, turns: Sequence[int], texts: Sequence[Sequence[str]]) -> None:
        self._turns = turns
        own = ["\n".join(texts[i]) for i in turns]
        self._text = folded("\n".join(own))
        self._latin = self._text.encode("ascii", "ignore").decode()  # of Chinese hardly anything is left
        self._starts = list(accumulate((len(text) + 1 for text in own), initial=0))

    def turns_that_may(self, must: Must) -> Sequence[int]:
        """Turns that hold what a matching text must hold, in order."""
        if not must.strings and not must.digits:
            return self._turns
        places = self._places(must.strings) if must.strings else range(len(self._turns))
        return [self._turns[k] for k in places if not must.digits or self._digits[k] >= must.digits]

    def _places(self, strings: Sequence[str]) -> list[int]:
        """Which of the turns hold one of the strings, by number."""
        text, starts = self._text, self._starts
        found = set[int]()
        for string in [s for s in strings if s in (self._latin if s.isascii() else text)]:
            at = text.find(string)
            while at >= 0:
                k = bisect_right(starts, at)
                found.add(k - 1)
                at = text.find(string, starts[k])
        return sorted(found)

    @cached_property
    def _digits(self) -> list[int]:
        found = [0] * len(self._starts)
        for start, end in digits_at(self._text):
            found[bisect_right(self._starts, start) - 1] += end - start
        return found
