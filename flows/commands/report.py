"""`callqa report`: the report again, from the ledger."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.inspect import chosen


def report(
    out: Annotated[Path, typer.Option(help="Folder for results; its ledger is read unless --ledger is given.")] = Path(
        "out"
    ),
    ledger: Annotated[str | None, typer.Option(envvar="CALLQA_LEDGER", help="SQLite file or PostgreSQL URL.")] = None,
    rubric: Annotated[str, typer.Option(help="Id of a shipped rubric, or path of a YAML file.")] = "service",
    language: Annotated[str, typer.Option(help="Language the report opens in: zh or en.")] = "zh",
) -> None:
    """Write tables and report.html again for everything the ledger holds under a rubric. 重新生成报告。"""
    from flows.plan import LEDGER_FILE
    from review.report import RunFacts, write_report
    from scoring.errors import UsageError
    from scoring.rubric_file import load_rubric
    from store.exports import write_outputs
    from store.ledger import Ledger

    chosen("--language", language, ("zh", "en"))
    form = load_rubric(rubric)
    where = ledger or str(out / LEDGER_FILE)
    if "://" not in where and not Path(where).is_file():
        raise UsageError(f"there is no ledger at {where}", remedy="inspect calls first, or give --ledger")
    began = datetime.now(UTC)
    with Ledger.open(where) as opened:
        count = write_outputs(opened.records(rubric_hash=form.hash), [], out, [form])
        if not count:
            raise UsageError(
                f"{where} holds no evaluation by {form.id} {form.version}",
                remedy="inspect calls with this rubric first",
            )
        seconds = sum(r["duration"] for r in opened.records(rubric_hash=form.hash))
        facts = RunFacts(started_at=began, finished_at=datetime.now(UTC), audio_seconds=seconds)
        path = write_report(
            opened.records(rubric_hash=form.hash), [], form, out / "report.html", run=facts, language=language
        )
    typer.echo(f"{count} calls -> {path}")
