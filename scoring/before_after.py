"""Whether coaching 辅导 showed: the share of calls that met an item, before and after a day.

Source: R. G. Newcombe, Interval estimation for the difference between independent proportions, Statistics in Medicine
17 (1998), method 10: from the Wilson interval of each share.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from scoring.agreement import wilson

FEW = 20  # calls below which nothing is concluded: even 10 of 20 has an interval of 30 to 70 %


class Verdict(StrEnum):
    """What the calls since say."""

    WORKED = "worked"  # the share rose by more than chance explains
    NOT = "not"  # no difference that chance does not explain
    WORSE = "worse"  # the share fell by more than chance explains
    TOO_FEW = "too_few"
    WAITING = "waiting"  # no call since


class Reached(StrEnum):
    """Whether a target is reached."""

    YES = "yes"  # the whole interval lies at the target or above
    UNSURE = "unsure"  # the share does, but not the whole interval
    NO = "no"
    UNKNOWN = "unknown"  # too few calls


@dataclass(frozen=True, slots=True)
class Share:
    """hits of n calls met the item; share, low, high: with the 95 % interval (Wilson), None where n is 0."""

    hits: int
    n: int

    @property
    def share(self) -> float | None:
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.hits, self.n) if self.n else None


@dataclass(frozen=True, slots=True)
class Change:
    """difference: of the shares, after - before, with low and high its 95 % interval; None where a side has no call.

    missing: calls that are wanting, on the side with fewer, before anything can be concluded.
    """

    before: Share
    after: Share
    difference: float | None
    low: float | None
    high: float | None
    verdict: Verdict
    reached: Reached
    missing: int


def change(before: Share, after: Share, target: float, *, few: int = FEW) -> Change:
    """What a share did. target: 0..1."""
    missing = max(0, few - min(before.n, after.n))
    low = high = difference = None
    if before.interval and after.interval:
        one, other = before.hits / before.n, after.hits / after.n
        (l1, u1), (l2, u2) = before.interval, after.interval
        difference = other - one
        low = max(-1.0, difference - sqrt((other - l2) ** 2 + (u1 - one) ** 2))
        high = min(1.0, difference + sqrt((u2 - other) ** 2 + (one - l1) ** 2))
    return Change(before, after, difference, low, high, _verdict(after, missing, low, high),
                  _reached(after, target, few), missing)  # fmt: skip


def _verdict(after: Share, missing: int, low: float | None, high: float | None) -> Verdict:
    if not after.n:
        return Verdict.WAITING
    if missing or low is None or high is None:
        return Verdict.TOO_FEW
    if low > 0:
        return Verdict.WORKED
    return Verdict.WORSE if high < 0 else Verdict.NOT


def _reached(after: Share, target: float, few: int) -> Reached:
    if after.n < few or after.interval is None:
        return Reached.UNKNOWN
    if after.interval[0] >= target:
        return Reached.YES
    return Reached.UNSURE if after.hits >= target * after.n else Reached.NO
