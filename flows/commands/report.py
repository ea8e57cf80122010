"""`callqa report`: the report again, from the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.inspect import chosen

if TYPE_CHECKING:
    from store.forms import Form
    from store.ledger import Ledger


def report(
    out: Annotated[Path, typer.Option(help="Folder for results; its ledger is read unless --ledger is given.")] = Path(
        "out"
    ),
    ledger: Annotated[str | None, typer.Option(envvar="CALLQA_LEDGER", help="SQLite file or PostgreSQL URL.")] = None,
    rubric: Annotated[
        str | None,
        typer.Option(
            help="Shipped id, YAML file, or ID@VERSION or hash of a form in the ledger; default: the one used last."
        ),
    ] = None,
    compare: Annotated[
        tuple[str, str] | None,
        typer.Option(help="Two forms A B: a section on what changes from A to B; the report is of B."),
    ] = None,
    language: Annotated[str, typer.Option(help="Language the report opens in: zh or en.")] = "zh",
) -> None:
    """Write tables and report.html again from the ledger. 重新生成报告。

    They hold the latest evaluation of every call under a rubric, and the failures that no later run has made good.
    """
    from flows.forms import find_form
    from flows.plan import LEDGER_FILE
    from flows.summary import facts_of
    from review.report import write_report
    from scoring.errors import UsageError
    from store.exports import write_outputs
    from store.ledger import Ledger

    chosen("--language", language, ("zh", "en"))
    where = ledger or str(out / LEDGER_FILE)
    if "://" not in where and not Path(where).is_file():
        raise UsageError(f"there is no ledger at {where}", remedy="inspect calls first, or give --ledger")
    with Ledger.open(where) as opened:
        wanted = rubric or (compare[1] if compare else None)
        form = find_form(wanted, opened) if wanted else _used_last(opened)
        calls, failures = opened.latest(form.hash), opened.open_failures(form.hash)
        if not calls and not failures:
            raise UsageError(
                f"{where} holds no evaluation by {form.id} {form.version}",
                remedy="inspect calls with this rubric, or judge stored ones by it: callqa rescore --rubric",
            )
        if form.rubric is None:
            raise UsageError(f"{form.label}: the ledger did not keep what it asks", remedy="give its file by --rubric")
        compared = None
        if compare:
            from flows.compare import compare as compare_forms

            compared = compare_forms(opened, find_form(compare[0], opened), find_form(compare[1], opened))
        keys = [call.key for call in calls]
        runs = opened.runs([*(call.run_id for call in calls), *(failure["run_id"] for failure in failures)])
        write_outputs(opened.records(keys), failures, out, [form.rubric])
        facts = facts_of(runs, sum(call.seconds for call in calls))
        path = write_report(
            opened.records(keys), failures, form.rubric, out / "report.html",
            run=facts, language=language, compared=compared,
        )  # fmt: skip
    typer.echo(f"{len(calls)} calls, {len(failures)} failures -> {path}")


def _used_last(ledger: Ledger) -> Form:
    """The form used last; where several judged calls, say which it is and which there are."""
    from flows.forms import find_form, listed

    forms = [form for form in ledger.forms() if form.calls]
    if not forms:
        return find_form("service", ledger)  # failures alone may have been noted
    if len(forms) > 1:
        typer.echo(f"the ledger holds {listed(forms)}; this is {forms[0].label}, choose by --rubric", err=True)
    return find_form(forms[0].hash, ledger)
