"""Packing: the pieces of speech of a channel laid side by side in clips of one Whisper window, silence left out.

Whisper computes 30 s whatever it is given; a call channel is two thirds silence. A clip remembers where each piece
came from, so that word times can be told in the recording's time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.voice import RATE
from scoring.call import Span

WINDOW = 28.5  # s of a clip at most
GAP = 0.1  # s of silence between pieces; they bring their own edges


@dataclass(frozen=True, slots=True)
class Clip:
    """Pieces of one channel in order. `starts` are their places inside the clip, in seconds."""

    recording: int
    channel: int
    pieces: tuple[Span, ...]
    starts: tuple[float, ...]

    @property
    def duration(self) -> float:
        return self.starts[-1] + self.pieces[-1].duration

    def samples(self, channel: np.ndarray) -> np.ndarray:
        """The clip's sound, cut from its channel, float32 (n,)."""
        sound = np.zeros(round(self.duration * RATE) + 1, np.float32)
        for piece, start in zip(self.pieces, self.starts, strict=True):
            cut = channel[round(piece.start * RATE) : round(piece.end * RATE)]
            at = round(start * RATE)
            sound[at : at + cut.size] = cut[: sound.size - at]
        return sound

    def piece_at(self, time: float) -> int:
        """Index of the piece a moment of the clip belongs to; the gap belongs half to each side."""
        ends = (start + piece.duration + GAP / 2 for piece, start in zip(self.pieces, self.starts, strict=True))
        return next((k for k, end in enumerate(ends) if time < end), len(self.pieces) - 1)

    def to_recording(self, time: float, piece: int) -> float:
        """A moment of the clip in the recording's time, kept inside the piece."""
        span = self.pieces[piece]
        return min(max(span.start + time - self.starts[piece], span.start), span.end)


def pack(recording: int, channel: int, pieces: Sequence[Span]) -> list[Clip]:
    """Clips that hold all pieces of a channel in order."""
    clips: list[Clip] = []
    chosen: list[Span] = []
    starts: list[float] = []
    reach = 0.0
    for piece in pieces:
        start = reach + GAP if chosen else 0.0
        if chosen and start + piece.duration > WINDOW:
            clips.append(Clip(recording, channel, tuple(chosen), tuple(starts)))
            chosen, starts, start = [], [], 0.0
        chosen.append(piece)
        starts.append(start)
        reach = start + piece.duration
    if chosen:
        clips.append(Clip(recording, channel, tuple(chosen), tuple(starts)))
    return clips
