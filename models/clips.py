"""Packing: the pieces of speech of a recording laid side by side in clips of one Whisper window, silence left out.

Whisper computes 30 s whatever it is given; a call channel is two thirds silence. A clip remembers where each piece
came from, so that word times can be told in the recording's time. A clip holds one channel, but for the last of each
channel: those are half empty and share a window.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from models.voice import RATE
from scoring.call import Span

WINDOW = 28.5  # s of a clip at most
GAP = 0.1  # s of silence between pieces; they bring their own edges
CHANGE = 0.5  # s of silence where another channel begins: a word near it must not be given to the other speaker


@dataclass(frozen=True, slots=True)
class Clip:
    """Pieces in order, each of a channel. `starts` are their places inside the clip, in seconds."""

    recording: int
    channels: tuple[int, ...]
    pieces: tuple[Span, ...]
    starts: tuple[float, ...]

    @property
    def duration(self) -> float:
        return self.starts[-1] + self.pieces[-1].duration

    def samples(self, cut: Callable[[int, Span], np.ndarray]) -> np.ndarray:
        """The clip's sound, float32 (n,); `cut` gives that of a channel's span."""
        sound = np.zeros(round(self.duration * RATE) + 1, np.float32)
        for channel, piece, start in zip(self.channels, self.pieces, self.starts, strict=True):
            at = round(start * RATE)
            heard = cut(channel, piece)[: sound.size - at]
            sound[at : at + heard.size] = heard
        return sound

    def piece_at(self, time: float) -> int:
        """Index of the piece a moment of the clip belongs to; a gap belongs half to each side."""
        ends = [start + piece.duration for piece, start in zip(self.pieces, self.starts, strict=True)]
        borders = ((end + start) / 2 for end, start in zip(ends, self.starts[1:], strict=False))
        return next((k for k, border in enumerate(borders) if time < border), len(self.pieces) - 1)

    def to_recording(self, time: float, piece: int) -> float:
        """A moment of the clip in the recording's time, kept inside the piece."""
        span = self.pieces[piece]
        return min(max(span.start + time - self.starts[piece], span.start), span.end)

    def and_then(self, other: Clip) -> Clip:
        """This clip with another of the same recording behind it."""
        shift = self.duration + CHANGE
        starts = (*self.starts, *(start + shift for start in other.starts))
        return Clip(self.recording, self.channels + other.channels, self.pieces + other.pieces, starts)


def pack(recording: int, channels: Sequence[Sequence[Span]]) -> list[Clip]:
    """Clips that hold all pieces of every channel in order."""
    filled = [clips for channel, pieces in enumerate(channels) if (clips := _filled(recording, channel, pieces))]
    shared: list[Clip] = []
    for clip in sorted((clips[-1] for clips in filled), key=lambda c: c.duration):
        if shared and shared[-1].duration + CHANGE + clip.duration <= WINDOW:
            shared[-1] = shared[-1].and_then(clip)
        else:
            shared.append(clip)
    return [clip for clips in filled for clip in clips[:-1]] + shared


def _filled(recording: int, channel: int, pieces: Sequence[Span]) -> list[Clip]:
    clips: list[Clip] = []
    chosen: list[Span] = []
    starts: list[float] = []
    for piece in pieces:
        start = starts[-1] + chosen[-1].duration + GAP if chosen else 0.0
        if chosen and start + piece.duration > WINDOW:
            clips.append(Clip(recording, (channel,) * len(chosen), tuple(chosen), tuple(starts)))
            chosen, starts, start = [], [], 0.0
        chosen.append(piece)
        starts.append(start)
    if chosen:
        clips.append(Clip(recording, (channel,) * len(chosen), tuple(chosen), tuple(starts)))
    return clips
