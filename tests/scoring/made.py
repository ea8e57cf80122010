"""Calls made by hand for tests of the domain."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from scoring.call import Call, Metadata, Role, Scenario, Signal, Turn, Word
from scoring.measures import measure

Line = tuple[str, float, float, str] | tuple[str, float, float, str, Mapping[str, float]]


def call(
    *lines: Line,
    language: str = "zh",
    scenario: str | None = None,
    separate: bool = True,
    role_confidence: float = 1.0,
    confidence: float = 0.9,
    duration: float | None = None,
) -> Call:
    """A call of lines (role, start, end, text, labels); each line is a turn of one sentence."""
    turns = tuple(
        Turn(Role(r), start, end, text, confidence, _words(start, end, text, confidence))
        for r, start, end, text, *_ in lines
    )
    signals = tuple(Signal(i, line[1], line[2], line[3], line[4]) for i, line in enumerate(lines) if len(line) == 5)
    length = duration or max((t.end for t in turns), default=0.0) + 1
    measures = measure(turns, length, separate=separate, role_confidence=role_confidence)
    metadata = Metadata(scenario=Scenario(scenario) if scenario else None)
    return Call("made", length, language, turns, signals, measures, metadata)


def _words(start: float, end: float, text: str, confidence: float) -> tuple[Word, ...]:
    pieces: Sequence[str] = re.findall(r" *[^ ]+", text) if " " in text else list(text)
    step = (end - start) / max(1, len(pieces))
    return tuple(Word(start + i * step, start + (i + 1) * step, p, confidence) for i, p in enumerate(pieces))
