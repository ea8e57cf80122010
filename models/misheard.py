"""Lines as they may come in instead of as they were written: no marks, lower case, misheard characters, slips of keys.

Recognisers leave marks out and write Mandarin characters of the same sound; typists slip. What is learnt from such
lines beside the clean ones holds for both.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from random import Random

from pypinyin import lazy_pinyin

from models.examples import Example
from scoring.sounds import fold

CHANGED = 0.6  # share of lines that come changed at all; the rates below are of these
UNMARKED, LOWERED, SLIPPED = 0.6, 0.5, 0.5
MISHEARD = (0.06, 0.12, 0.2)  # share of characters of a line that become others of their sound; one of these
MISTYPED = (0.01, 0.03, 0.05)  # share of letters swapped with the next, lost or doubled
_MARK = re.compile(r"[^\w\s']|_")
_CJK = re.compile(r"[一-鿿]")


class Misheard:
    """Gives each line anew each time; characters of one sound are as common as in these examples."""

    def __init__(self, examples: Iterable[Example], random: Random) -> None:
        self.random = random
        common = Counter(c for e in examples for c in e.text if _CJK.match(c))
        self._sound = {c: fold(lazy_pinyin(c)[0], False) for c in common}
        self._alike: dict[str, list[str]] = defaultdict(list)
        for char, sound in self._sound.items():
            self._alike[sound].append(char)
        self._common = common

    def __call__(self, example: Example) -> str:
        """The line, as written or changed; never without a word."""
        text, draw = example.text, self.random.random
        if draw() > CHANGED:
            return text
        if draw() < UNMARKED:
            text = " ".join(_MARK.sub("" if example.language == "zh" else " ", text).split())
        if draw() < LOWERED:
            text = text.lower()
        if draw() < SLIPPED:
            text = self._heard(text) if example.language == "zh" else self._typed(text)
        return text if any(map(str.isalnum, text)) else example.text

    def _heard(self, text: str) -> str:
        rate, found = self.random.choice(MISHEARD), []
        for char in text:
            others = [c for c in self._alike[self._sound[char]] if c != char] if char in self._sound else []
            if others and self.random.random() < rate:
                char = self.random.choices(others, [self._common[c] for c in others])[0]
            elif char in self._sound and self.random.random() < rate / 6:
                continue
            found.append(char)
        return "".join(found)

    def _typed(self, text: str) -> str:
        rate, found, i = self.random.choice(MISTYPED), [], 0
        while i < len(text):
            drawn, char = self.random.random(), text[i]
            if drawn < rate / 3 and i + 1 < len(text):
                found += [text[i + 1], char]
                i += 1
            elif drawn < rate and drawn > rate * 2 / 3:
                found += [char, char] if char != " " else []
            elif drawn > rate:
                found.append(char)
            i += 1
        return "".join(found)
