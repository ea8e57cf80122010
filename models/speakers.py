"""Who speaks when on a mixed recording: segmentation every ten seconds, voiceprints, and two voices over the call.

A call has two parties, so two voices are looked for first; a voice that falls apart once more, as when a menu or a
second agent speaks besides, is counted as another, and one voice alone is told as one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.segmentation import FIRST, FRAME, WINDOW, Segmenter, Window
from models.stretches import SHORTEST, SPEAKS, Stretch, cut, sound
from models.voice import RATE
from models.voiceprint import Voiceprint
from models.voices import Parted, part
from scoring.call import Span

MOST_VOICES = 4
ALIKE = 0.8  # cosine from which two heaps of voiceprints are one voice
STRANGER = 0.6  # and below which a heap within a voice is somebody else: a call's second voice is given, a third is not
LEAST_HEARD = 3.0  # s; a voice heard for less is not told from a stray sound
LEAST_STRETCHES = 2
SURE = 0.8  # mean chance of the parting below which voices cannot be told apart


@dataclass(frozen=True, slots=True)
class Voiced:
    """A stretch of one voice; stretches of different voices may overlap."""

    start: float
    end: float
    voice: int


@dataclass(frozen=True, slots=True, eq=False)
class Diarization:
    """Voices of a recording, numbered in the order they are first heard. `voices` is 0 where nobody speaks.

    `confidence`: mean chance that a stretch is given to the right voice. `chances`: float32 (frames, voices), that a
    voice speaks, one frame every `FRAME` samples.
    """

    voices: int
    spans: tuple[Voiced, ...]
    confidence: float
    chances: np.ndarray = field(repr=False)

    @property
    def told_apart(self) -> bool:
        """Whether it can be said who of several speaks."""
        return self.voices >= 2 and self.confidence >= SURE

    def during(self, start: float, end: float) -> np.ndarray:
        """Mean chance (voices,) that each voice speaks between two moments."""
        first = min(max(0, int((start * RATE - FIRST) // FRAME)), len(self.chances) - 1)
        last = max(first + 1, min(int((end * RATE - FIRST) // FRAME) + 1, len(self.chances)))
        return np.asarray(self.chances[first:last].mean(axis=0))


class Speakers:
    """Holds both networks. `hashes` name their weights."""

    def __init__(self) -> None:
        """Raises WeightsError."""
        import torch

        # The layers are small: split between threads, they wait for each other longer than they work.
        torch.set_num_threads(1)
        self._segmenter, self._voiceprint = Segmenter(), Voiceprint()
        self.hashes = {"segmentation": self._segmenter.hash, "voiceprint": self._voiceprint.hash}

    def __call__(self, samples: np.ndarray, speech: Sequence[Span]) -> Diarization:
        """Voices of a recording, float32 (n,) at 16 kHz, within its stretches of speech."""
        windows = list(self._segmenter(samples, _begins(speech, samples.size)))
        stretches = cut(windows)
        heard = [s.seconds >= SHORTEST for s in stretches]
        prints = np.zeros((len(stretches), self._voiceprint.width), np.float32)
        chosen = np.flatnonzero(heard)
        # Cut and voiceprinted in portions: copies of hours of speech would fill the memory.
        for at in range(0, len(chosen), 256):
            some = chosen[at : at + 256]
            prints[some] = self._voiceprint([sound(stretches[i], windows[stretches[i].window], samples) for i in some])
        belongs, confidence = tell_apart(stretches, prints)
        chances = _over_time(windows, stretches, belongs, samples.size)
        return _ordered(chances, confidence)


def tell_apart(stretches: list[Stretch], prints: np.ndarray) -> tuple[np.ndarray, float]:
    """Chance (n, voices) that each stretch is each voice's, and how sure the parting is."""
    everyone = np.ones((len(stretches), 1))
    usable = prints.any(axis=1)
    if not stretches:
        return np.ones((0, 0)), 1.0
    if usable.sum() < 2 * LEAST_STRETCHES:
        return everyone, 0.5
    seconds = np.array([s.seconds for s in stretches])
    parted = part(stretches, prints)
    belongs = np.stack([1 - parted.chances, parted.chances], axis=1)
    if parted.alike >= ALIKE or not _both_heard(belongs, seconds * usable):
        return everyone, 1.0
    sure = float(np.average(belongs.max(axis=1), weights=seconds))
    while belongs.shape[1] < MOST_VOICES and (finer := _one_more(stretches, prints, belongs)) is not None:
        belongs = finer
    return belongs, sure


