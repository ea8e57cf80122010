"""The sound of a pack: a clip around each piece of evidence, the whole recording on request; masked words silenced."""

from __future__ import annotations

import shutil
import wave
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from review.desk.playable import to_wav

AROUND = 2.0  # s before and after the evidence: enough to hear what it answers
WHOLE = 0.9  # share of the recording from which evidence is no place in it
_FRAMES = 65_536
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Clip:
    """A stretch of the recording, s, and its file's name in the pack."""

    name: str
    start: float
    end: float


def clips_of(evidence: Iterable[Mapping[str, Any]], seconds: float) -> dict[Span, Clip]:
    """A clip for each stretch of evidence, by its start and end, in order of time; none of what is about the whole."""
    spans = sorted({(e["start"], e["end"]) for e in evidence if _is_a_place(e, seconds)})
    clips = {}
    for number, (start, end) in enumerate(spans, 1):
        name = f"clips/{number:02d}_{_mark(start)}-{_mark(end)}.wav"
        clips[start, end] = Clip(name, max(0.0, start - AROUND), min(seconds, end + AROUND))
    return clips


def _is_a_place(evidence: Mapping[str, Any], seconds: float) -> bool:
    return 0 <= evidence["start"] < seconds and evidence["end"] - evidence["start"] < WHOLE * seconds


def cut(
    recording: Path, clips: Iterable[Clip], silenced: Sequence[tuple[float, float]], folder: Path, *, whole: bool
) -> dict[str, Path]:
    """Files by their names in the pack, made in `folder`. Raises Unplayable.

    Clips are 16-bit WAV at the recording's own rate, its channels apart. The whole recording is the very file that was
    inspected, or a WAV of it where something in it is silenced.
    """
    (folder / "clips").mkdir(parents=True, exist_ok=True)
    sound, made = to_wav(recording, folder / "recording.wav"), {}
    with wave.open(str(sound), "rb") as source:
        rate, length = source.getframerate(), source.getnframes()
        width = source.getnchannels() * source.getsampwidth()
        quiet = [(max(0, int(s * rate)), min(length, int(e * rate) + 1)) for s, e in silenced]
        for clip in clips:
            first, last = int(clip.start * rate), min(length, int(clip.end * rate) + 1)
            made[clip.name] = folder / clip.name
            _copy(source, made[clip.name], first, last, quiet, width)
        if whole and not quiet:
            name = f"recording{recording.suffix.lower()[:8] if recording.suffix[1:].isalnum() else ''}"
            made[name] = shutil.copyfile(recording, folder / f"whole{recording.suffix}")
        elif whole:
            made["recording-silenced.wav"] = folder / "whole.wav"
            _copy(source, folder / "whole.wav", 0, length, quiet, width)
    return made


def _copy(
    source: wave.Wave_read, target: Path, first: int, last: int, quiet: Sequence[tuple[int, int]], width: int
) -> None:
    with wave.open(str(target), "wb") as out:
        out.setparams(source.getparams())
        source.setpos(min(first, source.getnframes()))
        at = first
        while at < last:
            sound = bytearray(source.readframes(min(_FRAMES, last - at)))
            if not sound:
                break
            end = at + len(sound) // width
            for start, stop in quiet:
                low, high = max(start, at), min(stop, end)
                if low < high:
                    sound[(low - at) * width : (high - at) * width] = bytes((high - low) * width)
            out.writeframesraw(bytes(sound))
            at = end


def _mark(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 60:02d}m{whole % 60:02d}s"
