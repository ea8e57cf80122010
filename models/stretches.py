"""Stretches: pieces of a window in which one person speaks alone, short enough to hold one voice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from models.segmentation import FIRST, FRAME, Window
from models.voice import RATE

SPEAKS = 0.5  # chance from which a person counts as speaking
LONGEST = 2.5  # s; a voiceprint gains little beyond, and a stretch that spans a change of speakers spoils it
SHORTEST = 0.5  # s; below, a voiceprint tells more of the sounds than of the voice


@dataclass(frozen=True, slots=True)
class Stretch:
    """Frames `first` to `last` (not included) of a person of a window."""

    window: int
    person: int
    first: int
    last: int

    @property
    def seconds(self) -> float:
        return (self.last - self.first) * FRAME / RATE


def cut(windows: list[Window]) -> list[Stretch]:
    """All stretches of the windows, in order."""
    return [
        Stretch(w, person, first, last)
        for w, window in enumerate(windows)
        for person in range(window.chances.shape[1])
        for first, last in _alone(window.chances >= SPEAKS, person)
    ]


def sound(stretch: Stretch, window: Window, samples: np.ndarray) -> np.ndarray:
    """A stretch's samples, cut from the recording."""
    begin = window.begin + FIRST - FRAME // 2
    return samples[begin + stretch.first * FRAME : begin + stretch.last * FRAME]


def _alone(speaks: np.ndarray, person: int) -> Iterator[tuple[int, int]]:
    """Bounds of the runs of frames in which only this person speaks, long ones cut in even pieces."""
    alone = speaks[:, person] & (speaks.sum(axis=1) == 1)
    edges = np.flatnonzero(np.diff(np.r_[0, alone.astype(np.int8), 0]))
    for first, last in edges.reshape(-1, 2).tolist():
        pieces = max(1, round((last - first) * FRAME / RATE / LONGEST))
        bounds = np.linspace(first, last, pieces + 1).round().astype(int).tolist()
        yield from pairwise(bounds)
