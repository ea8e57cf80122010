"""Live progress: the ledger is asked how far a run is; whoever wants to know is told."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Seen:
    """How far a run is. Times in seconds; `speed` in seconds of audio a second; `left` None until it can be told."""

    total: int
    evaluated: int
    failed: int
    audio: float
    elapsed: float

    @property
    def finished(self) -> int:
        return self.evaluated + self.failed

    @property
    def speed(self) -> float:
        return self.audio / self.elapsed if self.elapsed > 0 else 0.0

    @property
    def left(self) -> float | None:
        """By the calls done so far; the first ones bear the loading of the models, so it errs on the long side."""
        return self.elapsed / self.finished * (self.total - self.finished) if self.finished else None


Listener = Callable[[Seen], None]
LISTENER: ContextVar[Listener | None] = ContextVar("progress_listener", default=None)


class Watch:
    """Looks at the ledger and tells the listener of this context."""

    def __init__(self, ledger: Ledger, run_id: str, total: int, refused: int = 0) -> None:
        """total: calls to inspect. refused: failures noted before, which are no work."""
        self._ledger, self._run, self._total, self._refused = ledger, run_id, total, refused
        self._began = time.monotonic()

    def look(self) -> Seen:
        """Where the run is now."""
        found = self._ledger.progress(self._run)
        elapsed = time.monotonic() - self._began
        seen = Seen(self._total, found.evaluated, found.failed - self._refused, found.audio_seconds, elapsed)
        listener = LISTENER.get()
        if listener:
            listener(seen)
        return seen
