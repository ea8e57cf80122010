"""`callqa rubric validate`: what is wrong with a rubric, and what it hardly means."""

from __future__ import annotations

from typing import Annotated

import typer


def validate(
    name: Annotated[str, typer.Argument(help="Path of a YAML file, or id of a shipped rubric.")],
    strict: Annotated[bool, typer.Option("--strict", help="Warnings are errors.")] = False,
) -> None:
    """Check a rubric. 检查评分表。

    Errors name file, line, key and what is allowed. Warnings are what a reader with experience would say: items that
    can never fire, overlaps, phrases that excuse themselves, weights that lead nowhere, fatal items on thin ground.

    Exit: 0 it can be used (there may be warnings), 2 it cannot, or --strict and there are warnings.
    """
    from scoring.advice import advise
    from scoring.errors import RubricError
    from scoring.rubric_file import read_rubric

    try:
        source = read_rubric(name)
    except RubricError as error:
        for line in error.message.splitlines():
            typer.echo(f"error: {line}")
        if error.remedy:
            typer.echo(f"remedy: {error.remedy}")
        raise typer.Exit(2) from None
    found = advise(source)
    for advice in found:
        typer.echo(f"warning: {advice}")
    rubric = source.rubric
    items = sum(1 for _ in rubric.items())
    typer.echo(
        f"{rubric.id} {rubric.version} ({rubric.status}): {items} items, {len(found)} warnings, hash {rubric.hash[:12]}"
    )
    raise typer.Exit(2 if strict and found else 0)
