"""Rows of JSON lines that carry a text: what commands read and what labelled sets hold."""

from __future__ import annotations

import json
from typing import Any

from scoring.errors import UsageError


def text_row(line: str, place: str, shape: str) -> dict[str, Any]:
    """The object of a line. Raises UsageError naming the place, with the shape it should have as the remedy."""
    try:
        row = json.loads(line)
        json.dumps(row, ensure_ascii=False).encode()  # half a surrogate pair is JSON and yet no text
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise UsageError(f'{place}: not a JSON object with "text"', remedy=shape)
    return row
