"""Moments of a recording as people write them: 75.5, 1:15 or 0:01:15.5."""

from __future__ import annotations

import re

_WRITTEN = re.compile(r"(?:(?:(\d{1,2}):)?(\d{1,3}):)?(\d{1,5}(?:[.,]\d{1,15})?)")


def seconds_of(text: str) -> float | None:
    """The moment in s, or None where this is none."""
    found = _WRITTEN.fullmatch(text.strip().replace("：", ":"))
    if found is None or not found[0].isascii():
        return None
    hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def tenths(seconds: float) -> str:
    """A moment as mm:ss.t, to be read by `seconds_of`."""
    whole = round(max(0.0, seconds) * 10)
    return f"{whole // 600:02d}:{whole % 600 // 10:02d}.{whole % 10}"


def number_of(text: str) -> int | None:
    """The number of a row from an address or a form, or None."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 15 else None
