"""Whose voice is whose channel's, and how loud a party speaks in the course of a call."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from scoring.call import Role, Turn, Voice

RAISED = 6.0  # dB over a party's own usual level: twice the sound pressure, what people call a raised voice
_LONG = 0.8  # s; the level of a shorter stretch is that of a vowel


def voices_by_role(turns: Sequence[Turn], channels: Sequence[Sequence[Voice]]) -> dict[Role, tuple[Voice, ...]]:
    """Voices by role. One channel is everybody's; of two, each is the role's whose words lie in it most."""
    if len(channels) == 1:
        return {role: tuple(channels[0]) for role in dict.fromkeys(t.role for t in turns)}
    found: dict[Role, tuple[Voice, ...]] = {}
    for role in dict.fromkeys(t.role for t in turns):
        # Turns and not words: two sorted lists of a three-hour call are compared in a moment.
        own = [t for t in turns if t.role == role]
        shared = [sum(_shared(t, channel) for t in own) for channel in channels]
        found[role] = tuple(channels[shared.index(max(shared))])
    return found


def loudness(voices: Mapping[Role, Sequence[Voice]]) -> dict[str, Any]:
    """By role: usual level in dBFS, change from the first to the last third of its speech in dB, raised stretches.

    Telephones even out levels, so a change that is told was at least as large in the room.
    """
    told: dict[str, Any] = {}
    for role, spoken in voices.items():
        long = [v for v in spoken if v.duration >= _LONG]
        if role == Role.SYSTEM or len(long) < 3:
            continue
        usual = statistics.median(v.level for v in long)
        third = max(1, len(long) // 3)
        change = statistics.fmean(v.level for v in long[-third:]) - statistics.fmean(v.level for v in long[:third])
        raised = [[v.start, v.end, round(v.level - usual, 1)] for v in long if v.level >= usual + RAISED]
        told[role.value] = {"level": round(usual, 1), "change": round(change, 1), "raised": raised}
    return told


def _shared(turn: Turn, voices: Sequence[Voice]) -> float:
    return sum(max(0.0, min(turn.end, v.end) - max(turn.start, v.start)) for v in voices if v.start < turn.end)
