"""The sentence encoder: a vector belongs to its text alone."""

from __future__ import annotations

import random

import numpy as np
import pytest

from models.encoder import Encoder

TEXTS = [
    "您好", "好的", "请问有什么可以帮您？", "这边给您核实一下，麻烦您稍等一分钟，不要挂机好吗",
    "It's on the way.", "Thank you for calling, this is Dana, how can I help you today?", "",
    "我上个月在你们店里买的那台洗衣机，昨天晚上开始一脱水就往外漏水，打了三次电话都说安排师傅，到现在也没有人来。",
    "I bought the machine last month and since last night it has been leaking whenever it spins, I rang three times "
    "and every time somebody promised an engineer, and nobody has turned up so far, so what am I supposed to do now?",
]  # fmt: skip


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


def test_a_vector_does_not_depend_on_what_else_is_read(encoder: Encoder) -> None:
    """Else a run that was stopped and one that was not would differ in the last digit of a probability."""
    together = encoder(TEXTS)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-3)
    shuffled = random.Random(3).sample(range(len(TEXTS)), len(TEXTS))
    assert (encoder([TEXTS[i] for i in shuffled]) == together[shuffled]).all()
    for i, text in enumerate(TEXTS):
        assert (encoder([text])[0] == together[i]).all(), text


def test_nothing_to_read(encoder: Encoder) -> None:
    assert encoder([]).shape == (0, encoder.width)


def test_a_text_too_long_is_cut(encoder: Encoder) -> None:
    assert np.isfinite(encoder(["长" * 5000])).all()
