"""The product in one flow: recordings in, one evidenced compliance score per call out.

Take stock of recordings and metadata -> inspect them in shards on processes that keep their models -> account for
every input -> write the results -> announce flagged calls.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import acreate_markdown_artifact, acreate_progress_artifact, aupdate_progress_artifact
from prefect.client.schemas.objects import State
from prefect.events import emit_event
from prefect.futures import PrefectFuture
from prefect.states import Completed, Failed
from prefect.task_runners import ProcessPoolTaskRunner

from flows.notify import Digest, notify
from flows.outcome import Outcome
from flows.plan import Plan, Request, Shard, make_plan
from flows.processes import leave_interrupts_to_parent
from flows.progress import Seen, Watch
from flows.settings import Settings
from flows.summary import headline, summary_table
from review.report import RunFacts, write_report
from scoring.errors import CallqaError
from store.exports import write_outputs
from store.ledger import Ledger

LOOK = 0.5  # s between looks at the ledger
REPORT = "report.html"
MAP_DOUBTED = "calls whose words contradict --channels: {}; without that option the words decide who is who"
LANGUAGE_DOUBTED = "calls that sound like another language than --language {}: {}; without it, each is listened to"
UNLIKELY = 0.1  # probability of the language that was given, below which somebody must be told
MOST_EVENTS = 1000  # flagged calls announced one by one


def runner(settings: Settings) -> Any:  # the library's own types do not admit this runner
    """Processes for the shards; they keep their models and end with the run."""
    return ProcessPoolTaskRunner(max_workers=settings.processes, initializer=leave_interrupts_to_parent)


@task(name="inspect-shard", task_run_name="shard-{number}")
def inspect_shard(number: int, shard: Shard) -> int:
    """Inspect one shard of calls; the number evaluated."""
    from flows.shard import inspect  # the models are for the workers: loading them here would take seconds

    return inspect(shard)


@flow(name="inspect-calls", flow_run_name="inspect {request.out}", task_runner=runner(Settings()))
async def inspect_calls(request: Request, settings: Settings | None = None) -> State[Outcome]:
    """Inspect every recording of a request. Raises CallqaError where nothing could be started."""
    began, settings = datetime.now(UTC), (settings or Settings()).pinned()
    with Ledger.open(request.ledger_url) as ledger:
        plan = make_plan(request, settings, ledger)
        ledger.keep_rubric(plan.rubric)
        run_id = ledger.begin_run(plan.rubric.hash, plan.models, settings.that_matter())
        note_refused(ledger, run_id, plan)
        shards = [
            inspect_shard.submit(n, Shard(w, plan.rubric, settings, request.ledger_url, run_id, plan.models))
            for n, w in enumerate(plan.shards(settings.shard, settings.processes), 1)
        ]
        seen = await watch(Watch(ledger, run_id, len(plan.todo), refused=len(plan.failures)), shards)
        await account_for_the_rest(ledger, run_id, plan, shards)
        outcome = write_results(ledger, run_id, plan, request, settings, seen, began)
        await announce(ledger, plan, outcome)
        outcome = await tell_people(ledger, plan, outcome, settings)
    return state_of(outcome)


def note_refused(ledger: Ledger, run_id: str, plan: Plan) -> None:
    """Inputs that could not be taken in get their failure row at once."""
    for refused in plan.failures:
        ledger.record_failure(run_id, refused.path, "intake", refused.reason, refused.remedy, call_id=refused.call_id)


async def watch(progress: Watch, shards: Sequence[PrefectFuture[int]]) -> Seen:
    """Follow the shards until all have ended, in one progress artifact."""
    artifact = await acreate_progress_artifact(progress=0.0, key="callqa-progress", description="calls finished")
    ends = [asyncio.ensure_future(asyncio.to_thread(shard.wait)) for shard in shards]
    shown = 0
    while True:
        seen = progress.look()
        percent = int(100 * seen.finished / seen.total) if seen.total else 100
        if percent >= shown + 5:
            shown = percent
            await aupdate_progress_artifact(artifact, progress=float(percent))
        if all(end.done() for end in ends):
            return progress.look()
        await asyncio.wait(ends, timeout=LOOK)


async def account_for_the_rest(ledger: Ledger, run_id: str, plan: Plan, shards: Sequence[PrefectFuture[int]]) -> None:
    """A call that neither was evaluated nor failed was lost with its process: say so, and how to get it back."""
    for shard in shards:
        error = await shard.state.aresult(raise_on_failure=False) if shard.state.is_failed() else None
        if isinstance(error, CallqaError):
            raise error
    done = ledger.done(w.evaluation for w in plan.todo)
    failed = {failure["path"] for failure in ledger.failures(run_id)}
    for lost in plan.todo:
        if lost.evaluation not in done and str(lost.intake.path) not in failed:
            ledger.record_failure(
                run_id, lost.intake.path, "process", "its worker process ended before this call was done",
                "run the same command again; if it happens again, use fewer --workers", sha256=lost.intake.sha256,
                call_id=lost.intake.call_id, key=lost.evaluation,
            )  # fmt: skip


def write_results(
    ledger: Ledger, run_id: str, plan: Plan, request: Request, settings: Settings, seen: Seen, began: datetime
) -> Outcome:
    """Leave tables, transcripts and the report for all calls asked for, and close the run."""
    keys = tuple(w.evaluation for w in plan.works)
    failures = ledger.failures(run_id)
    done = ledger.done(keys)
    ledger.seen_again(run_id, {w.intake.sha256: w.intake.path for w in plan.works if w.evaluation in done})
    ledger.hold_again({w.evaluation: (w.intake.sha256, w.intake.call_id, w.intake.metadata) for w in plan.works})
    out = Path(request.out)
    audio, doubted, foreign = _tally(ledger.records(keys))
    warnings = plan.warnings
    if doubted:
        warnings += (MAP_DOUBTED.format(doubted),)
    if foreign and settings.language != "auto":
        warnings += (LANGUAGE_DOUBTED.format(settings.language, foreign),)
    write_outputs(ledger.records(keys), failures, out, [plan.rubric])
    facts = RunFacts(
        started_at=began,
        finished_at=datetime.now(UTC),
        audio_seconds=audio,
        speed_x_realtime=seen.speed if seen.audio else None,
        models=plan.models,
        settings=settings.that_matter(),
        duplicates=len(plan.duplicates),
        warnings=warnings,
    )
    report = write_report(
        ledger.records(keys), failures, plan.rubric, out / REPORT, run=facts, language=request.report_language
    )
    outcome = Outcome(
        run_id=run_id,
        evaluated=len(done - plan.done),
        failed=len(failures),
        done_before=len(plan.done),
        duplicates=len(plan.duplicates),
        audio_seconds=seen.audio,
        seconds=seen.elapsed,
        report=report,
        keys=keys,
        warnings=warnings,
    )
    ledger.finish_run(
        run_id, "partly_failed" if failures and done else "failed" if failures else "completed", headline(outcome)
    )
    return outcome


def _tally(records: Iterable[Mapping[str, Any]]) -> tuple[float, int, int]:
    """Seconds of audio, calls that contradict the channel map, and those that contradict the language."""
    audio, doubted, foreign = 0.0, 0, 0
    for record in records:
        audio += record["duration"]
        doubted += record["measures"].get("map_doubt") is not None
        foreign += bool(record["turns"]) and record["measures"].get("language_confidence", 1.0) < UNLIKELY
    return audio, doubted, foreign


async def announce(ledger: Ledger, plan: Plan, outcome: Outcome) -> None:
    """A summary artifact for the run, and an event for each newly flagged call."""
    await acreate_markdown_artifact(summary_table(outcome), key="callqa-summary", description="inspected calls")
    new = (w.evaluation for w in plan.todo)
    flagged = (record for record in ledger.records(tuple(new)) if record["flags"])
    for record in islice(flagged, MOST_EVENTS):
        resource = {
            "prefect.resource.id": f"callqa.call.{record['sha256'][:16]}",
            "prefect.resource.name": record["call_id"],
            "callqa.severity": record["flags"][0]["severity"],
            "callqa.rubric": record["rubric"]["id"],
        }
        # An event may go to a server elsewhere: what was said stays here.
        flags = [{name: flag.get(name) for name in ("item", "severity", "key")} for flag in record["flags"]]
        payload: dict[str, Any] = {"call_id": record["call_id"], "score": record["score"], "flags": flags}
        emit_event("call.flagged", resource=resource, payload=payload)


async def tell_people(ledger: Ledger, plan: Plan, outcome: Outcome, settings: Settings) -> Outcome:
    """Send one digest of what was newly flagged, if that is wanted; a failure to send is a warning."""
    if not settings.addresses:
        return outcome
    new = tuple(w.evaluation for w in plan.todo)
    digest = await asyncio.to_thread(Digest.of, ledger.records(new), str(outcome.report.parent))
    if digest is None:
        return outcome
    problem = await asyncio.to_thread(notify, settings.addresses, digest, reasons=settings.notify_reasons)
    return replace(outcome, warnings=(*outcome.warnings, problem)) if problem else outcome


def state_of(outcome: Outcome) -> State[Outcome]:
    """The run's state, named by how it ended."""
    if outcome.failed and not outcome.evaluated and not outcome.done_before:
        return Failed(name="NothingEvaluated", message=f"{outcome.failed} failed", data=outcome)
    if outcome.failed:
        return Completed(name="SomeFailed", message=f"{outcome.failed} failed", data=outcome)
    if not outcome.evaluated:
        return Completed(name="NothingToDo", message="all calls were done before", data=outcome)
    return Completed(name="AllEvaluated", message=f"{outcome.evaluated} evaluated", data=outcome)
