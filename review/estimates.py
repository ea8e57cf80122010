"""Means, shares and correlations from sums, each with n and a 95 % interval: nobody should read noise as news.

Means: Student's t. Shares: Wilson (scoring.agreement). Correlations: Pearson's r, interval by Fisher's z (R. A. Fisher,
On the probable error of a coefficient of correlation, Metron 1, 1921).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atanh, sqrt, tanh

from review.figures import FEW as FEW_FOR_INTERVAL
from review.figures import t_quantile
from scoring.agreement import Z95, wilson

FEW = 20  # cases below which a figure is said to rest on too few


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure. value: None without cases; low, high: its 95 % interval, None where there are too few for one."""

    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def few(self) -> bool:
        return self.n < FEW


def mean(n: int, total: float, squares: float, least: float = float("-inf"), most: float = float("inf")) -> Estimate:
    """Of n values by their sum and the sum of their squares; the interval is kept within least and most."""
    if n <= 0:
        return Estimate(0)
    value = total / n
    if n < FEW_FOR_INTERVAL:
        return Estimate(n, value)
    half = t_quantile(n - 1) * sqrt(max(0.0, squares - n * value * value) / (n - 1) / n)
    return Estimate(n, value, max(least, value - half), min(most, value + half))


def share(hits: int, n: int) -> Estimate:
    """Of n cases; as a part of 1."""
    if n <= 0:
        return Estimate(0)
    return Estimate(n, hits / n, *wilson(hits, n))


def correlation(n: int, x: int, xx: int, y: int, yy: int, xy: int) -> Estimate:
    """Of n pairs by their sums, in whole numbers so that nothing is lost; no value where one side never changes."""
    across, along = n * xx - x * x, n * yy - y * y
    if n < FEW_FOR_INTERVAL or across <= 0 or along <= 0:
        return Estimate(max(n, 0))
    r = max(-1.0, min(1.0, (n * xy - x * y) / (sqrt(across) * sqrt(along))))
    if abs(r) >= 1 - 1e-12:
        return Estimate(n, r)
    z, half = atanh(r), Z95 / sqrt(n - 3)
    return Estimate(n, r, tanh(z - half), tanh(z + half))
