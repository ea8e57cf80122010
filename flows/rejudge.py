"""One stretch of stored calls judged again: read -> evaluate by every form asked for -> write, page by page.

Runs in a worker process. Knows nothing of Prefect, so that it can be called as it is, and loads no model unless a
form asks for meaning.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flows.addresses import evaluation_address
from scoring.call import Call
from scoring.engine import evaluate
from scoring.likeness import Ask, Likens, likened
from scoring.record import judgement_record
from scoring.rubric import Rubric
from store.bulk import Judged
from store.ledger import Ledger
from store.stored import Heard, Stored, Stretch
from store.where import Condition

if TYPE_CHECKING:
    from models.reader import Reader

PAGE = 50  # calls read, judged and written together: some 30 MB, and a transaction of a tenth of a second
# Pages make objects by the hundred thousand and let them go together; looking for cycles among them finds none.
COLLECT_AFTER = 200_000


@dataclass(frozen=True)
class Piece:
    """What one task judges: the calls of a stretch that meet the conditions, by each rubric under its own run."""

    stretch: Stretch
    rubrics: tuple[Rubric, ...]
    run_ids: tuple[str, ...]
    ledger: str
    conditions: tuple[Condition, ...] = ()

    @property
    def hashes(self) -> tuple[str, ...]:
        return tuple(rubric.hash for rubric in self.rubrics)


@dataclass
class Tally:
    """How a piece ended. judged, done, failed: evaluations, by rubric. unread: calls without transcript or signals.

    models, settings: name -> values of what had heard the calls. Times in seconds.
    """

    judged: list[int]
    done: list[int]
    failed: list[int]
    unread: int = 0
    evaluating: float = 0.0
    models: dict[str, set[str]] = field(default_factory=dict)
    settings: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, rubrics: int) -> Tally:
        """A tally of nothing yet."""
        return cls([0] * rubrics, [0] * rubrics, [0] * rubrics)

    def add(self, other: Tally) -> None:
        """Count another piece."""
        for mine, others in ((self.judged, other.judged), (self.done, other.done), (self.failed, other.failed)):
            mine[:] = [a + b for a, b in zip(mine, others, strict=True)]
        self.unread += other.unread
        self.evaluating += other.evaluating
        for known, new in ((self.models, other.models), (self.settings, other.settings)):
            for name, values in new.items():
                known.setdefault(name, set()).update(values)

    def note(self, heard: Heard) -> None:
        """Learn what had heard a call."""
        for known, new in ((self.models, heard.models), (self.settings, heard.settings)):
            for name, value in new.items():
                known.setdefault(name, set()).add(str(value))


@lru_cache(maxsize=1)
def _reader() -> Reader:
    from flows.settings import Settings
    from models.reader import Reader

    return Reader(*Settings().language_models())


def likens(said: Sequence[str], wordings: Sequence[str]) -> Any:
    """Words compared with wordings by the process's sentence encoder, which loads when a form first asks for it."""
    return _reader().likeness(said, wordings)


def asked_together(rubrics: Iterable[Rubric]) -> Callable[[Call], Ask]:
    """What several forms want to know of a call, in one question."""
    forms = tuple(rubrics)
    return lambda call: Ask.all(rubric.asks(call) for rubric in forms)


def rejudge(piece: Piece, compare: Likens = likens) -> Tally:
    """Judge the calls of a piece that are not judged yet. Raises OutputError and WeightsError."""
    gc.set_threshold(COLLECT_AFTER)
    tally = Tally.of(len(piece.rubrics))
    with Ledger.open(piece.ledger) as ledger:
        for calls in ledger.calls(piece.stretch, piece.conditions, PAGE, except_under=piece.hashes):
            ready = [c for c in calls if c.signals is not None]
            tally.unread += len(calls) - len(ready)
            todo = _todo(ledger, piece, ready, tally)
            if todo:
                _judge(ledger, piece, [c for c in ready if c.sha256 in todo], todo, tally, compare)
    return tally


def _todo(ledger: Ledger, piece: Piece, calls: Sequence[Stored], tally: Tally) -> dict[str, dict[int, str]]:
    """By call, the numbers of the rubrics that have not judged it, with the addresses of those evaluations."""
    keys = {
        (c.sha256, n): evaluation_address(str(c.signals), digest, c.call_id, c.metadata)
        for c in calls
        for n, digest in enumerate(piece.hashes)
    }
    done = ledger.done(keys.values())
    todo: dict[str, dict[int, str]] = {}
    for (sha256, n), key in keys.items():
        if key in done:
            tally.done[n] += 1
        else:
            todo.setdefault(sha256, {})[n] = key
    return todo


def _judge(
    ledger: Ledger,
    piece: Piece,
    calls: Sequence[Stored],
    todo: dict[str, dict[int, str]],
    tally: Tally,
    compare: Likens,
) -> None:
    """Judge a page of calls and write it all down together; a call that breaks a form breaks alone."""
    made: list[tuple[int, Judged]] = []
    failures: list[tuple[int, Stored, Exception]] = []
    asks = asked_together(piece.rubrics)
    for stored, heard in ledger.heard(calls):
        tally.note(heard)
        began = time.perf_counter()
        call = likened(heard.call, asks, compare)
        for n, key in todo[stored.sha256].items():
            try:
                made.append((n, _judged(piece, n, key, stored, heard, call)))
            except Exception as problem:
                failures.append((n, stored, problem))
        tally.evaluating += time.perf_counter() - began
    ledger.save_judged([judged for _, judged in made])
    for n, _ in made:
        tally.judged[n] += 1
    for n, stored, error in failures:
        tally.failed[n] += 1
        ledger.record_failure(
            piece.run_ids[n], stored.path, "judge", f"unexpected {type(error).__name__}: {error}",
            "check the rubric with `callqa rubric`; if it is in order, report this", sha256=stored.sha256,
            call_id=stored.call_id, key=todo[stored.sha256][n],
        )  # fmt: skip


def _judged(piece: Piece, n: int, key: str, stored: Stored, heard: Heard, call: Call) -> Judged:
    evaluation = evaluate(call, piece.rubrics[n])
    return Judged(
        key, piece.run_ids[n], stored.sha256, stored.path, str(stored.transcript), str(stored.signals), evaluation,
        judgement_record(call, evaluation, audio=stored.path, sha256=stored.sha256), heard.models, heard.settings,
    )  # fmt: skip
