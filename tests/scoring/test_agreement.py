"""Agreement, against worked examples and by its own laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.agreement import LEAST_UNITS, agreement, alpha, same_pairs, wilson
from scoring.trust import Bar, Standing


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


def units(*raters: str) -> list[list[str]]:
    """Each rater's answers as a line, a point where there is none; unit by unit."""
    return [[answer for answer in unit if answer != "."] for unit in zip(*raters, strict=True)]


@pytest.mark.parametrize(
    ("raters", "n", "answers", "value"),
    [
        # Krippendorff 2007, "Computing Krippendorff's alpha-reliability": sections A, B and C
        (("0100000010", "1110010000"), 10, 20, 0.095),
        (("aabbdcccedda", "babbbccceddd"), 12, 24, 0.692),
        (("123321412...", "1233224125.3", ".3332342251.", "12332441251."), 11, 40, 0.743),
        # Wikipedia, "Krippendorff's alpha": three coders, 15 units, most of them partly answered
        ((".....34121133.3", "1.213343.......", "..21344.21133.4"), 12, 26, 0.691),
        (("aaaa", "aaaa", "aaaa"), 4, 12, None),
        (("ab", ".."), 0, 0, None),
        (("ab", "ab", "ab"), 2, 6, 1.0),
    ],
)
def test_alpha_is_the_published_one(raters: tuple[str, ...], n: int, answers: int, value: float | None) -> None:
    found = alpha(units(*raters))
    assert (found.units, found.answers) == (n, answers)
    assert found.alpha == (None if value is None else pytest.approx(value, abs=5e-4))
    assert (found.low is None) is (value is None or n < LEAST_UNITS)
    if found.low is not None and found.high is not None and value is not None:
        assert -1 <= found.low <= value + 5e-4 <= found.high + 5e-4 <= 1 + 5e-4
        assert found.low < found.high
    assert alpha(units(*raters)) == found, "the same twice"


def test_alphas_interval_narrows_with_more_units() -> None:
    raters = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
    one, ten = alpha(units(*raters)), alpha(units(*raters) * 10)
    assert one.low is not None and one.high is not None and ten.low is not None and ten.high is not None  # noqa: PT018
    assert ten.high - ten.low < 0.5 * (one.high - one.low)
    assert same_pairs(units(*raters)) == (43, 55)


@pytest.mark.parametrize(
    ("table", "standing"),
    [
        ({("met", "met"): 10, ("missed", "missed"): 9}, Standing.UNPROVEN),
        ({("met", "met"): 10, ("missed", "missed"): 10}, Standing.TRUSTED),
        ({("met", "met"): 10, ("missed", "missed"): 9, ("met", "missed"): 1}, Standing.ADVISORY),  # 0.76 at the least
        ({("met", "met"): 30, ("missed", "missed"): 29, ("met", "missed"): 1}, Standing.TRUSTED),
        ({("met", "met"): 97, ("met", "missed"): 3}, Standing.ADVISORY),  # never finds the exceptions: kappa 0
        ({("met", "met"): 40}, Standing.TRUSTED),
    ],
)
def test_trust_needs_many_answers_and_more_than_chance(table: dict[tuple[str, str], int], standing: Standing) -> None:
    assert Bar().standing(agreement(pairs(table))) is standing
