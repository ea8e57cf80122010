"""Personal data in what was said, made unreadable 脱敏: numbers (phone, identity card, bank card, order), mail.

Each character is covered by one •, so that times of words and places of quotes still hold. What cannot be told from
ordinary words is left: names, addresses, a number given in pieces over several turns. Masking lowers what a page shows
by the way; it does not make a transcript anonymous.
"""

from __future__ import annotations

import re
from typing import Any

COVER = "•"
LEAST = 7  # digits in a row: dates have at most 4, prices rarely more than 6; a landline has 7
KEPT = 2  # last digits left readable, so that two numbers in one call can be told apart

_DIGITS = "0123456789０１２３４５６７８９零〇一二三四五六七八九幺"
_DIGIT = f"[{_DIGITS}]"
_COVERED = frozenset(_DIGITS + "xXＸｘ")
_NUMBER = re.compile(rf"{_DIGIT}(?:[\s\-–—.,，、。·]{{0,2}}{_DIGIT}){{{LEAST - 1},}}[xXＸｘ]?")
_MAIL = re.compile(r"[^\s@<>\"'，。、；：]{1,64}@[^\s@<>\"'，。、；：]{1,128}\.[A-Za-z]{2,}")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)")  # Chinese mobile numbers, MIIT numbering plan


def mask(text: str) -> str:
    """The text, as long as before, with personal data covered."""
    return _NUMBER.sub(_number, _MAIL.sub(_mail, text) if "@" in text else text)


def passages(text: str) -> list[tuple[int, int]]:
    """Where in the text personal data is: first character and the one behind the last, in order. Each whole, with what
    `mask` leaves of it."""
    mails = [found.span() for found in _MAIL.finditer(text)] if "@" in text else []
    numbers = _NUMBER.finditer(_MAIL.sub(_mail, text) if mails else text)
    return sorted([*mails, *(found.span() for found in numbers)])


def mask_name(name: str) -> str:
    """The name of a file or call with phone numbers covered; dates and serial numbers stay."""
    return _MOBILE.sub(_number, name)


def mask_all(value: Any) -> Any:
    """Every text in a value of JSON masked, but for keys."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, list | tuple):
        return [mask_all(v) for v in value]
    if isinstance(value, dict):
        return {k: mask_all(v) for k, v in value.items()}
    return value


def _number(found: re.Match[str]) -> str:
    text = found[0]
    places = [i for i, c in enumerate(text) if c in _COVERED]
    covered = set(places[:-KEPT])
    return "".join(COVER if i in covered else c for i, c in enumerate(text))


def _mail(found: re.Match[str]) -> str:
    return "".join(COVER if c not in "@." else c for c in found[0])
