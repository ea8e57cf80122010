"""What a recording's line is like 线路质量, and what on it is somebody's own voice.

`examine` takes the decoded channels and the pieces in which voice was detected. It gives back the pieces without echo
of the other party and without hold music, and tells what it measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.echo import Echo, expected, find_echo
from models.frames import A_SECOND, FLOOR, Frames, frames, spans
from models.music import find_music
from models.voice import EDGE, FAINT, LONGEST, PAUSE, RATE
from scoring.call import Span, Voice

QUIET = -40.0  # dBFS of speech; usual is -30 to -18, below -40 words begin to be lost in 8-bit codecs' noise
_AUDIBLE = 6.0  # dB over the noise
_REACH = 35.0  # dB under a channel's speech; fainter is not part of a word
_LOUD = 15.0  # dB around which a vowel lies under the mean of speech, and above any noise
_NEAR = 0.9  # s from a piece, in which a greeting or an "okay" still belongs to it
_FIRST_WORDS = 3.0  # s; what is longer and was not detected is no speech
_BREAK = 0.3  # s; shorter gaps lie inside a word
_WORD = 0.1  # s of own voice at least: the shortest "嗯" has 120 ms
_NOTHING = 3.0  # dB over the noise at which the detector hears voices in noise
_MUSIC = 0.9  # share of a piece inside hold music that makes it a song


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel's line. level, noise: dBFS of speech (None without) and of its pauses; snr: dB between them.

    clipped: share of speech samples at full scale. dead: no voice of its own on it, at most noise or echo.
    """

    level: float | None
    noise: float
    snr: float | None
    clipped: float
    dead: bool
    echo: Echo | None
    voices: tuple[Voice, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """The channels in order, and hold music on any of them."""

    channels: tuple[Channel, ...]
    music: tuple[Span, ...]

    @property
    def dead(self) -> bool:
        """Whether a channel holds no voice of its own."""
        return any(c.dead for c in self.channels)

    def record(self, offset: Sequence[float] = ()) -> dict[str, Any]:
        """As plain values, for `Measures.details`. offset: what was removed from each channel."""
        constants = [*offset, *[0.0] * len(self.channels)]
        return {
            "channels": [_channel_record(c) | {"dc": dc} for c, dc in zip(self.channels, constants, strict=False)],
            "hold_music": [[round(m.start, 2), round(m.end, 2)] for m in self.music],
        }


def examine(samples: np.ndarray, pieces: Sequence[Sequence[Span]]) -> tuple[tuple[tuple[Span, ...], ...], Line]:
    """A recording's own voices and its line.

    samples: float32 (channels, n) at 16 kHz. pieces: where voice was detected, for each channel.
    Returns the pieces that are the channel's own voice, for each channel, and the line.
    """
    heard = [frames(row) for row in samples]
    noises = [_noise(f, tuple(p)) for f, p in zip(heard, pieces, strict=True)]
    echoes = _echoes(heard, noises)
    channels: list[Channel] = []
    kept: list[tuple[Span, ...]] = []
    music: list[Span] = []
    for c, (row, found) in enumerate(zip(heard, pieces, strict=True)):
        tunes = find_music(row)
        spoken = tuple(p for p in found if _covered(p, tunes) < _MUSIC)
        channel, own = _channel(row, spoken, noises[c], echoes[c], heard[1 - c] if echoes[c] else None)
        channels.append(channel)
        kept.append(own)
        music += tunes
    return tuple(kept), Line(tuple(channels), tuple(_joined(music)))


def _echoes(heard: Sequence[Frames], noises: Sequence[float]) -> list[Echo | None]:
    if len(heard) != 2:
        return [None] * len(heard)
    return [find_echo(heard[c], heard[1 - c], noises[c], noises[1 - c]) for c in (0, 1)]


def _channel(
    row: Frames, pieces: tuple[Span, ...], noise: float, echo: Echo | None, other: Frames | None
) -> tuple[Channel, tuple[Span, ...]]:
    audible = row.level > noise + _AUDIBLE
    inside = row.within(pieces)
    if echo and other:
        audible &= row.level > expected(other, echo, noise) + echo.margin
    level = _speech_level(row.level[inside & audible])
    if level is not None:
        pieces = _grown(pieces, audible & (row.level > max(level - _LOUD, noise + _LOUD)))
    if level is not None:
        audible &= row.level > level - _REACH
    kept = _own(pieces, audible) if echo else pieces
    voices = _voices(row, kept, audible)
    dead = not kept or (level or FLOOR) < noise + _NOTHING or 20 * np.log10(FAINT) > float(row.level.max())
    channel = Channel(
        level=None if dead else level,
        noise=noise,
        snr=None if dead or level is None else level - noise,
        clipped=float(row.full[inside].mean()) if inside.any() else 0.0,
        dead=bool(dead),
        echo=echo,
        voices=voices,
    )
    return channel, kept


def _noise(row: Frames, pieces: tuple[Span, ...]) -> float:
    """Level when nobody speaks, dBFS: the median outside the pieces, or the quietest frames where all is voice."""
    outside = row.level[~row.within(pieces)]
    if outside.size >= 2 * A_SECOND:
        # Music and the other party's echo are outside the pieces too, when the detector is not taken in by them.
        return float(np.percentile(outside, 30))
    return float(np.percentile(row.level, 5)) if row.level.size else FLOOR


def _speech_level(levels: NDArray[np.float32]) -> float | None:
    """Mean power of the frames within 30 dB of the loudest, dBFS: pauses inside speech do not lower it."""
    if levels.size < _WORD * A_SECOND:
        return None
    power = np.power(10, levels / 10)
    return float(10 * np.log10(power[power > np.percentile(power, 99) * 1e-3].mean()))


def _grown(pieces: Sequence[Span], loud: NDArray[np.bool_]) -> tuple[Span, ...]:
    """Pieces lengthened by what is as loud as their speech and close to them: the detector misses some first words."""
    grown = list(pieces)
    for part in (p for p in spans(loud, bridge=_BREAK, least=2 * _WORD) if p.duration <= _FIRST_WORDS):
        for k, piece in enumerate(grown):
            first = max(part.start - EDGE, grown[k - 1].end if k else 0.0)
            last = min(part.end + EDGE, grown[k + 1].start if k + 1 < len(grown) else loud.size / A_SECOND)
            if part.end < piece.start - _NEAR or part.start > piece.end + _NEAR:
                continue
            longer = Span(min(piece.start, first), max(piece.end, last))
            if longer.duration <= LONGEST:
                grown[k] = longer
            break
    return tuple(grown)


def _own(pieces: Sequence[Span], own: NDArray[np.bool_]) -> tuple[Span, ...]:
    """The parts of the pieces in which a party speaks itself, with room around them; cut at what is only echo."""
    kept = []
    for piece in pieces:
        begin, end = round(piece.start * A_SECOND), round(piece.end * A_SECOND)
        mask = own[begin:end]
        # Single frames over the margin are clicks and the echo's own flicker; a syllable fills half of 100 ms.
        dense = np.convolve(mask, np.ones(10), "same") >= 5 if mask.size > 10 else mask
        for part in spans(mask & dense, bridge=PAUSE, least=_WORD):
            start = max(piece.start, begin / A_SECOND + part.start - EDGE)
            kept.append(Span(start, min(piece.end, begin / A_SECOND + part.end + EDGE)))
    return tuple(kept)


def _voices(row: Frames, pieces: Sequence[Span], own: NDArray[np.bool_]) -> tuple[Voice, ...]:
    found = []
    for piece in pieces:
        begin, end = round(piece.start * A_SECOND), round(piece.end * A_SECOND)
        parts = spans(own[begin:end], bridge=_BREAK, least=_WORD / 2)
        # In loud noise the detector hears more than energies show.
        for part in parts or [Span(min(EDGE, piece.duration / 3), max(piece.duration - EDGE, piece.duration / 2))]:
            start, stop = piece.start + part.start, min(piece.start + part.end, row.level.size / A_SECOND)
            level = _speech_level(row.level[round(start * A_SECOND) : round(stop * A_SECOND)])
            found.append(Voice(round(start, 3), round(stop, 3), FLOOR if level is None else round(level, 1)))
    return tuple(found)


def _covered(piece: Span, tunes: Sequence[Span]) -> float:
    shared = sum(max(0.0, min(piece.end, t.end) - max(piece.start, t.start)) for t in tunes)
    return shared / max(piece.duration, 1 / RATE)


def _joined(found: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(found, key=lambda s: s.start):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def _channel_record(c: Channel) -> dict[str, Any]:
    return {
        "level": None if c.level is None else round(c.level, 1),
        "low": c.level is not None and c.level < QUIET,
        "noise": round(c.noise, 1),
        "snr": None if c.snr is None else round(c.snr, 1),
        "clipped": round(c.clipped, 5),
        "dead": c.dead,
        "echo_db": None if c.echo is None else round(c.echo.level, 1),
        "echo_delay": None if c.echo is None else round(c.echo.delay, 2),
    }
