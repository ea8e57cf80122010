"""How far machine and people agree on an item 一致性: share, Wilson interval, n, Cohen's kappa, Krippendorff's alpha.

Sources: J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20 (1960);
E. B. Wilson, Probable inference, JASA 22 (1927); K. Krippendorff, Computing Krippendorff's alpha-reliability (2007),
sections A to C; B. Efron, R. Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TypeVar

Answer = TypeVar("Answer", bound=Hashable)
Z95 = 1.959964  # standard normal, 97.5 %
DRAWS = 400  # of the bootstrap: ten beyond either end of a 95 % interval
LEAST_UNITS = 10  # below, drawing the few there are again and again says nothing of others


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
    return counted_agreement(Counter(pairs))


def counted_agreement(counted: Mapping[tuple[Answer, Answer], int]) -> Agreement:
    """The same from how often each pair of answers was given."""
    n = sum(counted.values())
    if not n:
        return Agreement(0, 0, None, None, None, None)
    same = sum(times for (one, other), times in counted.items() if one == other)
    ones, others = Counter[Answer](), Counter[Answer]()
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


@dataclass(frozen=True, slots=True)
class Alpha:
    """Krippendorff's alpha of nominal answers by any number of raters, some missing. units: that two or more answered;
    answers: given to those; low, high: 95 % interval (bootstrap over units), None below LEAST_UNITS.

    alpha: 1 at best, 0 as chance would have it; None where all gave one answer throughout, or units is 0.
    """

    units: int
    answers: int
    alpha: float | None
    low: float | None
    high: float | None


def alpha(units: Iterable[Iterable[Hashable]], *, seed: int = 0) -> Alpha:
    """Of the answers that each unit (a call's item) was given, who gave which being of no matter.

    seed: of the bootstrap; the same units and seed give the same interval.
    """
    # Units that were answered alike are one kind: there are few kinds, however many calls.
    kinds = Counter(tuple(sorted(Counter(unit).items(), key=repr)) for unit in units)
    kinds = Counter({kind: times for kind, times in kinds.items() if sum(n for _, n in kind) > 1})
    total = sum(kinds.values())
    value = _alpha(kinds)
    answers = sum(times * sum(n for _, n in kind) for kind, times in kinds.items())
    if value is None or total < LEAST_UNITS:
        return Alpha(total, answers, value, None, None)
    # Fixed, so that a page shows the same interval twice; nothing secret hangs on it.
    draw, names, weights = random.Random(seed), list(kinds), list(kinds.values())  # noqa: S311
    found = (_alpha(Counter(draw.choices(names, weights, k=total))) for _ in range(DRAWS))
    # A draw in which everybody gave one answer throughout has no alpha; nobody disagreed in it, so it counts as 1.
    drawn = sorted(1.0 if one is None else one for one in found)
    cut = round(DRAWS * 0.025)
    return Alpha(total, answers, value, min(value, drawn[cut]), max(value, drawn[-cut - 1]))


_Kind = tuple[tuple[Hashable, int], ...]


def _alpha(kinds: Mapping[_Kind, int]) -> float | None:
    """1 - observed disagreement / that expected by chance, from the coincidences of pairable answers."""
    given = Counter[Hashable]()
    apart = 0.0  # pairs of different answers within units, each unit by its share (1 / (raters - 1))
    for kind, times in kinds.items():
        raters = sum(n for _, n in kind)
        alike = sum(n * (n - 1) for _, n in kind)
        apart += times * (raters * (raters - 1) - alike) / (raters - 1)
        for answer, n in kind:
            given[answer] += times * n
    n = sum(given.values())
    by_chance = n * n - sum(times * times for times in given.values())
    return 1 - (n - 1) * apart / by_chance if by_chance else None


def same_pairs(units: Iterable[Sequence[Hashable]]) -> tuple[int, int]:
    """Pairs of answers within units that are equal, and all pairs."""
    same = pairs = 0
    for unit in units:
        same += sum(n * (n - 1) // 2 for n in Counter(unit).values())
        pairs += len(unit) * (len(unit) - 1) // 2
    return same, pairs
