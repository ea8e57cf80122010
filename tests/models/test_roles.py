"""Who is the agent, with a small odds function in the models' place: it knows a few phrases."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from models.roles import channel_roles, is_machine, mixed_roles
from models.sentences import split
from models.transcriber import Utterance
from scoring.call import Role, Word


def odds(texts: Sequence[str]) -> np.ndarray:
    agent, customer = ("help you", "for calling", "verify"), ("my ", "I want")
    return np.array([2.0 * any(p in t for p in agent) - 2.0 * any(p in t for p in customer) for t in texts])


def said(channel: int, start: float, text: str) -> Utterance:
    pieces = text.split(" ")
    return Utterance(
        channel, tuple(Word(start + 0.3 * i, start + 0.3 * (i + 1), " " + p, 0.9) for i, p in enumerate(pieces))
    )


AGENT = "Thank you for calling, how can I help you?"
CUSTOMER = "my phone is broken and I want a new one."


@pytest.mark.parametrize("agent", [0, 1])
def test_the_channel_that_offers_help_is_the_agent(agent: int) -> None:
    roles, sure = channel_roles([said(agent, 0, AGENT), said(1 - agent, 5, CUSTOMER)], 2, odds)
    assert roles[agent] == Role.AGENT
    assert roles[1 - agent] == Role.CUSTOMER
    assert sure > 0.9


def test_a_channel_nobody_spoke_on_leaves_doubt() -> None:
    roles, sure = channel_roles([said(1, 0, AGENT)], 2, odds)
    assert roles == (Role.CUSTOMER, Role.AGENT)
    assert sure <= 0.75


def test_a_mixed_recording_is_told_apart_by_words() -> None:
    talk = [
        said(0, 0, AGENT),
        said(0, 5, CUSTOMER),
        said(0, 12, "Let me verify your account."),
        said(0, 16, "I want it quick."),
    ]
    roles, sure = mixed_roles([s for u in talk for s in split(u.words)], odds)
    assert roles == [Role.AGENT, Role.CUSTOMER, Role.AGENT, Role.CUSTOMER]
    assert sure > 0.7


def test_words_that_tell_nothing_leave_doubt() -> None:
    talk = [said(0, 3.0 * i, "okay then.") for i in range(4)]
    assert mixed_roles([s for u in talk for s in split(u.words)], odds)[1] < 0.6


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("For sales, press two.", True),
        ("Please leave your message after the tone", True),
        ("查询话费请按1，人工服务请按0", True),
        ("您拨打的电话正在通话中", True),
        ("Press the reset button for ten seconds.", False),
        ("请您按一下遥控器的开机键", False),
        ("这次通话会录音", False),
    ],
)
def test_machines(text: str, yes: bool) -> None:
    assert is_machine(text) is yes
