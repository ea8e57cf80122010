"""Who is the agent: by a given map of channels, or by what is said (who greets, who works for the company)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from models.sentences import Sentence, split
from models.transcriber import Utterance
from scoring.call import Role

Odds = Callable[[Sequence[str]], np.ndarray]  # log-odds that an agent says each text

MOST = 3.0  # log-odds one sentence may add; a single strange sentence must not decide
STAY = 2.0  # log-odds of the next sentence being by the same person on a mixed recording
OPENING_BONUS = 1.5  # the one who names the company and offers help is the agent; openings say it best
_MACHINE = re.compile(
    r"press (\w+ )?(one|two|three|four|five|six|seven|eight|nine|zero|star|pound|hash|\d)\b|after the (tone|beep)|"
    r"leave (a|your) message|your call is (very )?important|currently (busy|unavailable)|invalid (option|extension)|"
    r"(you are|you're) (now )?(number \w+|next) in|please enter your|record your message|conference (call )?menu|"
    r"请按|按\s*[一二三四五六七八九零\d]\s*(号)?键|转人工|请留言|嘀声后|您拨打的(电话|用户)|正在(为您)?(转接|接通)(中|，|,)|请输入您的|坐席(全)?忙",
    re.IGNORECASE,
)


def is_machine(text: str) -> bool:
    """Whether a sentence is a menu or an announcement."""
    return bool(_MACHINE.search(text))


def channel_roles(utterances: Sequence[Utterance], channels: int, odds: Odds) -> tuple[tuple[Role, ...], float]:
    """Role of each of two channels and how sure that is, by what is said on them."""
    said = [[s for u in utterances if u.channel == c for s in split(u.words)] for c in range(channels)]
    scores = [lean([s.text for s in sentences if not is_machine(s.text)], odds) for sentences in said]
    difference = scores[0] - scores[1]
    agent = 0 if difference >= 0 else 1
    sure = 1 / (1 + math.exp(-abs(difference)))
    if not all(said):  # one party was never heard: nothing to compare with
        sure = min(sure, 0.75)
    return tuple(Role.AGENT if c == agent else Role.CUSTOMER for c in range(channels)), sure


def lean(texts: Sequence[str], odds: Odds) -> float:
    """How much a party sounds like an agent, as log-odds; grows with the root of what was said."""
    if not texts:
        return 0.0
    leaning = np.clip(odds(texts), -MOST, MOST)
    leaning[:3] *= OPENING_BONUS
    return float(leaning.sum() / math.sqrt(len(texts)))


def mixed_roles(sentences: Sequence[Sentence], odds: Odds) -> tuple[list[Role], float]:
    """Role of every sentence of a mixed recording and how sure that is, by what is said and what is around it."""
    machine = [is_machine(s.text) for s in sentences]
    people = [s for s, m in zip(sentences, machine, strict=True) if not m]
    if not people:
        return [Role.SYSTEM] * len(sentences), 1.0
    leaning = np.clip(odds([s.text for s in people]), -MOST, MOST)
    agent = _agent_chances(leaning, [_stay(a, b) for a, b in pairwise(people)])
    roles = iter([Role.AGENT if p >= 0.5 else Role.CUSTOMER for p in agent])
    said = np.array([len(s.words) for s in people], float)
    sure = float(np.average(np.maximum(agent, 1 - agent), weights=said))
    return [Role.SYSTEM if m else next(roles) for m in machine], sure


def _stay(before: Sentence, after: Sentence) -> float:
    """Log-odds that the same person goes on: less after a question, less after a pause."""
    stay = STAY
    if before.text.rstrip().endswith(("?", "？", "吗", "呢")):
        stay -= 2.0
    if after.start - before.end > 0.5:
        stay -= 1.2
    elif after.start - before.end < 0.15:
        stay += 0.5
    return stay


def _agent_chances(leaning: np.ndarray, stays: Sequence[float]) -> np.ndarray:
    """Chance that the agent says each sentence, forward-backward. leaning: (n,), stays: (n - 1,)."""
    heard = np.exp(np.stack([-leaning / 2, leaning / 2], axis=1))
    moves = [np.array([[1, e], [e, 1]]) / (1 + e) for e in (math.exp(-s) for s in stays)]
    forward, backward = [heard[0] / heard[0].sum()], [np.ones(2)]
    for move, here in zip(moves, heard[1:], strict=True):
        step = (forward[-1] @ move) * here
        forward.append(step / step.sum())
    for move, here in zip(reversed(moves), heard[:0:-1], strict=True):
        step = move @ (here * backward[-1])
        backward.append(step / step.sum())
    both = np.array(forward) * np.array(backward[::-1])
    return both[:, 1] / both.sum(axis=1)
