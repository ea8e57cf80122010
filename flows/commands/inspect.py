"""`callqa inspect`: the product."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from flows.commands.screen import ProgressLine, mmss

if TYPE_CHECKING:
    from flows.outcome import Outcome

console = Console(highlight=False)
WORST = 3


def inspect(
    paths: Annotated[
        list[str], typer.Argument(help="Recordings: files, folders, quoted globs, or a manifest (.txt, .csv, .jsonl).")
    ],
    metadata: Annotated[
        str | None, typer.Option(help="CSV or Excel table of the calls (agent, team, scenario, ...).")
    ] = None,
    mapping: Annotated[
        str | None, typer.Option(help="YAML that maps the table's columns; usual Chinese and English names are known.")
    ] = None,
    pattern: Annotated[
        str | None, typer.Option(help="Metadata in file names, e.g. '{started_at:%Y%m%d}_{agent}_{call_id}'.")
    ] = None,
    rubric: Annotated[str, typer.Option(help="Id of a shipped rubric, or path of a YAML file.")] = "service",
    language: Annotated[str | None, typer.Option(help="zh, en or auto (heard in each call; default).")] = None,
    channels: Annotated[
        str | None,
        typer.Option(
            help="Who is on which channel: customer,agent | agent,customer | auto (by what is said; default)."
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for results.")] = Path("out"),
    ledger: Annotated[
        str | None,
        typer.Option(
            envvar="CALLQA_LEDGER", help="SQLite file or PostgreSQL URL; default: callqa.sqlite in the results folder."
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Worker processes; 0, the default: one for every 8 cores.")
    ] = None,
    speech_model: Annotated[
        str | None, typer.Option(help="whisper-base (embedded), or a faster-whisper model by name or path.")
    ] = None,
    heads: Annotated[
        str | None, typer.Option(help="Version of the language heads, shipped, or a folder; default: the current one.")
    ] = None,
    report_language: Annotated[str, typer.Option(help="Language the report opens in: zh or en.")] = "zh",
) -> None:
    """Inspect recordings: transcribe, judge with evidence, score, report. 质检录音。

    Finished calls are never done twice: stop at any time and run the same command again.

    Exit: 0 all evaluated, 3 some failed (see failures.jsonl), 2 nothing could be started, 130 interrupted.

    [bold]Examples[/bold]

    callqa inspect recordings/ --metadata calls.csv --out out

    callqa inspect "2026-11/*.wav" --language zh --channels agent,customer
    """
    from flows.plan import Request

    request = Request(
        paths=tuple(paths), metadata=metadata, mapping=mapping, pattern=pattern, rubric=rubric,
        out=str(out), ledger=ledger, report_language=chosen("--report-language", report_language, ("zh", "en")),
    )  # fmt: skip
    outcome = run(
        request, speech_model=speech_model, language=language, channels=channels, workers=workers, heads=heads
    )
    _tell(outcome, request.ledger_url)
    raise typer.Exit(3 if outcome.failed else 0)


def run(request: Any, **settings: Any) -> Outcome:
    """Run the flow with progress on the screen. Raises CallqaError."""
    from flows.plan import check
    from flows.processes import start_guardian
    from flows.progress import LISTENER
    from flows.server import carry_out, prefect_server

    chosen_settings = settings_from(**settings)
    with ExitStack() as stack:
        with console.status("starting 启动中 …"):
            check(request, chosen_settings)
            start_guardian()
            server = stack.enter_context(prefect_server())
            from flows.inspect import inspect_calls, runner

            server.wait()
        line = stack.enter_context(ProgressLine(console))
        LISTENER.set(line.show)
        flow: Any = inspect_calls.with_options(task_runner=runner(chosen_settings))
        ended = carry_out(flow, request, chosen_settings)
    if isinstance(ended, BaseException):
        raise ended
    return ended


def settings_from(**given: Any) -> Any:
    """Settings with what was given on the command line. Raises UsageError."""
    from pydantic import ValidationError

    from flows.settings import Settings
    from scoring.errors import UsageError

    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(
            f"setting {first['loc'][0]}: {first['msg']} (given: {first['input']!r})", remedy="see --help"
        ) from None


def chosen(option: str, value: str, allowed: tuple[str, ...]) -> str:
    """A value out of a few. Raises UsageError."""
    from scoring.errors import UsageError

    if value not in allowed:
        raise UsageError(f"{option} {value!r} is not known", remedy=f"use {' or '.join(allowed)}")
    return value


def _tell(outcome: Outcome, ledger_url: str) -> None:
    from store.ledger import Ledger

    for warning in outcome.warnings:
        console.print(f"[yellow]warning:[/yellow] {escape(warning)}", soft_wrap=True)
    with Ledger.open(ledger_url) as ledger:
        for failure in ledger.failures(outcome.run_id):
            path, reason, remedy = (escape(failure[part]) for part in ("path", "reason", "remedy"))
            console.print(f"[red]failed:[/red] {path}: {reason} [dim]-> {remedy}[/dim]", soft_wrap=True)
        worst = _worst(ledger, outcome)
    parts = [f"[bold]{outcome.evaluated}[/bold] evaluated 已质检"]
    if outcome.done_before:
        parts.append(f"{outcome.done_before} done before 此前已完成")
    if outcome.duplicates:
        parts.append(f"{outcome.duplicates} duplicates 重复")
    parts.append(f"{outcome.failed} failed 失败")
    console.print(", ".join(parts), soft_wrap=True)
    if not outcome.evaluated and not outcome.failed:
        console.print("nothing to do: every call was inspected before 没有新的录音需要质检")
    if outcome.evaluated:
        console.print(
            f"{mmss(outcome.audio_seconds)} of audio in {mmss(outcome.seconds)}, {outcome.speed:.1f} x real time"
        )
    if worst:
        console.print("lowest scores 得分最低:")
        for record in worst:
            missed = ", ".join(a["item"] for a in record["answers"] if a["status"] == "missed")
            fatal = " [red]fatal 致命[/red]" if record["fatal"] else ""
            console.print(
                f"  {record['score']:5.1f} {escape(record['call_id'])}{fatal} [dim]{missed}[/dim]", soft_wrap=True
            )
    console.print(f"report 报告: [bold]{escape(str(outcome.report))}[/bold]", soft_wrap=True)


def _worst(ledger: Any, outcome: Outcome) -> list[dict[str, Any]]:
    import heapq

    scored = (record for record in ledger.records(outcome.keys) if record["score"] is not None)
    return heapq.nsmallest(WORST, scored, key=lambda r: (not r["fatal"], r["score"], r["call_id"]))
