"""Pieces of a text, and the likeliest of them."""

from __future__ import annotations

import numpy as np
import pytest

from models.clauses import Pieces, likeliest, pieces


@pytest.mark.parametrize(
    ("text", "sentences", "clauses"),
    [
        ("抱歉，没有房了。换一家吗", ("抱歉，没有房了。", "换一家吗"), ("抱歉，", "没有房了。")),
        ("抱歉，没有房了", (), ("抱歉，", "没有房了")),
        ("您好，", (), ()),
        ("您好", (), ()),
        ("苹果、梨一共3,500元", (), ()),
        ("Sorry, no rooms. Try 3.5 stars?", ("Sorry, no rooms.", "Try 3.5 stars?"), ()),
        ("Hello there", (), ()),
        ("……", (), ()),
        ("", (), ()),
    ],
)
def test_pieces(text: str, sentences: tuple[str, ...], clauses: tuple[str, ...]) -> None:
    assert pieces(text) == ((text, *sentences), clauses)


def test_a_clause_can_be_an_apology_and_a_sentence_anything() -> None:
    parts = [Pieces(("whole", "sentence"), ("clause",)), Pieces(("other",), ())]
    found = np.array([[0.1, 0.2], [0.3, 0.4], [0.8, 0.9], [0.5, 0.6]])
    assert likeliest(found, parts, ["apology", "solution"]).tolist() == [[0.8, 0.4], [0.5, 0.6]]
