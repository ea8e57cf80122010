"""How a call sounds."""

from __future__ import annotations

import pytest
from made import call

from scoring.call import Role, Silence, Span
from scoring.measures import count_units, is_backchannel, measure


@pytest.mark.parametrize(
    ("text", "units"),
    [("您好", 2), ("I'm fine", 2), ("套餐是5G的", 6), ("13800138000", 11), ("", 0), ("，。!", 0)],
)
def test_units(text: str, units: int) -> None:
    assert count_units(text) == units


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("嗯", True),
        ("嗯嗯，好的", True),
        ("Okay.", True),
        ("Uh huh", True),
        ("好的我明天去", False),
        ("", False),
        ("不行", False),
    ],
)
def test_backchannels(text: str, yes: bool) -> None:
    assert is_backchannel(text) is yes


def test_silence_is_between_voices_only() -> None:
    heard = call(("agent", 5, 8, "您好"), ("customer", 20, 22, "喂"), duration=60)
    assert heard.measures.silences == (Silence(8, 20, Role.AGENT),)
    noisy = measure(heard.turns, 60, speech=[Span(9, 12)])
    assert noisy.silences == (Silence(12, 20, Role.AGENT),)


def test_overlap_is_named_after_who_came_later() -> None:
    (overlap,) = call(("customer", 1, 8, "我跟你说这个事"), ("agent", 6, 9, "您先听我说")).measures.overlaps or ()
    assert (overlap.start, overlap.end, overlap.by) == (6, 8, Role.AGENT)


def test_talk_share_and_pace() -> None:
    heard = call(("agent", 0, 30, "好" * 100), ("customer", 31, 41, "好" * 30))
    assert heard.measures.talk_share == pytest.approx(0.75, abs=0.01)
    assert heard.measures.pace[Role.AGENT] == pytest.approx(200, rel=0.01)
