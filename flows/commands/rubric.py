"""`callqa rubric`: look at rubrics."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from flows.commands import rubric_test

app = typer.Typer(no_args_is_help=True, help="Look at rubrics. 查看评分表。")
app.command("test")(rubric_test.try_examples)


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(help="Id of a shipped rubric, or path of a YAML file.")] = "service",
    language: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    as_json: Annotated[bool, typer.Option("--json", help="The whole rubric as JSON.")] = False,
) -> None:
    """Show a rubric: sections, items, points, what is critical or fatal, and where each item comes from."""
    from scoring.rubric_file import load_rubric

    rubric = load_rubric(name)
    if as_json:
        typer.echo(
            json.dumps(rubric.model_dump(mode="json", by_alias=True) | {"hash": rubric.hash}, ensure_ascii=False)
        )
        return
    total = sum(item.points for _, item in rubric.items())
    table = Table(
        title=f"{rubric.name.in_(language)} ({rubric.id} {rubric.version}, {rubric.status}, {total:g} points)",
        caption=f"hash {rubric.hash[:12]}",
    )
    for column in ("section", "item", "name", "points", "critical", "what to listen for", "source"):
        table.add_column(column, overflow="fold")
    for section, item in rubric.items():
        grave = f"fatal: {item.fatal}" if item.fatal else "critical" if item.critical else ""
        table.add_row(
            section.name.in_(language),
            item.id,
            item.name.in_(language),
            f"{item.points:g}",
            grave,
            item.guide.in_(language),
            item.source,
        )
    Console().print(table)


@app.command("list")
def list_() -> None:
    """Ids of the rubrics that come with callqa."""
    from scoring.rubric_file import shipped_rubrics

    for name in shipped_rubrics():
        typer.echo(name)


@app.command("schema")
def schema_() -> None:
    """JSON Schema of rubric files, for editors."""
    from scoring.rubric_file import schema

    typer.echo(json.dumps(schema(), ensure_ascii=False, indent=1))
