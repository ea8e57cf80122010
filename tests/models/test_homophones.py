"""Names repaired by their sound, and innocent words left in peace."""

from __future__ import annotations

import pytest

from models.homophones import Homophones
from models.rewriting import joined, rewrite
from models.vocabulary import Entry, Vocabulary
from scoring.call import Word

NAMES = ("云港宽带", "稳盈二号", "鹿鸣商城", "周敏", "李世仁", "何志强", "会员")


def repaired(text: str, confidence: float, *names: str, f_h: bool = False) -> str:
    vocabulary = Vocabulary(tuple(Entry(n, "terms") for n in names or NAMES), f_h)
    words = tuple(Word(i, i + 1, c, confidence) for i, c in enumerate(text))
    return joined(rewrite(words, Homophones(vocabulary).edits(words)))


@pytest.mark.parametrize(
    ("text", "confidence", "expected"),
    [
        ("欢迎致电运港宽带", 0.9, "欢迎致电云港宽带"),  # four syllables: freely
        ("欢迎致电云刚宽带", 0.9, "欢迎致电云港宽带"),
        ("我买了文赢2号", 0.9, "我买了稳盈二号"),  # -n and -ng; a digit is its reading
        ("路明商城客服", 0.9, "鹿鸣商城客服"),
        ("我找和志强", 0.9, "我找和志强"),  # 和 may be the word "and"
        ("我是周敏", 0.9, "我是周敏"),
        ("我是舟敏", 0.4, "我是周敏"),  # two: tones agree, unsure
        ("我是舟敏", 0.9, "我是舟敏"),  # sure: left
        ("我是周民", 0.4, "我是周民"),  # the tone differs
        ("你是人吧", 0.9, "你是人吧"),  # sounds like 李世仁 but for n/l
        ("会员权益", 0.4, "会员权益"),
        ("回原处", 0.4, "回原处"),  # tones differ
        ("光猫坏了", 0.9, "光猫坏了"),
    ],
)
def test_repair(text: str, confidence: float, expected: str) -> None:
    assert repaired(text, confidence) == expected


def test_three_syllables_need_the_sound_exactly_or_doubt() -> None:
    assert repaired("我找何治强", 0.9) == "我找何志强"
    assert repaired("我找何自强", 0.9) == "我找何自强"
    assert repaired("我找何自强", 0.3) == "我找何志强"


def test_a_dictionary_word_is_not_a_name() -> None:
    assert repaired("我要核实", 0.2, "合时") == "我要核实"


def test_two_names_of_one_sound_are_not_guessed_between() -> None:
    assert repaired("请找张维维", 0.9, "张薇薇", "章微微") == "请找张维维"
    assert repaired("请找章微微", 0.9, "张薇薇", "章微微") == "请找章微微"


def test_f_and_h_only_on_request() -> None:
    assert repaired("福南移动卡", 0.9, "湖南移动卡") == "福南移动卡"
    assert repaired("福南移动卡", 0.9, "湖南移动卡", f_h=True) == "湖南移动卡"


def test_numerals_are_never_a_name() -> None:
    assert repaired("十四四", 0.1, "石思思") == "十四四"
