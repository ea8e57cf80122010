"""Echo and cross-talk 串音: one party's voice heard again, fainter and later, in the other party's channel.

The way from one channel into the other is a delay and a loss for each band. Both are found where the first party
speaks and the other does not: there the energies of both channels rise and fall together, band by band, at one delay.
Energies and not waveforms: codecs of mobile telephones (AMR, EVS) keep only the former.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from models.frames import A_SECOND, FLOOR, Frames

LONGEST = 40  # frames, 400 ms: echo by way of a mobile network and back
LOUDEST, FAINTEST = -3.0, -45.0  # dB; above it is one sound on two channels, below it is nothing to hear
_TOGETHER = 0.45  # correlation of a second of echo; of unrelated seconds the 99.9th percentile is 0.35
_SECONDS = 3  # of echo, at least, before there is one
_ENOUGH = 600  # seconds to look at in a call of hours
_SHARE = 0.3  # of the seconds in which only one party speaks, at least
_SPEECH = 15.0  # dB over the noise
_FADES = 8.0  # dB the echo may be fainter than expected
_SMEAR = 5  # frames a sound may come early or late by: rooms, codecs, a delay between two frames
_MARGIN = (5.0, 10.0)  # dB over the expected echo at which somebody speaks: what echo alone reached, within these


@dataclass(frozen=True, slots=True, eq=False)
class Echo:
    """`delay` in s, `level` in dB against the other channel, `margin` in dB, `loss` dB by band, (9,)."""

    delay: float
    level: float
    margin: float
    loss: NDArray[np.float32]


def find_echo(near: Frames, far: Frames, noise: float, far_noise: float) -> Echo | None:
    """How `far` is heard in `near`, if it is. noise: the channels' levels when nobody speaks, dBFS."""
    loud = far.level > far_noise + _SPEECH
    seconds = _seconds(loud, near.level.size - LONGEST)
    seconds = seconds[_mean(near, seconds) < _mean(far, seconds) + LOUDEST]
    seconds = seconds[:: 1 + seconds.size // _ENOUGH]
    if seconds.size < _SECONDS:
        return None
    x, y = _shape(_smooth(far), seconds), _smooth(near)
    together = np.stack([(x * _shape(y, seconds + lag)).sum(axis=(1, 2)) for lag in range(LONGEST + 1)])
    lag = int(np.square(np.maximum(together, 0)).sum(axis=1).argmax())
    echoed = together[max(0, lag - 1) : lag + 2].max(axis=0) >= _TOGETHER
    # A party who talks all the time over echo leaves few seconds of it; one who is silent leaves nearly all.
    if echoed.sum() < max(_SECONDS, _SHARE * _quiet(near, seconds, noise)):
        return None
    at = (seconds[echoed, None] + np.arange(A_SECOND)).ravel()
    at = at[loud[at] & (near.level[at + lag] > noise + 3)]
    if at.size < A_SECOND // 2:
        return None
    level = float(np.median(near.level[at + lag] - far.level[at]))
    loss = np.median(near.bands[at + lag] - far.bands[at], axis=0)
    if not FAINTEST <= level <= LOUDEST:
        return None
    found = Echo(lag / A_SECOND, level, 0.0, loss)
    level_of_echo = expected(far, found, noise)
    if not _always(near, level_of_echo, noise, np.flatnonzero(loud[: -lag or None]) + lag):
        return None
    excess = near.level[at + lag] - level_of_echo[at + lag]
    margin = float(np.clip(np.percentile(excess, 95) + 1.0, *_MARGIN))
    return Echo(found.delay, level, margin, loss)


def expected(far: Frames, echo: Echo, noise: float) -> NDArray[np.float32]:
    """The level `near` has of echo and noise alone, dBFS (n,)."""
    power = np.power(10, (far.bands + echo.loss) / 10, dtype=np.float32).sum(axis=1)
    lag = round(echo.delay * A_SECOND)
    late = np.concatenate([np.zeros(lag, np.float32), power])[: power.size]
    smeared = maximum_filter1d(late, 2 * _SMEAR + 1)
    return np.asarray(10 * np.log10(smeared + 10 ** (noise / 10)), np.float32)


def _always(near: Frames, level: NDArray[np.float32], noise: float, at: NDArray[np.intp]) -> bool:
    """Whether the echo is there most times the other party speaks; two who happen to speak in step are not an echo."""
    at = at[level[at] > noise + 2 * _FADES]
    return at.size < A_SECOND or float((near.level[at] > level[at] - _FADES).mean()) >= 0.5


def _seconds(loud: NDArray[np.bool_], last: int) -> NDArray[np.intp]:
    """Starts of the seconds, half of one apart, that are mostly speech."""
    starts = np.arange(0, last - A_SECOND, A_SECOND // 2)
    filled = np.concatenate([[0], np.cumsum(loud)])
    return starts[filled[starts + A_SECOND] - filled[starts] >= 0.6 * A_SECOND]


def _smooth(heard: Frames) -> NDArray[np.float32]:
    """Energies by band without the flicker of noise and without what 16 bits round away, (n, 9)."""
    return np.asarray(uniform_filter1d(np.maximum(heard.bands, FLOOR + 10), 3, axis=0))


def _shape(bands: NDArray[np.float32], starts: NDArray[np.intp]) -> NDArray[np.float32]:
    """Seconds of energies without their mean, each of length 1: (seconds, frames, bands)."""
    cut = bands[starts[:, None] + np.arange(A_SECOND)]
    cut = cut - cut.mean(axis=1, keepdims=True)
    return np.asarray(cut / np.maximum(np.linalg.norm(cut, axis=(1, 2), keepdims=True), 1e-3), np.float32)


def _mean(heard: Frames, seconds: NDArray[np.intp]) -> NDArray[np.float32]:
    return heard.level[seconds[:, None] + np.arange(A_SECOND)].mean(axis=1)


def _quiet(near: Frames, seconds: NDArray[np.intp], noise: float) -> int:
    """Seconds in which something is heard in the near channel."""
    return int((_mean(near, seconds + LONGEST // 2) > noise + 3).sum())
