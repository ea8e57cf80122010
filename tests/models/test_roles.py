"""Who is the agent, with a small odds function in the models' place: it knows a few phrases."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from models.roles import channel_roles, mixed_roles
from models.sentences import Sentence, split
from scoring.call import Role, Word


def odds(texts: Sequence[str]) -> np.ndarray:
    agent, customer = ("help you", "for calling", "verify"), ("my ", "I want")
    return np.array([2.0 * any(p in t for p in agent) - 2.0 * any(p in t for p in customer) for t in texts])


def said(start: float, text: str) -> list[Sentence]:
    pieces = enumerate(text.split(" "))
    return split([Word(start + 0.3 * i, start + 0.3 * (i + 1), " " + p, 0.9) for i, p in pieces])


AGENT = "Thank you for calling, how can I help you?"
CUSTOMER = "my phone is broken and I want a new one."


@pytest.mark.parametrize("agent", [0, 1])
def test_the_channel_that_offers_help_is_the_agent(agent: int) -> None:
    roles, sure = channel_roles([said(0, AGENT), said(5, CUSTOMER)][:: 1 if agent == 0 else -1], odds)
    assert roles[agent] == Role.AGENT
    assert roles[1 - agent] == Role.CUSTOMER
    assert sure > 0.9


def test_a_channel_nobody_spoke_on_leaves_doubt() -> None:
    roles, sure = channel_roles([[], said(0, AGENT)], odds)
    assert roles == (Role.CUSTOMER, Role.AGENT)
    assert sure <= 0.75


def test_a_mixed_recording_is_told_apart_by_words() -> None:
    talk = [
        said(0, AGENT),
        said(5, CUSTOMER),
        said(12, "Let me verify your account."),
        said(16, "I want it quick."),
    ]
    roles, sure = mixed_roles([s for u in talk for s in u], odds)
    assert roles == [Role.AGENT, Role.CUSTOMER, Role.AGENT, Role.CUSTOMER]
    assert sure > 0.7


def test_words_that_tell_nothing_leave_doubt() -> None:
    talk = [said(3.0 * i, "okay then.") for i in range(4)]
    assert mixed_roles([s for u in talk for s in u], odds)[1] < 0.6
