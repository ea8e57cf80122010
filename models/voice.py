"""Voice activity: where somebody speaks in one channel (Silero VAD, as shipped inside faster-whisper)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scoring.call import Span

RATE = 16_000  # Hz
PAUSE = 0.6  # s; shorter pauses stay inside a piece of speech
EDGE = 0.3  # s kept around a piece, so that first and last consonants survive
LONGEST = 26.0  # s; a piece must fit a Whisper window of 30 s with room for its neighbours' gaps
LIKELY = (
    0.25  # speech probability that counts; at the usual 0.5 a quiet "hello" is lost, and models.doubt hears the rest
)
PORTION = 600  # s looked at together: the detector's own arrays take ten times the memory of the sound
FAINT = 1e-4  # peak below which a channel holds nothing to hear


def find_speech(samples: np.ndarray, gain: float = 1.0) -> tuple[Span, ...]:
    """Pieces of speech in a mono signal, float32 (n,) at 16 kHz, heard at a gain; times in seconds."""
    return tuple(piece for begin, end in _portions(samples) for piece in _in_portion(samples[begin:end], gain, begin))


def _portions(samples: np.ndarray) -> Iterator[tuple[int, int]]:
    """Bounds of portions short enough for the memory, each ending where its last minute is quietest."""
    begin, size, last, step = 0, PORTION * RATE, 60 * RATE, RATE // 2
    while samples.size - begin > size + last:
        tail = samples[begin + size - last : begin + size].reshape(-1, step)
        quietest = int(np.square(tail).sum(axis=1).argmin())
        end = begin + size - last + quietest * step + step // 2
        yield begin, end
        begin = end
    yield begin, samples.size


def _in_portion(samples: np.ndarray, gain: float, offset: int) -> Iterator[Span]:
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    if samples.size < RATE // 20 or float(np.abs(samples).max()) < FAINT:
        return
    options = VadOptions(
        threshold=LIKELY,
        min_speech_duration_ms=120,
        max_speech_duration_s=LONGEST,
        min_silence_duration_ms=int(PAUSE * 1000),
        speech_pad_ms=int(EDGE * 1000),
    )
    for piece in get_speech_timestamps(amplified(samples, gain), options):
        yield Span((piece["start"] + offset) / RATE, (piece["end"] + offset) / RATE)


def usual_gain(samples: np.ndarray) -> float:
    """The gain that brings a signal to a usual telephone level; quiet lines lose words otherwise. Silence: 1."""
    peak = float(np.percentile(np.abs(samples[:: max(1, samples.size // 200_000)]), 99.5)) if samples.size else 0.0
    gain = min(0.35 / peak, 30.0) if peak > FAINT else 1.0
    return 1.0 if 0.7 < gain < 1.5 else gain


def amplified(samples: np.ndarray, gain: float) -> np.ndarray:
    """The signal at a gain, within -1..1."""
    return samples if gain == 1.0 else np.clip(samples * np.float32(gain), -1.0, 1.0)
