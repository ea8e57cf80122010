"""History judged again in one flow: stored calls in, an evaluation by every form asked for out, side by side.

Choose the calls -> judge them in stretches on processes that hear no audio -> say what was done, what had been done
before and what could not be read.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from prefect import flow, task
from prefect.artifacts import acreate_markdown_artifact, acreate_progress_artifact, aupdate_progress_artifact
from prefect.client.schemas.objects import State
from prefect.futures import PrefectFuture
from prefect.states import Completed, Failed
from prefect.task_runners import ProcessPoolTaskRunner
from pydantic import BaseModel, ConfigDict, Field

from flows.forms import find_form
from flows.processes import leave_interrupts_to_parent
from flows.rejudge import Piece, Tally, rejudge
from flows.settings import cores
from scoring.errors import CallqaError, UsageError
from scoring.rubric import Rubric
from store.ledger import Ledger
from store.stored import Cut, Stretch
from store.where import Condition, parse

LOOK = 1.0  # s between looks at the ledger
LARGEST = 2000  # calls in one task: some 10 s of work
SMALLEST = 100  # calls in the stretches that are cut first


class Request(BaseModel):
    """What to judge again. Plain values only, so that a deployment can be given the same."""

    model_config = ConfigDict(frozen=True)

    ledger: str = Field(description="path of an SQLite file, or PostgreSQL URL")
    rubrics: tuple[str, ...] = Field(min_length=1, description="shipped ids, YAML files, ID@VERSION or hashes")
    where: tuple[str, ...] = Field((), description="conditions of which all must hold, such as agent=A017")
    workers: int = Field(0, ge=0, le=64, description="processes; 0: one a core")


@dataclass(frozen=True, slots=True)
class Judging:
    """How far a run is, in evaluations. Times in seconds."""

    total: int
    judged: int
    passed_over: int
    elapsed: float

    @property
    def finished(self) -> int:
        return self.judged + self.passed_over

    @property
    def speed(self) -> float:
        """Evaluations a second."""
        return self.judged / self.elapsed if self.elapsed > 0 else 0.0


@dataclass(frozen=True)
class Outcome:
    """How a run ended. calls: that were chosen. elapsed: s."""

    rubrics: tuple[str, ...]
    run_ids: tuple[str, ...]
    calls: int
    tally: Tally
    elapsed: float


LISTENER: ContextVar[Callable[[Judging], None] | None] = ContextVar("judging_listener", default=None)


def runner(workers: int = 0) -> Any:  # the library's own types do not admit this runner
    """Processes for the stretches."""
    return ProcessPoolTaskRunner(max_workers=workers or cores(), initializer=leave_interrupts_to_parent)


def check(request: Request) -> None:
    """Find at once what would stop a run: conditions, ledger, forms. Raises CallqaError."""
    conditions(request)
    with Ledger.open(request.ledger) as ledger:
        rubrics_of(request, ledger)


def conditions(request: Request) -> tuple[Condition, ...]:
    """What the calls must meet. Raises UsageError."""
    return tuple(map(parse, request.where))


def rubrics_of(request: Request, ledger: Ledger) -> tuple[Rubric, ...]:
    """The forms asked for, each once. Raises UsageError."""
    found: dict[str, Rubric] = {}
    for name in request.rubrics:
        form = find_form(name, ledger)
        if form.rubric is None:
            raise UsageError(f"{form.label}: the ledger did not keep what it asks", remedy="give its YAML file")
        found[form.rubric.hash] = form.rubric
    return tuple(found.values())


@task(name="rescore-stretch", task_run_name="stretch-{number}")
def rescore_stretch(number: int, piece: Piece) -> Tally:
    """Judge one stretch of stored calls."""
    return rejudge(piece)


@flow(name="rescore-calls", flow_run_name="rescore {request.rubrics}", task_runner=runner())
async def rescore_calls(request: Request) -> State[Outcome]:
    """Judge the stored calls of a request again. Raises CallqaError where nothing could be started."""
    began = time.monotonic()
    with Ledger.open(request.ledger) as ledger:
        rubrics, chosen = rubrics_of(request, ledger), conditions(request)
        hashes = tuple(rubric.hash for rubric in rubrics)
        cut = ledger.cut(chosen, SMALLEST, except_under=hashes)
        run_ids = begin_runs(ledger, rubrics)
        pieces = [
            rescore_stretch.submit(n, Piece(stretch, rubrics, run_ids, request.ledger, chosen))
            for n, stretch in enumerate(joined(cut, request.workers or cores()), 1)
        ]
        ended = await watch(ledger, run_ids, cut.total * len(rubrics), pieces)
        outcome = close(ledger, rubrics, run_ids, cut, ended, began)
    await acreate_markdown_artifact(summary(outcome), key="callqa-rescored", description="calls judged again")
    return state_of(outcome)


def joined(cut: Cut, workers: int) -> list[Stretch]:
    """Stretches joined to some four tasks for each process, none of more than LARGEST calls."""
    many = max(1, min(LARGEST // SMALLEST, len(cut.stretches) // (4 * workers)))
    groups = (cut.stretches[at : at + many] for at in range(0, len(cut.stretches), many))
    return [Stretch(group[0].after, group[-1].until) for group in groups]


def begin_runs(ledger: Ledger, rubrics: Sequence[Rubric]) -> tuple[str, ...]:
    """A run for each form: what is told of a run is told of one form."""
    for rubric in rubrics:
        ledger.keep_rubric(rubric)
    return tuple(ledger.begin_run(rubric.hash, {}, {}) for rubric in rubrics)


async def watch(
    ledger: Ledger, run_ids: Sequence[str], total: int, pieces: Sequence[PrefectFuture[Tally]]
) -> list[Tally | BaseException]:
    """Follow the stretches until all have ended, in one progress artifact; how each ended."""
    began = time.monotonic()
    artifact = await acreate_progress_artifact(progress=0.0, key="callqa-rescoring", description="evaluations made")
    ends = {asyncio.ensure_future(asyncio.to_thread(piece.wait)): piece for piece in pieces}
    shown, passed_over, waiting = 0, 0, set(ends)
    results: list[Tally | BaseException] = []
    while True:
        ended, waiting = await asyncio.wait(waiting, timeout=LOOK) if waiting else (set(), waiting)
        for end in ended:
            tally = await ends[end].state.aresult(raise_on_failure=False)
            results.append(tally)
            if isinstance(tally, Tally):
                passed_over += sum(tally.done) + sum(tally.failed) + tally.unread * len(run_ids)
        seen = Judging(total, ledger.counted(run_ids), passed_over, time.monotonic() - began)
        listener = LISTENER.get()
        if listener:
            listener(seen)
        percent = int(100 * seen.finished / total) if total else 100
        if percent >= shown + 5:
            shown = percent
            await aupdate_progress_artifact(artifact, progress=float(percent))
        if not waiting:
            return results


def close(
    ledger: Ledger,
    rubrics: Sequence[Rubric],
    run_ids: Sequence[str],
    cut: Cut,
    ended: Sequence[Tally | BaseException],
    began: float,
) -> Outcome:
    """Add up what the stretches did and close the runs. Raises what stopped a stretch."""
    tally, error = Tally.of(len(rubrics)), None
    for each in ended:
        if isinstance(each, Tally):
            tally.add(each)
        else:
            error = error or each
    elapsed = time.monotonic() - began
    for n, run_id in enumerate(run_ids):
        counts = {
            "evaluated": tally.judged[n], "done_before": tally.done[n], "failed": tally.failed[n],
            "without_signals": tally.unread, "seconds": round(elapsed, 1), "rescored": True,
        }  # fmt: skip
        outcome = "interrupted" if error else "partly_failed" if tally.failed[n] else "completed"
        heard = ({k: " / ".join(sorted(v)) for k, v in each.items()} for each in (tally.models, tally.settings))
        ledger.finish_run(run_id, outcome, counts, models=next(heard), settings=next(heard))
    if isinstance(error, CallqaError):
        raise error
    if error is not None:
        raise UsageError(
            f"a worker process ended before its calls were done ({type(error).__name__}: {error})",
            remedy="run the same command again: it goes on; if it happens again, use fewer --workers",
        )
    return Outcome(tuple(r.hash for r in rubrics), tuple(run_ids), cut.total, tally, elapsed)


def summary(outcome: Outcome) -> str:
    """The counts as a Markdown table."""
    t = outcome.tally
    rows = "\n".join(
        f"| {digest[:12]} | {t.judged[n]} | {t.done[n]} | {t.failed[n]} |" for n, digest in enumerate(outcome.rubrics)
    )
    return f"| rubric | judged | done before | failed |\n|---|---|---|---|\n{rows}\n"


def state_of(outcome: Outcome) -> State[Outcome]:
    """The run's state, named by how it ended."""
    t = outcome.tally
    if any(t.failed) and not any(t.judged) and not any(t.done):
        return Failed(name="NothingEvaluated", message=f"{sum(t.failed)} failed", data=outcome)
    if any(t.failed):
        return Completed(name="SomeFailed", message=f"{sum(t.failed)} failed", data=outcome)
    if not any(t.judged):
        return Completed(name="NothingToDo", message="nothing was left to judge", data=outcome)
    return Completed(name="AllEvaluated", message=f"{sum(t.judged)} evaluated", data=outcome)
