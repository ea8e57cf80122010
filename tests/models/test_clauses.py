"""Pieces of a text, and the likeliest of them."""

from __future__ import annotations

import numpy as np
import pytest

from models.clauses import likeliest, pieces


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("抱歉，没有房了。换一家吗", ("抱歉，没有房了。换一家吗", "抱歉，", "没有房了。", "换一家吗")),
        ("您好，", ("您好，",)),
        ("您好", ("您好",)),
        ("苹果、梨一共3,500元", ("苹果、梨一共3,500元",)),
        ("Sorry, no rooms. Try 3.5 stars?", ("Sorry, no rooms.", "Try 3.5 stars?")),
        ("Hello there", ("Hello there",)),
        ("……", ("……",)),
        ("", ("",)),
    ],
)
def test_pieces(text: str, parts: tuple[str, ...]) -> None:
    assert pieces(text) == (parts if parts[0] == text else (text, *parts))


def test_an_act_is_as_likely_as_in_its_likeliest_piece() -> None:
    found = likeliest(np.array([[0.1, 0.2], [0.8, 0.9], [0.3, 0.4]]), [2, 1], ["apology", "solution"])
    assert found.tolist() == [[0.8, 0.2], [0.3, 0.4]], "a clause alone solves nothing"
