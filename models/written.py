"""What was recognised, as a person would write it: names repaired, numbers in digits, marks where they are missing."""

from __future__ import annotations

import re
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
        self._spelling = {s.casefold(): e.name for e in vocabulary.entries for s in (e.name, *e.aliases)}
        spellings = sorted(self._spelling, key=len, reverse=True)
        # Latin letters and digits only as whole words; a Chinese name has no borders.
        self._any = re.compile(
            "|".join(
                ("" if not s[0].isascii() else r"(?<![A-Za-z0-9])")
                + re.escape(s)
                + ("" if not s[-1].isascii() else r"(?![A-Za-z0-9])")
                for s in spellings
            ),
            re.IGNORECASE,
        )

    def respelled(self, text: str, language: str) -> list[Edit]:
        """Edits that give names their spelling: iphone -> iPhone, an alias -> its name."""
        edits = []
        for m in self._any.finditer(text):
            name = self._spelling.get(m[0].casefold(), m[0])
            ordinary = language != "zh" and len(m[0]) <= SHORT and m[0].islower() and name.casefold() == m[0]
            if name != m[0] and not ordinary:
                edits.append(Edit(*m.span(), name))
        return edits

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where names stand in a text."""
        return [m.span() for m in self._any.finditer(text)]


@lru_cache(maxsize=4)
def _names(vocabulary: Vocabulary) -> _Names:
    return _Names(vocabulary)