def _one_more(stretches: list[Stretch], prints: np.ndarray, belongs: np.ndarray) -> np.ndarray | None:
    """The parting with one voice more, where a voice is clearly two."""
    for voice in range(belongs.shape[1]):
        own = np.flatnonzero(belongs.argmax(axis=1) == voice)
        usable = prints[own].any(axis=1)
        if usable.sum() < 2 * LEAST_STRETCHES:
            continue
        parted: Parted = part([stretches[i] for i in own], prints[own])
        inside = np.stack([1 - parted.chances, parted.chances], axis=1)
        seconds = np.array([stretches[i].seconds for i in own])
        if parted.alike >= STRANGER or not _both_heard(inside, seconds * usable):
            continue
        if float(np.average(inside.max(axis=1), weights=seconds)) < 0.95:
            continue
        others = [_centre(prints, belongs[:, v]) for v in range(belongs.shape[1]) if v != voice]
        if max(float(c @ o) for c in parted.centres for o in others) >= ALIKE:
            continue  # not a new voice but strays of a known one
        finer = np.concatenate([belongs, np.zeros((len(belongs), 1))], axis=1)
        finer[own, -1] = belongs[own, voice] * inside[:, 1]
        finer[own, voice] = belongs[own, voice] * inside[:, 0]
        return finer
    return None


def _both_heard(belongs: np.ndarray, seconds: np.ndarray) -> bool:
    hard = belongs.argmax(axis=1)
    return all(
        seconds[hard == v].sum() >= LEAST_HEARD and np.count_nonzero(seconds[hard == v]) >= LEAST_STRETCHES
        for v in (0, 1)
    )


def _centre(prints: np.ndarray, weight: np.ndarray) -> np.ndarray:
    total = weight @ prints
    return np.asarray(total / max(float(np.linalg.norm(total)), 1e-9))


def _begins(speech: Sequence[Span], size: int) -> list[int]:
    """First samples of windows side by side that cover all speech; long silence lies between windows."""
    begins: list[int] = []
    for span in sorted(speech, key=lambda s: s.start):
        end = min(round(span.end * RATE), size)
        at = max(begins[-1] + WINDOW if begins else 0, round(span.start * RATE))
        while at < end:
            begins.append(at)
            at += WINDOW
    return begins


def _over_time(windows: list[Window], stretches: list[Stretch], belongs: np.ndarray, size: int) -> np.ndarray:
    """Chance (frames, voices) that each voice speaks, over the whole recording."""
    voices = belongs.shape[1]
    total = np.zeros((max(1, (size - FIRST) // FRAME + 1), voices), np.float32)
    own: dict[tuple[int, int], list[tuple[Stretch, np.ndarray]]] = defaultdict(list)
    for s, b in zip(stretches, belongs, strict=True):
        own[s.window, s.person].append((s, b))
    for w, window in enumerate(windows):
        at = round(window.begin / FRAME)
        rows = total[at : at + len(window.chances)]
        for person in range(window.chances.shape[1]):
            mine = own[w, person]
            if not mine:
                continue
            # Where the person speaks together with another, it is the voice that the person mostly has.
            mostly = np.average([b for _, b in mine], axis=0, weights=[s.seconds for s, _ in mine])
            voice = np.tile(mostly, (len(window.chances), 1))
            for s, b in mine:
                voice[s.first : s.last] = b
            rows += (window.chances[:, person, None] * voice)[: len(rows)]
    return np.minimum(total, 1.0)


def _ordered(chances: np.ndarray, confidence: float) -> Diarization:
    """Voices in the order of their first stretch, with their spans."""
    speaks = chances >= SPEAKS
    begins = [int(s.argmax()) if s.any() else len(s) for s in speaks.T]
    order = [v for v in np.argsort(begins, kind="stable").tolist() if speaks[:, v].any()]
    spans = []
    for voice, v in enumerate(order):
        edges = np.flatnonzero(np.diff(np.r_[0, speaks[:, v].astype(np.int8), 0])).reshape(-1, 2)
        times = (edges * FRAME + FIRST - FRAME // 2) / RATE
        spans += [Voiced(round(a, 3), round(b, 3), voice) for a, b in times.tolist()]
    spans.sort(key=lambda s: (s.start, s.voice))
    return Diarization(len(order), tuple(spans), round(confidence, 4), chances[:, order])
