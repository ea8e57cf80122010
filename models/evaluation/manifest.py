"""What is known about recordings to evaluate on: `manifest.jsonl`, one JSON object a line.

`audio` (path) is required. `lang` zh, en or null; `text` what is said; `segments` [{role, start, end, text}] who says
what when; `channels` {"0": role, "1": role}; `kind`: hold_music says that nobody speaks, ivr_prompt that a machine
does; `ref_type` how the reference came about; `source`, `licence`, `id`. Unknown keys are passed over.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from scoring.call import Role
from scoring.errors import UsageError

LANGUAGES = ("zh", "en", None)


@dataclass(frozen=True, slots=True)
class TrueTurn:
    """What one party really said; times in seconds. `text` is empty where only who and when are known."""

    role: Role
    start: float
    end: float
    text: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One recording and its truth. `channels`: role on each channel. `text`: of the whole, roles not known."""

    id: str
    group: str
    path: Path
    language: str | None
    text: str | None
    turns: tuple[TrueTurn, ...]
    channels: tuple[Role, ...] | None
    kind: str
    reference: str
    source: str
    licence: str

    @property
    def silent(self) -> bool:
        """Nobody speaks: any word is made up."""
        return self.kind == "hold_music" or self.reference == "no speech"

    @property
    def machine(self) -> bool:
        """Only a menu or an announcement speaks: any agent is a mistake."""
        return self.kind == "ivr_prompt"

    @property
    def draft(self) -> bool:
        """The reference came from a recogniser: an upper bound of errors, and no judge of single words."""
        return "asr" in self.reference.lower()

    @property
    def apart(self) -> bool:
        """Whether two channels are known to hold a party each."""
        return self.channels is not None or bool(self.turns)

    @property
    def worded(self) -> bool:
        """Whether there are words to compare with."""
        return self.language is not None and (bool(self.text) or any(t.text for t in self.turns))

    @property
    def measurable(self) -> bool:
        """Whether anything at all is known to compare with."""
        return self.worded or self.silent or self.machine or bool(self.turns) or self.channels is not None


def read_manifest(path: Path, audio: Path | None = None) -> list[Item]:
    """Items of a manifest. audio: folder the paths start from, by default the manifest's.

    Raises UsageError: no such file or folder, or file:line of what is not as it should be.
    """
    folder = audio or path.parent
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder", remedy="give the folder of the recordings with --audio")
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise UsageError(f"cannot read {path}: {reason}", remedy="give a manifest.jsonl, one JSON a line") from None
    items = [_item(line, folder, f"{path}:{n}") for n, line in enumerate(lines, 1) if line.strip()]
    if not items:
        raise UsageError(
            f"{path} has no lines", remedy='each line is {"audio": "set/file.wav", "lang": "zh", "text": …}'
        )
    return items


def _item(line: str, folder: Path, place: str) -> Item:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise UsageError(f"{place}: not JSON: {error}", remedy="mend or remove the line") from None
    if not isinstance(row, dict) or not isinstance(row.get("audio"), str) or not row["audio"]:
        raise UsageError(f'{place}: not an object with "audio"', remedy='each line is {"audio": "set/file.wav", …}')
    if row.get("lang") not in LANGUAGES:
        raise UsageError(f"{place}: lang {row['lang']!r} is not known", remedy="use zh, en or null")
    if not isinstance(row.get("text") or "", str):
        raise UsageError(f"{place}: text is no text", remedy="give a string, or leave it out")
    audio = PurePosixPath(row["audio"])
    return Item(
        id=str(row.get("id") or audio.stem),
        group=str(audio.parent) if audio.parent.parts else "recordings",
        path=folder / audio,
        language=row.get("lang"),
        text=row.get("text") or None,
        turns=_turns(row.get("segments") or [], place),
        channels=_channels(row.get("channels"), place),
        kind=str(row.get("kind") or ""),
        reference=str(row.get("ref_type") or "not stated"),
        source=str(row.get("source") or "not stated"),
        licence=str(row.get("licence") or "not stated"),
    )


def _turns(segments: Any, place: str) -> tuple[TrueTurn, ...]:
    """Segments in time order; those without role or times tell nothing of a conversation and are left out."""
    try:
        whole = [s for s in segments if all(s.get(key) is not None for key in ("role", "start", "end"))]
        turns = [TrueTurn(Role(s["role"]), float(s["start"]), float(s["end"]), s.get("text") or "") for s in whole]
    except (AttributeError, TypeError, ValueError) as error:
        remedy = 'a segment is {"role": "agent", "start": 0.5, "end": 2.0, "text": "…"}'
        raise UsageError(f"{place}: segments: {error}", remedy=remedy) from None
    return tuple(sorted(turns, key=lambda t: (t.start, t.end)))


def _channels(channels: Any, place: str) -> tuple[Role, ...] | None:
    if channels is None:
        return None
    try:
        return tuple(Role(channels[str(n)]) for n in range(len(channels)))
    except (KeyError, TypeError, ValueError):
        remedy = 'give {"0": "customer", "1": "agent"}'
        raise UsageError(f"{place}: channels {channels!r} are not known", remedy=remedy) from None
