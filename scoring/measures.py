"""How a call sounds: speech, silence, overlap, talk share and pace, computed from its turns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from scoring.call import Interruption, Measures, Role, Span, Turn

MIN_SILENCE = 2.0  # s; shorter gaps are ordinary turn taking
MIN_OVERLAP = 0.4  # s; shorter overlaps are ordinary turn taking
BACKCHANNEL = re.compile(
    r"^(嗯+|啊+|哦+|噢+|喔+|唉+|好+的?|对+的?|是+的?|行|可以|没错|明白|"
    r"ok(ay)?|yes|yeah|yep|right|sure|u[hm]+|uh huh|m+h?m+|i see|got it|alright|no)$",
    re.IGNORECASE,
)
_CJK = re.compile(r"[一-鿿]")
_LATIN = re.compile(r"[A-Za-z]+(?:['’.-][A-Za-z]+)*|\d")
_MARKS = re.compile(r"[^\w一-鿿]+")


def count_units(text: str) -> int:
    """Chinese characters, words in Latin script and digits, each said for itself: the trade counts pace in them."""
    return len(_CJK.findall(text)) + len(_LATIN.findall(text))


def is_backchannel(text: str) -> bool:
    """Whether a turn only says "I am listening" (嗯, 好的, okay), once or several times."""
    parts = [part for part in _MARKS.split(text) if part]
    return (
        bool(parts)
        and len(parts) <= 4
        and (all(BACKCHANNEL.match(part) for part in parts) or bool(BACKCHANNEL.match(" ".join(parts))))
    )


def measure(
    turns: Sequence[Turn],
    duration: float,
    *,
    separate: bool = True,
    speech: Sequence[Span] | None = None,
    role_confidence: float = 1.0,
    details: Mapping[str, Any] | None = None,
) -> Measures:
    """Measure a call.

    turns: in time order. duration: of the recording, s. separate: each party has a channel of its own, so that
    overlap can be heard. speech: all stretches with a voice, recognised or not; the turns when not given.
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
    heard = [Span(t.start, t.end) for t in turns] + list(speech or ())
    return Measures(
        speech={role: round(s, 2) for role, s in spoken.items()},
        pace={r: round(60 * units[r] / s, 1) for r, s in spoken.items() if s >= 3.0},
        silences=_silences(heard, duration),
        overlaps=_overlaps(turns) if separate else None,
        talk_share=round(spoken.get(Role.AGENT, 0.0) / both, 3) if both else None,
        role_confidence=round(role_confidence, 3),
        details=dict(details or {}),
    )


def _silences(heard: Sequence[Span], duration: float) -> tuple[Span, ...]:
    """Gaps between the first and the last voice; what lies before and after is not the parties' silence."""
    gaps: list[Span] = []
    reach: float | None = None
    for span in sorted(heard, key=lambda s: s.start):
        if reach is not None and span.start - reach >= MIN_SILENCE:
            gaps.append(Span(round(reach, 2), round(min(span.start, duration), 2)))
        reach = span.end if reach is None else max(reach, span.end)
    return tuple(gaps)


def _overlaps(turns: Sequence[Turn]) -> tuple[Interruption, ...]:
    """Stretches of two parties at once, named after the one who began later; back-channels do not count."""
    found: list[Interruption] = []
    talk = [t for t in turns if t.role != Role.SYSTEM and not is_backchannel(t.text)]
    for i, first in enumerate(talk):
        for second in talk[i + 1 :]:
            if second.start >= first.end:
                break
            end = min(first.end, second.end)
            if second.role != first.role and end - second.start >= MIN_OVERLAP:
                found.append(Interruption(round(second.start, 2), round(end, 2), second.role))
    return tuple(found)
