"""Voice activity: where somebody speaks in one channel (Silero VAD, as shipped inside faster-whisper)."""

from __future__ import annotations

import numpy as np

from scoring.call import Span

RATE = 16_000  # Hz
PAUSE = 0.6  # s; shorter pauses stay inside a piece of speech
EDGE = 0.3  # s kept around a piece, so that first and last consonants survive
LONGEST = 26.0  # s; a piece must fit a Whisper window of 30 s with room for its neighbours' gaps
LIKELY = (
    0.25  # speech probability that counts; at the usual 0.5 a quiet "hello" is lost, and models.doubt hears the rest
)
FAINT = 1e-4  # peak below which a channel holds nothing to hear


def find_speech(samples: np.ndarray) -> tuple[Span, ...]:
    """Pieces of speech in a mono signal, float32 (n,) at 16 kHz; times in seconds."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    if samples.size < RATE // 20 or float(np.abs(samples).max()) < FAINT:
        return ()
    options = VadOptions(
        threshold=LIKELY,
        min_speech_duration_ms=120,
        max_speech_duration_s=LONGEST,
        min_silence_duration_ms=int(PAUSE * 1000),
        speech_pad_ms=int(EDGE * 1000),
    )
    found = get_speech_timestamps(level(samples), options)
    return tuple(Span(piece["start"] / RATE, piece["end"] / RATE) for piece in found)


def level(samples: np.ndarray) -> np.ndarray:
    """The signal brought to a usual telephone level; quiet lines lose words otherwise. Silence stays silence."""
    peak = float(np.percentile(np.abs(samples[:: max(1, samples.size // 200_000)]), 99.5))
    gain = min(0.35 / peak, 30.0) if peak > FAINT else 1.0
    if 0.7 < gain < 1.5:
        return samples
    return np.clip(samples * np.float32(gain), -1.0, 1.0)
