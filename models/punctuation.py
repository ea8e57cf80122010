"""Marks where Whisper left none: commas at pauses of long stretches, an end where a particle says so.

Words never change, and marks that are there stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from scoring.call import Word

PAUSE = 0.35 - 1e-6  # s; a breath between clauses. Word times come in steps of 20 ms
LONG = 12  # characters without a mark that read badly; a clause of speech has 6 to 10
CLAUSE = 4  # characters at least on either side of a new comma; less is a hesitation
_MARKED = re.compile(r"[，。？！、；：,.?!;:…]\s*$")
_PLAIN = re.compile(r"[^\w]")
_CJK = re.compile(r"[一-鿿]")
_ASKS = re.compile(
    r"吗$|(?:是|对|好|行|可以)吧$|(?:是不是|对不对|好不好|行不行|可不可以|能不能|有没有)$|"
    r"(?:什么|怎么|哪|谁|多少|几|多久|为何|为啥|啥|咋).*呢$"
)
_TELLS = re.compile(r"[吧啦呀嘛哦呗]$|(?:好|好的|是的|对|谢谢|谢谢您|再见|不客气|没关系)$")


def punctuate(words: Sequence[Word]) -> tuple[Word, ...]:
    """Words of one Mandarin utterance with marks added."""
    result = list(words)
    for first, last in _unmarked(words):
        _add_commas(result, first, last)
    if result and not _MARKED.search(result[-1].text):
        mark = _ending("".join(w.text for w in result))
        if mark:
            result[-1] = _with(result[-1], mark)
    return tuple(result)


def _unmarked(words: Sequence[Word]) -> list[tuple[int, int]]:
    """First and last word of every long stretch without a mark."""
    stretches, first = [], 0
    for k, word in enumerate(words):
        if _MARKED.search(word.text) or k == len(words) - 1:
            if _length(words[first : k + 1]) > LONG:
                stretches.append((first, k))
            first = k + 1
    return stretches


def _add_commas(words: list[Word], first: int, last: int) -> None:
    since = 0
    for k in range(first, last):
        since += _length(words[k : k + 1])
        pause = words[k + 1].start - words[k].end >= PAUSE
        between_numbers = words[k].text[-1:].isdigit() and words[k + 1].text.strip()[:1].isdigit()
        latin = not (_CJK.search(words[k].text) or _CJK.search(words[k + 1].text))
        if (
            pause
            and not between_numbers
            and not latin
            and since >= CLAUSE
            and _length(words[k + 1 : last + 1]) >= CLAUSE
        ):
            words[k] = _with(words[k], "，")
            since = 0


def _ending(text: str) -> str:
    """The mark an utterance ends with by its last words; none where it may go on."""
    tail = re.split(r"[，。？！、；：,.?!;:…]", text)[-1].strip()
    if _ASKS.search(tail):
        return "？"
    return "。" if _TELLS.search(tail) else ""


def _length(words: Sequence[Word]) -> int:
    return sum(len(_PLAIN.sub("", w.text)) for w in words)


def _with(word: Word, mark: str) -> Word:
    return replace(word, text=word.text.rstrip() + mark)
