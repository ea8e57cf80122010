"""Runs of a machine's sentences among people's; a small function that knows a few words stands in for the head."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from models.machines import is_machine, machine_chances
from models.sentences import Sentence
from scoring.call import Word

STRONG, WEAK = ("menu", "queue", "valid"), ("recorded", "goodbye")
PERSON = ("I ", "you", "my ")


def odds(texts: Sequence[str]) -> np.ndarray:
    return np.array(
        [
            3.0 * any(w in t for w in STRONG) + 1.0 * any(w in t for w in WEAK) - 3.0 * any(w in t for w in PERSON)
            for t in texts
        ]
    )


def sentences(*texts: str) -> list[Sentence]:
    return [Sentence((Word(5.0 * i, 5.0 * i + 3, text, 0.9),)) for i, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("said", "alone", "machines"),
    [
        (("welcome.", "this is recorded.", "main menu.", "for sales, press two."), False, "MMMM"),
        (("main menu.", "for sales, press two.", "I can help you.", "what is my bill?"), False, "MMPP"),
        (("I can help you.", "main menu.", "what is my bill?", "I see."), False, "PPPP"),  # one strange sentence
        (("I can help you.", "the queue.", "queue.", "queue, press one.", "I can help you."), False, "PMMMP"),
        (("I see, thank you.", "the survey menu, press one.", "goodbye."), False, "PMM"),
        (("I can help you.", "you press one.", "I did.", "thank you."), False, "PPPP"),  # explained, not recited
        (("this is recorded.", "I can help you."), False, "PP"),  # both say so: the neighbour decides
        (("not valid.",), True, "M"),
        (("goodbye.",), True, "P"),  # nobody answers, yet the words tell too little
        (("hello.", "this is for Sue.", "please ring us back."), True, "PPP"),  # a voice mail left
    ],
)
def test_runs_of_a_machine(said: tuple[str, ...], alone: bool, machines: str) -> None:
    found = machine_chances(sentences(*said), odds, alone=alone)
    assert "".join("M" if p >= 0.5 else "P" for p in found) == machines


def test_words_that_both_say_leave_doubt() -> None:
    assert 0.2 < machine_chances(sentences("goodbye."), odds, alone=True)[0] < 0.8


def test_a_voice_never_answered_is_likelier_a_machine() -> None:
    said = sentences("welcome.", "this is recorded.")
    heard, recited = machine_chances(said, odds), machine_chances(said, odds, recited=True)
    assert heard[0] < 0.5 < recited[0]


def test_without_a_head_the_wording_of_menus_decides() -> None:
    assert machine_chances(sentences("For sales, press two."))[0] > 0.5
    assert machine_chances(sentences("hello there."))[0] < 0.5
    assert machine_chances([]).shape == (0,)


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
def test_the_wording_of_menus(text: str, yes: bool) -> None:
    assert is_machine(text) is yes
