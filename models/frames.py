"""A channel seen in frames of 10 ms: its level, its energy in bands of the telephone's range, how tonal it is.

Everything `models.line` tells is measured on these frames. They are made in blocks: of three hours they keep 15 MB an
hour and channel, whatever the recording's own size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.fft import rfft
from scipy.ndimage import uniform_filter1d

from models.voice import RATE
from scoring.call import Span

STEP = 160  # samples between frames
A_SECOND = RATE // STEP  # frames
FLOOR = -90.0  # dBFS; below lies the rounding of 16-bit samples
FULL = 0.95  # of full scale; 8 kHz clipped at full scale and brought to 16 kHz swings around it
_WINDOW = 512  # samples, 32 ms: a vowel's harmonics stand apart
_BLOCK = 6_000  # frames made at a time
_EDGES = (200, 350, 500, 700, 950, 1250, 1650, 2200, 2850, 3600)  # Hz, about a critical band or two each
_LOWEST = 100.0  # Hz; below lie hum and rumble, no telephone speech
_HELD = 10  # frames; a note outlasts 100 ms, a syllable's pitch glides


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """n frames of a channel, all float32.

    `level`: dBFS, (n,). `bands`: dBFS, (n, 9). `held`: -1..1, (n,): how much of the fine spectrum of 100 ms before is
    still there; notes and tones about 1, speech about 0.4, noise about 0. `full`: share of samples at full scale, (n,).
    """

    level: NDArray[np.float32]
    bands: NDArray[np.float32]
    held: NDArray[np.float32]
    full: NDArray[np.float32]

    def within(self, spans: tuple[Span, ...]) -> NDArray[np.bool_]:
        """Which frames lie in the stretches, (n,)."""
        inside = np.zeros(self.level.size, bool)
        for span in spans:
            inside[round(span.start * A_SECOND) : round(span.end * A_SECOND)] = True
        return inside


def frames(samples: np.ndarray) -> Frames:
    """Frames of a mono signal, float32 (n,) at 16 kHz."""
    count = samples.size // STEP
    made = Frames(*(np.empty(shape, np.float32) for shape in (count, (count, len(_EDGES) - 1), count, count)))
    frequency = np.fft.rfftfreq(_WINDOW, 1 / RATE)
    starts = np.searchsorted(frequency, _EDGES)
    low = int(np.searchsorted(frequency, _LOWEST))
    window = np.hanning(_WINDOW).astype(np.float32)
    scale = 2 / (_WINDOW * float(np.square(window).sum()))
    before = np.zeros((_HELD, int(starts[-1]) - low), np.float32)
    for begin in range(0, count, _BLOCK):
        end = min(count, begin + _BLOCK)
        cut = _cut(samples, begin, end)
        power = np.square(np.abs(rfft(cut * window, axis=1))) * np.float32(scale)
        made.full[begin:end] = (np.abs(samples[begin * STEP : end * STEP].reshape(-1, STEP)) >= FULL).mean(axis=1)
        made.level[begin:end] = _decibel(power[:, low:].sum(axis=1))
        made.bands[begin:end] = _decibel(np.add.reduceat(power, starts, axis=1)[:, :-1])
        fine = _fine(_decibel(power[:, low : starts[-1]]))
        both = np.concatenate([before, fine])
        made.held[begin:end] = (both[:-_HELD] * fine).sum(axis=1)
        before = both[-_HELD:]
    return made


def spans(active: NDArray[np.bool_], *, bridge: float, least: float) -> list[Span]:
    """Stretches of active frames; pauses up to `bridge` s join them, those active for under `least` s are dropped."""
    at = np.flatnonzero(active)
    if not at.size:
        return []
    parts = np.split(at, np.flatnonzero(np.diff(at) > bridge * A_SECOND + 1) + 1)
    return [Span(int(p[0]) / A_SECOND, (int(p[-1]) + 1) / A_SECOND) for p in parts if p.size >= least * A_SECOND]


def _cut(samples: np.ndarray, begin: int, end: int) -> np.ndarray:
    """Windows around the middles of frames begin..end, zeros beyond the recording, (end - begin, _WINDOW)."""
    margin = (_WINDOW - STEP) // 2
    first, last = begin * STEP - margin, end * STEP + margin
    held = samples[max(0, first) : last]
    padded = np.pad(held, (max(0, -first), max(0, last - max(0, first) - held.size)))
    return np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::STEP]


def _decibel(power: np.ndarray) -> np.ndarray:
    return np.asarray(10 * np.log10(np.maximum(power, 10 ** (FLOOR / 10))), np.float32)


def _fine(spectrum: np.ndarray) -> np.ndarray:
    """Log spectra without their envelope, each of length 1: harmonics stay, vowels' and the line's colour goes."""
    fine = spectrum - uniform_filter1d(spectrum, 9, axis=1)
    return np.asarray(fine / np.maximum(np.linalg.norm(fine, axis=1, keepdims=True), 1e-6), np.float32)
