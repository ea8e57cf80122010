"""How alike two wordings sound: what a recogniser writes with other characters of the same sound stays the same."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from pypinyin import Style, lazy_pinyin

_PIECE = re.compile(r"[一-鿿]+|(?:(?![一-鿿])[^\W\d_])+(?:['’][a-z]+)*|\d")
_CJK = re.compile(r"[一-鿿]")
_LATIN = re.compile(r"[a-z]")
_FOLDS = (
    (re.compile(r"^([zcs])h"), r"\1"),
    (re.compile(r"^n"), "l"),
    (re.compile(r"(in|en|an)g(?=\d|$)"), r"\1"),
)
_F_AS_H = {"fa": "hua", "fan": "huan", "fei": "hui", "fen": "hun", "fo": "huo", "fu": "hu"}


@lru_cache(maxsize=65536)
def fold(syllable: str, f_h: bool) -> str:
    """A syllable without its tone and the differences speakers drop."""
    sound = syllable.rstrip("12345") if syllable[:1].isalpha() else syllable
    if not _LATIN.match(sound) or len(sound) < 2:
        return sound
    for pattern, kept in _FOLDS:
        sound = pattern.sub(kept, sound)
    return _F_AS_H.get(sound, sound) if f_h else sound


@lru_cache(maxsize=65536)
def syllables(text: str) -> tuple[str, ...]:
    """Syllables of Chinese words without tones and the differences speakers drop; words of other scripts; digits."""
    found: list[str] = []
    for piece in _PIECE.findall(text.lower()):
        if _CJK.match(piece):
            found += (fold(s, False) for s in lazy_pinyin(piece, style=Style.NORMAL))
        else:
            found.append(piece)
    return tuple(found)


@lru_cache(maxsize=65536)
def _parts(text: str) -> frozenset[tuple[str, ...]]:
    """Syllables and their pairs of neighbours: a pair says more than its halves, a split word keeps them."""
    single = syllables(text)
    return frozenset((s,) for s in single) | frozenset(pairwise(single))


def overlap(said: str, wording: str) -> float:
    """How much of a wording is in what was said, by sound, 0..1."""
    wanted = _parts(wording)
    return len(wanted & _parts(said)) / len(wanted) if wanted else 0.0


def contains(said: str, name: str) -> bool:
    """Whether a name is heard in what was said. Latin names may be written in one word or two."""
    wanted, heard = syllables(name), syllables(said)
    if not wanted:
        return False
    if any(heard[k : k + len(wanted)] == wanted for k in range(len(heard) - len(wanted) + 1)):
        return True
    return not _CJK.search(name) and "".join(wanted) in "".join(heard)
