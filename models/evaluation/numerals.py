"""Spoken numbers to the digits they stand for, in Chinese characters and in English words.

Apart from `models.numerals`, which writes transcripts: a yardstick that shared its code would share its mistakes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

CHINESE = dict(zip("零〇一二三四五六七八九幺两", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2), strict=True))
CHINESE_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
CHINESE_RUN = re.compile(rf"[{''.join(CHINESE)}{''.join(CHINESE_SCALES)}0-9]+")
_PART = re.compile(r"\d+|\D")

_ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_CARDINALS = (
    {w: n for n, w in enumerate(_ONES + _TEENS)} | {w: 20 + 10 * n for n, w in enumerate(_TENS)} | {"fourty": 40}
)
_IRREGULAR = {"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12}
ORDINALS = (
    {w + "th": n for w, n in _CARDINALS.items() if w not in ("one", "two", "three", "five", "eight", "nine", "twelve")}
    | {w[:-1] + "ieth": n for w, n in _CARDINALS.items() if w.endswith("ty")}
    | _IRREGULAR
)
ENGLISH = frozenset(_CARDINALS) | frozenset(_SCALES) | frozenset(ORDINALS)


def chinese_digits(run: str) -> str:
    """A run of numerals as digits: 两千四百九十九 and 2499 alike, 二零一九 2019, 一万二 12000.

    A run that is no number (三四百, 万一) keeps its scales as characters.
    """
    parts = _PART.findall(run)
    value = _chinese_value(parts) if any(p in CHINESE_SCALES for p in parts) else None
    if value is not None:
        return str(value)
    return "".join(str(CHINESE[p]) if p in CHINESE else p for p in parts)


def _chinese_value(parts: Sequence[str]) -> int | None:
    """The number that parts spell, or None when they spell none."""
    total, section, last, waiting, zero = 0, 0, 10**9, None, False
    for part in parts:
        if part in "零〇":
            zero = True
        elif part not in CHINESE_SCALES:
            if waiting is not None:
                return None
            waiting = CHINESE.get(part) if part in CHINESE else int(part)
            if waiting == 0:
                return None
        elif part in "万亿":
            section += waiting or 0
            if not section:
                return None
            total = (total + section) * CHINESE_SCALES[part] if part == "亿" else total + section * 10_000
            section, last, waiting, zero = 0, CHINESE_SCALES[part], None, False
        else:
            scale = CHINESE_SCALES[part]
            if waiting is None and part == "十" and not section:
                waiting = 1
            if waiting is None or waiting > 9 or scale >= last:
                return None
            section += waiting * scale
            last, waiting, zero = scale, None, False
    if waiting is not None:  # 一百三 is 130, 一百零三 is 103
        section += waiting * (last // 10 if 100 <= last < 10**9 and not zero else 1)
    return total + section


def english_digits(words: Sequence[str]) -> list[tuple[str, int]]:
    """Number words and digit strings that follow each other, as (digits, how many words they took), in order.

    "nineteen ninety nine" gives 19 and 99, "one hundred and twenty" 120, "one five one" 1, 5, 1. An ordinal ends in
    "th": "twenty first" gives 21th.
    """
    found: list[tuple[str, int]] = []
    total, current, last, taken = 0, None, 0, 0  # last: size of what the last word named, 1, 10, 100, ...

    def close(ending: str = "") -> None:
        nonlocal total, current, last, taken
        if taken:
            found.append((f"{total + (current or 0)}{ending}", taken))
        total, current, last, taken = 0, None, 0, 0

    for word in words:
        if word in ("and", "a"):  # "hundred and one", "a hundred": the caller gives no other
            if word == "a":
                close()
                current = 1
            taken += 1
            continue
        if word in _SCALES:
            scale = _SCALES[word]
            if last >= scale or (scale == 100 and (current or 0) >= 100):
                close()
            if scale == 100:
                current = (1 if current is None else current) * 100
            else:
                total, current = total + (current or 1) * scale, None
            last, taken = scale, taken + 1
            continue
        ordinal = word in ORDINALS
        value = ORDINALS[word] if ordinal else _CARDINALS[word] if word in _CARDINALS else int(word)
        size = 1 if value < 10 else 10
        fits = last >= 100 or (last == 10 and size == 1 and current is not None and current % 100 >= 20)
        if taken and last and (not fits or value == 0 or word.isdigit()):
            close()
        current = (current or 0) + value
        taken += 1
        # After a teen or a plain digit nothing can be added: 1 says so.
        last = 10 if size == 10 and value >= 20 and value % 10 == 0 and not word.isdigit() else 1
        if ordinal:
            close("th")
    close()
    return found
