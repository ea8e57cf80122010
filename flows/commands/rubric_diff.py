"""`callqa rubric diff`: what another form, or another version of one, would change."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.commands.rescore import WHERE, ledger_at

if TYPE_CHECKING:
    from review.comparison import AnswerChange, CallChange, Comparison

PIPED = 160  # characters a line where no terminal tells
FORM = "shipped id, YAML file, or ID@VERSION or hash of a form in the ledger"


def diff(
    a: Annotated[str, typer.Argument(help=f"The form as it is: {FORM}.")],
    b: Annotated[str, typer.Argument(help="The form as it may become: the same.")],
    calls: Annotated[list[str] | None, typer.Option(help="Only these calls, by id; repeatable, or A,B,C.")] = None,
    where: Annotated[list[str] | None, typer.Option(help=f"{WHERE} Score and the like: under A.")] = None,
    out: Annotated[Path, typer.Option(help="Folder of results; its ledger is used unless --ledger is given.")] = Path(
        "out"
    ),
    ledger: Annotated[str | None, typer.Option(envvar="CALLQA_LEDGER", help="SQLite file or PostgreSQL URL.")] = None,
    top: Annotated[int, typer.Option(min=0, max=50, help="Calls shown with the answers that change.")] = 10,
    language: Annotated[str, typer.Option(help="Language of items' names: zh or en.")] = "zh",
    as_json: Annotated[bool, typer.Option("--json", help="Every call that changes, and the figures, as JSON.")] = False,
) -> None:
    """Show which calls a change of the form changes, by how much and why. 比较两版评分表的影响。

    What either form has not judged yet is judged in passing, from what is stored; nothing is written. To keep results:
    `callqa rescore`. The same as a page: `callqa report --compare A B`.

    [bold]Examples[/bold]

    callqa rubric diff service my-form.yaml --out out

    callqa rubric diff service@1 service@2 --where scenario=complaint --where from=2026-03-01
    """
    from flows.commands.inspect import chosen
    from flows.compare import compare
    from flows.forms import find_form
    from store.codec import to_json
    from store.ledger import Ledger
    from store.where import Condition, parse

    chosen("--language", language, ("zh", "en"))
    conditions = [parse(text) for text in where or ()]
    ids = [part.strip() for text in calls or () for part in text.split(",") if part.strip()]
    if ids:
        conditions.append(Condition("call", "=", tuple(ids)))
    with Ledger.open(ledger_at(out, ledger)) as opened:
        old, new = find_form(a, opened), find_form(b, opened)
        if not as_json:
            with Console(stderr=True).status("comparing 比较中 …") as status:
                told = lambda done, total: status.update(f"comparing 比较中 {done:,}/{total:,}")  # noqa: E731
                result = compare(opened, old, new, conditions, told)
            show(result, top, language)
            return
        # Calls are written as they are found, so that a hundred thousand need no memory.
        written = 0

        def write(change: CallChange) -> None:
            nonlocal written
            sys.stdout.write((",\n" if written else "\n") + to_json(change.as_json()))
            written += 1

        sys.stdout.write(f'{{"a": {to_json(_form(old))}, "b": {to_json(_form(new))}, "calls": [')
        result = compare(opened, old, new, conditions, kept=write)
        changes = None if result.form is None else [_form_change(change) for change in result.form]
        sys.stdout.write(f'\n], "form": {to_json(changes)}, "summary": {to_json(result.summary())}}}\n')


def _form(form: Any) -> dict[str, Any]:
    return {"id": form.id, "version": form.version, "hash": form.hash}


def _form_change(change: Any) -> dict[str, Any]:
    return {name: getattr(change, name) for name in change.__dataclass_fields__}


def show(result: Comparison, top: int, language: str) -> None:
    """The comparison on standard output."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PIPED
    console.print(f"[bold]{escape(result.labels[0])} -> {escape(result.labels[1])}[/bold]")
    _show_form(console, result, language)
    for line in headlines(result):
        console.print(line)
    if result.changed:
        _show_grades(console, result)
        _show_items(console, result, language)
        _show_calls(console, result.largest[:top], result, language)


