"""How a call sounds: speech, silence, overlap, talk share, pace and answers, computed from its turns and voices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scoring.call import Measures, Role, Span, Turn, Voice
from scoring.loudness import loudness, voices_by_role
from scoring.talk import BACKCHANNEL, MIN_OVERLAP, is_backchannel, overlaps, spurts, talk
from scoring.timing import MIN_SILENCE, latencies, longest_monologue, pace_over_time, silences_and_holds
from scoring.units import count_units

__all__ = ["BACKCHANNEL", "MIN_OVERLAP", "MIN_SILENCE", "count_units", "is_backchannel", "measure"]


def measure(
    turns: Sequence[Turn],
    duration: float,
    *,
    separate: bool = True,
    speech: Sequence[Span] | None = None,
    voices: Sequence[Sequence[Voice]] | None = None,
    music: Sequence[Span] = (),
    role_confidence: float = 1.0,
    details: Mapping[str, Any] | None = None,
) -> Measures:
    """Measure a call.

    turns: in time order. duration: of the recording, s. separate: each party has a channel of its own, so that
    overlap can be heard. speech: further stretches with a voice, recognised or not. voices: where a voice is heard and
    how loud, for each channel; times are more exact with it. music: hold music.
    """
    spoken: dict[Role, float] = {}
    units: dict[Role, int] = {}
    for turn in turns:
        seconds = sum(w.end - w.start for w in turn.words) if turn.words else turn.duration
        # Short pauses inside a sentence belong to speaking; word times alone would overstate the pace.
        seconds = max(seconds, min(turn.duration, seconds * 1.25))
        spoken[turn.role] = spoken.get(turn.role, 0.0) + seconds
        units[turn.role] = units.get(turn.role, 0) + count_units(turn.text)
    both = spoken.get(Role.AGENT, 0.0) + spoken.get(Role.CUSTOMER, 0.0)
    owned = voices_by_role(turns, voices) if voices else {}
    said = spurts(turns, owned)
    floor = talk(said)
    heard = [*said, *(speech or ()), *(v for channel in voices or () for v in channel)]
    silences, holds = silences_and_holds(heard, said, duration, music)
    told = dict(details or {})
    if voices and separate:
        told["loudness"] = loudness(owned)
    return Measures(
        speech={role: round(s, 2) for role, s in spoken.items()},
        pace={r: round(60 * units[r] / s, 1) for r, s in spoken.items() if s >= 3.0},
        silences=silences,
        overlaps=overlaps(floor) if separate else None,
        talk_share=round(spoken.get(Role.AGENT, 0.0) / both, 3) if both else None,
        role_confidence=round(role_confidence, 3),
        details=told,
        holds=holds,
        monologue=longest_monologue(floor),
        latency=latencies(floor),
        pace_over_time=pace_over_time(said),
    )
