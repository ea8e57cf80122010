"""What was recognised, as a person would write it: names repaired, numbers in digits, marks where they are missing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from models import numbers_en, numbers_joined
from models.homophones import Homophones
from models.numbers_zh import spoken
from models.punctuation import punctuate
from models.rewriting import Edit, joined, rewrite
from models.vocabulary import Vocabulary
from scoring.call import Word

ROUNDS = 4  # what one step writes another may complete (a comma joins, then splits); two rounds are the rule
SHORT = 3  # letters; a lower-case word so short is more likely the word (it, us) than the name (IT, US)


def write(words: Sequence[Word], language: str, vocabulary: Vocabulary | None = None) -> tuple[Word, ...]:
    """The words of one utterance as they are written. Order, first start and last end stay; so does a second `write`.

    Words that become one number or name are one word; `heard` keeps what was recognised.
    """
    done = tuple(words)
    for _ in range(ROUNDS):
        before = done
        done = _once(done, language, vocabulary)
        if done == before:
            break
    return done


def _once(words: tuple[Word, ...], language: str, vocabulary: Vocabulary | None) -> tuple[Word, ...]:
    names = _names(vocabulary) if vocabulary and vocabulary.entries else None
    if names:
        words = rewrite(words, names.respelled(joined(words), language))
    if language != "zh":
        return rewrite(words, numbers_en.joins(joined(words)))
    if names:
        words = rewrite(words, names.sounds.edits(words))
    text = joined(words)
    words = rewrite(words, spoken(text, names.places(text) if names else ()))
    words = rewrite(words, numbers_joined.joins(joined(words)))
    return punctuate(words)


class _Names:
    """A vocabulary made ready for use."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.sounds = Homophones(vocabulary)
        self._names = {s.casefold(): e.name for e in vocabulary.entries for s in (e.name, *e.aliases)}
        self._by_start: dict[str, list[str]] = {}  # the longest first; one expression of all would be slow
        for spelling in sorted(self._names, key=len, reverse=True):
            self._by_start.setdefault(spelling[:2], []).append(spelling)

    def respelled(self, text: str, language: str) -> list[Edit]:
        """Edits that give names their spelling: iphone -> iPhone, an alias -> its name."""
        edits = []
        for start, end in self.places(text):
            found, name = text[start:end], self._names[text[start:end].casefold()]
            ordinary = language != "zh" and len(found) <= SHORT and found.islower() and name.casefold() == found
            if name != found and not ordinary:
                edits.append(Edit(start, end, name))
        return edits

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where names stand in a text, in any spelling; Latin ones as whole words, as Chinese has no borders."""
        folded, found, reach = text.casefold(), [], 0
        if len(folded) != len(text):  # ß and the like: positions would not agree
            folded = text
        for start in range(len(folded) - 1):
            if start < reach:
                continue
            for spelling in self._by_start.get(folded[start : start + 2], ()):
                end = start + len(spelling)
                if folded.startswith(spelling, start) and not (_glued(folded, start) or _glued(folded, end)):
                    found.append((start, end))
                    reach = end
                    break
        return found


def _glued(text: str, at: int) -> bool:
    """Whether a word in Latin script or a number runs on across a place of a text."""
    return 0 < at < len(text) and text[at - 1 : at + 1].isascii() and text[at - 1 : at + 1].isalnum()


@lru_cache(maxsize=4)
def _names(vocabulary: Vocabulary) -> _Names:
    return _Names(vocabulary)
