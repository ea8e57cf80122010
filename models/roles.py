"""Who is the agent: by what is said (who greets, who works for the company)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from models.machines import Odds, machine_chances
from models.sentences import Sentence
from scoring.call import Role

MOST = 3.0  # log-odds one sentence may add; a single strange sentence must not decide
STAY = 2.0  # log-odds of the next sentence being by the same person on a mixed recording
ONLY_ONE = 0.75  # how sure a role can be of somebody who talks to nobody
OPENING_BONUS = 1.5  # the one who names the company and offers help is the agent; openings say it best


def channel_roles(said: Sequence[Sequence[Sentence]], odds: Odds) -> tuple[tuple[Role, ...], float]:
    """Role of each of two channels and how sure that is, by what people say on them. odds: that an agent says it."""
    scores = [lean([s.text for s in sentences], odds) for sentences in said]
    difference = scores[0] - scores[1]
    agent = 0 if difference >= 0 else 1
    sure = 1 / (1 + math.exp(-abs(difference)))
    if not all(said):  # one party was never heard: nothing to compare with
        sure = min(sure, ONLY_ONE)
    return tuple(Role.AGENT if c == agent else Role.CUSTOMER for c in range(len(said))), sure


def lean(texts: Sequence[str], odds: Odds) -> float:
    """How much a party sounds like an agent, as log-odds; grows with the root of what was said."""
    if not texts:
        return 0.0
    leaning = np.clip(odds(texts), -MOST, MOST)
    leaning[:3] *= OPENING_BONUS
    return float(leaning.sum() / math.sqrt(len(texts)))


def mixed_roles(
    sentences: Sequence[Sentence], odds: Odds, machine: Odds | None = None, *, alone: bool = False
) -> tuple[list[Role], float]:
    """Role of every sentence of a mixed recording and how sure that is, by what is said and what is around it.

    odds: that an agent and not a customer says it; machine: that a machine and not a person does; alone: one voice
    speaks and nobody answers.
    """
    chances = machine_chances(sentences, machine, alone=alone)
    spoken = chances < 0.5
    people = [s for s, person in zip(sentences, spoken, strict=True) if person]
    sure = chances.copy()
    roles = [Role.SYSTEM] * len(sentences)
    if people:
        leaning = np.clip(odds([s.text for s in people]), -MOST, MOST)
        agent = _agent_chances(leaning, [_stay(a, b) for a, b in pairwise(people)])
        sure[spoken] = np.maximum(agent, 1 - agent) * (1 - chances[spoken])
        for i, p in zip(np.flatnonzero(spoken), agent, strict=True):
            roles[i] = Role.AGENT if p >= 0.5 else Role.CUSTOMER
    return roles, float(np.average(sure, weights=[len(s.words) for s in sentences]))


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
