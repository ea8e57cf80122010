"""A growing buffer for decoded sound: one party a row, without a second copy at the end."""

from __future__ import annotations

import av
import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

_OFFSET = 1e-3  # of full scale, -60 dBFS; a smaller constant is below the noise of any line
_ONE_SOUND = 0.1  # share of the energy in the channels' difference: 1 of two parties, 0.1 with cross-talk at -4 dB


class Buffer:
    """float32 in -1..1, `channels` rows. Reserved memory is not touched, so a forged long header costs nothing."""

    def __init__(self, channels: int, capacity: int, sample_rate: int) -> None:
        self.channels = channels
        self.length = 0
        self._data = np.empty((channels, capacity + sample_rate), np.float32)
        self._energy = 0.0
        self._difference = 0.0

    @property
    def samples(self) -> NDArray[np.float32]:
        """What was added so far, shape (channels, length)."""
        return self._data[:, : self.length]

    @property
    def dual_mono(self) -> bool:
        """Whether two channels carry one sound: a mono call exported as stereo, or picked up by two microphones."""
        return self.channels == 2 and self._difference <= _ONE_SOUND * self._energy

    def extend(self, resampler: av.AudioResampler | None, frame: AudioFrame | None) -> None:
        """Adds what `resampler` makes of `frame`, or with None what it still holds back."""
        for part in resampler.resample(frame) if resampler else ():
            self._append(part.to_ndarray().astype(np.float32, copy=False))

    def _append(self, block: NDArray[np.float32]) -> None:
        end = self.length + block.shape[1]
        if end > self._data.shape[1]:
            larger = np.empty((self.channels, end + end // 2), np.float32)
            larger[:, : self.length] = self.samples
            self._data = larger
        added = self._data[:, self.length : end]
        # Float files may hold NaN, infinity or anything beyond full scale.
        np.clip(np.nan_to_num(block), -1.0, 1.0, out=added)
        self.length = end
        if self.channels == 2:
            self._energy += float(np.square(added, dtype=np.float64).sum())
            self._difference += float(np.square(added[0] - added[1], dtype=np.float64).sum())


def remove_offset(samples: NDArray[np.float32]) -> tuple[float, ...]:
    """Subtracts each channel's constant in place where it has one; what was found. samples: (channels, n)."""
    found = []
    for row in samples:
        offset = float(row.mean(dtype=np.float64)) if row.size else 0.0
        if abs(offset) >= _OFFSET:
            row -= np.float32(offset)
        found.append(round(offset, 5) if abs(offset) >= _OFFSET else 0.0)
    return tuple(found)
