"""A control chart's rule 控制图: is a share of this week higher than what went before explains?

The usual p-chart (mean plus three standard deviations) promises one false alarm in 740 weeks and does not keep it: with
few calls the normal distribution is far off, the baseline itself is uncertain, and hundreds of charts are looked at
together. Here the week is compared with the weeks before by Fisher's exact test (one-sided), which keeps its promise at
any size; the limit is divided by the number of charts looked at (Bonferroni), so that all of them together give at
most ALLOWED false alarms a week. Where the weeks before spread more than chance alone would have it (mixed calls,
P. B. Laney, Improved control charts for attributes, Quality Engineering 14, 2002), all counts are made smaller by
that factor first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp, lgamma

ALLOWED = 0.25  # false alarms a week, expected over all charts looked at together: one in four weeks
LEAST_WEEK = 5  # cases in the week: below, a single one decides
LEAST_BEFORE = 20  # and in the weeks before
QUICK = 0.001  # with a limit below this, what lies within two standard deviations needs no exact test
LEAST_WEEKS = 4  # weeks before, for their spread to mean something


@dataclass(frozen=True, slots=True)
class Change:
    """A share that rose. hits of n this week, before_hits of before_n in the weeks before; p: by chance alone."""

    hits: int
    n: int
    before_hits: int
    before_n: int
    p: float


def charted(hits: int, n: int, before: Sequence[tuple[int, int]]) -> bool:
    """Whether there is enough for a chart. before: (hits, n) of earlier weeks."""
    weeks = [m for _, m in before if m]
    return n >= LEAST_WEEK and sum(weeks) >= LEAST_BEFORE and len(weeks) >= LEAST_WEEKS and 0 <= hits <= n


def rise(hits: int, n: int, before: Sequence[tuple[int, int]], charts: int) -> Change | None:
    """The change if the week is out of control, else None. charts: how many are looked at in the same week."""
    past_hits, past_n = sum(k for k, _ in before), sum(m for _, m in before)
    if not charted(hits, n, before) or hits * past_n <= past_hits * n:
        return None
    limit, pooled = ALLOWED / max(charts, 1), (hits + past_hits) / (n + past_n)
    deviation = pooled * (1 - pooled) * (1 / n + 1 / past_n)
    if limit < QUICK and (hits / n - past_hits / past_n) ** 2 < 4 * deviation:
        return None
    factor = spread(before)
    p = tail(int(hits / factor), ceil(n / factor), ceil(past_hits / factor), ceil(past_n / factor))
    return Change(hits, n, past_hits, past_n, p) if p <= limit else None


def spread(before: Sequence[tuple[int, int]]) -> float:
    """How many times the variance of chance the weeks have (Pearson's chi-square by its freedom), at least 1."""
    weeks = [(k, m) for k, m in before if m]
    hits, n = sum(k for k, _ in weeks), sum(m for _, m in weeks)
    if len(weeks) < 2 or not 0 < hits < n:
        return 1.0
    share = hits / n
    squares = sum((k - m * share) ** 2 / (m * share * (1 - share)) for k, m in weeks)
    return max(1.0, squares / (len(weeks) - 1))


def tail(hits: int, n: int, before_hits: int, before_n: int) -> float:
    """Fisher's exact test, one-sided: how likely at least `hits` of `n` are, given both weeks' sums."""
    marked, total = hits + before_hits, n + before_n
    most = min(n, marked)
    whole = _choose(total, n)
    return min(1.0, sum(exp(_choose(marked, k) + _choose(total - marked, n - k) - whole)
                        for k in range(hits, most + 1) if n - k <= total - marked))  # fmt: skip


def _choose(n: int, k: int) -> float:
    """Logarithm of the binomial coefficient."""
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
