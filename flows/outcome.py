"""How a run of `callqa inspect` ended."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    """How a run ended. `keys` are the evaluations of all calls asked for, done now or before."""

    run_id: str
    evaluated: int
    failed: int
    done_before: int
    duplicates: int
    audio_seconds: float
    seconds: float
    report: Path
    keys: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def speed(self) -> float:
        """Seconds of audio inspected a second."""
        return self.audio_seconds / self.seconds if self.seconds else 0.0
