"""`callqa rubric publish` and `retire`: who released a version, when and why."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

_Name = Annotated[str, typer.Argument(help="Path of a YAML file, or id of a shipped rubric.")]
_Approver = Annotated[str, typer.Option(help="Who approves it.")]
_Reason = Annotated[str, typer.Option(help="Why, in a sentence that will still be understood in a year.")]
_On = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="Day of the approval; today.")]


def publish(
    name: _Name,
    approver: _Approver,
    reason: _Reason,
    on: _On = None,
    strict: Annotated[bool, typer.Option("--strict", help="Refuse where there are warnings.")] = False,
) -> None:
    """Publish this version of a rubric: from now on it cannot change. 发布评分表。

    Its hash, approver, day and reason are noted in published.json beside the file. A published version whose content
    was changed is refused wherever it is used; give the changed form a new version.
    """
    from scoring.advice import advise
    from scoring.errors import RubricError
    from scoring.publication import REGISTER
    from scoring.publication import publish as note
    from scoring.rubric_file import read_rubric, rubric_path

    source = read_rubric(name)
    found = [advice for advice in advise(source) if "callqa rubric publish" not in advice.said]
    for advice in found:
        typer.echo(f"warning: {advice}")
    if strict and found:
        raise RubricError(f"{len(found)} warnings", remedy="see `callqa rubric validate`, or leave --strict out")
    folder = rubric_path(name).parent
    entry = note(source.rubric, folder, approver=approver, reason=reason, on=on.date() if on else date.today())
    signed = entry.published
    typer.echo(
        f"{entry.id} {entry.version} is published 已发布: hash {entry.hash[:12]}, {signed.approver}, {signed.on}, "
        f"{signed.reason} -> {folder / REGISTER}"
    )


def retire(name: _Name, approver: _Approver, reason: _Reason, on: _On = None) -> None:
    """Take a published version of a rubric out of use; its results stay. 停用评分表。"""
    from scoring.publication import REGISTER
    from scoring.publication import retire as note
    from scoring.rubric_file import load_rubric, rubric_path

    folder = rubric_path(name).parent
    entry = note(
        load_rubric(name), folder, approver=approver, reason=reason, on=on.date() if on else date.today()
    )  # fmt: skip
    typer.echo(f"{entry.id} {entry.version} is retired 已停用 -> {folder / REGISTER}")
