"""Text from calls, file names and settings made harmless for a page: what cannot be seen is taken out."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import TypeVar

from markupsafe import Markup

T = TypeVar("T")

_SPACES = frozenset("\t\n\v\f\r\x85\u2028\u2029")
_JOINERS = frozenset("\u200c\u200d")  # spell words in Persian and Indic scripts, join emoji
_PASSWORD = re.compile(r"(://[^:/@\s]*:)[^@\s]+@")


def plain(value: T) -> T | str:
    """Text without control, direction-override and lone surrogate characters; anything else as it is.

    Overrides (U+202E and kin) could make a reader see another text than the one that was said.
    """
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return value if value.isprintable() else value.translate(_others(value))


def plain_lines(text: str) -> str:
    """The same of a text whose lines and tabs matter."""
    return text if text.isprintable() else text.translate(_others(text, kept="\n\t"))


def _others(text: str, kept: str = "") -> dict[int, str]:
    """What to write for the few characters that are not plainly printed: one look at each, however long the text."""
    return {ord(c): _plain_character(c) for c in set(text) if not c.isprintable() and c not in kept}


def _plain_character(c: str) -> str:
    if c in _SPACES:
        return " "
    category = unicodedata.category(c)
    if category == "Cs":
        return "\ufffd"
    return "" if category in ("Cc", "Cf") and c not in _JOINERS else c


def cut(value: object, limit: int) -> str:
    """Text of at most `limit` characters for display."""
    text = "" if value is None else str(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def clock(seconds: float) -> str:
    """Seconds as mm:ss, or h:mm:ss from an hour on."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60:02d}:{rest % 60:02d}"


def moment(value: datetime, timespec: str = "minutes") -> str:
    """A moment on the clock of this machine, with its distance from UTC: a time of day alone can be misread."""
    text = value.astimezone().isoformat(" ", timespec)
    return f"{text[:-6]} UTC{text[-6:]}"


def percent(part: float, whole: float) -> str:
    """A share as a whole percentage; a dash of nothing."""
    return f"{100 * part / whole:.0f}%" if whole else "—"


def short_hash(value: object) -> str:
    """The first 12 digits of a hexadecimal digest, anything else as it is."""
    text = str(value)
    return re.sub(r"\b([0-9a-f]{12})[0-9a-f]{20,}\b", r"\1", text)


def setting(value: object) -> str:
    """A setting for display, without the password of a database address."""
    return _PASSWORD.sub(r"\1***@", cut(value, 300))
