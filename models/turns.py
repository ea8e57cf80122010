"""From a transcription to the turns of a conversation: roles given, channels merged in time order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.roles import Odds, channel_roles, is_machine, mixed_roles
from models.sentences import confidence, spell, split
from models.transcriber import Transcription
from scoring.call import Role, Turn, Word

BREATH = 1.2  # s; a longer pause of the same party begins a new turn


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns in time order; `separate`: each party had a channel; `roles_by`: map, words or none."""

    turns: tuple[Turn, ...]
    role_confidence: float
    separate: bool
    roles_by: str


@dataclass(frozen=True, slots=True)
class _Said:
    role: Role
    channel: int
    words: tuple[Word, ...]


def converse(heard: Transcription, odds: Odds, channel_map: Sequence[Role] | None = None) -> Conversation:
    """Turns with roles. channel_map: role of each channel, or None to go by what is said."""
    channels = len(heard.speech)
    if channels == 2:
        if channel_map is not None:
            roles, sure, by = tuple(channel_map), 1.0, "map"
        else:
            (roles, sure), by = channel_roles(heard.utterances, channels, odds), "words"
        said = [_Said(_machine_or(roles[u.channel], u.words), u.channel, u.words) for u in heard.utterances]
        return Conversation(tuple(_merge(said)), sure, True, by)
    sentences = split([word for u in heard.utterances for word in u.words])
    if not sentences:
        return Conversation((), 1.0, False, "none")
    named, sure = mixed_roles(sentences, odds)
    mixed = [_Said(role, 0, s.words) for role, s in zip(named, sentences, strict=True)]
    return Conversation(tuple(_merge(mixed)), sure, False, "words")


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
