"""Which sentences a machine on the line says: menus, queues, announcements, voice mail (IVR 语音播报).

A sentence alone rarely tells: agents too say that the call is recorded, and 请稍候. Machines speak in runs, though,
so the sentences of one voice (or channel) are weighed together: two states, person and machine, forward-backward.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from models.sentences import Sentence

Odds = Callable[[Sequence[str]], np.ndarray]  # log-odds of each text

# Log-odds that one sentence may add for a machine, and for a person: a single strange sentence must not decide. Out of
# fold the surest sentences are 15 times as common among prompts as among near misses (log 2.7).
MOST, LEAST = 2.5, 3.0
WORDING = 4.0  # log-odds of the wording of a menu: what a person says so is quoted or explained
OPENS = 0.1  # chance that a voice of a call begins as a machine: most recordings begin with the agent
ENTERS = 0.01  # chance that a machine takes over after a pause: a queue or a survey once in a call
LEAVES = 0.15  # chance that a prompt is over at a pause: it has some six sentences
BREATH = 0.8  # s; nobody hands over to another within one breath of the line
WITHIN_BREATH = 0.002  # chance of it all the same: pauses are measured on recognised words
ANSWERED = 0.9  # chance that a machine is over once another party has spoken: most wait for no answer
ALONE = 0.2  # chance of a machine where nobody answers: a caller who hung up in the menu, or a voice mail left
UNANSWERED = 0.02  # chance of a change at a pause there: another party would be heard
RECITED = 2.5  # log-odds of a voice that opens a call in one go, is not answered and never heard again
_MENU = re.compile(
    r"press (\w+ )?(one|two|three|four|five|six|seven|eight|nine|zero|star|pound|hash|\d)\b|after the (tone|beep)|"
    r"leave (a|your) message|your call is (very )?important|currently (busy|unavailable)|invalid (option|extension)|"
    r"(you are|you're) (now )?(number \w+|next) in|please enter your|record your message|conference (call )?menu|"
    r"请按|按\s*[一二三四五六七八九零\d]\s*(号)?键|转人工|请留言|嘀声后|您拨打的(电话|用户)|正在(为您)?(转接|接通)(中|，|,)|请输入您的|坐席(全)?忙",
    re.IGNORECASE,
)


def is_machine(text: str) -> bool:
    """Whether a sentence has the wording of a menu or an announcement."""
    return bool(_MENU.search(text))


def machine_chances(
    sentences: Sequence[Sentence],
    odds: Odds | None = None,
    *,
    others: Sequence[float] = (),
    alone: bool = False,
    recited: bool = False,
) -> np.ndarray:
    """Chance that a machine says each sentence of one voice or channel, (n,).

    odds: how much likelier a machine says a text than a person (the announcement head), or None to go by wording.
    others: when other parties begin a sentence, s. alone: nobody else speaks in the recording. recited: the voice
    opens the call in one go and is never heard again.
    """
    texts = [s.text for s in sentences]
    if not texts:
        return np.zeros(0)
    evidence = np.clip(odds(texts), -LEAST, MOST) if odds else np.zeros(len(texts))
    evidence = evidence + WORDING * np.array([is_machine(t) for t in texts])
    evidence[0] += RECITED * recited
    opens = ALONE if alone else OPENS
    moves = np.array([_move(a, b, others, alone=alone) for a, b in pairwise(sentences)]).reshape(-1, 2, 2)
    heard = np.exp(np.stack([-evidence / 2, evidence / 2], axis=1))
    return _forward_backward(np.array([1 - opens, opens]), moves, heard)


def _move(before: Sentence, after: Sentence, others: Sequence[float], *, alone: bool) -> np.ndarray:
    """Chances (2, 2) of person and machine after person and machine."""
    enters, leaves = (UNANSWERED, UNANSWERED) if alone else (ENTERS, LEAVES)
    if any(before.start < at < after.start for at in others):
        leaves = ANSWERED
    elif after.start - before.end < BREATH:
        enters = leaves = WITHIN_BREATH
    return np.array([[1 - enters, enters], [leaves, 1 - leaves]])


def _forward_backward(first: np.ndarray, moves: np.ndarray, heard: np.ndarray) -> np.ndarray:
    """Chance of the second state at each step. first: (2,), moves: (n - 1, 2, 2), heard: (n, 2)."""
    forward, backward = [first * heard[0] / (first @ heard[0])], [np.ones(2)]
    for move, here in zip(moves, heard[1:], strict=True):
        step = (forward[-1] @ move) * here
        forward.append(step / step.sum())
    for move, here in zip(moves[::-1], heard[:0:-1], strict=True):
        step = move @ (here * backward[-1])
        backward.append(step / step.sum())
    both = np.array(forward) * np.array(backward[::-1])
    return np.asarray(both[:, 1] / both.sum(axis=1))
