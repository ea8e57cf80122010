"""Sentences from words."""

from __future__ import annotations

import pytest

from models.sentences import LONGEST, confidence, spell, split
from scoring.call import Word


def spoken(text: str, gaps: dict[int, float] | None = None) -> list[Word]:
    words, at = [], 0.0
    for i, piece in enumerate(text.split("|")):
        at += (gaps or {}).get(i, 0.0)
        words.append(Word(at, at + 0.3, piece, 0.9))
        at += 0.3
    return words


@pytest.mark.parametrize(
    ("text", "gaps", "expected"),
    [
        ("您|好。|请|问？", {}, ["您好。", "请问？"]),
        (" Hi.| I| am| Bob.", {}, ["Hi.", "I am Bob."]),
        ("我|要|退|货|不|想|要|了|你|们|快|点", {8: 1.0}, ["我要退货不想要了", "你们快点"]),
        (" We| don't| handle| that.", {2: 1.0}, ["We don't handle that."]),
        ("3|.5|元", {}, ["3.5元"]),
        (" Ask| for| Mrs.| Lowe.| Dr.| Ames| is| out.", {}, ["Ask for Mrs. Lowe.", "Dr. Ames is out."]),
    ],
)
def test_split(text: str, gaps: dict[int, float], expected: list[str]) -> None:
    assert [s.text for s in split(spoken(text, gaps))] == expected


def test_no_word_is_lost_and_no_sentence_is_endless() -> None:
    words = spoken("|".join("好" * 300))
    sentences = split(words)
    assert sum(len(s.words) for s in sentences) == 300
    assert max(len(s.words) for s in sentences) <= LONGEST


def test_confidence_weighs_long_words_more() -> None:
    words = [Word(0, 1, "a", 0.0), Word(1, 2, "abcdefghi", 1.0)]
    assert confidence(words) == pytest.approx(0.9)
    assert confidence([]) == 0.0
    assert spell(words) == "aabcdefghi"
