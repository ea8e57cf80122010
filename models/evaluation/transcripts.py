"""Transcripts kept between evaluations: an interrupted one goes on, and scores are computed again without listening.

JSON lines, appended as recordings are heard; each has a key of what made it (audio, side, settings, weights).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from scoring.call import Role, Turn, Word
from scoring.errors import OutputError


class Transcripts:
    """What was heard before, by key. Without a path it is kept in memory only. Raises OutputError."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._kept: dict[str, dict[str, Any]] = {}
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
            text = path.read_text(encoding="utf-8")
            if text and not text.endswith("\n"):  # a killed run left half a line
                path.write_text(text + "\n", encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "not UTF-8 text"
            message = f"cannot keep transcripts in {path}: {reason}"
            raise OutputError(message, remedy="choose another file with --transcripts") from None
        for line in text.splitlines():
            with suppress(ValueError, TypeError, KeyError):
                row = json.loads(line)
                self._kept[row["key"]] = row["heard"]

    def get(self, key: str) -> dict[str, Any] | None:
        return self._kept.get(key)

    def put(self, key: str, heard: dict[str, Any]) -> None:
        """Keep a record. Raises OutputError."""
        self._kept[key] = heard
        if self._path is None:
            return
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"key": key, "heard": heard}, ensure_ascii=False) + "\n")
        except OSError as error:
            message = f"cannot keep transcripts in {self._path}: {error.strerror or error}"
            raise OutputError(message, remedy="choose another file with --transcripts") from None


def address(side: str, sha256: str, made_by: Mapping[str, Any]) -> str:
    """The key of one side's transcript of a recording."""
    text = json.dumps([side, sha256, made_by], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def pack_turns(turns: tuple[Turn, ...]) -> list[Any]:
    """Turns as JSON."""
    return [
        [t.role.value, t.start, t.end, t.text, t.confidence, [[w.start, w.end, w.text, w.confidence] for w in t.words]]
        for t in turns
    ]


def unpack_turns(rows: list[Any]) -> tuple[Turn, ...]:
    """Turns from JSON."""
    return tuple(
        Turn(Role(role), start, end, text, confidence, tuple(Word(*word) for word in words))
        for role, start, end, text, confidence, words in rows
    )
