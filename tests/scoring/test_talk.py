"""Spurts, back-channels and who talks over whom."""

from __future__ import annotations

import pytest
from made import call

from scoring.call import Role, Span, Turn, Word
from scoring.measures import measure
from scoring.talk import spurts, talk

A, C = "agent", "customer"


def words(role: str, *said: tuple[float, float, str]) -> Turn:
    """A turn of words with times of their own."""
    return Turn(
        Role(role), said[0][0], said[-1][1], "".join(s[2] for s in said), 0.9, tuple(Word(*s, 0.9) for s in said)
    )


LONG = (C, 1.0, 8.0, "我跟你说这个事情已经很久了你们一直没有处理")
TABLE = [
    # (what is heard, start, end, by) or None
    ([LONG, (A, 5.0, 9.0, "您先听我说这个规定")], (5.0, 8.0, Role.AGENT)),
    ([LONG, (A, 5.0, 6.8, "您先听我说")], (5.0, 6.8, Role.AGENT)),
    ([LONG, (A, 5.0, 6.8, "嗯，好的，好的")], None),
    ([LONG, (A, 7.8, 12.0, "我帮您看一下这个问题")], None),  # an early answer
    ([(A, 1.0, 8.0, "您这边的话需要先提供一下身份证号"), (C, 5.0, 9.0, "我都说过三遍了你")], (5.0, 8.0, Role.CUSTOMER)),
    ([(C, 1.0, 4.0, "喂你们这个是怎么回事"), (A, 1.1, 4.0, "您好请问有什么可以帮您")], None),  # both begin at once
]  # fmt: skip


@pytest.mark.parametrize(("lines", "known"), TABLE)
def test_who_talks_over_whom(lines: list, known: tuple | None) -> None:
    found = call(*lines).measures.overlaps
    if known is None:
        assert not found
        return
    (one,) = found or ()
    assert (one.start, one.end) == pytest.approx(known[:2], abs=0.3)
    assert one.by == known[2]


def test_a_nod_at_the_edge_of_longer_talk_is_not_counted() -> None:
    customer = words(C, (1, 3, "我想问"), (3, 6, "这个套餐"), (6, 8, "多少钱"))
    agent = words(A, (5.0, 5.3, "嗯，"), (5.3, 5.8, "好的，"), (7.8, 8.2, "这个"), (8.2, 10, "是三十元"))
    assert measure([customer, agent], 12).overlaps == ()
    early = words(A, (5.0, 5.3, "嗯，"), (5.3, 6.5, "您先听"), (6.5, 9, "我说完"))
    (one,) = measure([customer, early], 12).overlaps or ()
    assert (one.start, one.end) == (5.3, 8)


def test_a_closing_nod_can_be_talked_over() -> None:
    customer = words(C, (1, 4, "我知道了，"), (4, 4.5, "好的，"), (4.5, 5.5, "好的"))
    agent = words(A, (4.2, 5, "那您"), (5, 8, "还有其他问题吗"))
    assert measure([customer, agent], 10).overlaps == ()


def test_who_goes_on_after_a_breath_is_the_one_interrupted() -> None:
    customer = words(C, (1, 3, "我想"), (3.8, 7, "办一个套餐"))
    agent = words(A, (3.4, 5, "套餐都"), (5, 9, "在网上办"))
    assert [o.by for o in measure([customer, agent], 10).overlaps or ()] == [Role.AGENT]
    finished = words(C, (1, 3, "我想办。"), (3.8, 7, "还有一个套餐"))
    assert [o.by for o in measure([finished, agent], 10).overlaps or ()] == [Role.CUSTOMER]


def test_words_are_fitted_to_the_voice() -> None:
    turn = words(A, (0.7, 1.6, "您好"), (1.6, 2.9, "请讲"))
    (spurt,) = spurts([turn], {Role.AGENT: [Span(1.0, 2.5)]})
    assert (spurt.start, spurt.end) == (1.0, 2.5)
    assert [w.text for w in spurt.words] == ["您好", "请讲"]


def test_a_machine_does_not_talk() -> None:
    assert talk(spurts([words("system", (0, 5, "请按一"))])) == []
