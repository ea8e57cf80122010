"""Silence and who owes the next word, waits, answers, monologues, pace and loudness over time."""

from __future__ import annotations

import pytest
from made import call

from scoring.call import Hold, Latency, Role, Silence, Span, Turn, Voice
from scoring.loudness import loudness, voices_by_role
from scoring.measures import measure

A, C = "agent", "customer"
LATER = (A, 30.0, 32.0, "好了")


@pytest.mark.parametrize(
    ("role", "text", "owed_by"),
    [
        (C, "我的宽带断了", Role.AGENT),
        (C, "多少钱？", Role.AGENT),
        (A, "请问您的身份证号是多少？", Role.CUSTOMER),
        (A, "您方便提供一下手机号吗", Role.CUSTOMER),
        (A, "我帮您查询", Role.AGENT),
        (A, "请您稍等一下，好吗？", Role.AGENT),
        (A, "Could you please hold for a moment?", Role.AGENT),
        (A, "May I have your name?", Role.CUSTOMER),
        ("system", "您的电话正在转接", None),
    ],
)
def test_who_should_have_spoken(role: str, text: str, owed_by: Role | None) -> None:
    assert call((role, 1.0, 10.0, text), LATER).measures.silences == (Silence(10.0, 30.0, owed_by),)


def test_waits_in_silence_and_with_music() -> None:
    turns = call((A, 1.0, 10.0, "我帮您查询"), LATER, (C, 37.0, 39.0, "好的呀谢谢你")).turns
    quiet = measure(turns, 40)
    assert quiet.holds == (Hold(10, 30),)
    assert [s.duration for s in quiet.silences] == [20, 5]
    music = measure(turns, 40, music=[Span(12, 29)])
    assert music.holds == (Hold(10, 30, music=True),)
    assert [s.duration for s in music.silences] == [5]


def test_answers_are_timed_by_role() -> None:
    heard = call(
        (A, 0, 2, "请问有什么可以帮您"), (C, 3, 5, "我的宽带断了"), (A, 5.5, 8, "我帮您看看"), (C, 7, 7.5, "嗯"),
        (C, 9, 11, "要多久呢"), (A, 14, 15, "半个小时"),
    )  # fmt: skip
    assert heard.measures.latency[Role.CUSTOMER] == Latency(1.0, 1.0, 2)
    assert heard.measures.latency[Role.AGENT] == Latency(1.75, 3.0, 2)


def test_the_longest_monologue_ignores_nods_and_short_pauses() -> None:
    heard = call(
        (A, 0, 10, "首先您需要登录官网"), (C, 8, 8.5, "嗯"), (A, 11, 20, "然后点击办理"), (C, 22, 30, "我不会弄"),
    )  # fmt: skip
    one = heard.measures.monologue
    assert one is not None
    assert (one.start, one.end, one.role) == (0, 20, Role.AGENT)
    assert call().measures.monologue is None


def test_pace_in_the_course_of_a_call() -> None:
    heard = call((A, 0, 20, "好" * 60), (A, 31, 51, "好" * 120), (C, 61, 62, "嗯"))
    (first, second) = heard.measures.pace_over_time[Role.AGENT]
    assert (first.start, first.end, second.start, second.end) == (0, 30, 30, 60)
    assert first.pace == pytest.approx(180, rel=0.05)
    assert second.pace == pytest.approx(360, rel=0.05)
    assert Role.CUSTOMER not in heard.measures.pace_over_time


def test_a_raised_voice_is_told_with_its_time() -> None:
    levels = [-25.0, -25, -26, -24, -15, -16]
    agent = [Voice(5.0 * k, 5.0 * k + 2, level) for k, level in enumerate(levels)]
    customer = [Voice(5.0 * k + 2.5, 5.0 * k + 4, -30.0) for k in range(6)]
    turns = [Turn(Role.AGENT, v.start, v.end, "好", 0.9) for v in agent]
    turns += [Turn(Role.CUSTOMER, v.start, v.end, "行", 0.9) for v in customer]
    owned = voices_by_role(turns, [customer, agent])
    assert (owned[Role.AGENT], owned[Role.CUSTOMER]) == (tuple(agent), tuple(customer))
    told = loudness(owned)
    assert told["agent"]["change"] == pytest.approx(9.5)
    assert [r[0] for r in told["agent"]["raised"]] == [20.0, 25.0]
    assert told["customer"] == {"level": -30.0, "change": 0.0, "raised": []}
