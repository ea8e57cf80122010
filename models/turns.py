"""From a transcription to the turns of a conversation: roles given, channels merged in time order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from models.machines import Odds, machine_chances
from models.parties import parties
from models.roles import channel_roles, mixed_roles
from models.sentences import confidence, spell, split
from models.speakers import Diarization
from models.transcriber import Transcription
from scoring.call import Role, Turn, Word

BREATH = 1.2  # s; a longer pause of the same party begins a new turn
MAP_RIGHT = 0.98  # chance that a given map is right before anybody has spoken; exports do swap channels
CLEARLY = 0.9  # how sure the words must be that the map is wrong to be told


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns in time order. `separate`: each party had a channel. `roles_by`: map, words, voices and words, or none.

    `voices`: how many were heard on a mixed recording. `map_doubt`: how sure the words are that the channels are the
    other way round than the map says, where they clearly are.
    """

    turns: tuple[Turn, ...]
    role_confidence: float
    separate: bool
    roles_by: str
    voices: int | None = None
    map_doubt: float | None = None


@dataclass(frozen=True, slots=True)
class _Said:
    role: Role
    channel: int
    words: tuple[Word, ...]


def converse(
    heard: Transcription,
    odds: Odds,
    channel_map: Sequence[Role] | None = None,
    diarization: Diarization | None = None,
    machine: Odds | None = None,
) -> Conversation:
    """Turns with roles. odds: that an agent says a text; channel_map: role of each channel, or None to go by words.

    diarization: the voices of a mixed recording; without it, or where it cannot tell them apart, words alone decide.
    machine: log-odds that a machine and not a person says a text; without it the wording of menus decides.
    """
    if len(heard.speech) == 2:
        return _two_channels(heard, odds, channel_map, machine)
    words = sorted((word for u in heard.utterances for word in u.words), key=lambda w: w.start)
    voices = diarization.voices if diarization else None
    if not words:
        return Conversation((), 1.0, False, "none", voices)
    if diarization and diarization.told_apart:
        parts, sure = parties(words, diarization, odds, machine)
        said = [_Said(part.role, 0, part.words) for part in parts]
        return Conversation(tuple(_merge(said)), sure, False, "voices and words", voices)
    sentences = split(words)
    alone = diarization is not None and diarization.voices <= 1
    named, sure = mixed_roles(sentences, odds, machine, alone=alone)
    said = [_Said(role, 0, s.words) for role, s in zip(named, sentences, strict=True)]
    return Conversation(tuple(_merge(said)), sure, False, "words", voices)


def _two_channels(
    heard: Transcription, odds: Odds, channel_map: Sequence[Role] | None, machine: Odds | None
) -> Conversation:
    spoken = [
        [(i, s) for i, u in enumerate(heard.utterances) if u.channel == c for s in split(u.words)] for c in (0, 1)
    ]
    alone = not all(spoken)
    starts = [[s.start for _, s in said] for said in spoken]
    chances = [
        machine_chances([s for _, s in said], machine, others=starts[1 - c], alone=alone)
        for c, said in enumerate(spoken)
    ]
    people = [[s for (_, s), m in zip(*x, strict=True) if m < 0.5] for x in zip(spoken, chances, strict=True)]
    by_words, sure = channel_roles(people, odds)
    roles, by, doubt = by_words, "words", None
    if channel_map is not None:
        roles, by = tuple(channel_map), "map"
        wrong = sure if by_words != roles else 1 - sure
        doubt = round(wrong, 3) if wrong >= CLEARLY else None
        right = MAP_RIGHT * (1 - wrong)
        sure = 1.0 if doubt is None else right / (right + (1 - MAP_RIGHT) * wrong)
    said: list[_Said] = []
    weights: list[int] = []
    certain: list[float] = []
    for channel, (sentences, found) in enumerate(zip(spoken, chances, strict=True)):
        # An utterance stays whole unless a machine and a person share it.
        runs = groupby(zip(sentences, found, strict=True), key=lambda x: (x[0][0], bool(x[1] >= 0.5)))
        for (_, by_machine), run in runs:
            parts = list(run)
            role = Role.SYSTEM if by_machine else roles[channel]
            said.append(_Said(role, channel, tuple(w for (_, s), _ in parts for w in s.words)))
            weights += [len(s.words) for (_, s), _ in parts]
            certain += [float(m) if by_machine else sure * (1 - float(m)) for _, m in parts]
    if said:
        sure = float(np.average(certain, weights=weights))
    return Conversation(tuple(_merge(said)), sure, True, by, map_doubt=doubt)


def _merge(said: Sequence[_Said]) -> list[Turn]:
    """Join what one party says without a real pause and without the other cutting in."""
    turns: list[list[_Said]] = []
    for part in sorted(said, key=lambda s: (s.words[0].start, s.channel)):
        last = turns[-1] if turns else None
        if last and last[-1].role == part.role and part.words[0].start - last[-1].words[-1].end <= BREATH:
            last.append(part)
        else:
            turns.append([part])
    return [_turn(parts) for parts in turns]


def _turn(parts: Sequence[_Said]) -> Turn:
    words = tuple(w for part in parts for w in part.words)
    end = max(w.end for w in words)
    return Turn(parts[0].role, words[0].start, end, spell(words), round(confidence(words), 4), words)
