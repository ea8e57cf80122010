"""From words to sentences: the units the language models read and evidence quotes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scoring.call import Word
from scoring.measures import count_units

# A title's full stop ends no sentence: "she's Mrs. Lowe from claims".
ENDS = re.compile(r"[。！？!?…]$|(?<![A-Z])(?<!\b(?:Mr|Ms|Dr))(?<!\bMrs)\.$")
PAUSE = 0.8  # s; a pause ends a sentence where punctuation is missing
LONG_PAUSE = 2.0  # s; after this even a hesitation is left to stand alone
FRAGMENT = 6  # characters or words; a shorter start is a hesitation and waits for its sentence
LONGEST = 60  # words or characters; longer stretches are cut at the next comma or pause
_COMMA = re.compile(r"[，,；;]$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A few words with their times."""

    words: tuple[Word, ...]

    @property
    def start(self) -> float:
        return self.words[0].start

    @property
    def end(self) -> float:
        return self.words[-1].end

    @property
    def text(self) -> str:
        return spell(self.words)


def spell(words: Sequence[Word]) -> str:
    """The text of words as a person writes it."""
    return re.sub(r"\s+", " ", "".join(w.text for w in words)).strip()


def confidence(words: Sequence[Word]) -> float:
    """How sure the words are: their mean probability, long words counting more."""
    lengths = [max(1, len(w.text.strip())) for w in words]
    return sum(w.confidence * n for w, n in zip(words, lengths, strict=True)) / sum(lengths) if words else 0.0


def split(words: Sequence[Word]) -> list[Sentence]:
    """Sentences by punctuation, by pause, and by length."""
    sentences: list[Sentence] = []
    current: list[Word] = []
    for i, word in enumerate(words):
        current.append(word)
        text = word.text.strip()
        following = words[i + 1] if i + 1 < len(words) else None
        gap = following.start - word.end if following else 0.0
        rests = gap >= LONG_PAUSE or (gap >= PAUSE and count_units(spell(current)) >= FRAGMENT)
        long = len(current) >= LONGEST // 2 and bool(_COMMA.search(text))
        if following is None or rests or ENDS.search(text) or long or len(current) >= LONGEST:
            sentences.append(Sentence(tuple(current)))
            current = []
    return sentences
