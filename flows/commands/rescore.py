"""`callqa rescore`: history under another form."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from flows.commands.screen import ProgressLine, mmss

if TYPE_CHECKING:
    from flows.rescore import Judging, Outcome

console = Console(highlight=False)
WHERE = (
    "Only calls that meet this; several must all hold. NAME=VALUE[,VALUE] with agent, team, scenario, direction, "
    "language, call, ticket, flag (high, an item, any), grade, fatal, transferred, from, until; score, csat, duration "
    "also with < <= > >=; != for none of them."
)


def rescore(
    rubric: Annotated[
        list[str],
        typer.Option(help="Shipped id, YAML file, or ID@VERSION or hash of a form in the ledger; repeatable."),
    ],
    where: Annotated[list[str] | None, typer.Option(help=WHERE)] = None,
    out: Annotated[Path, typer.Option(help="Folder of results; its ledger is used unless --ledger is given.")] = Path(
        "out"
    ),
    ledger: Annotated[str | None, typer.Option(envvar="CALLQA_LEDGER", help="SQLite file or PostgreSQL URL.")] = None,
    workers: Annotated[int, typer.Option(min=0, max=64, help="Processes; 0, the default: one a core.")] = 0,
) -> None:
    """Judge stored calls again under one or several forms, without audio. 用新评分表重评历史通话。

    Results stand beside the earlier ones: see `callqa rubric diff` and `callqa report --rubric`. What was judged by a
    form before is not judged again: stop at any time and run the same command again.

    Exit: 0 all judged, 3 some failed, 2 nothing could be started, 130 interrupted.

    [bold]Examples[/bold]

    callqa rescore --rubric my-form.yaml --out out

    callqa rescore --rubric service --rubric my-form.yaml --where scenario=complaint --where 'score<60'
    """
    from flows.rescore import Request

    request = Request(ledger=ledger_at(out, ledger), rubrics=tuple(rubric), where=tuple(where or ()), workers=workers)
    outcome = run(request)
    _tell(outcome, request.ledger)
    raise typer.Exit(3 if any(outcome.tally.failed) else 0)


def ledger_at(out: Path, ledger: str | None) -> str:
    """Where the ledger is. Raises UsageError where there is none: only an inspection makes one."""
    from flows.plan import LEDGER_FILE
    from scoring.errors import UsageError

    where = ledger or str(out / LEDGER_FILE)
    if "://" not in where and not Path(where).is_file():
        raise UsageError(f"there is no ledger at {where}", remedy="inspect calls first, or give --ledger")
    return where


def run(request: Any) -> Outcome:
    """Run the flow with progress on the screen. Raises CallqaError."""
    from flows.processes import start_guardian
    from flows.server import carry_out, prefect_server

    with ExitStack() as stack:
        with console.status("starting 启动中 …"):
            from flows.rescore import LISTENER, check, rescore_calls, runner

            check(request)
            start_guardian()
            server = stack.enter_context(prefect_server())
            server.wait()
        line = stack.enter_context(PaceLine(console))
        LISTENER.set(line.tell)
        flow: Any = rescore_calls.with_options(task_runner=runner(request.workers))
        ended = carry_out(flow, request)
    if isinstance(ended, BaseException):
        raise ended
    return ended


class PaceLine(ProgressLine):
    """Evaluations made, and how many a second."""

    def tell(self, seen: Judging) -> None:
        """Redraw for how far the run is now."""
        speed = f"{seen.speed:.0f}/s" if seen.judged else "starting 启动中 …"
        before = f", {seen.passed_over} passed over 跳过" if seen.passed_over else ""
        rest = (seen.total - seen.finished) / seen.speed if seen.judged else 0
        self.redraw(seen.finished, seen.total, f"{speed}{before}" + (f", {mmss(rest)} left" if rest > 0 else ""))


def _tell(outcome: Outcome, ledger_url: str) -> None:
    from store.ledger import Ledger

    tally = outcome.tally
    with Ledger.open(ledger_url) as ledger:
        labels = {form.hash: form.label for form in ledger.forms()}
        for run_id in outcome.run_ids:
            for failure in ledger.failures(run_id):
                path, reason, remedy = (escape(failure[part]) for part in ("path", "reason", "remedy"))
                console.print(f"[red]failed:[/red] {path}: {reason} [dim]-> {remedy}[/dim]", soft_wrap=True)
    for n, digest in enumerate(outcome.rubrics):
        parts = [f"[bold]{tally.judged[n]:,}[/bold] judged 已评"]
        if tally.done[n]:
            parts.append(f"{tally.done[n]:,} judged by it before, skipped 此前已评")
        if tally.failed[n]:
            parts.append(f"{tally.failed[n]:,} failed 失败")
        console.print(f"{escape(labels[digest])}: {', '.join(parts)}", soft_wrap=True)
    if tally.unread:
        console.print(
            f"[yellow]{tally.unread:,} calls have no stored transcript with signals[/yellow] "
            "[dim]-> inspect them again[/dim]",
            soft_wrap=True,
        )
    if not outcome.calls:
        console.print("no call meets the conditions 没有符合条件的通话")
    made = sum(tally.judged)
    speed = f", {made / outcome.elapsed:.0f} evaluations a second" if made else ""
    console.print(f"{outcome.calls:,} calls in {mmss(outcome.elapsed)}{speed}", soft_wrap=True)
