"""What counts as the same is the same; what a listener would call another word is not."""

from __future__ import annotations

import pytest

from models.evaluation.numerals import chinese_digits, english_digits
from models.normalise import Unit, spelled, units


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("繁體國語", "繁体国语"),
        ("价格是2499元。", "价格是两千四百九十九元"),
        ("工号八零二幺", "工号8021"),
        ("2019年12月20号", "二零一九年十二月二十号"),
        ("3万", "三万"),
        ("一万二", "12000"),
        ("一百三", "130"),
        ("1,799.5", "一千七百九十九点五"),
        ("百分之二十", "20％"),
        ("嗯，可以，呃。", "可以"),
        ("Java Script", "JAVASCRIPT"),
        ("at QQ点com", "@qq.com"),
        ("[音乐]您好", "您好"),
    ],
)
def test_the_same_in_mandarin(one: str, other: str) -> None:
    assert spelled(one, "zh") == spelled(other, "zh")


@pytest.mark.parametrize(
    ("one", "other"),
    [("他", "她"), ("十五", "五十"), ("一百三", "一百零三"), ("好的", "好"), ("啊", ""), ("对对", "对")],
)
def test_not_the_same_in_mandarin(one: str, other: str) -> None:
    assert spelled(one, "zh") != spelled(other, "zh")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Twenty-three, please!", "23 please"),
        ("nineteen ninety nine", "1999"),
        ("one hundred and twenty", "120"),
        ("a hundred", "100"),
        ("two thousand twenty six", "2026"),
        ("one two two three", "1223"),
        ("the twenty first", "the 21st"),
        ("$20", "twenty dollars"),
        ("I’m sure it can't", "i am sure it can not"),
        ("Um, direc- ah, connect me", "connect me"),
        ("Mr. Dashwood is ill-disposed", "mister dashwood is ill disposed"),
        ("ThinkEngine", "Think Engine"),
        ("user101 at gmail.com", "user one zero one at gmail dot com"),
        ("[click] hello", "hello"),
    ],
)
def test_the_same_in_english(one: str, other: str) -> None:
    assert spelled(one, "en") == spelled(other, "en")


@pytest.mark.parametrize(
    ("one", "other"), [("fifteen", "fifty"), ("first", "one"), ("it's", "its"), ("oh no", "no"), ("no no", "no")]
)
def test_not_the_same_in_english(one: str, other: str) -> None:
    assert spelled(one, "en") != spelled(other, "en")


def test_units_know_the_words_they_came_from() -> None:
    assert units([" Twenty", " three", " um,", " I'm"], "en") == [
        Unit("2", 0, 1), Unit("3", 0, 1), Unit("i", 3, 3), Unit("am", 3, 3),
    ]  # fmt: skip
    assert units(["您好", "，", "二十", "五元"], "zh") == [
        Unit("您", 0, 0), Unit("好", 0, 0), Unit("2", 2, 3), Unit("5", 2, 3), Unit("元", 3, 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("run", "digits"),
    [
        ("两千零五", "2005"), ("十", "10"), ("二十", "20"), ("十亿五千万", "1050000000"), ("万一", "万1"),
        ("三四百", "34百"), ("千万", "千万"), ("0571", "0571"), ("一三八零零", "13800"),
        ("百", "百"), ("一百二百", "1百2百"),
    ],
)  # fmt: skip
def test_chinese_numerals(run: str, digits: str) -> None:
    assert chinese_digits(run) == digits


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("fifteen hundred", [("1500", 2)]),
        ("twenty one five", [("21", 2), ("5", 1)]),
        ("ten ten", [("10", 1), ("10", 1)]),
        ("two hundred thousand", [("200000", 3)]),
        ("zero one", [("0", 1), ("1", 1)]),
        ("thirty first", [("31th", 2)]),
    ],
)
def test_english_numerals(words: str, digits: list[tuple[str, int]]) -> None:
    assert english_digits(words.split()) == digits
