"""What Whisper makes up is recognised; what people say is not."""

from __future__ import annotations

import pytest

from models.doubt import believable, loops, made_up
from scoring.call import Word


def words(text: str, seconds: float = 3.0, confidence: float = 0.8) -> list[Word]:
    step = seconds / len(text)
    return [Word(i * step, (i + 1) * step, c, confidence) for i, c in enumerate(text)]


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("Thanks for watching!", True),
        ("请不吝点赞 订阅 转发 打赏支持明镜与点点栏目", True),
        ("字幕由志愿者提供", True),
        ("以下是普通话的客服通话录音", True),
        ("♪♪♪", True),
        ("[Music]", True),
        ("谢谢您的耐心等待", False),
        ("Thanks for waiting.", False),
        ("我想订阅一份报纸", False),
        ("你们的视频我看了", False),
    ],
)
def test_made_up(text: str, yes: bool) -> None:
    assert made_up(text) is yes


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("好的好的好的好的好的好的好的", True),
        ("no no no no no no no no no no no", True),
        ("对对对", False),
        ("13800138000", False),
        ("好的，好的，谢谢", False),
    ],
)
def test_loops(text: str, yes: bool) -> None:
    assert loops(text) is yes


def test_believable() -> None:
    assert believable("您好请问有什么可以帮您", words("您好请问有什么可以帮您"))
    assert not believable("您好请问有什么可以帮您", words("您好请问有什么可以帮您", seconds=0.3)), (
        "nobody speaks so fast"
    )
    assert not believable("您好", words("您好", confidence=0.1)), "a guess"
    assert not believable("", [])
