"""`callqa report`: the report again, from the ledger."""

from __future__ import annotations

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
    """Write tables and report.html again from the ledger. 重新生成报告。

    They hold the latest evaluation of every call under a rubric, and the failures that no later run has made good.
    """
    from flows.plan import LEDGER_FILE
    from flows.summary import facts_of
    from review.report import write_report
    from scoring.errors import UsageError
    from scoring.rubric_file import load_rubric
    from store.exports import write_outputs
    from store.ledger import Ledger

    chosen("--language", language, ("zh", "en"))
    form = load_rubric(rubric)
    where = ledger or str(out / LEDGER_FILE)
    if "://" not in where and not Path(where).is_file():
        raise UsageError(f"there is no ledger at {where}", remedy="inspect calls first, or give --ledger")
    with Ledger.open(where) as opened:
        calls, failures = opened.latest(form.hash), opened.open_failures(form.hash)
        if not calls and not failures:
            raise UsageError(
                f"{where} holds no evaluation by {form.id} {form.version}",
                remedy="inspect calls with this rubric first",
            )
        keys = [call.key for call in calls]
        runs = opened.runs([*(call.run_id for call in calls), *(failure["run_id"] for failure in failures)])
        write_outputs(opened.records(keys), failures, out, [form])
        facts = facts_of(runs, sum(call.seconds for call in calls))
        path = write_report(opened.records(keys), failures, form, out / "report.html", run=facts, language=language)
    typer.echo(f"{len(calls)} calls, {len(failures)} failures -> {path}")
