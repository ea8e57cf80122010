"""From a transcription to the turns of a conversation: roles given, channels merged in time order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.parties import parties
from models.roles import Odds, channel_roles, is_machine, mixed_roles
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
) -> Conversation:
    """Turns with roles. channel_map: role of each channel, or None to go by what is said.

    diarization: the voices of a mixed recording; without it, or where it cannot tell them apart, words alone decide.
    """
    if len(heard.speech) == 2:
        return _two_channels(heard, odds, channel_map)
    words = sorted((word for u in heard.utterances for word in u.words), key=lambda w: w.start)
    voices = diarization.voices if diarization else None
    if not words:
        return Conversation((), 1.0, False, "none", voices)
    if diarization and diarization.told_apart:
        parts, sure = parties(words, diarization, odds)
        said = [_Said(part.role, 0, part.words) for part in parts]
        return Conversation(tuple(_merge(said)), sure, False, "voices and words", voices)
    sentences = split(words)
    named, sure = mixed_roles(sentences, odds)
    said = [_Said(role, 0, s.words) for role, s in zip(named, sentences, strict=True)]
    return Conversation(tuple(_merge(said)), sure, False, "words", voices)


def _two_channels(heard: Transcription, odds: Odds, channel_map: Sequence[Role] | None) -> Conversation:
    by_words, sure = channel_roles(heard.utterances, 2, odds)
    roles, by, doubt = by_words, "words", None
    if channel_map is not None:
        roles, by = tuple(channel_map), "map"
        wrong = sure if by_words != roles else 1 - sure
        doubt = round(wrong, 3) if wrong >= CLEARLY else None
        right = MAP_RIGHT * (1 - wrong)
        sure = 1.0 if doubt is None else right / (right + (1 - MAP_RIGHT) * wrong)
    said = [_Said(_machine_or(roles[u.channel], u.words), u.channel, u.words) for u in heard.utterances]
    return Conversation(tuple(_merge(said)), sure, True, by, map_doubt=doubt)


def _machine_or(role: Role, words: tuple[Word, ...]) -> Role:
    return Role.SYSTEM if is_machine(spell(words)) else role


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
