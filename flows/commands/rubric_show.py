"""`callqa rubric show`, `list` and `schema`: look at rubrics."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table


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
    total = rubric.base + sum(item.points for s, item in rubric.items() if item.points > 0 and not s.bonus)
    signed = f", by {rubric.publication.approver} on {rubric.publication.on}" if rubric.publication else ""
    extends = f", extends {rubric.extends}" if rubric.extends else ""
    table = Table(
        title=f"{rubric.name.in_(language)} ({rubric.id} {rubric.version}, {rubric.status}, {total:g} points)",
        caption=f"hash {rubric.hash[:12]}{signed}{extends}",
    )
    for column in ("section", "item", "name", "points", "critical", "what to listen for", "source"):
        table.add_column(column, overflow="fold")
    for section, item in rubric.items():
        grave = f"fatal: {item.fatal}" if item.fatal else "critical" if item.critical else ""
        worth = f"{item.points:g}" if section.weight is None else f"{item.points:g} of weight {section.weight:g}"
        table.add_row(
            section.name.in_(language),
            item.id,
            item.name.in_(language),
            f"+{worth}" if section.bonus else worth,
            grave,
            item.guide.in_(language),
            item.source,
        )
    Console().print(table)


def list_all() -> None:
    """Ids of the rubrics that come with callqa."""
    from scoring.rubric_file import shipped_rubrics

    for name in shipped_rubrics():
        typer.echo(name)


def schema() -> None:
    """JSON Schema of rubric files, for editors."""
    from scoring import rubric_file

    typer.echo(json.dumps(rubric_file.schema(), ensure_ascii=False, indent=1))
