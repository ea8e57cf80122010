"""Hold music inside a call: sound that holds its notes and does not swell and fall with syllables.

Syllables make speech rise and fall by 5 dB and more at 2 to 8 times a second (Houtgast and Steeneken 1985), in any
language; hold music moves half as much. Drums and songs are missed: calling an agent's words music would be worse.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from models.frames import A_SECOND, Frames, spans
from scoring.call import Span

LEAST = 8.0  # s; shorter tunes are ring tones and signals
_VIEW = 3 * A_SECOND  # frames looked at together
_AUDIBLE = -60.0  # dBFS
_HELD = 0.22  # of the fine spectrum is still there after 100 ms; calm speech has 0.15, music 0.4
_SYLLABLES = 3.0  # dB of movement between 2 and 8 Hz, standard deviation; speech has 4 to 10, music 0.8 to 2
_PAUSES = 0.15  # share of frames 20 dB under the loud ones; speech has 0.2 to 0.8
_BREAK = 3.0  # s without music that a tune may contain: a loop starts again, an announcement is laid over it
_SYLLABIC = butter(2, (2.0, 8.0), "bandpass", fs=A_SECOND, output="sos")


def find_music(heard: Frames) -> tuple[Span, ...]:
    """Stretches of hold music in a channel."""
    playing = np.zeros(heard.level.size, bool)
    for begin in range(0, heard.level.size - _VIEW + 1, A_SECOND):
        view = slice(begin, begin + _VIEW)
        if _is_music(heard.level[view], heard.held[view]):
            playing[view] = True
    return tuple(spans(playing, bridge=_BREAK, least=LEAST))


def _is_music(level: NDArray[np.float32], held: NDArray[np.float32]) -> bool:
    if float(held.mean()) < _HELD:
        return False
    loud = float(np.percentile(level, 95))
    if loud < _AUDIBLE or float((level < loud - 20).mean()) > _PAUSES:
        return False
    return float(sosfiltfilt(_SYLLABIC, np.maximum(level, loud - 40)).std()) < _SYLLABLES
