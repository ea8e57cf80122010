"""What the ledger answers with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scoring.call import Measures, Metadata, Turn


@dataclass(frozen=True, slots=True)
class Transcript:
    """A stored transcript and the recording it is of, as last seen. duration: of the recording, s.

    All that `scoring.call.Call` wants but the signals: re-scoring never needs the audio.
    """

    sha256: str
    call_id: str
    path: str
    duration: float
    metadata: Metadata
    language: str
    turns: tuple[Turn, ...]
    measures: Measures


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. audio_seconds: of the calls it evaluated."""

    evaluated: int
    failed: int
    audio_seconds: float


@dataclass(frozen=True, slots=True)
class Latest:
    """The evaluation of a call that holds: the one made last. seconds: of the recording."""

    key: str
    run_id: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the last evaluation of a recording under a rubric says. record: without turns and measures."""

    sha256: str
    transcript: str | None
    signals: str | None
    record: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """What the ledger knows of a run. ended_at: when it finished, or wrote its last result where it was stopped."""

    id: str
    started_at: datetime
    ended_at: datetime
    outcome: str
    models: Mapping[str, str]
    settings: Mapping[str, Any]
    counts: Mapping[str, Any]