def headlines(result: Comparison) -> list[str]:
    """The figures in sentences."""
    lines = [f"{result.calls:,} calls compared 已比较, [bold]{result.changed:,} change 有变化[/bold]"]
    if result.scored:
        lines.append(
            f"mean score 平均分 {result.before.value:.1f} -> {result.after.value:.1f} "
            f"({result.delta.value:+.2f}; {result.up:,} up 升, {result.down:,} down 降)"
        )
    flips = [
        (result.passes_now, "pass now 转为合格"), (result.fails_now, "fail now 转为不合格"),
        (result.gained_score, "scored now 转为有分"), (result.lost_score, "not scored any more 转为无分"),
        (result.fatal_now, "fatal now 转为致命"), (result.fatal_no_more, "not fatal any more 不再致命"),
    ]  # fmt: skip
    if any(n for n, _ in flips):
        lines.append(", ".join(f"{n:,} {what}" for n, what in flips if n))
    passing = result.notes.get("judged_in_passing_before", 0), result.notes.get("judged_in_passing_after", 0)
    if any(passing):
        lines.append(
            f"[dim]judged in passing, not kept: {passing[0]:,} by the first form, {passing[1]:,} by the second; "
            "`callqa rescore` keeps them[/dim]"
        )
    if result.notes.get("not_comparable"):
        lines.append(
            f"[yellow]{result.notes['not_comparable']:,} calls could not be compared[/yellow] "
            "[dim]no stored transcript with signals, or a form the ledger did not keep[/dim]"
        )
    return lines


def _show_form(console: Console, result: Comparison, language: str) -> None:
    if result.form is None:
        console.print("[yellow]the ledger did not keep one of the forms: what changed in it cannot be told[/yellow]")
        return
    if not result.form:
        console.print("the forms ask the same 两版内容相同")
        return
    table = Table(title="the form 评分表", title_justify="left")
    for column in ("change", "section", "item", "key", "before", "after"):
        table.add_column(column, overflow="fold")
    for c in result.form:
        item = result.name(c.item, language) if c.item else ""
        table.add_row(*map(escape, (c.kind, c.section or "", item, c.key, c.before or "", c.after or "")))
    console.print(table)


def _show_grades(console: Console, result: Comparison) -> None:
    old, new = result.grade_names
    table = Table(title="grades 等级: before down, after across", title_justify="left")
    table.add_column("")
    for grade in new:
        table.add_column(escape(grade), justify="right")
    for grade in old:
        table.add_row(escape(grade), *(str(result.grades[(grade, other)] or "") for other in new))
    console.print(table)


def _show_items(console: Console, result: Comparison, language: str) -> None:
    table = Table(title="items 评分项", title_justify="left")
    for column, justify in (("item", "left"), ("calls", "right"), ("points", "right"), ("how", "left")):
        table.add_column(column, justify="right" if justify == "right" else "left", overflow="fold")
    for item, found in result.ranked_items:
        moves = ", ".join(f"{a or 'not asked'} -> {b or 'not asked'}: {n:,}" for (a, b), n in found.moves.most_common())
        table.add_row(escape(result.name(item, language)), f"{found.calls:,}", f"{found.points:+g}", escape(moves))
    console.print(table)


def _show_calls(console: Console, calls: list[CallChange], result: Comparison, language: str) -> None:
    if calls:
        console.print("[bold]calls that change most 变化最大的通话[/bold]")
    for call in calls:
        delta = "" if call.delta is None else f" ({call.delta:+g})"
        grades = "" if call.grades[0] == call.grades[1] else f" {call.grades[0] or '-'} -> {call.grades[1] or '-'}"
        console.print(f"{escape(call.call_id)}: {_score(call, 0)} -> {_score(call, 1)}{delta}{escape(grades)}")
        for answer in call.answers:
            console.print(f"  {escape(_answer(answer, result.name(answer.item, language)))}", soft_wrap=True)


def _score(call: CallChange, side: int) -> str:
    score = call.scores[side]
    return f"not scored ({escape(call.why_unscored[side] or '')})" if score is None else f"{score:g}"


def _answer(a: AnswerChange, name: str) -> str:
    worth = f"{a.points[0]:g}/{a.potential[0]:g} -> {a.points[1]:g}/{a.potential[1]:g}"
    if not a.answered_otherwise:
        return f"{name}: {a.statuses[1]} {worth}"
    whys = f"{a.whys[0] or 'not asked'} -> {a.whys[1] or 'not asked'}"
    return f"{name}: {a.statuses[0] or 'not asked'} -> {a.statuses[1] or 'not asked'} {worth}: {whys}"
