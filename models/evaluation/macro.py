"""Macro-F1 of a model and of a floor on the same lines: bootstrap intervals over lines, paired for the difference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.evaluation.rates import DRAWS, SEED, SHARE

AT_ONCE = 100  # draws held in memory together


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its interval over lines drawn again; `low` and `high` are None with a single line."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Compared:
    """Macro-F1 of the model, of the floor on the same lines, and how far it is above that (paired interval)."""

    own: Interval
    floor: Interval | None
    above: Interval | None


def compare(true: np.ndarray | None, own: np.ndarray | None, floor: np.ndarray | None) -> Compared | None:
    """Macro-F1 over the classes that occur. All: (n, classes), bool. None where no class occurs."""
    if true is None or own is None or not true.any():
        return None
    there = true.any(axis=0)
    sides = [own[:, there]] + ([] if floor is None else [floor[:, there]])
    counts = np.concatenate([_counts(true[:, there], side) for side in sides], axis=1)
    values = _macro(np.ones((1, len(true)), np.float32) @ counts, len(sides))[:, 0]
    drawn = _drawn(counts, len(sides)) if len(true) > 1 else None
    intervals = [_interval(v, None if drawn is None else drawn[i]) for i, v in enumerate(values)]
    if floor is None:
        return Compared(intervals[0], None, None)
    above = _interval(values[0] - values[1], None if drawn is None else drawn[0] - drawn[1])
    return Compared(intervals[0], intervals[1], above)


def _counts(true: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Each line's part of 2 x right and of there + found, (n, 2 x classes)."""
    return np.concatenate([2 * (true & found), true.astype(int) + found], axis=1).astype(np.float32)


def _macro(sums: np.ndarray, sides: int) -> np.ndarray:
    """Macro-F1 of summed counts, (sides, draws). A class neither there nor found in a draw is not in its mean."""
    right, both = np.moveaxis(sums.reshape(len(sums), sides, 2, -1), 2, 0)
    f1 = np.divide(right, both, out=np.full(right.shape, np.nan), where=both > 0)
    there = np.maximum((both > 0).sum(axis=2), 1)
    return np.asarray(np.where((both > 0).any(axis=2), np.nansum(f1, axis=2) / there, np.nan).T)


def _drawn(counts: np.ndarray, sides: int) -> np.ndarray:
    """Macro-F1 of each draw of lines with replacement, (sides, draws)."""
    rng, n, found = np.random.default_rng(SEED), len(counts), []
    for at in range(0, DRAWS, AT_ONCE):
        size = min(AT_ONCE, DRAWS - at)
        drawn = rng.integers(n, size=(size, n)) + n * np.arange(size)[:, None]
        times = np.bincount(drawn.ravel(), minlength=size * n).reshape(size, n).astype(np.float32)
        found.append(_macro(times @ counts, sides))
    return np.concatenate(found, axis=1)


def _interval(value: float, drawn: np.ndarray | None) -> Interval:
    if drawn is None:
        return Interval(float(value), None, None)
    low, high = np.nanquantile(drawn, [(1 - SHARE) / 2, (1 + SHARE) / 2])
    return Interval(float(value), float(low), float(high))
