"""Names repaired by their sound: recognised characters that sound like a name of the vocabulary become the name.

Whisper writes Mandarin it does not know as other characters of the same sound (云港 -> 运港). A false repair is worse
than a missed one, because it puts a name into someone's mouth; so the shorter the name, the more it takes:

* four syllables or more: the sounds agree, usual confusions allowed (z/zh, c/ch, s/sh, n/l, -n/-ng)
* three: the sounds agree exactly, tones aside; or with confusions where recognition was unsure
* two: tones agree too and recognition was unsure
* never: a stretch that is a word of pypinyin's dictionary or of the vocabulary, is all numerals, or sounds like two
  names; one of three with a word of grammar (是, 的, 我) that the name has not only where recognition was unsure
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pypinyin import Style, lazy_pinyin, pinyin
from pypinyin.constants import PHRASES_DICT

from models.numerals import SPOKEN
from models.rewriting import Edit, joined
from models.vocabulary import Vocabulary
from scoring.call import Word
from scoring.sounds import fold

UNSURE = 0.5  # mean probability of the words below which they are more likely wrong than right
_GRAMMAR = frozenset("的了是在就这那吗呢吧啊我你他您们不有没要会能和跟给把被也都还很个么什")
_CJK = re.compile(r"[一-鿿]")


@lru_cache(maxsize=16384)
def readings(char: str) -> tuple[str, ...]:
    """Every reading of a character with its tone: 行 -> xing2, hang2 ... Digits and letters stay, in lower case."""
    if char.isdigit() and char.isascii():
        char = "零一二三四五六七八九"[int(char)]
    if not _CJK.fullmatch(char):
        return (char.casefold(),)
    (found,) = pinyin(char, style=Style.TONE3, heteronym=True, neutral_tone_with_five=True)
    return tuple(dict.fromkeys(found))


def toneless(syllable: str) -> str:
    """A syllable without its tone."""
    return syllable.rstrip("12345")


@dataclass(slots=True)
class _Node:
    """Names by their folded sounds, syllable after syllable."""

    next: dict[str, _Node] = field(default_factory=dict)
    names: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)  # name, its syllables with tones


class Homophones:
    """Finds what sounds like the names of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._f_h = vocabulary.confuse_f_h
        self._root = _Node()
        self._known = {e.name for e in vocabulary.entries}
        for entry in vocabulary.entries:
            self._add(entry.name)

    def _add(self, name: str) -> None:
        spoken = re.sub(r"[·.\s()’'/&+-]", "", name)
        if not all(_CJK.fullmatch(c) or c.isascii() for c in spoken) or len(_CJK.findall(spoken)) < 2:
            return
        chinese = iter(lazy_pinyin("".join(_CJK.findall(spoken)), style=Style.TONE3, neutral_tone_with_five=True))
        sounds = tuple(next(chinese) if _CJK.fullmatch(c) else readings(c)[0] for c in spoken)
        node = self._root
        for sound in sounds:
            node = node.next.setdefault(fold(sound, self._f_h), _Node())
        node.names.append((name, sounds))

    def edits(self, words: Sequence[Word]) -> list[Edit]:
        """Repairs of an utterance, the longest first where they overlap."""
        if not self._root.next:
            return []
        text = joined(words)
        sure = [w.confidence for w in words for _ in w.text]
        found = [(s, e, names) for s in range(len(text)) for e, names in self._from(text, s, s, self._root)]
        edits: list[Edit] = []
        for start, end, names in sorted(found, key=lambda f: f[0] - f[1]):
            stretch, confidence = text[start:end], sum(sure[start:end]) / (end - start)
            if any(start < e.end and e.start < end for e in edits):
                continue
            if stretch in self._known:
                edits.append(Edit(start, end, stretch))  # right already: nothing shorter may cut into it
                continue
            fitting = {name for name, sounds in names if _fits(stretch, name, sounds, confidence)}
            if len(fitting) == 1:
                edits.append(Edit(start, end, fitting.pop()))
        return [e for e in edits if e.text != text[e.start : e.end]]

    def _from(
        self, text: str, start: int, at: int, node: _Node
    ) -> Iterator[tuple[int, list[tuple[str, tuple[str, ...]]]]]:
        if node.names:
            yield at, node.names
        if at < len(text):
            for sound in dict.fromkeys(fold(r, self._f_h) for r in readings(text[at])):
                if sound in node.next:
                    yield from self._from(text, start, at + 1, node.next[sound])


def _fits(stretch: str, name: str, sounds: tuple[str, ...], confidence: float) -> bool:
    """Whether a stretch that sounds like a name, confusions allowed, is taken for it."""
    unsure = confidence < UNSURE
    if stretch in PHRASES_DICT or all(c in SPOKEN or c.isdigit() for c in stretch):
        return False
    if len(sounds) == 2:
        return unsure and all(s in readings(c) for c, s in zip(stretch, sounds, strict=True))
    if len(sounds) == 3:
        exact = all(toneless(s) in map(toneless, readings(c)) for c, s in zip(stretch, sounds, strict=True))
        meant = any(c in _GRAMMAR and c not in name for c in stretch)
        return unsure or (exact and not meant)
    return True
