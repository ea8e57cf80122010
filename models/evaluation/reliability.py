"""Whether a confidence of 0.8 means right in 8 of 10: reliability curve and expected calibration error.

Guo et al. 2017, "On calibration of modern neural networks", section 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Words whose confidence lies in low..high: how many, their mean confidence, the share that is right."""

    low: float
    high: float
    words: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """The curve (bins without words left out), its mean gap between said and true by words, and both means."""

    bins: tuple[Bin, ...]
    words: int
    error: float
    confidence: float
    right: float


def reliability(judged: Iterable[tuple[float, bool]]) -> Reliability | None:
    """The curve of (confidence, whether right); None without any."""
    held: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in judged:
        held[min(int(confidence * BINS), BINS - 1)].append((confidence, right))
    bins = [_bin(i, words) for i, words in enumerate(held) if words]
    count = sum(b.words for b in bins)
    if not count:
        return None
    return Reliability(
        bins=tuple(bins),
        words=count,
        error=sum(abs(b.confidence - b.right) * b.words for b in bins) / count,
        confidence=sum(b.confidence * b.words for b in bins) / count,
        right=sum(b.right * b.words for b in bins) / count,
    )


def _bin(number: int, words: Sequence[tuple[float, bool]]) -> Bin:
    return Bin(
        low=number / BINS,
        high=(number + 1) / BINS,
        words=len(words),
        confidence=sum(c for c, _ in words) / len(words),
        right=sum(r for _, r in words) / len(words),
    )
