"""What the ledger answers with."""

from __future__ import annotations

from dataclasses import dataclass

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
