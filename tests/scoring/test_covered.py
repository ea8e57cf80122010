"""When masked text is said: by the words' times, else where it would be if the turn were spoken evenly."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from scoring.call import Role, Turn, Word
from scoring.covered import ALWAYS, covered
from scoring.masking import mask, passages

PHONE = "13800138000"


def turn(text: str, start: Any = 10.0, end: Any = 20.0) -> dict[str, Any]:
    return {"role": "customer", "start": start, "end": end, "text": text}


def heard(said: dict[str, Any], *words: tuple[Any, Any, str]) -> Turn:
    return Turn(Role.CUSTOMER, said["start"], said["end"], said["text"], 0.9, tuple(Word(*w, 0.9) for w in words))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"我的手机是{PHONE}。", [PHONE]),
        ("138 0013 8000。", ["138 0013 8000"]),
        ("身份证11010519491231002X", ["11010519491231002X"]),
        ("mail li.wen@example.com now", ["li.wen@example.com"]),
        ("12345678@qq.com或者02062345678", ["12345678@qq.com", "02062345678"]),
        ("2026年3月2日下午3点", []),
        ("", []),
    ],
)
def test_passages_are_whole(text: str, found: list[str]) -> None:
    assert [text[first:last] for first, last in passages(text)] == found
    assert bool(found) == (mask(text) != text)


def test_a_number_is_silent_from_its_first_word_to_its_last() -> None:
    """With what is between them, and with the digits that can still be read."""
    said = turn("我的手机138 0013 8000好")
    words = heard(
        said, (10.0, 10.5, "我的"), (10.5, 11.0, "手机"), (12.0, 12.8, "138"), (14.0, 14.9, " 0013"),
        (17.0, 17.4, " 80"), (17.4, 17.8, "00"), (18.4, 18.8, "好"),
    )  # fmt: skip
    assert covered([said], [words]) == ((11.85, 17.95),)


def test_words_that_became_one_number_are_silent_as_one() -> None:
    said = turn(f"号码{PHONE}")
    number = Word(11.0, 15.0, PHONE, 0.9, heard="幺三八零零幺三八零零零")
    one = Turn(Role.CUSTOMER, 10.0, 20.0, said["text"], 0.9, (Word(10.0, 11.0, "号码", 0.9), number))
    assert covered([said], [one]) == ((10.85, 15.15),)


def test_a_turn_that_is_long_is_not_all_silent_without_times() -> None:
    """Ten syllables a second in both: 100 before the number, 11 of it, 9 behind; a tenth of the turn on either side."""
    said = turn("好" * 100 + PHONE + "好" * 9, 0.0, 12.0)
    assert covered([said], []) == ((pytest.approx(10 - 1.2 - 0.15), 12.15),)


def test_digits_take_longer_to_say_than_letters() -> None:
    """Fifty letters are some fifteen syllables, the digits ten: they begin after three fifths of the turn."""
    said = turn("a" * 50 + " 4155550100", 0.0, 25.0)
    ((start, end),) = covered([said], [])
    assert start == pytest.approx(15.0 - 2.5 - 0.15)
    assert end == 25.15


@pytest.mark.parametrize(
    "words",
    [
        ((10.0, 11.0, "号码"), (11.0, 15.0, "别的话")),  # of another text
        ((11.0, 11.1, "号码"), (11.1, 11.2, PHONE)),  # nobody is so quick
        ((10.0, 11.0, "号码"), (float("nan"), 15.0, PHONE)),
        ((10.0, 11.0, "号码"), (None, None, PHONE)),
        ((10.0, 11.0, "号码"), (-4.0, 15.0, PHONE)),
        ((10.0, 11.0, "号码"), (11.0, 1e9, PHONE)),
        ((10.0, 11.0, "号码"), (61.0, 65.0, PHONE)),
        (),
    ],
)
def test_times_that_cannot_be_are_not_believed(words: tuple[tuple[Any, Any, str], ...]) -> None:
    said = turn(f"号码{PHONE}")
    ((start, end),) = covered([said], [heard(said, *words)])
    assert (start, end) == (pytest.approx(10 + 20 / 13 - 1.15, abs=0.01), 20.15)


@pytest.mark.parametrize("times", [(None, 5.0), (1.0, float("nan")), (float("-inf"), float("inf")), ("1", 2.0)])
def test_where_nothing_is_known_nothing_is_heard(times: tuple[Any, Any]) -> None:
    assert covered([turn(PHONE, *times)], []) == ((0.0, ALWAYS + 0.15),)


@pytest.mark.parametrize("times", [(-3.0, -1.0), (5.0, 1.0), (1e300, 1e300), (0.0, 0.0)])
def test_spans_are_in_order_and_not_before_the_recording(times: tuple[float, float]) -> None:
    said = [turn(f"号码{PHONE}", *times), turn("没有号码"), turn(PHONE, 2.0, 4.0), turn(PHONE, 3.0, 5.0)]
    spans = covered(said, [])
    assert all(0 <= start <= end for start, end in spans)
    assert all(before[1] < behind[0] for before, behind in pairwise(spans))
    assert any(start <= 2.0 and end >= 5.0 for start, end in spans), "two that touch are one"


def test_without_numbers_nothing_is_silent() -> None:
    said = turn("您好，请问有什么可以帮您")
    assert covered([said], [heard(said, (10.0, 20.0, said["text"]))]) == ()
    assert covered([], []) == ()
