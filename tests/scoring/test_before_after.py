"""Before and after a day: Newcombe's published intervals, and what is concluded from them."""

from __future__ import annotations

import pytest

from scoring.before_after import Reached, Share, Verdict, change


# R. G. Newcombe (1998), table II, method 10; his p1 - p2 is our after - before.
@pytest.mark.parametrize(
    ("after", "before", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 10), 0.6075, 1.0),
        ((5, 56), (0, 29), -0.0381, 0.1926),
    ],
)
def test_published_intervals(after: tuple[int, int], before: tuple[int, int], low: float, high: float) -> None:
    found = change(Share(*before), Share(*after), 0.9)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@pytest.mark.parametrize(
    ("before", "after", "verdict", "reached", "missing"),
    [
        ((30, 60), (57, 60), Verdict.WORKED, Reached.UNSURE, 0),
        ((30, 60), (48, 60), Verdict.WORKED, Reached.NO, 0),
        ((30, 60), (200, 200), Verdict.WORKED, Reached.YES, 0),
        ((54, 60), (56, 60), Verdict.NOT, Reached.UNSURE, 0),
        ((56, 60), (30, 60), Verdict.WORSE, Reached.NO, 0),
        ((30, 60), (19, 19), Verdict.TOO_FEW, Reached.UNKNOWN, 1),
        ((5, 10), (60, 60), Verdict.TOO_FEW, Reached.YES, 10),
        ((0, 0), (60, 60), Verdict.TOO_FEW, Reached.YES, 20),
        ((30, 60), (0, 0), Verdict.WAITING, Reached.UNKNOWN, 20),
    ],
)
def test_what_is_concluded(
    before: tuple[int, int], after: tuple[int, int], verdict: Verdict, reached: Reached, missing: int
) -> None:
    found = change(Share(*before), Share(*after), 0.9)
    assert (found.verdict, found.reached, found.missing) == (verdict, reached, missing)
