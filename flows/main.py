"""`callqa`: the command line."""

from __future__ import annotations

import os
import signal
import sys

import typer
from rich.console import Console

from flows.commands import (
    audit,
    classify,
    db,
    evaluate,
    inspect,
    models,
    pack,
    report,
    rescore,
    rubric,
    serve,
    train,
    transcribe,
    user,
)
from scoring.errors import CallqaError

# Prefect phones home and logs to the screen unless told otherwise; no call, nor word of one, leaves this machine.
QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",  # a busy machine needs more than the default 20 s
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_INTERNAL_LOGGING_LEVEL": "CRITICAL",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
}

app = typer.Typer(
    name="callqa",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Inspects customer-service calls: transcripts by role, evidenced answers, one compliance score per call. "
    "客服通话全量质检。\n\nStart with: [bold]callqa inspect recordings/ --metadata calls.csv --out out[/bold]",
)
app.command("inspect")(inspect.inspect)
app.command("transcribe")(transcribe.transcribe)
app.command("classify")(classify.classify)
app.command("rescore")(rescore.rescore)
app.command("report")(report.report)
app.command("serve")(serve.serve)
app.command("pack")(pack.pack)
app.command("train")(train.train)
app.add_typer(models.app, name="models")
app.add_typer(rubric.app, name="rubric")
app.add_typer(evaluate.app, name="evaluate")
app.add_typer(db.app, name="db")
app.add_typer(user.app, name="user")
app.add_typer(audit.app, name="audit")


def main() -> None:
    """Run the command line; an expected error is one line and exit 2, never a traceback."""
    signal.signal(signal.SIGINT, _interrupted)
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    try:
        app()
    except CallqaError as error:
        console = Console(stderr=True, highlight=False)
        console.print(f"[bold red]error:[/bold red] {_plain(error.message)}", soft_wrap=True)
        if error.remedy:
            console.print(f"[bold]remedy:[/bold] {_plain(error.remedy)}", soft_wrap=True)
        sys.exit(2)


def _interrupted(*_: object) -> None:
    """Ctrl-C: stop now, wherever it is; the guardian ends what a run has started, its ledger holds every call done."""
    console = Console(highlight=False)
    console.show_cursor()
    text = "\ninterrupted 已中断: what was finished is kept; run the same command again to go on"
    console.print(text, soft_wrap=True)
    os._exit(130)


def _plain(text: str) -> str:
    """File names may hold markup."""
    return text.replace("[", r"\[")
