"""What pace counts."""

from __future__ import annotations

import re

_CJK = re.compile(r"[一-鿿]")
_LATIN = re.compile(r"[A-Za-z0-9]+(?:['’.-][A-Za-z0-9]+)*")


def count_units(text: str) -> int:
    """Chinese characters plus words in Latin script: the trade counts pace in either."""
    return len(_CJK.findall(text)) + len(_LATIN.findall(text))
