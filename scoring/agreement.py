"""How far machine and people agree on an item 一致性: share, Wilson interval, Cohen's kappa and n.

Sources: J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20 (1960);
E. B. Wilson, Probable inference, JASA 22 (1927).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from math import sqrt

Z95 = 1.959964  # standard normal, 97.5 %


@dataclass(frozen=True, slots=True)
class Agreement:
    """n: answers compared; same: those that were equal; share: same / n; low, high: its 95 % interval (Wilson).

    kappa: agreement beyond chance, 1 at best, 0 as chance would have it; None where chance alone would agree always
    (both gave one answer throughout), or n is 0.
    """

    n: int
    same: int
    share: float | None
    low: float | None
    high: float | None
    kappa: float | None


def agreement(pairs: Iterable[tuple[Hashable, Hashable]]) -> Agreement:
    """Agreement of two raters over (one, other) answers to the same questions."""
    counted = Counter(pairs)
    n = sum(counted.values())
    if not n:
        return Agreement(0, 0, None, None, None, None)
    same = sum(times for (one, other), times in counted.items() if one == other)
    ones, others = Counter[Hashable](), Counter[Hashable]()
    for (one, other), times in counted.items():
        ones[one] += times
        others[other] += times
    # In whole numbers: 1 - chance must be 0 exactly where it is 0.
    by_chance = sum(ones[answer] * others[answer] for answer in ones)
    kappa = None if by_chance == n * n else (same * n - by_chance) / (n * n - by_chance)
    low, high = wilson(same, n)
    return Agreement(n, same, same / n, low, high, kappa)


def wilson(hits: int, n: int) -> tuple[float, float]:
    """95 % interval of a share, sound for few cases and near 0 and 1."""
    share, squared = hits / n, Z95 * Z95
    middle = (share + squared / (2 * n)) / (1 + squared / n)
    half = Z95 * sqrt(share * (1 - share) / n + squared / (4 * n * n)) / (1 + squared / n)
    # Rounding must not put the share itself outside.
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))
