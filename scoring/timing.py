"""When nobody speaks and who should have, how fast answers come, how long one party speaks, how pace changes."""

from __future__ import annotations

import math
import re
import statistics
from collections import defaultdict
from collections.abc import Sequence

from scoring.call import Hold, Latency, Monologue, PaceAt, Role, Silence, Span
from scoring.talk import Spurt
from scoring.units import count_units

MIN_SILENCE = 2.0  # s; shorter gaps are ordinary turn taking
MIN_HOLD = 8.0  # s of silence from which a wait may be meant
WINDOW = 30.0  # s of the call for which pace is told
_ENOUGH = 3.0  # s of speech in it
_MUSIC = 0.5  # share of a gap that makes it a wait with music
_PARTIES = {Role.AGENT: Role.CUSTOMER, Role.CUSTOMER: Role.AGENT}
_QUESTION = re.compile(r"[?？]\s*$|(吗|呢|么|没有|是不是|对不对|行不行|好不好|可以不)[。，,.]?\s*$")
_WAIT = re.compile(
    r"稍等|稍候|等一下|等我一下|等一会|别挂|\bhold\b|bear with|wait|(one|a|just a) (moment|second|minute)",
    re.IGNORECASE,
)


def silences_and_holds(
    heard: Sequence[Span], said: Sequence[Spurt], duration: float, music: Sequence[Span] = ()
) -> tuple[tuple[Silence, ...], tuple[Hold, ...]]:
    """Gaps between the first and the last voice; what lies before and after is not the parties' silence.

    heard: all stretches with a voice. said: what was recognised of it, in time order. A gap that is mostly music is a
    wait and no silence.
    """
    silences: list[Silence] = []
    holds: list[Hold] = []
    for gap in _gaps(heard, duration):
        played = sum(max(0.0, min(m.end, gap.end) - max(m.start, gap.start)) for m in music)
        if played >= _MUSIC * gap.duration:
            holds.append(Hold(gap.start, gap.end, True))
            continue
        silences.append(Silence(gap.start, gap.end, _owed_by(said, gap)))
        if gap.duration >= MIN_HOLD:
            holds.append(Hold(gap.start, gap.end))
    return tuple(silences), tuple(holds)


def _gaps(heard: Sequence[Span], duration: float) -> list[Span]:
    gaps: list[Span] = []
    reach: float | None = None
    for span in sorted(heard, key=lambda s: s.start):
        if reach is not None and span.start - reach >= MIN_SILENCE:
            gaps.append(Span(round(reach, 2), round(min(span.start, duration), 2)))
        reach = span.end if reach is None else max(reach, span.end)
    return gaps


def _owed_by(said: Sequence[Spurt], gap: Span) -> Role | None:
    """The party who should have spoken: the one who was asked; the agent, who leads the call, where nobody was."""
    before = max((s for s in said if s.end <= gap.start + 0.5), key=lambda s: s.end, default=None)
    if before is None or before.role == Role.SYSTEM:
        return None
    text = "".join(w.text for w in before.words)
    asked = bool(_QUESTION.search(text)) and not _WAIT.search(text)
    return Role.CUSTOMER if before.role == Role.AGENT and asked else Role.AGENT


def latencies(said: Sequence[Spurt]) -> dict[Role, Latency]:
    """How long each party takes to answer. said: talk without back-channels, in time order."""
    gaps: dict[Role, list[float]] = defaultdict(list)
    last: Spurt | None = None
    for spurt in said:
        if last and last.role != spurt.role:
            gaps[spurt.role].append(spurt.start - last.end)
        # What was said inside the other's words leaves the floor where it was.
        if last is None or spurt.end > last.end:
            last = spurt
    return {
        role: Latency(round(statistics.median(found), 2), round(_ninth_decile(found), 2), len(found))
        for role, found in gaps.items()
    }


def _ninth_decile(values: Sequence[float]) -> float:
    return sorted(values)[math.ceil(0.9 * len(values)) - 1]


def longest_monologue(said: Sequence[Spurt]) -> Monologue | None:
    """The longest stretch of one party's talk, pauses under two seconds included; None where nobody spoke."""
    best: Monologue | None = None
    current: Monologue | None = None
    for spurt in said:
        if current and spurt.role == current.role and spurt.start - current.end < MIN_SILENCE:
            current = Monologue(current.start, max(current.end, spurt.end), spurt.role)
        else:
            current = Monologue(spurt.start, spurt.end, spurt.role)
        if best is None or current.duration > best.duration:
            best = current
    return best and Monologue(round(best.start, 2), round(best.end, 2), best.role)


def pace_over_time(heard: Sequence[Spurt]) -> dict[Role, tuple[PaceAt, ...]]:
    """Pace by role in windows of the call in which the role speaks for three seconds or more."""
    seconds: dict[tuple[Role, int], float] = defaultdict(float)
    units: dict[tuple[Role, int], int] = defaultdict(int)
    for spurt in heard:
        for i, word in enumerate(spurt.words):
            # A spurt's pauses belong to speaking: word times alone would overstate the pace.
            end = spurt.words[i + 1].start if i + 1 < len(spurt.words) else word.end
            key = spurt.role, int((word.start + word.end) / 2 / WINDOW)
            seconds[key] += max(end - word.start, 0.0)
            units[key] += count_units(word.text)
    found: dict[Role, list[PaceAt]] = defaultdict(list)
    for role, k in sorted(seconds, key=lambda key: key[1]):
        spoken = seconds[role, k]
        if spoken >= _ENOUGH and role in _PARTIES:
            found[role].append(PaceAt(k * WINDOW, (k + 1) * WINDOW, round(60 * units[role, k] / spoken, 1)))
    return {role: tuple(paces) for role, paces in found.items()}
