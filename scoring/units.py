"""What pace counts."""

from __future__ import annotations

import re
from itertools import islice

_CJK = re.compile(r"[一-鿿]")
_LATIN = re.compile(r"[A-Za-z]+(?:['’.-][A-Za-z]+)*|\d")
_UNIT = re.compile(f"{_CJK.pattern}|{_LATIN.pattern}")


def count_units(text: str) -> int:
    """Chinese characters, words in Latin script and digits, each said for itself: the trade counts pace in them."""
    return len(_CJK.findall(text)) + len(_LATIN.findall(text))


def has_units(text: str, least: int) -> bool:
    """Whether a text has so many of them; counted no further than that."""
    return sum(1 for _ in islice(_UNIT.finditer(text), least)) >= least
