"""All that a party said in one text, to find what may match an expression without searching each turn."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

from scoring.detectors.needles import Must, digits_at, folded


class Said:
    """The turns of a party, with what each of them reads and was heard as."""

    def __init__(self, turns: Sequence[int], texts: Sequence[Sequence[str]]) -> None:
        self._own = [(i, text) for i in turns for text in texts[i]]
        self._text = folded("\n".join([text for _, text in self._own]))
        self._starts = list(accumulate((len(text) + 1 for _, text in self._own), initial=0))
        self._latin = self._text.encode("ascii", "ignore").decode()  # of Chinese hardly anything is left

    def that_may(self, must: Must) -> Sequence[tuple[int, str]]:
        """Turns and texts of them that hold what a matching text must hold, in order."""
        if not must.strings and not must.digits:
            return self._own
        places = self._places(must.strings) if must.strings else range(len(self._own))
        return [self._own[k] for k in places if not must.digits or self._digits[k] >= must.digits]

    def _places(self, strings: Sequence[str]) -> list[int]:
        """Which of the texts hold one of the strings, by number."""
        text, latin, starts = self._text, self._latin, self._starts
        found = set[int]()
        for string in [s for s in strings if s in (latin if s.isascii() else text)]:
            at = text.find(string)
            while at >= 0:
                k = bisect_right(starts, at)
                found.add(k - 1)
                at = text.find(string, starts[k])
        return sorted(found)

    @cached_property
    def _digits(self) -> list[int]:
        """How many digits each text holds."""
        found = [0] * len(self._starts)
        for start, end in digits_at(self._text):
            found[bisect_right(self._starts, start) - 1] += end - start
        return found
