"""Marks are added where Whisper left none, and nowhere else."""

from __future__ import annotations

import pytest

from models.punctuation import LONG, punctuate
from models.rewriting import joined
from scoring.call import Word


def said(text: str) -> tuple[Word, ...]:
    """A word a character; `|` is a pause of 0.4 s, `/` one of 0.2 s."""
    words, at = [], 0.0
    for char in text:
        if char in "|/":
            at += 0.4 if char == "|" else 0.2
        else:
            words.append(Word(round(at, 2), round(at + 0.2, 2), char, 0.9))
            at += 0.2
    return tuple(words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我昨天在你们网站上下了单|但是到现在还没有发货", "我昨天在你们网站上下了单，但是到现在还没有发货"),
        ("我昨天在你们网站上下了单/但是到现在还没有发货", "我昨天在你们网站上下了单但是到现在还没有发货"),
        ("我|昨天在你们网站上下了单还没有发货", "我昨天在你们网站上下了单还没有发货"),  # a hesitation
        ("我下了单|还没有发货", "我下了单还没有发货"),  # short enough to read
        ("我昨天在你们网站上下了单，|但是还没有发货", "我昨天在你们网站上下了单，但是还没有发货"),
        ("请问能退货吗", "请问能退货吗？"),
        ("您是张先生对吧", "您是张先生对吧？"),
        ("什么时候能到呢", "什么时候能到呢？"),
        ("那你们先查一下呢", "那你们先查一下呢"),
        ("那就这样吧", "那就这样吧。"),
        ("好的", "好的。"),
        ("我想问一下这个", "我想问一下这个"),  # may go on
        ("能退货吗？", "能退货吗？"),
        ("", ""),
    ],
)
def test_marks(text: str, expected: str) -> None:
    words = said(text)
    marked = punctuate(words)
    assert joined(marked) == expected
    assert [(w.start, w.end, w.heard) for w in marked] == [(w.start, w.end, None) for w in words]


def test_numbers_are_not_cut() -> None:
    words = [*said("我的那个订单的号码我报给您听"), Word(9, 10, "5379", 0.9), Word(11, 12, "2819", 0.9), *()]
    assert "5379，" not in joined(punctuate(words))
    assert len(joined(words)) > LONG
