"""Which characters may be read as a syllable: finds where a wording may be heard before anybody asks how it is read.

pypinyin takes 15 microseconds a character, because it looks at the words around it. A class of characters takes none,
and no reading that pypinyin may choose is outside its dictionaries.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from pypinyin import Style
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
from pypinyin.style import convert

_FIRST, _LAST = 0x4E00, 0x9FFF


@lru_cache(maxsize=1)
def _characters() -> dict[str, str]:
    """Syllable without tone -> all characters that can be read so."""
    found: dict[str, set[str]] = {}
    toneless: dict[str, str] = {}

    def note(character: str, toned: str) -> None:
        if toned not in toneless:
            toneless[toned] = convert(toned, style=Style.NORMAL, strict=True, default=toned)
        found.setdefault(toneless[toned], set()).add(character)

    for code, readings in PINYIN_DICT.items():
        if _FIRST <= code <= _LAST:
            for toned in readings.split(","):
                note(chr(code), toned)
    for word, syllables in PHRASES_DICT.items():
        for character, heard in zip(word, syllables, strict=False):
            for toned in heard:
                note(character, toned)
    return {syllable: "".join(sorted(characters)) for syllable, characters in found.items()}


@lru_cache(maxsize=4096)
def may_sound(syllables: Sequence[str], mixed: bool = False) -> re.Pattern[str]:
    """Matches every run of characters that may be read as these syllables, and some that are not.

    mixed: some of them may be words of Latin script or digits, which are their own reading.
    """
    known = _characters()
    either = "(?:[{}]|{})" if mixed else "[{}]"
    return re.compile("".join(either.format(known[s], re.escape(s)) if s in known else re.escape(s) for s in syllables))
