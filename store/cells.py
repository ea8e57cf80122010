"""What may stand in a spreadsheet's cell. Names, tickets and speech come from strangers: none may become a formula.

Rule and characters: OWASP, CSV Injection; with the full-width forms that East Asian input methods write.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

# XML 1.0, production 2: these cannot be written in any form.
_UNWRITABLE = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
# Marks, embeddings, overrides and isolates of direction (UAX #9, table 4): they show another text than is there.
_TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_ILLEGAL = re.compile(f"[{_UNWRITABLE}{_TURNING}]")

Value = str | int | float | bool | datetime | None


def clean(text: str) -> str:
    """The text without characters that no spreadsheet can hold, and those that turn the direction of others."""
    return _ILLEGAL.sub("", text)


def is_formula_like(text: str) -> bool:
    """Whether some spreadsheet would calculate this: = + - @, or a look-alike, as the first visible character."""
    if text[:1] in ("\t", "\r"):
        return True
    for char in text:
        if unicodedata.category(char)[0] in "ZC":  # spaces, controls, byte order marks, zero-width characters
            continue
        return unicodedata.normalize("NFKC", char)[0] in "=+-@"
    return False


def csv_cell(value: Value) -> Value:
    """The value as a CSV file may hold it: dangerous text behind an apostrophe, true and false in small letters."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return value
    text = clean(value)
    return f"'{text}" if is_formula_like(text) else text
