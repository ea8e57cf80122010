"""Who said each word of a mixed recording: the voice heard under it, and the role of each voice by what it says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, product

import numpy as np

from models.machines import Odds, machine_chances
from models.roles import ONLY_ONE, lean
from models.sentences import ENDS, Sentence, split
from models.speakers import Diarization
from scoring.call import Role, Word

UNHEARD = 0.05  # chance left to a voice that is not heard under a word: word times are off by a tenth of a second
SAME_BREATH, SHORT_GAP, SENTENCE_END, PAUSE = 3.0, 1.5, 1.0, 0.0  # log-odds that the same voice says the next word
MOSTLY = 0.8  # share of a voice's words above which the rest, too, is the machine's


@dataclass(frozen=True, slots=True)
class Part:
    """Words of one voice in a row, and their role."""

    role: Role
    words: tuple[Word, ...]


def parties(
    words: Sequence[Word], heard: Diarization, odds: Odds, machine: Odds | None = None
) -> tuple[list[Part], float]:
    """Sentences with roles in time order, and the mean chance that a word's role is right.

    odds: that an agent and not a customer says a text; machine: that a machine and not a person does.
    """
    chances = word_voices(words, heard)
    voices = chances.argmax(axis=1).tolist()
    sentences: list[tuple[int, Sentence]] = []
    for voice, group in groupby(zip(voices, words, strict=True), key=lambda x: x[0]):
        sentences += [(voice, s) for s in split([word for _, word in group])]
    machines = voiced_machines(sentences, heard.voices, machine)
    roles, certain = voice_roles(sentences, heard.voices, odds, machines)
    parts: list[Part] = []
    sure: list[float] = []
    for (voice, s), m in zip(sentences, machines.tolist(), strict=True):
        if roles[voice] == Role.SYSTEM:
            role, chance = Role.SYSTEM, certain[voice]
        elif m >= 0.5:
            role, chance = Role.SYSTEM, m
        else:
            role, chance = roles[voice], certain[voice] * (1 - m)
        parts.append(Part(role, s.words))
        sure += [chance] * len(s.words)
    return parts, _sure(chances.max(axis=1) * heard.confidence, np.array(sure))


def voiced_machines(sentences: Sequence[tuple[int, Sentence]], voices: int, machine: Odds | None = None) -> np.ndarray:
    """Chance that a machine says each sentence, voice by voice, (n,)."""
    speaker = np.array([voice for voice, _ in sentences])
    opener = _recited(sentences) if len(set(speaker.tolist())) > 2 else None
    found = np.zeros(len(sentences))
    for voice in range(voices):
        own = np.flatnonzero(speaker == voice)
        said = [sentences[i][1] for i in own.tolist()]
        others = [s.start for v, s in sentences if v != voice]
        found[own] = machine_chances(said, machine, others=others, alone=not others, recited=voice == opener)
    return found


def word_voices(words: Sequence[Word], heard: Diarization) -> np.ndarray:
    """Chance (words, voices) that each voice says each word, forward-backward over the words."""
    active = np.array([heard.during(w.start, max(w.end, w.start + 0.1)) for w in words])
    likely = active + UNHEARD
    likely /= likely.sum(axis=1, keepdims=True)
    others = max(heard.voices - 1, 1)
    moves = []
    for before, after in pairwise(words):
        leave = 1 / (1 + math.exp(_stay(before, after)))
        move = np.full((heard.voices, heard.voices), leave / others)
        np.fill_diagonal(move, 1 - leave)
        moves.append(move)
    forward, backward = [likely[0] / likely[0].sum()], [np.ones(heard.voices)]
    for move, here in zip(moves, likely[1:], strict=True):
        step = (forward[-1] @ move) * here
        forward.append(step / step.sum())
    for move, here in zip(reversed(moves), likely[:0:-1], strict=True):
        step = move @ (here * backward[-1])
        backward.append(step / step.sum())
    both = np.array(forward) * np.array(backward[::-1])
    return np.asarray(both / both.sum(axis=1, keepdims=True))


def _stay(before: Word, after: Word) -> float:
    gap = after.start - before.end
    if gap > 0.8:
        return PAUSE
    if ENDS.search(before.text.strip()):
        return SENTENCE_END
    return SHORT_GAP if gap > 0.3 else SAME_BREATH


def voice_roles(
    sentences: Sequence[tuple[int, Sentence]], voices: int, odds: Odds, machine: np.ndarray
) -> tuple[list[Role], list[float]]:
    """Role of each voice and how sure it is: all voices together must make a conversation of agent and customer.

    machine: chance of each sentence to be a machine's.
    """
    said = np.array([len(s.words) for _, s in sentences], float)
    speaker = np.array([voice for voice, _ in sentences])
    texts: list[list[str]] = [
        [s.text for (v, s), m in zip(sentences, machine, strict=True) if v == voice and m < 0.5]
        for voice in range(voices)
    ]
    roles, certain = [Role.CUSTOMER] * voices, [1.0] * voices
    for voice in range(voices):
        own = speaker == voice
        if said[own] @ (machine[own] >= 0.5) > MOSTLY * said[own].sum():
            roles[voice], texts[voice] = Role.SYSTEM, []
            certain[voice] = float(np.average(machine[own], weights=said[own]))
    people = [v for v in range(voices) if texts[v]]
    if not people:
        return roles, certain
    leaning = np.array([lean(texts[v], odds) for v in people])
    ways = np.array([w for w in product((1, -1), repeat=len(people)) if len(set(w)) > 1 or len(people) == 1])
    belief = ways @ leaning / 2
    belief = np.exp(belief - belief.max())
    belief /= belief.sum()
    best = ways[belief.argmax()]
    for i, v in enumerate(people):
        roles[v] = Role.AGENT if best[i] > 0 else Role.CUSTOMER
        certain[v] = float(belief[ways[:, i] == best[i]].sum())
        if len(people) == 1:
            certain[v] = min(certain[v], ONLY_ONE)
    return roles, certain


def _recited(sentences: Sequence[tuple[int, Sentence]]) -> int | None:
    """The voice that opens a call of three or more in one go and is never heard again: a prompt, which nobody answers.

    Much of a prompt names no key to press; what tells it from an agent is that no conversation takes place.
    """
    runs = [voice for voice, _ in groupby(voice for voice, _ in sentences)]
    return runs[0] if runs and runs.count(runs[0]) == 1 else None


def _sure(voice: np.ndarray, role: np.ndarray) -> float:
    """Mean chance that both the voice and its role are right, or both are wrong."""
    return float((voice * role + (1 - voice) * (1 - role)).mean())
