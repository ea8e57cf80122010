"""Digits read out in English."""

from __future__ import annotations

import pytest

from models.rewriting import joined
from models.written import write
from scoring.call import Word


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (" My number is one double two three.", " My number is 1223."),
        (" 1, double 2, 3", " 1223"),
        (" zero seven nine oh double one", " 079011"),
        (" five five five, 0 1 2 3", " 5550123"),
        (" Call nine one one!", " Call 911!"),
        (" my zip is 9 0 2 1 0", " my zip is 90210"),
        (" triple eight", " 888"),
        (" oh, one two seven", " oh, 127"),
        (" one, two, three", None),
        (" one on one", None),
        (" nine to five", None),
        (" twenty one two three", None),
        (" three four hundred", None),
        (" two point one two three", None),
        (" press 1", None),
        (" 10, 20, 30", None),
        (" 2, 3, 4", None),
        (" between 5 and 7", None),
        (" at 7.30, 8.30", None),
        (" everyone two three", None),
    ],
)
def test_read_out(said: str, expected: str | None) -> None:
    words = [Word(k, k + 0.5, " " + w, 0.9) for k, w in enumerate(said.split())]
    assert joined(write(words, "en")) == (expected or said)
