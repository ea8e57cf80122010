"""Agreement, against worked examples and by its own laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.agreement import agreement, wilson


def pairs(table: dict[tuple[str, str], int]) -> list[tuple[str, str]]:
    return [pair for pair, times in table.items() for _ in range(times)]


@pytest.mark.parametrize(
    ("table", "n", "share", "kappa"),
    [
        ({}, 0, None, None),
        ({("a", "a"): 1}, 1, 1.0, None),  # one answer throughout: chance alone agrees always
        ({("a", "a"): 5, ("b", "b"): 5}, 10, 1.0, 1.0),
        ({("a", "b"): 5, ("b", "a"): 5}, 10, 0.0, -1.0),
        ({("y", "y"): 20, ("y", "n"): 5, ("n", "y"): 10, ("n", "n"): 15}, 50, 0.7, 0.4),  # Wikipedia, Cohen's kappa
        ({("y", "y"): 45, ("y", "n"): 15, ("n", "y"): 25, ("n", "n"): 15}, 100, 0.6, 0.1304),  # the same, 2nd example
        ({("a", "a"): 9, ("a", "b"): 1}, 10, 0.9, 0.0),
    ],
)
def test_agreement(table: dict[tuple[str, str], int], n: int, share: float | None, kappa: float | None) -> None:
    found = agreement(pairs(table))
    assert found.n == n
    assert found.share == share
    assert found.kappa == (None if kappa is None else pytest.approx(kappa, abs=5e-5))


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"), [(10, 10, 0.7225, 1.0), (0, 10, 0.0, 0.2775), (81, 263, 0.2553, 0.3662)]
)
def test_wilson(hits: int, n: int, low: float, high: float) -> None:
    """Third: Newcombe, Statistics in Medicine 17 (1998), table I, method 3."""
    assert wilson(hits, n) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), max_size=60))
def test_laws(both: list[tuple[str, str]]) -> None:
    found, turned = agreement(both), agreement([(b, a) for a, b in both])
    assert found == turned
    if found.share is not None:
        assert found.low is not None
        assert found.high is not None
        assert 0 <= found.low <= found.share <= found.high <= 1
        assert found.kappa is None or -1 <= found.kappa <= found.share
