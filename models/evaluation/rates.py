"""Rates with bootstrap intervals, alone and as differences of two recognisers on the same parts.

Bisani and Ney 2004, "Bootstrap estimates for confidence intervals in ASR performance evaluation": parts (utterances;
turns of a call) are drawn again with replacement, and the rate is that of the summed counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

DRAWS = 2000
SHARE = 0.95  # of the draws lie within an interval
SEED = 20  # fixed: the same counts give the same interval


@dataclass(frozen=True, slots=True)
class Count:
    """How often something happened out of how many times, in one part."""

    hits: int
    total: int


@dataclass(frozen=True, slots=True)
class Rate:
    """hits / total over all parts, with its interval. `low` and `high` are None with a single part."""

    value: float
    low: float | None
    high: float | None
    hits: int
    total: int
    parts: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Own rate less the other's, with its paired interval; negative: fewer errors."""

    value: float
    low: float | None
    high: float | None

    @property
    def verdict(self) -> str:
        """`fewer`, `more`, or `within` where the interval holds nought; `unknown` with a single part."""
        if self.low is None or self.high is None:
            return "unknown"
        return "fewer" if self.high < 0 else "more" if self.low > 0 else "within"


def rate(parts: Sequence[Count]) -> Rate | None:
    """The rate of all parts together, None when they count nothing."""
    counts = np.array([(p.hits, p.total) for p in parts], float).reshape(-1, 2)
    hits, total = counts.sum(axis=0)
    if not total:
        return None
    drawn = _draws(len(parts))
    low = high = None
    if drawn is not None:
        low, high = _interval(_ratios(counts, drawn))
    return Rate(float(hits / total), low, high, int(hits), int(total), len(parts))


def difference(own: Sequence[Count], other: Sequence[Count]) -> Difference | None:
    """Own rate less the other's on the same parts, in the same order; None when either counts nothing."""
    a, b = (np.array([(p.hits, p.total) for p in parts], float).reshape(-1, 2) for parts in (own, other))
    if len(a) != len(b):
        raise ValueError("a paired interval needs the same parts on both sides")
    if not a[:, 1].sum() or not b[:, 1].sum():
        return None
    value = float(a[:, 0].sum() / a[:, 1].sum() - b[:, 0].sum() / b[:, 1].sum())
    drawn = _draws(len(a))
    if drawn is None:
        return Difference(value, None, None)
    return Difference(value, *_interval(_ratios(a, drawn) - _ratios(b, drawn)))


def _draws(parts: int) -> np.ndarray | None:
    """Which parts are drawn, (draws, parts); None where there is nothing to draw from."""
    return np.random.default_rng(SEED).integers(parts, size=(DRAWS, parts)) if parts > 1 else None


def _ratios(counts: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    sums = counts[drawn].sum(axis=1)
    return np.divide(sums[:, 0], sums[:, 1], out=np.full(len(sums), np.nan), where=sums[:, 1] > 0)


def _interval(values: np.ndarray) -> tuple[float, float]:
    low, high = np.nanquantile(values, [(1 - SHARE) / 2, (1 + SHARE) / 2])
    return float(low), float(high)
