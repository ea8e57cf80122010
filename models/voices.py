"""Two voices from voiceprints: k-means for a start, then expectation and maximisation with what segmentation knows.

Segmentation says which stretches of a window are one person's and which are two people's; voiceprints say which
stretches of the whole recording sound alike. Each is right most of the time, so both are weighed.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from models.stretches import Stretch

STRAYS = 0.1  # chance that segmentation takes a stretch for a person's that is another's
SPLITS = 0.1  # chance that two people of a window are one: segmentation parts a person at a long pause
ROUNDS = 8
LEAST_SPREAD = 0.08  # of voiceprints' leaning; a handful of stretches can look tidier than voices are
FULL = 1.5  # s; voiceprints of shorter stretches spread wider


@dataclass(frozen=True, slots=True, eq=False)
class Parted:
    """`chances` (n,): that a stretch is the second voice's. `alike`: cosine of the two voices, 1 = the same."""

    chances: np.ndarray
    alike: float
    centres: np.ndarray


def part(stretches: list[Stretch], prints: np.ndarray) -> Parted:
    """Part stretches into two voices. prints: of length 1, (n, 192); zeros for stretches too short to have one."""
    seconds = np.array([s.seconds for s in stretches])
    weight = np.where(prints.any(axis=1), np.minimum(seconds, 2 * FULL), 0.0)
    chances = _start(prints, weight)
    for _ in range(ROUNDS):
        leaning = _leaning(prints, weight, chances)
        chances = _agree(stretches, leaning)
    centres = np.stack([_unit((weight * (1 - chances)) @ prints), _unit((weight * chances) @ prints)])
    return Parted(chances, float(centres[0] @ centres[1]), centres)


def _start(prints: np.ndarray, weight: np.ndarray) -> np.ndarray:
    from sklearn.cluster import KMeans

    heard = weight > 0
    found = KMeans(2, n_init=10, random_state=0).fit(prints[heard], sample_weight=weight[heard])
    chances = np.full(len(prints), 0.5)
    chances[heard] = np.where(found.labels_ == 1, 0.95, 0.05)
    return chances


def _leaning(prints: np.ndarray, weight: np.ndarray, chances: np.ndarray) -> np.ndarray:
    """Log-odds (n,) that each stretch is the second voice's by its sound, judged by the other stretches alone.

    Without leaving the stretch itself out any two heaps would look well apart: 192 dimensions hold few stretches.
    """
    first, second = weight * (1 - chances), weight * chances
    own = prints[:, None, :] * np.stack([first, second], axis=1)[:, :, None]
    rest = np.stack([first @ prints, second @ prints])[None] - own
    rest /= np.maximum(np.linalg.norm(rest, axis=2, keepdims=True), 1e-9)
    score = np.einsum("nd,nvd->nv", prints, rest) @ np.array([-1.0, 1.0])
    middles = np.array([np.average(score, weights=w) if w.sum() > 1e-9 else 0.0 for w in (first, second)])
    apart = max(float(middles[1] - middles[0]), 0.0)
    centred = score - middles.mean()
    off = (1 - chances) * (score - middles[0]) ** 2 + chances * (score - middles[1]) ** 2
    spread = max(float(np.average(off, weights=weight)), LEAST_SPREAD**2)
    return apart * centred / spread * np.minimum(weight / FULL, 1.0)


def _agree(stretches: list[Stretch], leaning: np.ndarray) -> np.ndarray:
    """Chances (n,) of the second voice once the stretches of a window are weighed together."""
    chances = np.full(len(stretches), 0.5)
    windows: dict[int, dict[int, list[int]]] = {}
    for i, s in enumerate(stretches):
        windows.setdefault(s.window, {}).setdefault(s.person, []).append(i)
    odds = np.exp(np.clip(leaning, -30, 30))
    likely = np.stack([1 / (1 + odds), odds / (1 + odds)], axis=1)
    mixed = np.stack([likely @ [1 - STRAYS, STRAYS], likely @ [STRAYS, 1 - STRAYS]], axis=1)
    for people in windows.values():
        named = list(people)
        total, second = 0.0, {i: 0.0 for own in people.values() for i in own}
        for voices in product((0, 1), repeat=len(named)):
            belief = SPLITS ** sum(a == b for k, a in enumerate(voices) for b in voices[k + 1 :])
            for person, voice in zip(named, voices, strict=True):
                belief *= float(np.prod(mixed[people[person], voice]))
            total += belief
            for person, voice in zip(named, voices, strict=True):
                for i in people[person]:
                    stray = STRAYS if voice == 0 else 1 - STRAYS
                    second[i] += belief * stray * likely[i, 1] / mixed[i, voice]
        for i, belief in second.items():
            chances[i] = belief / total if total > 0 else 0.5
    return np.clip(chances, 1e-4, 1 - 1e-4)


def _unit(vector: np.ndarray) -> np.ndarray:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9))
