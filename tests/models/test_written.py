"""Writing keeps what it may not change: times, order, the original; and it comes to rest."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rewriting import Edit, heard, joined, rewrite
from models.vocabulary import Entry, Vocabulary
from models.written import write
from scoring.call import Word

NAMES = Vocabulary(
    (
        Entry("云港宽带", "companies"),
        Entry("稳盈二号", "products"),
        Entry("iPhone", "products", ("爱疯",)),
        Entry("周敏", "agents"),
        Entry("K8021", "numbers"),
    )
)
PIECES = st.sampled_from(
    [
        *"零一二三四五六七八九十百千万两幺点号元块毛年月日天个折分秒的了是吗吧呢好，。？、138052AKx",
        *["百分之", "工号", "尾号", "电话", "下午", "小时", "工作日", "您好", "，", " "],
        *["云岗宽带", "文盈2号", "iphone", "爱疯", "周", "敏"],
        *[" one", " two", " double", " oh,", " 5", "，12", "3,", "k8021"],
    ]
)  # fmt: skip
TIMES = st.tuples(st.sampled_from([0.0, 0.1, 0.4]), st.sampled_from([0.0, 0.2]), st.sampled_from([0.2, 0.45, 0.9]))


@st.composite
def utterances(draw: st.DrawFn) -> tuple[Word, ...]:
    at, words = 0.0, []
    for piece, (gap, length, sure) in draw(st.lists(st.tuples(PIECES, TIMES), max_size=24)):
        words.append(Word(round(at + gap, 3), round(at + gap + length, 3), piece, sure))
        at += gap + length
    return tuple(words)


@settings(max_examples=400, deadline=None)
@given(utterances(), st.sampled_from(["zh", "en"]), st.sampled_from([None, NAMES]))
def test_writing_keeps_time_and_rests(words: tuple[Word, ...], language: str, names: Vocabulary | None) -> None:
    written = write(words, language, names)
    assert all(w.start <= w.end for w in written)
    assert all(a.end <= b.start + 1e-9 for a, b in pairwise(written))
    assert (not words) == (not written)
    if words:
        assert (written[0].start, written[-1].end) == (words[0].start, words[-1].end)
        assert min(w.confidence for w in words) - 1e-4 <= min(w.confidence for w in written)
        assert max(w.confidence for w in written) <= max(w.confidence for w in words) + 1e-4
    assert write(written, language, names) == written
    # All that was recognised is still there; marks may have come.
    kept = [c for c in heard(written) if c not in "，。？ "]
    assert kept == [c for c in joined(words) if c not in "，。？ "]


def test_a_number_is_one_word_with_its_original() -> None:
    words = [
        Word(0, 0.4, "工号", 0.9),
        Word(0.4, 0.6, "八", 0.8),
        Word(0.6, 1.0, "零二", 0.5),
        Word(1.0, 1.3, "幺，", 0.6),
    ]
    name, number = write(words, "zh")
    assert name == words[0]
    assert number == Word(0.4, 1.3, "8021，", pytest.approx((0.8 + 2 * 0.5 + 2 * 0.6) / 5, abs=1e-4), "八零二幺，")


def test_untouched_words_are_the_same_objects() -> None:
    words = (Word(0, 1, "您", 0.9), Word(1, 2, "好。", 0.9))
    assert all(a is b for a, b in zip(write(words, "zh"), words, strict=True))


def test_an_edit_inside_a_word_keeps_its_rest() -> None:
    words = (Word(0, 1, "满三", 0.8), Word(1, 2, "十天了", 0.6), Word(2, 3, "吗", 0.9))
    assert rewrite(words, [Edit(1, 3, "30")]) == (Word(0, 2, "满30天了", 0.68, "满三十天了"), words[2])


def test_names_and_numbers_together() -> None:
    text = "运港宽带的文盈二号，工号k八零二幺，iphone十五"
    words = tuple(Word(i * 0.2, i * 0.2 + 0.2, c, 0.9) for i, c in enumerate(text))
    assert joined(write(words, "zh", NAMES)) == "云港宽带的稳盈二号，工号K8021，iPhone15"


def test_a_short_name_is_not_made_of_an_english_word() -> None:
    names = Vocabulary((Entry("IT", "terms"), Entry("iPhone", "products")))
    words = (Word(0, 1, " it", 0.9), Word(1, 2, " is", 0.9), Word(2, 3, " iphone.", 0.9))
    assert joined(write(words, "en", names)) == " it is iPhone."


def test_a_sentence_takes_less_than_a_millisecond() -> None:
    text = "您好，工号八零二幺，您的订单三百五十二块五，十月二十六号下午三点半前，我们三个工作日内给您回电话，请您放心"
    words = tuple(Word(i * 0.2, i * 0.2 + 0.2, c, 0.9) for i, c in enumerate(text))
    write(words, "zh", NAMES)
    best = min(_took(words) for _ in range(5))
    assert best < 0.005  # measured below 0.001; room for a busy machine


def _took(words: tuple[Word, ...]) -> float:
    began = time.perf_counter()
    write(words, "zh", NAMES)
    return time.perf_counter() - began
